/** A picture with its depth, from files or a model, at the size that is worked on. */
import { basename } from 'node:path';
import { readDepthMap, readNumbers } from '../core/depth-files/depth-map.ts';
import { readPicture } from '../core/depth-files/picture.ts';
import { resizeRgb } from '../core/depth-files/resize.ts';
import { SplatmendError } from '../core/errors.ts';
import type { RgbImage, ScalarImage } from '../core/image.ts';
import { type PhotoExif, readPhotoExif } from '../core/photo-exif.ts';
import { fovOfExif } from '../core/photo-lens.ts';
import { type DepthForm, LENS_DEFAULTS, PHOTO_MAX_SIDE_PX } from '../core/photo-types.ts';
import { depthOfSize, relativeOfSize } from '../core/picture-depth.ts';
import { exchangesSides, seenSize, turnedPicture } from '../core/turned-picture.ts';
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
  seen: Seen,
): Promise<ScalarImage> {
  const farOverNear = flags.farOverNear ?? LENS_DEFAULTS.farOverNear;
  if (flags.depth === undefined) {
    const chosen = (await choosePrior(flags.priorDepth))!;
    const estimated = await chosen.prior.estimate(rgb);
    return depthOfRelative(relativeOfSize(estimated, rgb, command), farOverNear);
  }
  const name = basename(flags.depth);
  const bytes = await readBytes(flags.depth);
  let sized: ScalarImage;
  if (flags.depthForm === 'relative') {
    const numbers = asSeen(await readNumbers(bytes, name), seen);
    sized = depthOfRelative(relativeOfSize(numbers, rgb, command), farOverNear);
  } else {
    const { depth } = await readDepthMap(bytes, name, flags.depthScale);
    sized = depthOfSize(asSeen(depth, seen), rgb, command);
  }
  if (!sized.data.some((z) => z > 0)) {
    throw new SplatmendError(
      'bad-file',
      `${command}: ${flags.depth} has no known depth: every pixel is 0 or no number; save depth along z`,
    );
  }
  return sized;
}

/** How a photo's file is turned to be seen, and its size then. */
interface Seen {
  orientation: number;
  width: number;
  height: number;
}

/** Depth that lies as the photo is stored (tools that do not look at EXIF make such) is turned with it; its shape tells. */
function asSeen(depth: ScalarImage, { orientation, width, height }: Seen): ScalarImage {
  const asStored = Math.sign(depth.width - depth.height) * Math.sign(width - height) < 0;
  return asStored && exchangesSides(orientation) ? turnedPicture(depth, 1, orientation) : depth;
}

/** A picture's horizontal angle, degrees, and who says so. */
export interface PictureLens {
  fovDeg: number;
  fovFrom: 'flag' | 'exif' | 'default';
}

export interface PictureDepth {
  lens: PictureLens;
  rgb: RgbImage;
  /** Of the picture's size; 0 = unknown. */
  depth: ScalarImage;
  /** Size worked on over the file's. */
  factor: number;
}

function lensOf(
  exif: PhotoExif,
  size: { width: number; height: number },
  { fov }: PictureDepthFlags,
): PictureDepth['lens'] {
  if (fov !== undefined) return { fovDeg: fov, fovFrom: 'flag' };
  const said = fovOfExif(exif, size);
  return said === undefined
    ? { fovDeg: LENS_DEFAULTS.fovDeg, fovFrom: 'default' }
    : { fovDeg: said, fovFrom: 'exif' };
}

/**
 * @param asStored the picture is not turned by its EXIF: what is given for it is of the file's own rows
 * @throws SplatmendError as reading a picture, a depth map or a model does
 */
export async function readPictureDepth(
  command: string,
  picture: string,
  flags: PictureDepthFlags,
  asStored = false,
): Promise<PictureDepth> {
  const bytes = await readBytes(picture);
  const stored = readPicture(bytes, basename(picture));
  const exif = await readPhotoExif(bytes);
  const orientation = asStored ? 1 : (exif.orientation ?? 1);
  const factor = Math.min(
    1,
    (flags.maxSide ?? PHOTO_MAX_SIDE_PX) / Math.max(stored.width, stored.height),
  );
  const [width, height] = [stored.width, stored.height].map((side) =>
    Math.max(1, Math.round(side * factor)),
  );
  const rgb = turnedPicture(resizeRgb(stored, width!, height!), 3, orientation);
  const seen = { orientation, ...seenSize(stored, orientation) };
  const lens = lensOf(exif, seen, flags);
  return { rgb, depth: await readDepth(command, flags, rgb, seen), factor, lens };
}
