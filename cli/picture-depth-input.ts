/** A picture with its depth, from files or a model, at the size that is worked on. */
import { basename } from 'node:path';
import { readDepthMap, readNumbers } from '../core/depth-files/depth-map.ts';
import { readPicture } from '../core/depth-files/picture.ts';
import { resizeRgb } from '../core/depth-files/resize.ts';
import { SplatmendError } from '../core/errors.ts';
import type { RgbImage, ScalarImage } from '../core/image.ts';
import { readPhotoExif } from '../core/photo-exif.ts';
import { readPhotoFov } from '../core/photo-lens.ts';
import { type DepthForm, LENS_DEFAULTS, PHOTO_MAX_SIDE_PX } from '../core/photo-types.ts';
import { depthOfSize } from '../core/picture-depth.ts';
import { exchangesSides, turnedPicture } from '../core/turned-picture.ts';
import { depthOfRelative } from '../workers/photo/relative-depth.ts';
import { readBytes } from './files.ts';
import { choosePrior } from './inpainter-kinds.ts';

export interface PictureDepthFlags {
  depth?: string;
  depthForm?: DepthForm;
  depthScale?: number;
  priorDepth?: string;
  /** Of relative depth: how many times as far its farthest is as its nearest. */
  farOverNear?: number;
  fov?: number;
  maxSide?: number;
}

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
  orientation: number,
): Promise<ScalarImage> {
  const farOverNear = flags.farOverNear ?? LENS_DEFAULTS.farOverNear;
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
  const sized = depthOfSize(asSeen(depth, rgb, orientation), rgb, command);
  if (!depth.data.some((z) => z > 0)) {
    throw new SplatmendError(
      'bad-file',
      `${command}: ${flags.depth} has no known depth: every pixel is 0 or no number; save depth along z`,
    );
  }
  return sized;
}

/** Depth that lies as the photo is stored (tools that do not look at EXIF make such) is turned with it; its shape tells. */
function asSeen(depth: ScalarImage, rgb: RgbImage, orientation: number): ScalarImage {
  const lies = ({ width, height }: { width: number; height: number }) => Math.sign(width - height);
  if (!exchangesSides(orientation) || lies(depth) === lies(rgb)) return depth;
  return turnedPicture(depth, 1, orientation);
}

export interface PictureDepth {
  /** The picture's horizontal angle, degrees, and who says so. */
  lens: { fovDeg: number; fovFrom: 'flag' | 'exif' | 'default' };
  rgb: RgbImage;
  /** Of the picture's size; 0 = unknown. */
  depth: ScalarImage;
  /** Size worked on over the file's. */
  factor: number;
}

async function lensOf(
  bytes: Uint8Array,
  size: { width: number; height: number },
  { fov }: PictureDepthFlags,
): Promise<PictureDepth['lens']> {
  if (fov !== undefined) return { fovDeg: fov, fovFrom: 'flag' };
  const said = await readPhotoFov(bytes, size);
  return said === undefined
    ? { fovDeg: LENS_DEFAULTS.fovDeg, fovFrom: 'default' }
    : { fovDeg: said, fovFrom: 'exif' };
}

/** @throws SplatmendError as reading a picture, a depth map or a model does */
export async function readPictureDepth(
  command: string,
  picture: string,
  flags: PictureDepthFlags,
): Promise<PictureDepth> {
  const bytes = await readBytes(picture);
  const stored = readPicture(bytes, basename(picture));
  const { orientation = 1 } = await readPhotoExif(bytes);
  const full = orientation === 1 ? stored : turnedPicture(stored, 3, orientation);
  const factor = Math.min(
    1,
    (flags.maxSide ?? PHOTO_MAX_SIDE_PX) / Math.max(full.width, full.height),
  );
  const [width, height] = [full.width, full.height].map((side) =>
    Math.max(1, Math.round(side * factor)),
  );
  const rgb = resizeRgb(full, width!, height!);
  const lens = await lensOf(bytes, full, flags);
  return { rgb, depth: await readDepth(command, flags, rgb, orientation), factor, lens };
}
