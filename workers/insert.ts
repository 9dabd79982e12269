/**
 * The insertion line: finds what was changed in a picture of the scene, gives it depth as it hangs together with the scene, and lifts it.
 * Only this file knows the order; see docs/insert.md.
 */
import { alongRay } from '../core/along-ray.ts';
import { type Camera, cameraOfSize, type Vec3 } from '../core/camera.ts';
import { resizeRgb, resizeScalar } from '../core/depth-files/resize.ts';
import type { DepthPrior } from '../core/depth-prior.ts';
import { SplatmendError } from '../core/errors.ts';
import {
  countMask,
  createMask,
  type Mask,
  maskBounds,
  type RgbImage,
  type ScalarImage,
} from '../core/image.ts';
import {
  type Attachment,
  type EditedReference,
  INSERT_DEFAULTS,
  type InsertOptions,
  type InsertResult,
} from '../core/insert-types.ts';
import type { Kernels, RenderedView } from '../core/kernels.ts';
import { lookOnce } from '../core/look-once.ts';
import { medianDepth } from '../core/median-depth.ts';
import {
  breathe,
  type OnProgress,
  type Rest,
  restful,
  throwIfCancelled,
} from '../core/progress.ts';
import { concatSplats, type SplatCloud } from '../core/splat-cloud.ts';
import { resizeMask } from './inpainters/resample.ts';
import { type Alignment, align, brought, broughtScalar } from './insert/align.ts';
import { chooseAttachment } from './insert/attachment.ts';
import { createBlend } from './insert/blend.ts';
import { downAt } from './insert/contact.ts';
import { findChange } from './insert/find-change.ts';
import { findGround } from './insert/ground.ts';
import { liftEdit } from './insert/lift-edit.ts';
import { liftStood } from './insert/lift-stood.ts';
import { inFront, sceneDepth } from './insert/on-surface.ts';
import { reliefDepth, reliefShare } from './insert/relief.ts';
import { cleanRim, grownColours } from './insert/rim.ts';
import { bodyOn, standThings } from './insert/stand-things.ts';
import { StepClock } from './line/step-clock.ts';

/** Pictures of one view have its shape, to within a rounding. */
const ASPECT_TOLERANCE = 0.02;
/** With more of it changed the picture is of something else. */
const MOST_CHANGED = 0.7;
const OPAQUE = 0.5;
/** Fronts of what lies flat are tried at these distances before it, pixels' footprints: large splats of the scene reach out of it. */
const IN_FRONT_PX = [0.5, 1, 2, 3, 4.5, 7, 10];
/**
 * Viewers sort by quantised depth and mix what lies nearer with the surface: on the sample in Babylon a green disc (20, 140, 60) showed as
 * (125, 136, 68) from 0.5, and as (22, 140, 61) from 2. A relief stands out by itself.
 */
const LEAST_ON_SURFACE_PX = 2;
/** Blended colours this near the wanted ones do: the rest is solved for. */
const NEAR_ENOUGH = 0.03;
/** A step further forward must take this share off the error. */
const WORTH = 0.85;

interface Edited {
  rgb: RgbImage;
  /** Pixels that can be compared and used. */
  usable: Mask;
  /** 1 = changed; absent: to be found. */
  mask?: Mask;
}

function bad(code: 'bad-option' | 'bad-answer', what: string): SplatmendError {
  return new SplatmendError(code, `insert: ${what}`);
}

function checked(cloud: SplatCloud, { camera, edited, alpha, mask }: EditedReference): void {
  if (cloud.count === 0) throw bad('bad-option', 'the scene is empty; open one first');
  const aspect = (edited.width * camera.height) / (edited.height * camera.width);
  if (!(Math.abs(aspect - 1) <= ASPECT_TOLERANCE)) {
    throw bad(
      'bad-option',
      `the edited picture is ${edited.width} × ${edited.height}, its camera ${camera.width} × ${camera.height}: another shape; keep the whole picture, of any size`,
    );
  }
  for (const [what, image] of Object.entries({ mask, 'alpha channel': alpha })) {
    if (image === undefined) continue;
    if (image.width === edited.width && image.height === edited.height) continue;
    throw bad(
      'bad-option',
      `the ${what} is ${image.width} × ${image.height}, the edited picture ${edited.width} × ${edited.height}; make them one size`,
    );
  }
  if (mask !== undefined && countMask(mask) === 0) {
    throw bad('bad-option', 'the mask is empty; mark what was changed, or leave the mask out');
  }
}

/** The camera of the picture that is lifted. */
function workingCamera({ camera, edited }: EditedReference, resolution: number): Camera {
  const factor = Math.min(1, resolution / Math.max(edited.width, edited.height));
  return cameraOfSize(camera, {
    width: Math.max(1, Math.round(edited.width * factor)),
    height: Math.max(1, Math.round(edited.height * factor)),
  });
}

/** Brought onto what the camera sees: size, shift, brightness; transparent pixels are the scene's. */
async function broughtOnto(
  view: RenderedView,
  reference: EditedReference,
  signal?: AbortSignal,
): Promise<Edited & { alignment: Alignment }> {
  const { width, height } = view.rgb;
  const small = resizeRgb(reference.edited, width, height);
  const alpha = reference.alpha && resizeScalar(reference.alpha, width, height);
  const mask = reference.mask && resizeMask(reference.mask, width, height);
  const comparable = createMask(width, height);
  for (let i = 0; i < comparable.data.length; i++) {
    comparable.data[i] = (alpha?.data[i] ?? 1) >= OPAQUE && (mask?.data[i] ?? 0) === 0 ? 1 : 0;
  }
  const alignment = await align(view.rgb, small, comparable, signal);
  const { shift } = alignment;
  const rgb = brought(small, alignment);
  const opaque = alpha && broughtScalar(alpha, shift);
  const usable = createMask(width, height);
  for (let i = 0; i < usable.data.length; i++) {
    const [u, v] = [(i % width) + shift[0], Math.floor(i / width) + shift[1]];
    const inFrame = u > -0.5 && v > -0.5 && u < width - 0.5 && v < height - 0.5;
    const a = opaque?.data[i] ?? 1;
    if (inFrame && a > 1 / 255) usable.data[i] = 1;
    if (a >= 1) continue;
    for (let c = 0; c < 3; c++) {
      const k = 3 * i + c;
      rgb.data[k] = a * rgb.data[k]! + (1 - a) * Math.min(1, view.rgb.data[k]!);
    }
  }
  if (mask === undefined) return { rgb, usable, alignment };
  const moved = broughtScalar({ ...mask, data: Float32Array.from(mask.data) }, shift);
  const changed = { width, height, data: Uint8Array.from(moved.data, (v) => (v >= 0.5 ? 1 : 0)) };
  return { rgb, usable, mask: changed, alignment };
}

/** The picture's direction that is down in the world, at a change's middle. */
function downOf(camera: Camera, change: Mask, up: Vec3): [number, number] {
  const { x0, y0, x1, y1 } = maskBounds(change)!;
  return downAt(camera, up, (x0 + x1 - 1) / 2, (y0 + y1 - 1) / 2);
}

async function changeOf(
  view: RenderedView,
  { rgb, usable, mask }: Edited,
  rest: Rest,
): Promise<Mask> {
  if (mask !== undefined) return mask;
  const found = await findChange(view.rgb, rgb, usable, rest);
  const share = countMask(found) / found.data.length;
  if (share === 0) {
    throw bad(
      'bad-answer',
      'nothing changed between the edited picture and what its camera sees; edit it, or give a mask',
    );
  }
  if (share > MOST_CHANGED) {
    throw bad(
      'bad-answer',
      `${Math.round(100 * share)} % of the edited picture differs from what its camera sees; use the same camera and scene as for the picture, or give a mask`,
    );
  }
  return found;
}

/**
 * New splats for what was changed in a picture of the scene. Equivariant to the scene's scale; the same input and kernels give the same.
 * @throws SplatmendError `bad-option` (shapes and sizes, empty scene or mask), `bad-answer` (nothing or nearly everything changed),
 * `camera-sees-nothing`, `cancelled`, and as kernels and prior do
 */
export async function insert(
  cloud: SplatCloud,
  reference: EditedReference,
  kernels: Kernels,
  models: { prior?: DepthPrior } = {},
  options: InsertOptions = {},
  onProgress: OnProgress = () => {},
  signal?: AbortSignal,
): Promise<InsertResult> {
  const settings = { ...INSERT_DEFAULTS, ...options };
  checked(cloud, reference);
  const camera = workingCamera(reference, settings.resolution);
  const clock = new StepClock();
  const notes: string[] = [];
  const pass = (step: string, fraction: number) => onProgress({ step, fraction });
  const pause = async (step: string, fraction: number) => {
    pass(step, fraction);
    await breathe();
    throwIfCancelled(signal);
  };

  /** Of a step between two fractions of the whole. */
  const resting = (step: string, from: number, to: number) =>
    restful(signal, (share) => pass(step, from + share * (to - from)));

  await pause('look', 0);
  const view = await clock.time('look', () => lookOnce(kernels, cloud, camera, {}, signal));
  await pause('find what changed', 0.15);
  const { edited, changed } = await clock.time('find what changed', async () => {
    const edited = await broughtOnto(view, reference, signal);
    await pause('find what changed', 0.3);
    const rest = resting('find what changed', 0.3, 0.4);
    return { edited, changed: await changeOf(view, edited, rest) };
  });
  const { alignment } = edited;
  const ownPx = reference.edited.width / camera.width;
  const shift: [number, number] = [alignment.shift[0] * ownPx, alignment.shift[1] * ownPx];
  if (shift[0] !== 0 || shift[1] !== 0) {
    notes.push(
      `The edited picture was ${Math.hypot(...shift).toFixed(1)} pixels off, and was moved back.`,
    );
  }

  await pause('give it depth', 0.4);
  const base = await clock.time('complete depth', () => sceneDepth(view, changed, kernels, signal));
  const given = models.prior;
  let relief: ScalarImage | undefined;
  if (given !== undefined && (settings.attach === 'auto' || settings.attach === 'relief')) {
    await pause('ask the depth model', 0.45);
    relief = await clock.time('ask the depth model', async () =>
      reliefDepth(base, changed, await given.estimate(edited.rgb, signal), kernels, signal),
    );
    if (relief === undefined) {
      notes.push('The depth model does not go together with the depth around: it was not used.');
    }
  }
  await pause('give it depth', 0.5);
  let attach: Attachment;
  const ground = await findGround(camera, base, changed, settings.seed, restful(signal));
  if (settings.attach === 'auto') {
    const out = relief && reliefShare(base, relief, changed, camera.fx);
    const rest = resting('give it depth', 0.5, 0.55);
    const body = () => bodyOn(camera, changed, edited.rgb, ground, rest);
    const chosen = await chooseAttachment(ground, body, out);
    attach = chosen.attach;
    notes.push(chosen.note);
  } else attach = settings.attach;

  const blend = () => createBlend(cloud, camera, changed, edited.rgb, kernels, signal);
  let mask = changed;
  let front: SplatCloud;
  let back: SplatCloud | undefined;
  let depth: ScalarImage;
  if (attach === 'standing') {
    const down = downOf(camera, changed, ground.up);
    const cut = await cleanRim(changed, edited.rgb, view.rgb, down, restful(signal));
    const rest = resting('stand it up', 0.55, 0.65);
    const stood = await clock.time('stand it up', () =>
      standThings(camera, base, cut.mask, cut.rgb, settings.seed, rest),
    );
    notes.push(...stood.notes);
    depth = stood.front;
    mask = stood.mask;
    const rgb = await grownColours(cut.mask, mask, cut.rgb, restful(signal));
    ({ front, back } = await clock.time('lift', () =>
      liftStood(stood, camera, rgb, cloud, resting('lift', 0.65, 0.7)),
    ));
    await pause('match colours', 0.7);
    await clock.time('match colours', () => blend().solve(front, back));
  } else {
    let rgb = edited.rgb;
    if (attach === 'relief') {
      if (given === undefined) {
        notes.push(
          'Without a depth model nothing says how a relief stands out: it lies flat on the surface.',
        );
      }
      ({ mask, rgb } = await cleanRim(changed, edited.rgb, view.rgb, undefined, restful(signal)));
    }
    depth = relief !== undefined && attach === 'relief' ? relief : base;
    front = await clock.time('lift', async () => {
      const { error } = blend();
      let best: SplatCloud | undefined;
      let least = Infinity;
      const from = attach === 'surface' ? LEAST_ON_SURFACE_PX : 0;
      for (const [k, px] of IN_FRONT_PX.filter((far) => far >= from).entries()) {
        await pause('lift', 0.55 + 0.02 * k);
        const shown = inFront(depth, mask, camera, px);
        const tried = await liftEdit(camera, mask, shown, rgb, cloud, undefined, restful(signal));
        const off = await error(tried);
        if (best !== undefined && off > WORTH * least) break;
        [best, least] = [tried, off];
        if (off <= NEAR_ENOUGH) break;
      }
      return best!;
    });
    await pause('match colours', 0.75);
    await clock.time('match colours', () => blend().solve(front));
  }
  throwIfCancelled(signal);
  const whole = back === undefined ? front : concatSplats(front, back);
  if (whole.count === 0) {
    throw new SplatmendError(
      'camera-sees-nothing',
      'insert: no depth could be found for what was changed; look from where the scene lies behind it',
    );
  }
  const added = settings.distance === 1 ? whole : alongRay(whole, camera, settings.distance);
  onProgress({ step: 'done', fraction: 1 });
  return {
    patch: { removed: new Uint32Array(0), added },
    figures: {
      attach,
      added: added.count,
      changed: countMask(mask) / mask.data.length,
      shift,
      depth: medianDepth(depth, mask) * settings.distance,
      up: ground.up,
      seconds: clock.seconds,
      notes,
    },
    mask,
    backend: kernels.kind,
  };
}
