/** A picture with its depth, from files or a model, at the size that is worked on. */
import { basename } from 'node:path';
import { type Camera, lookAt } from '../core/camera.ts';
import { readDepthMap, readNumbers } from '../core/depth-files/depth-map.ts';
import { readPicture } from '../core/depth-files/picture.ts';
import { resizeNearest, resizeRgb } from '../core/depth-files/resize.ts';
import { SplatmendError } from '../core/errors.ts';
import type { RgbImage, ScalarImage } from '../core/image.ts';
import type { Kernels } from '../core/kernels.ts';
import { depthOfRelative } from '../workers/photo/relative-depth.ts';
import { readBytes } from './files.ts';
import { choosePrior } from './inpainter-kinds.ts';

export interface PictureDepthFlags {
  depth?: string;
  depthForm?: 'depth' | 'relative';
  depthScale?: number;
  priorDepth?: string;
  /** Of relative depth: how many times as far its farthest is as its nearest. */
  farOverNear?: number;
  fov?: number;
  maxSide?: number;
}

export const DEFAULT_FOV_DEG = 55;
export const DEFAULT_MAX_SIDE_PX = 800;
export const DEFAULT_FAR_OVER_NEAR = 8;
/** Depth maps have the picture's shape, to within a rounding; so has a camera. */
export const ASPECT_TOLERANCE = 0.02;

/** @throws SplatmendError `bad-option` */
export function checkPictureDepthFlags(command: string, flags: PictureDepthFlags): void {
  if ((flags.depth === undefined) === (flags.priorDepth === undefined)) {
    throw new SplatmendError(
      'bad-option',
      `${command}: give exactly one of --depth and --prior-depth`,
    );
  }
}

async function readDepth(
  command: string,
  flags: PictureDepthFlags,
  rgb: RgbImage,
): Promise<ScalarImage> {
  const farOverNear = flags.farOverNear ?? DEFAULT_FAR_OVER_NEAR;
  if (flags.depth === undefined) {
    const chosen = (await choosePrior(flags.priorDepth))!;
    return depthOfRelative(await chosen.prior.estimate(rgb), farOverNear);
  }
  const name = basename(flags.depth);
  const bytes = await readBytes(flags.depth);
  const depth =
    flags.depthForm === 'relative'
      ? depthOfRelative(await readNumbers(bytes, name), farOverNear)
      : (await readDepthMap(bytes, name, flags.depthScale)).depth;
  const aspect = (depth.width * rgb.height) / (depth.height * rgb.width);
  if (Math.abs(aspect - 1) > ASPECT_TOLERANCE) {
    throw new SplatmendError(
      'bad-option',
      `${command}: the depth is ${depth.width} × ${depth.height}, the picture ${rgb.width} × ${rgb.height}; they show different things`,
    );
  }
  if (!depth.data.some((z) => z > 0)) {
    throw new SplatmendError('bad-file', `${command}: ${flags.depth} has no known depth`);
  }
  return resizeNearest(depth, rgb.width, rgb.height);
}

export interface PictureDepth {
  rgb: RgbImage;
  /** Of the picture's size; 0 = unknown. */
  depth: ScalarImage;
  /** Size worked on over the file's. */
  factor: number;
}

/** @throws SplatmendError as reading a picture, a depth map or a model does */
export async function readPictureDepth(
  command: string,
  picture: string,
  flags: PictureDepthFlags,
): Promise<PictureDepth> {
  const full = readPicture(await readBytes(picture), basename(picture));
  const factor = Math.min(
    1,
    (flags.maxSide ?? DEFAULT_MAX_SIDE_PX) / Math.max(full.width, full.height),
  );
  const [width, height] = [full.width, full.height].map((side) =>
    Math.max(1, Math.round(side * factor)),
  );
  const rgb = resizeRgb(full, width!, height!);
  return { rgb, depth: await readDepth(command, flags, rgb), factor };
}

/** Depth of every pixel: what is unknown is completed along the picture. */
export async function wholeDepth(
  rgb: RgbImage,
  depth: ScalarImage,
  kernels: Kernels,
  signal: AbortSignal,
): Promise<ScalarImage> {
  const known = { ...depth, data: Uint8Array.from(depth.data, (z) => (z > 0 ? 1 : 0)) };
  if (!known.data.includes(0)) return depth;
  return (await kernels.complete({ depth, known, rgb }, {}, signal)).depth;
}

/** The camera of a picture of which only the horizontal angle is known, at the origin. */
export function cameraOfAngle({ width, height }: RgbImage, fovDeg = DEFAULT_FOV_DEG): Camera {
  const focal = width / 2 / Math.tan((fovDeg * Math.PI) / 360);
  return {
    ...{ width, height, fx: focal, fy: focal, cx: width / 2, cy: height / 2 },
    worldToCamera: lookAt([0, 0, 0], [0, 0, 1], [0, -1, 0]),
  };
}
