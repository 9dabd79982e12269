/** A photo to a scene: its depth, from the caller or a model, made whole; its camera; then the photo line. */
import type { DepthPrior } from '../core/depth-prior.ts';
import { SplatmendError } from '../core/errors.ts';
import type { RgbImage, ScalarImage } from '../core/image.ts';
import type { Inpainter } from '../core/inpainter.ts';
import type { Kernels } from '../core/kernels.ts';
import {
  LENS_DEFAULTS,
  PHOTO_DEFAULTS,
  type Photo,
  type PhotoScene,
  type PhotoSceneOptions,
} from '../core/photo-types.ts';
import {
  cameraOfAngle,
  depthNotes,
  depthOfSize,
  relativeOfSize,
  wholeDepth,
} from '../core/picture-depth.ts';
import { type OnProgress, throwIfCancelled } from '../core/progress.ts';
import { depthOfRelative } from './photo/relative-depth.ts';
import { photoToSplats } from './photo.ts';

/** As large as the command line's --max-side goes: 16 million splats. */
const MOST_SIDE_PX = 4096;
/** Shares of the whole: a model's look, completion, and the line from there on. */
const COMPLETE_AT = 0.04;
const LINE_AT = 0.1;

/** Bounds of the numbers, as the command line has them. */
const BOUNDS: Partial<Record<keyof PhotoSceneOptions, readonly [number, number]>> = {
  fovDeg: [1, 170],
  farOverNear: [1, Infinity],
  angleDeg: [0, 60],
};
const MOST_LAYERS = 4;

type Models = { inpainter: Inpainter; prior?: DepthPrior | undefined };

/** @throws SplatmendError `bad-option`, `too-large` */
function check({ width, height, data }: RgbImage, options: Required<PhotoSceneOptions>): void {
  if (width > MOST_SIDE_PX || height > MOST_SIDE_PX) {
    throw new SplatmendError(
      'too-large',
      `photo: ${width} × ${height} pixels; at most ${MOST_SIDE_PX} a side are lifted, make it smaller first`,
    );
  }
  if (!(width > 0 && height > 0) || data.length !== 3 * width * height) {
    throw new SplatmendError(
      'bad-option',
      `photo: ${data.length} numbers are not ${width} × ${height} pixels of three`,
    );
  }
  for (const [name, [least, most]] of Object.entries(BOUNDS)) {
    const value = options[name as keyof typeof BOUNDS];
    if (typeof value === 'number' && value > least && value < most) continue;
    throw new SplatmendError(
      'bad-option',
      `photo: ${name} is ${value}; it must be over ${least}${Number.isFinite(most) ? ` and under ${most}` : ''}`,
    );
  }
  const { layers } = options;
  if (!Number.isInteger(layers) || layers < 0 || layers > MOST_LAYERS) {
    throw new SplatmendError(
      'bad-option',
      `photo: layers is ${layers}; it must be a whole number up to ${MOST_LAYERS}`,
    );
  }
}

/** Depth along z at the photo's size, 0 = unknown. */
async function givenDepth(
  photo: Photo,
  farOverNear: number,
  prior: DepthPrior | undefined,
  signal: AbortSignal | undefined,
): Promise<ScalarImage> {
  const { rgb, depth, form } = photo;
  if (depth) {
    if (form !== 'relative') return depthOfSize(depth, rgb, 'photo');
    return depthOfRelative(relativeOfSize(depth, rgb, 'photo'), farOverNear);
  }
  if (!prior) {
    throw new SplatmendError(
      'bad-option',
      'photo: there is no depth; give a depth map of the photo, or choose a depth model',
    );
  }
  const seen = await prior.estimate(rgb, signal);
  return depthOfRelative(relativeOfSize(seen, rgb, 'photo'), farOverNear);
}

/**
 * @param models `prior` is asked where the photo has no depth
 * @throws SplatmendError `bad-option` (no depth, of another shape, numbers out of bounds), `bad-file` (no pixel's depth is known), `too-large`,
 *   `cancelled`, and as kernels and models do
 */
export async function photoScene(
  photo: Photo,
  kernels: Kernels,
  { inpainter, prior }: Models,
  asked: PhotoSceneOptions = {},
  onProgress: OnProgress = () => {},
  signal?: AbortSignal,
): Promise<PhotoScene> {
  const { fovDeg, farOverNear, ...options } = { ...PHOTO_DEFAULTS, ...LENS_DEFAULTS, ...asked };
  const { rgb } = photo;
  check(rgb, { fovDeg, farOverNear, ...options });
  if (!photo.depth) onProgress({ step: 'see depth', fraction: 0 });
  const given = await givenDepth(photo, farOverNear, prior, signal);
  if (!given.data.some((z) => z > 0)) {
    throw new SplatmendError(
      'bad-file',
      'photo: no pixel of the depth is known; give a depth map with numbers over 0',
    );
  }
  throwIfCancelled(signal);
  onProgress({ step: 'complete depth', fraction: COMPLETE_AT });
  const depth = await wholeDepth(rgb, given, kernels, signal);
  const camera = cameraOfAngle(rgb, fovDeg);
  const { cloud, pivotDepth, figures } = await photoToSplats(
    rgb,
    depth,
    camera,
    { kernels, inpainter },
    options,
    (p) => onProgress({ ...p, fraction: LINE_AT + (1 - LINE_AT) * p.fraction }),
    signal,
  );
  return { cloud, camera, pivotDepth, figures: { ...figures, notes: depthNotes(given) } };
}
