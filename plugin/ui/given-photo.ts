/** A photo that the user gave to make a scene of, and its depth. */
import { DEPTH_MAP, robustRange } from '../../core/colour-map.ts';
import { resizeNearest } from '../../core/depth-files/resize.ts';
import { SplatmendError } from '../../core/errors.ts';
import type { ScalarImage } from '../../core/image.ts';
import { readPhotoFov } from '../../core/photo-lens.ts';
import type { DepthFile, DepthForm } from '../../core/photo-types.ts';
import { fullRect, mappedPicture, type Picture } from '../../core/pictures.ts';
import { decodeImage } from '../images/decode-image.ts';
import { sizeWithin } from '../images/read-photo.ts';
import type { Mender } from '../mender-types.ts';
import { byteSize } from './figures.ts';

/** Longer sides that a scene is made at, pixels: a splat a pixel. */
export const PHOTO_SIDES_PX = [480, 800, 1200, 1600] as const;
const LONGEST_PX = Math.max(...PHOTO_SIDES_PX);

/** A tab has to hold it, and what it is decoded to. */
const MOST_DEPTH_BYTES = 512_000_000;
const PREVIEW_PX = 480;

export interface GivenPhoto {
  file: File;
  /** Lets it be opened again from the recent files. */
  handle?: FileSystemFileHandle | undefined;
  /** The horizontal angle that its EXIF says, degrees. */
  fovDeg?: number | undefined;
  /** As large as the largest scene is made. */
  picture: OffscreenCanvas;
}

/** A depth file, read at the photo's picture's size. */
export interface GivenDepth extends DepthFile {
  file: File;
}

/** @throws SplatmendError `bad-file`, `too-large` */
export async function readGivenPhoto(
  file: File,
  handle?: FileSystemFileHandle,
): Promise<GivenPhoto> {
  const picture = await decodeImage(file, LONGEST_PX);
  return { file, handle, picture, fovDeg: await readPhotoFov(file, picture) };
}

/** Reads a depth file in the worker. @param form what its numbers are; undefined: what the file itself says. @throws SplatmendError as `mender.readDepth` does; `not-readable`, `too-large` */
export async function readGivenDepth(
  mender: Mender,
  file: File,
  form: DepthForm | undefined,
  { picture }: GivenPhoto,
): Promise<GivenDepth> {
  if (file.size > MOST_DEPTH_BYTES) {
    throw new SplatmendError(
      'too-large',
      `${file.name}: ${byteSize(file.size)}; a depth file may have ${byteSize(MOST_DEPTH_BYTES)}. Make it smaller, or use the command line`,
    );
  }
  let bytes: Uint8Array;
  try {
    bytes = new Uint8Array(await file.arrayBuffer());
  } catch (error) {
    throw new SplatmendError(
      'not-readable',
      `${file.name}: could not be read; is it a folder, or has it moved?`,
      { cause: error },
    );
  }
  const { width, height } = picture;
  const options = { size: { width, height }, ...(form && { form }) };
  return { file, ...(await mender.readDepth(bytes, file.name, options)) };
}

/** Depth for people: near is bright, unknown is grey. */
export function depthPreview({ form, depth }: DepthFile): Picture {
  const size = sizeWithin(depth, PREVIEW_PX);
  const small = resizeNearest(depth, size.width, size.height);
  const shown = form === 'relative' ? asDistance(small) : small;
  const rect = fullRect(shown);
  return mappedPicture(shown, DEPTH_MAP, robustRange([shown], rect), rect, 0);
}

/** Larger is nearer, turned round: over 0, larger is farther. */
function asDistance(relative: ScalarImage): ScalarImage {
  const known = relative.data.filter((v) => Number.isFinite(v));
  const most = known.reduce((m, v) => Math.max(m, v), -Infinity);
  const least = known.reduce((m, v) => Math.min(m, v), Infinity);
  const above = (most - least || 1) * 1e-3;
  const data = relative.data.map((v) => (Number.isFinite(v) ? most - v + above : 0));
  return { ...relative, data };
}

/** `holiday.jpg` → `holiday`: what the scene is called. */
export const photoName = ({ name }: File): string => name.replace(/\.[^.]*$/, '') || 'photo';
