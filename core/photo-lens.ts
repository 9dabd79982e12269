/** A photo's field of view, from what its camera wrote into the file (EXIF). */
import { joinBytes } from './bytes.ts';
import { isPng, pngChunk } from './png-checks.ts';

/** EXIF stands before the pixels, in the first 64 kB of a JPEG; no more of a file is looked at. */
export const EXIF_WITHIN_BYTES = 1_000_000;

/** Diagonal of the 36 × 24 mm of a 35 mm camera. */
const DIAGONAL_MM = Math.hypot(36, 24);
/** Angles that are taken over, degrees: what is outside is a fisheye's or a telescope's, or no angle. */
const LEAST_DEG = 2;
const MOST_DEG = 150;
/** A picture of another shape than its camera took has been cropped since. */
const SHAPE_TOLERANCE = 0.02;
/** The longest segment of a JPEG, less its own length and `Exif\0\0`. */
const MOST_TIFF_BYTES = 65535 - 8;

const EXIF_POINTER = 0x8769;
const FOCAL_LENGTH_IN_35MM_FILM = 0xa405;
const PIXEL_X_DIMENSION = 0xa002;
const PIXEL_Y_DIMENSION = 0xa003;

/** The Exif block, which the first one points to, and of it no more than these. */
const WANTED = {
  ifd0: { pick: [EXIF_POINTER] },
  exif: { pick: [FOCAL_LENGTH_IN_35MM_FILM, PIXEL_X_DIMENSION, PIXEL_Y_DIMENSION] },
  ...{ ifd1: false, gps: false, interop: false, makerNote: false, userComment: false },
};

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

/** A PNG keeps bare what a JPEG has in a segment; as a JPEG of nothing else it goes the same way. */
function asJpeg(tiff: Uint8Array): Uint8Array {
  const length = tiff.length + 8;
  const head = [0xff, 0xd8, 0xff, 0xe1, length >> 8, length & 255];
  const exif = [0x45, 0x78, 0x69, 0x66, 0, 0];
  return joinBytes([Uint8Array.from([...head, ...exif]), tiff, Uint8Array.from([0xff, 0xd9])]);
}

const positive = (value: unknown): number | undefined =>
  typeof value === 'number' && Number.isFinite(value) && value > 0 ? value : undefined;

/**
 * The angle that a photo's EXIF says, JPEG or PNG; undefined where it says none that can be used, where the photo was cropped since, and for whatever is
 * broken in it: nobody is refused a photo for what stands beside its pixels.
 * @param start the file's first bytes
 * @param shown the picture's size as it is shown, at any scale
 * @returns degrees, to a tenth: the focal length is in whole mm
 */
export async function readPhotoFov(start: Uint8Array, shown: Size): Promise<number | undefined> {
  try {
    let bytes = start.subarray(0, EXIF_WITHIN_BYTES);
    if (isPng(bytes)) {
      const tiff = pngChunk(bytes, 'eXIf');
      if (!tiff || tiff.length > MOST_TIFF_BYTES) return undefined;
      bytes = asJpeg(tiff);
    }
    // Nothing else is asked of exifr, which would read other kinds, too.
    if (bytes[0] !== 0xff || bytes[1] !== 0xd8) return undefined;
    const { parse } = await import('exifr/dist/mini.esm.mjs');
    const found = (await parse(bytes, WANTED)) ?? {};
    // 0 is unknown.
    const focal35Mm = positive(found[FOCAL_LENGTH_IN_35MM_FILM]);
    if (focal35Mm === undefined) return undefined;
    const [x, y] = [positive(found[PIXEL_X_DIMENSION]), positive(found[PIXEL_Y_DIMENSION])];
    if (x !== undefined && y !== undefined) {
      const longer = (a: number, b: number) => Math.max(a, b) / Math.min(a, b);
      const off = longer(x, y) / longer(shown.width, shown.height) - 1;
      // A small picture's sides are rounded.
      const rounding = 1 / Math.min(shown.width, shown.height);
      if (!(Math.abs(off) <= SHAPE_TOLERANCE + rounding)) return undefined;
    }
    const degrees = Math.round(10 * fovOfFocal35(shown, focal35Mm)) / 10;
    return degrees >= LEAST_DEG && degrees <= MOST_DEG ? degrees : undefined;
  } catch {
    return undefined;
  }
}
