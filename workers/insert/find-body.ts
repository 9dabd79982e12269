/** Which solid explains a standing thing's outline, if any. */
import type { Camera, Vec3 } from '../../core/camera.ts';
import { distanceTo } from '../../core/distance.ts';
import {
  countMask,
  createMask,
  type Mask,
  maskBounds,
  type RgbImage,
  type ScalarImage,
} from '../../core/image.ts';
import { type Rest, restless } from '../../core/progress.ts';
import { quantile } from '../../core/quantile.ts';
import { dot } from '../../core/vec3.ts';
import type { Plane } from '../steps/segment-surfaces.ts';
import type { Body } from './body.ts';
import { solidDepth } from './body-depth.ts';
import { boxBody } from './box-body.ts';
import { type BoxFit, cardRms, fitBox } from './box-fit.ts';
import type { BoxShape } from './box-shape.ts';
import { linearAt } from './grey-pictures.ts';
import { agreementOf } from './inner-edges.ts';
import { leaningSupport } from './leaning.ts';
import { type LevelView, levelView } from './level-view.ts';
import { possiblePixels } from './rim.ts';
import { outlinePieces, outlinePlaces, softMask } from './soft-outline.ts';
import { fitStack } from './stack-fit.ts';
import { symmetryOf } from './symmetry.ts';
import { turnedBody } from './turned.ts';
import { type OutlineRay, profileOf } from './turned-profile.ts';

export interface FoundBody {
  body: Body;
  view: LevelView;
  /** Depth of the solid, 0 where rays pass. */
  front: ScalarImage;
  /** 95 % of its outline lies this near the thing's, pixels. */
  off: number;
}

/** A turned solid's own outline may lie this far off: the larger of pixels, and of the thing's size. */
const TURNED_OFF = [1.2, 0.025] as const;
/**
 * A box's has sharp corners: pixels, and of the thing's size on top. A foot under the support's splats is bitten by a pixel or two at any
 * size: of the sample's cube, 58 to 165 pixels large, a right box leaves 0.53 to 0.98 of rms, and 1.1 to 2.1 of off.
 */
const BOX_OFF = [0.8, 0.0115] as const;
const BOX_RMS = [0.45, 0.0052] as const;
/** A box must leave this much less than a card of its side, and boxes on top of each other than one box. */
const LESS_THAN_CARD = 0.6;
/** What a card leaves within this is the pixels' own (1/√12 of one): that a box of more unknowns leaves less says nothing. Boxes' cards leave 0.57 and more. */
const CARD_RMS_PX = 0.4;
const LESS_THAN_ONE = 0.6;
/** Two are tried where one comes this near, of the thing's size; a small box on a broad one is far from one. */
const NEARLY = 0.2;
/** The search for two starts from what leaves this much of what they may. */
const STARTS_OFF = 1.4;
/** Of two solids that explain it the box, where it does so to within this share of the size, or the other comes no nearer than by this factor. */
const BOX_SURE = 0.009;
const BOX_FIRST = 1.25;
/** Lower than this share of its breadth it lies flat. */
const FLAT = 0.15;
/** On what is tilted by more than some 8 degrees nothing says which way a thing's axis points. */
const LEVEL = 0.99;
const MARGIN_PX = 4;

const touchesBorder = ({ width, height }: Mask, b: NonNullable<ReturnType<typeof maskBounds>>) =>
  b.x0 === 0 || b.y0 === 0 || b.x1 === width || b.y1 === height;

/** Distance from places of an outline to a mask's outline that 95 % stay under, pixels. */
function outlineOff(places: readonly (readonly [number, number])[], mask: Mask): number {
  const outside = { ...mask, data: mask.data.map((v) => 1 - v) };
  const [to, from] = [distanceTo(mask), distanceTo(outside)];
  return quantile(
    places.map(([u, v]) => {
      const [x, y] = [u - 0.5, v - 0.5];
      // Beside a pixel's middle lies its edge, half a pixel off.
      return Math.max(linearAt(to, x, y), linearAt(from, x, y)) - 0.5;
    }),
    0.95,
  );
}

/** At the camera's own height a ray goes up and down by little over a long way: there the outline's pieces are cut finer. */
const FINEST = 12;

function raysAlong(
  view: LevelView,
  bearing: number,
  a: readonly [number, number],
  b: readonly [number, number],
): OutlineRay[] {
  const rayAt = (t: number): OutlineRay => {
    const [x, y, z] = view.direction(a[0] + t * (b[0] - a[0]), a[1] + t * (b[1] - a[1]));
    return { beside: Math.abs(Math.atan2(x, y) - bearing), slope: z / Math.hypot(x, y) };
  };
  const level = Math.abs(rayAt(0.5).slope) * view.camera.fx;
  const n = Math.min(FINEST, Math.ceil(FINEST / Math.max(1, level)));
  return Array.from({ length: n }, (_, k) => rayAt((k + 0.5) / n));
}

async function findTurned(
  view: LevelView,
  mask: Mask,
  within: Mask,
  rest: Rest,
  possible?: Mask,
): Promise<FoundBody | undefined> {
  const symmetric = await symmetryOf(view, mask, rest, possible);
  if (symmetric === undefined) return undefined;
  const { bearing, soft } = symmetric;
  const rays = outlinePieces(soft).flatMap(([a, b]) => raysAlong(view, bearing, a, b));
  await rest();
  const profile = profileOf(rays, 1 / view.camera.fx);
  if (profile === undefined) return undefined;
  const distance = -view.height / profile.base;
  const body = turnedBody(profile, bearing, distance, 1 / view.camera.fx);
  const front = await solidDepth(view, body, within, rest);
  await rest();
  const solid = { ...mask, data: Uint8Array.from(front.data, (z) => (z > 0 ? 1 : 0)) };
  return { body, view, front, off: outlineOff(outlinePlaces(soft), solid) };
}

const boxRms = (size: number) => BOX_RMS[0] + BOX_RMS[1] * size;

function fitsAsBox(fit: BoxFit, size: number): boolean {
  return fit.off <= BOX_OFF[0] + BOX_OFF[1] * size && fit.rms <= boxRms(size);
}

/** Stands on what is under it: its middle over that. */
function standsOn([lower, upper]: readonly BoxShape[]): boolean {
  if (lower === undefined || upper === undefined) return true;
  const [x, y] = [upper.base[0] - lower.base[0], upper.base[1] - lower.base[1]];
  const [c, s] = [Math.cos(lower.turn), Math.sin(lower.turn)];
  return Math.abs(c * x + s * y) < lower.size[0] / 2 && Math.abs(c * y - s * x) < lower.size[1] / 2;
}

/** @param stacks whether two on top of each other are tried where one does not fit */
async function findBoxes(
  view: LevelView,
  mask: Mask,
  within: Mask,
  stacks: boolean,
  rest: Rest,
  rgb?: RgbImage,
): Promise<FoundBody | undefined> {
  const places = outlinePlaces(softMask(mask));
  const size = Math.sqrt(countMask(mask));
  const one = await fitBox(view, places, rest);
  if (one === undefined || one.off > NEARLY * size) return undefined;
  let best = one;
  await rest(0.7);
  if (!fitsAsBox(one, size)) {
    const two = stacks
      ? await fitStack(
          view,
          one,
          places,
          STARTS_OFF * Math.min(boxRms(size), LESS_THAN_ONE * one.rms),
          rest,
          rgb && agreementOf(view, rgb),
        )
      : undefined;
    if (two === undefined || two.rms > LESS_THAN_ONE * one.rms) return undefined;
    if (!fitsAsBox(two, size) || !standsOn(two.boxes)) return undefined;
    best = two;
  }
  await rest(0.9);
  const card = await cardRms(view, one, places, rest);
  if (card <= CARD_RMS_PX || best.rms > LESS_THAN_CARD * card) return undefined;
  const body = boxBody(best.boxes);
  const front = await solidDepth(view, body, within, rest);
  return { body, view, front, off: best.off };
}

/**
 * The simplest solid whose outline is the thing's: a box, boxes on top of each other, or something turned about an upright axis.
 * @param support what it stands on, level
 * @param straight its foot is a straight line: nothing turned has one
 * @param rgb what it looks like, 0..1: says which pixels may be its own though the mask lacks them, and where a box's edges are; absent: the outline alone
 * @param rest called every few milliseconds, and with the share that is done
 * @returns undefined where no solid explains it, or a card does as well: it is a cut-out
 */
export async function findBody(
  camera: Camera,
  mask: Mask,
  support: Plane,
  up: Vec3,
  straight: boolean,
  rgb?: RgbImage,
  rest: Rest = restless,
): Promise<FoundBody | undefined> {
  const bounds = maskBounds(mask);
  if (bounds === undefined || touchesBorder(mask, bounds)) return undefined;
  if (dot(support.normal, up) < LEVEL) return undefined;
  const middle = [(bounds.x0 + bounds.x1) / 2, (bounds.y0 + bounds.y1) / 2] as const;
  const view = levelView(camera, support, middle);
  if (view === undefined || !(view.height > 0)) return undefined;
  const grown = maskBounds(mask, MARGIN_PX)!;
  const within = createMask(mask.width, mask.height);
  for (let y = grown.y0; y < grown.y1; y++) {
    within.data.fill(1, y * mask.width + grown.x0, y * mask.width + grown.x1);
  }
  const size = Math.sqrt(countMask(mask));
  const upright = ({ body }: FoundBody) => body.height >= FLAT * body.breadth;
  let turned: FoundBody | undefined;
  const possible = rgb && (await possiblePixels(mask, rgb, rest));
  if (!straight) {
    const own = levelView(
      camera,
      await leaningSupport(camera, mask, support, middle, rest),
      middle,
    );
    await rest(0.3);
    if (own !== undefined) turned = await findTurned(own, mask, within, rest, possible);
  }
  await rest(0.5);
  if (turned !== undefined) {
    const near = turned.off <= Math.max(TURNED_OFF[0], TURNED_OFF[1] * size);
    if (!near || !upright(turned)) turned = undefined;
  }
  const box = await findBoxes(view, mask, within, turned === undefined, rest, rgb);
  await rest(1);
  if (box === undefined || !upright(box)) return turned;
  if (turned === undefined || box.off <= BOX_SURE * size) return box;
  return turned.off * BOX_FIRST < box.off ? turned : box;
}
