/** One photo with depth as layered splats: sharpen, and layer by layer fill what each edge's nearer side hides. */
import type { Camera } from '../core/camera.ts';
import { SplatmendError } from '../core/errors.ts';
import { createMask, type Mask, type RgbImage, type ScalarImage } from '../core/image.ts';
import type { Inpainter } from '../core/inpainter.ts';
import type { Kernels } from '../core/kernels.ts';
import { medianDepth } from '../core/median-depth.ts';
import { PHOTO_DEFAULTS, type PhotoFigures, type PhotoOptions } from '../core/photo-types.ts';
import { type OnProgress, throwIfCancelled } from '../core/progress.ts';
import type { SplatCloud } from '../core/splat-cloud.ts';
import { type Front, findBehind, type Hidden } from './photo/behind.ts';
import {
  type Continued,
  continueDepth,
  partOf,
  settleRims,
  shareOut,
} from './photo/continue-depth.ts';
import { findDiscontinuities } from './photo/discontinuities.ts';
import { type Layer, liftLayers } from './photo/lift-pixels.ts';
import { sharpenDepth } from './photo/sharpen.ts';

export interface PhotoResult {
  cloud: SplatCloud;
  /** The photo itself first. */
  layers: Layer[];
  /** Depth around which it is to be looked at: the photo's median. World units. */
  pivotDepth: number;
  figures: Omit<PhotoFigures, 'notes'>;
}

interface Scene {
  rgb: RgbImage;
  depth: ScalarImage;
}

interface Work {
  kernels: Kernels;
  inpainter: Inpainter;
  seed: number;
  seconds: PhotoFigures['seconds'];
}

/** Colour of an edge's own hidden pixels, written into `next` and `mask` with their depth. */
async function fillHidden(
  scene: Scene,
  hidden: Hidden,
  own: Float32Array,
  into: { next: Scene; mask: Mask },
  work: Work,
  signal?: AbortSignal,
): Promise<void> {
  const { width, height, depth, hole, out, at } = partOf(scene.depth, hidden, own);
  const rgb = { width, height, data: new Float32Array(3 * width * height) };
  const { x0, y0 } = hidden.bounds;
  for (let y = 0; y < height; y++) {
    const from = 3 * ((y + y0) * scene.rgb.width + x0);
    rgb.data.set(scene.rgb.data.subarray(from, from + 3 * width), 3 * y * width);
  }
  const filled = await work.inpainter.inpaint(
    rgb,
    hole,
    { seed: work.seed, depth, ignore: out },
    signal,
  );
  for (const [n, i] of hidden.synthesis.entries()) {
    if (!(own[n]! > 0)) continue;
    into.mask.data[i] = 1;
    into.next.depth.data[i] = own[n]!;
    for (let c = 0; c < 3; c++) into.next.rgb.data[3 * i + c] = filled.data[3 * at(i) + c]!;
  }
}

/** Of a layer's time, what depth takes: the rest is the inpainter's. */
const DEPTHS_SHARE = 0.35;

/** One more layer: what all edges hide. */
async function fillBehind(
  scene: Scene,
  all: readonly Hidden[],
  work: Work,
  onPart: (share: number) => void,
  signal?: AbortSignal,
): Promise<{ scene: Scene; front: ScalarImage; layer: Layer; mask: Mask }> {
  const { rgb, depth } = scene;
  const mask = createMask(depth.width, depth.height);
  let start = performance.now();
  const continued: Continued[] = [];
  for (const [k, hidden] of all.entries()) {
    throwIfCancelled(signal);
    onPart((DEPTHS_SHARE * k) / all.length);
    continued.push(await continueDepth(depth, hidden, work.kernels, signal));
  }
  const own = shareOut(all, continued, depth.data.length);
  const front = settleRims(depth, all, continued);
  const next = {
    rgb: { ...rgb, data: rgb.data.slice() },
    depth: { ...front, data: front.data.slice() },
  };
  work.seconds.complete += (performance.now() - start) / 1000;
  start = performance.now();
  for (const [k, hidden] of all.entries()) {
    throwIfCancelled(signal);
    onPart(DEPTHS_SHARE + ((1 - DEPTHS_SHARE) * k) / all.length);
    if (!own[k]!.some((z) => z > 0)) continue;
    await fillHidden({ rgb, depth: front }, hidden, own[k]!, { next, mask }, work, signal);
  }
  work.seconds.inpaint += (performance.now() - start) / 1000;
  const layer = { rgb: next.rgb, depth: next.depth.data.map((z, i) => z * mask.data[i]!) };
  return { scene: next, front, layer, mask };
}

/** The mask without another's pixels. */
const except = (mask: Mask, other: Mask | undefined): Mask =>
  other ? { ...mask, data: mask.data.map((v, i) => (other.data[i] === 1 ? 0 : v)) } : mask;

/**
 * Lifts a photo to layered flat splats. Behind each depth edge, as far as the view will part its two sides, depth and colour of what is hidden
 * are continued from the far side, and once more behind what that shows. Equivariant to the depth's scale.
 * @param depth along z, of every pixel (complete it first), the photo's size
 * @throws SplatmendError `bad-option` (sizes differ, depth not known everywhere), `cancelled`, and as kernels and inpainter do
 */
export async function photoToSplats(
  rgb: RgbImage,
  depth: ScalarImage,
  camera: Camera,
  tools: { kernels: Kernels; inpainter: Inpainter },
  asked: PhotoOptions = {},
  onProgress: OnProgress = () => {},
  signal?: AbortSignal,
): Promise<PhotoResult> {
  const options = { ...PHOTO_DEFAULTS, ...asked };
  const { width, height } = camera;
  for (const [what, image] of Object.entries({ photo: rgb, depth })) {
    if (image.width === width && image.height === height) continue;
    throw new SplatmendError(
      'bad-option',
      `photo: the ${what} is ${image.width} × ${image.height}, its camera ${width} × ${height}`,
    );
  }
  if (!depth.data.every((z) => z > 0 && Number.isFinite(z))) {
    throw new SplatmendError(
      'bad-option',
      'photo: depth is not known everywhere; complete it first',
    );
  }
  const seconds = { sharpen: 0, complete: 0, inpaint: 0, lift: 0 };
  let start = performance.now();
  onProgress({ step: 'sharpen depth', fraction: 0 });
  const sharpened = options.sharpen ? sharpenDepth(depth, rgb) : undefined;
  const sharp = sharpened?.depth ?? depth;
  seconds.sharpen = (performance.now() - start) / 1000;
  const pivotDepth = medianDepth(sharp);
  const partPx = camera.fx * pivotDepth * Math.tan((options.angleDeg * Math.PI) / 180);
  const layers: Layer[] = [{ rgb, depth: sharp.data }];
  let scene: Scene = { rgb, depth: sharp };
  let front: Front | undefined;
  for (let k = 0; k < options.layers; k++) {
    const report = (share: number) =>
      onProgress({
        step: 'fill what is hidden',
        fraction: 0.05 + (0.85 * (k + share)) / options.layers,
        view: k + 1,
        views: options.layers,
      });
    report(0);
    throwIfCancelled(signal);
    const inverse = scene.depth.data.map((z) => 1 / z);
    const edges = findDiscontinuities(inverse, width, height);
    const unsure = sharpened && except(sharpened.guessed, front?.filled);
    const hidden = findBehind({
      ...{ inverse, edges, width, height, partPx },
      ...(front && { front }),
      ...(unsure && { unsure }),
    });
    if (hidden.length === 0) break;
    const work = { ...tools, seed: options.seed, seconds };
    const filled = await fillBehind(scene, hidden, work, report, signal);
    // Rims are of the photo: what is filled has none.
    if (k === 0) layers[0] = { rgb, depth: filled.front.data };
    layers.push(filled.layer);
    scene = filled.scene;
    front = { edges, filled: filled.mask };
  }
  onProgress({ step: 'lift', fraction: 0.9 });
  start = performance.now();
  const cloud = liftLayers(camera, layers);
  seconds.lift = (performance.now() - start) / 1000;
  const pixels = layers.map((layer) => layer.depth.reduce((m, z) => m + +(z > 0), 0));
  return { cloud, layers, pivotDepth, figures: { pixels, seconds } };
}
