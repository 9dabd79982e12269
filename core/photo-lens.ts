/** A photo's field of view, from what its camera wrote into the file (EXIF). */
import { type PhotoExif, type PhotoFile, readPhotoExif } from './photo-exif.ts';

/** Diagonal of the 36 × 24 mm of a 35 mm camera. */
const DIAGONAL_MM = Math.hypot(36, 24);
/** Angles that are taken over, degrees: what is outside is a fisheye's or a telescope's, or no angle. */
const LEAST_DEG = 2;
const MOST_DEG = 150;
/** A picture of another shape than its camera took has been cropped since. */
const SHAPE_TOLERANCE = 0.02;
interface Size {
  width: number;
  height: number;
}

/**
 * Horizontal angle of a picture by its focal length as of a 35 mm camera. By the diagonal, as CIPA DCG-001 defines that length for digital cameras
 * (43.27 mm ÷ the image area's diagonal × the focal length; so Wikipedia, "35 mm equivalent focal length", which OpenSfM's pull request 1106 follows,
 * too): the width is the picture's own share of 43.27 mm. For 3:2 that is 36 mm, upright 24 mm; for 4:3 34.6 mm. The picture is as it is shown: whether
 * the camera was turned (EXIF's orientation) shows in its shape.
 * @returns degrees
 */
export function fovOfFocal35({ width, height }: Size, focal35Mm: number): number {
  const widthMm = (DIAGONAL_MM * width) / Math.hypot(width, height);
  return (360 / Math.PI) * Math.atan(widthMm / (2 * focal35Mm));
}

/**
 * The angle that a photo's EXIF says; undefined where it says none that can be used, and where the photo was cropped since.
 * @param shown the picture's size as it is shown, at any scale
 * @returns degrees, to a tenth: the focal length is in whole mm
 */
export function fovOfExif({ focal35Mm, taken }: PhotoExif, shown: Size): number | undefined {
  if (focal35Mm === undefined) return undefined;
  if (taken) {
    const longer = ({ width, height }: Size) => Math.max(width, height) / Math.min(width, height);
    const off = longer(taken) / longer(shown) - 1;
    // A small picture's sides are rounded.
    const rounding = 1 / Math.min(shown.width, shown.height);
    if (!(Math.abs(off) <= SHAPE_TOLERANCE + rounding)) return undefined;
  }
  const degrees = Math.round(10 * fovOfFocal35(shown, focal35Mm)) / 10;
  return degrees >= LEAST_DEG && degrees <= MOST_DEG ? degrees : undefined;
}

/** The same of a file: JPEG, PNG or WebP. */
export async function readPhotoFov(file: PhotoFile, shown: Size): Promise<number | undefined> {
  return fovOfExif(await readPhotoExif(file), shown);
}
