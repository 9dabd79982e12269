/** How near a result's pictures come to the truth's, from cameras that took no part in the fill. */
import { type Camera, lookAt, type Vec3 } from '../../core/camera.ts';
import { countMask, type Mask, maskBounds, type Rect, type RgbImage } from '../../core/image.ts';
import type { Kernels, RenderedView } from '../../core/kernels.ts';
import { lookFrom } from '../../core/look-once.ts';
import { applyPatch } from '../../core/patch.ts';
import { quantile } from '../../core/quantile.ts';
import type { SplatPatch } from '../../core/remove-types.ts';
import type { SplatCloud } from '../../core/splat-cloud.ts';
import type { TruthObject, TruthScene } from '../scenes/truth-scene.ts';
import { seamSteps } from './held-seam.ts';

export interface PictureScore {
  camera: string;
  /** PSNR, dB, in the rectangle around the pixels that showed the object. */
  boxDb: number;
  /** PSNR, dB, on the pixels alone where truth shows the surface that the object hid. */
  hiddenDb: number;
  /** Share of the hidden surface's pixels that show a surface within COVERED of the truth's depth, 0..1. */
  covered: number;
  /** |z / truth − 1| of the hidden surface's pixels that show a surface, falling under which are 90 %; NaN where none does. */
  depth90: number;
  /** Depth steps across the fill's rim beyond the truth's, relative to depth (`seamSteps`). */
  seam: number[];
  /** Pixels in the rectangle, and of the hidden surface. */
  boxPixels: number;
  hiddenPixels: number;
  /** With the object, as mended, and as it should be. */
  pictures: { before: RgbImage; result: RgbImage; truth: RgbImage };
}

/**
 * Directions to look from, as azimuth (0 = from the front, positive to the right) and elevation, degrees.
 * The first three that see the object count: walls and other objects stand in the way of some.
 */
const DIRECTIONS: [number, number][] = [
  [-48, 38],
  [6, 52],
  [44, 33],
  [-22, 28],
  [-75, 46],
  [25, 65],
];
const HELD = 3;
/** Share of the picture that the object must take for a camera to count; less is enough of a thin one, this much of where it shows most. */
const SEEN = 0.05;
const SEEN_OF_MOST = 0.4;
/** Pixels beyond the object's outline that the rectangle takes in. */
const MARGIN_PX = 3;
/** Share of a pixel from which on it counts as showing something. */
const SHOWN = 0.25;
/** Share of its depth that a covering surface may be off by. */
const COVERED = 0.02;

/** Cameras around an object, none of which a removal is given. */
export function candidateCameras(
  object: TruthObject,
  sizePx: number,
  focal = 1.6 * sizePx,
): Camera[] {
  const distance = 5.2 * object.radius;
  return DIRECTIONS.map(([azimuth, elevation]) => {
    const [a, e] = [(azimuth * Math.PI) / 180, (elevation * Math.PI) / 180];
    const eye: Vec3 = [
      object.center[0] + distance * Math.cos(e) * Math.sin(a),
      object.center[1] - distance * Math.sin(e),
      object.center[2] - distance * Math.cos(e) * Math.cos(a),
    ];
    return {
      id: `held ${azimuth}° ${elevation}°`,
      width: sizePx,
      height: sizePx,
      fx: focal,
      fy: focal,
      cx: sizePx / 2,
      cy: sizePx / 2,
      worldToCamera: lookAt(eye, object.center, [0, -1, 0]),
    };
  });
}

/** The held pictures of one object's truth, and what of them counts: made once, compared with many patches. */
export interface HeldTruth {
  score(patch: SplatPatch): Promise<PictureScore[]>;
}

export async function createHeldTruth(
  scene: TruthScene,
  object: TruthObject,
  kernels: Kernels,
  sizePx: number,
): Promise<HeldTruth> {
  const isObject = scene.labels.map((label) => (label === object.id ? 1 : 0));
  const looks: { before: RenderedView; seen: Mask; count: number }[] = [];
  for (const camera of candidateCameras(object, sizePx)) {
    const [before] = await renderAll(kernels, scene.cloud, [camera], isObject);
    const seen = shown(before!);
    looks.push({ before: before!, seen, count: countMask(seen) });
  }
  const most = Math.max(...looks.map(({ count }) => count));
  const least = Math.min(SEEN * sizePx * sizePx, SEEN_OF_MOST * most);
  const chosen = looks.filter(({ count }) => count > 0 && count >= least).slice(0, HELD);
  if (chosen.length < HELD) throw new Error(`too few cameras see the ${object.name}`);
  const cameras = chosen.map(({ before }) => before.camera);
  const originals = chosen.map(({ before }) => before.rgb);
  const boxes = chosen.map(({ seen }) => maskBounds(seen, MARGIN_PX)!);
  const truth = scene.truthWithout(object.id);
  const survivors = isObject.length - isObject.reduce((n, v) => n + v, 0);
  const isHidden = new Uint8Array(truth.count).fill(1, survivors);
  const after = await renderAll(kernels, truth, cameras, isHidden);
  return {
    score: async (patch) => {
      const mended = applyPatch(scene.cloud, patch);
      const isNew = new Uint8Array(mended.count).fill(1, mended.count - patch.added.count);
      const result = await renderAll(kernels, mended, cameras, isNew);
      return result.map((view, k) => ({
        camera: cameras[k]!.id!,
        ...compare(view, after[k]!, boxes[k]!, shown(after[k]!)),
        ...compareDepth(view, after[k]!, shown(after[k]!)),
        seam: seamSteps(view, after[k]!, shown(view)),
        pictures: { before: originals[k]!, result: view.rgb, truth: after[k]!.rgb },
      }));
    },
  };
}

export const renderAll = (
  kernels: Kernels,
  cloud: SplatCloud,
  cameras: readonly Camera[],
  marked?: Uint8Array,
): Promise<RenderedView[]> =>
  lookFrom(kernels, cloud, cameras, marked === undefined ? {} : { marked });

/** Where marked splats show. */
export function shown(view: RenderedView): Mask {
  const { width, height, data } = view.marked;
  return { width, height, data: Uint8Array.from(data, (v) => (v > SHOWN ? 1 : 0)) };
}

function compare(
  result: RenderedView,
  truth: RenderedView,
  box: Rect,
  hidden: Mask,
): Pick<PictureScore, 'boxDb' | 'hiddenDb' | 'boxPixels' | 'hiddenPixels'> {
  const { width } = hidden;
  let inBox = 0;
  let inHidden = 0;
  let hiddenPixels = 0;
  for (let y = box.y0; y < box.y1; y++) {
    for (let x = box.x0; x < box.x1; x++) {
      const i = y * width + x;
      let square = 0;
      for (let c = 0; c < 3; c++) {
        const d = clamp01(result.rgb.data[i * 3 + c]!) - clamp01(truth.rgb.data[i * 3 + c]!);
        square += (d * d) / 3;
      }
      inBox += square;
      if (hidden.data[i] === 0) continue;
      inHidden += square;
      hiddenPixels++;
    }
  }
  const boxPixels = (box.x1 - box.x0) * (box.y1 - box.y0);
  return {
    boxDb: decibel(inBox / boxPixels),
    hiddenDb: decibel(inHidden / Math.max(1, hiddenPixels)),
    boxPixels,
    hiddenPixels,
  };
}

function compareDepth(
  result: RenderedView,
  truth: RenderedView,
  hidden: Mask,
): Pick<PictureScore, 'covered' | 'depth90'> {
  const errors: number[] = [];
  let wanted = 0;
  for (let i = 0; i < hidden.data.length; i++) {
    const there = truth.depthMedian.data[i]!;
    if (hidden.data[i] === 0 || !(there > 0)) continue;
    wanted++;
    const z = result.depthMedian.data[i]!;
    if (z > 0) errors.push(Math.abs(z / there - 1));
  }
  return {
    covered: errors.filter((e) => e < COVERED).length / wanted,
    depth90: quantile(errors, 0.9),
  };
}

const clamp01 = (v: number) => Math.min(1, Math.max(0, v));
/** Peak signal to noise of a mean square error of colours 0..1; 99 dB where nothing differs. */
const decibel = (mse: number) => (mse <= 0 ? 99 : Math.min(99, -10 * Math.log10(mse)));
