/** What a photo's camera wrote into the file (EXIF), of that what is used here. */
import { joinBytes } from './bytes.ts';
import { isPng, pngChunk } from './png-checks.ts';
import { isWebp, type ReadBytes, WEBP_HEAD_BYTES, webpExif } from './webp-exif.ts';

/** A photo's file, or what is in it. */
export type PhotoFile = Blob | Uint8Array;

/** EXIF stands in the first 64 kB of a JPEG, and of a PNG nearly always before the pixels; no more of these than this is looked at. */
export const EXIF_WITHIN_BYTES = 1_000_000;

/** The longest segment of a JPEG, less its own length and `Exif\0\0`. */
const MOST_TIFF_BYTES = 65535 - 8;

const ORIENTATION = 0x0112;
const EXIF_POINTER = 0x8769;
const FOCAL_LENGTH_IN_35MM_FILM = 0xa405;
const PIXEL_X_DIMENSION = 0xa002;
const PIXEL_Y_DIMENSION = 0xa003;

/** Of the first block how the picture is turned, and the Exif block, which it points to; of that no more than these. */
const WANTED = {
  ifd0: { pick: [ORIENTATION, EXIF_POINTER] },
  exif: { pick: [FOCAL_LENGTH_IN_35MM_FILM, PIXEL_X_DIMENSION, PIXEL_Y_DIMENSION] },
  ...{ ifd1: false, gps: false, interop: false, makerNote: false, userComment: false },
};

export interface PhotoExif {
  /** Focal length as of a 35 mm camera, mm. */
  focal35Mm?: number;
  /** The picture as it was taken, pixels. */
  taken?: { width: number; height: number };
  /** 1 to 8, as EXIF has it: how the stored picture is to be turned to be seen as it was. */
  orientation?: number;
}

/** PNG and WebP keep bare what a JPEG has in a segment; as a JPEG of nothing else it goes the same way. */
function asJpeg(tiff: Uint8Array): Uint8Array {
  const length = tiff.length + 8;
  const head = [0xff, 0xd8, 0xff, 0xe1, length >> 8, length & 255];
  const exif = [0x45, 0x78, 0x69, 0x66, 0, 0];
  return joinBytes([Uint8Array.from([...head, ...exif]), tiff, Uint8Array.from([0xff, 0xd9])]);
}

const positive = (value: unknown): number | undefined =>
  typeof value === 'number' && Number.isFinite(value) && value > 0 ? value : undefined;

const readerOf =
  (file: PhotoFile): ReadBytes =>
  async (from, to) =>
    file instanceof Uint8Array
      ? file.subarray(from, to)
      : new Uint8Array(await file.slice(from, to).arrayBuffer());

/** The block as a JPEG's, or the JPEG that it stands in; undefined where a file has none. */
async function exifJpeg(read: ReadBytes): Promise<Uint8Array | undefined> {
  let tiff: Uint8Array | undefined;
  if (isWebp(await read(0, WEBP_HEAD_BYTES))) tiff = await webpExif(read, MOST_TIFF_BYTES);
  else {
    const start = await read(0, EXIF_WITHIN_BYTES);
    if (!isPng(start)) return start[0] === 0xff && start[1] === 0xd8 ? start : undefined;
    tiff = pngChunk(start, 'eXIf');
  }
  return tiff && tiff.length <= MOST_TIFF_BYTES ? asJpeg(tiff) : undefined;
}

/**
 * JPEG, PNG or WebP; nothing where there is no EXIF, or where it is broken: nobody is refused a photo for what stands beside its pixels.
 * @param file of a JPEG or a PNG its start will do
 */
export async function readPhotoExif(file: PhotoFile): Promise<PhotoExif> {
  try {
    const bytes = await exifJpeg(readerOf(file));
    if (!bytes) return {};
    // Nothing else is asked of exifr, which would read other kinds, too.
    const { parse } = await import('exifr/dist/mini.esm.mjs');
    const found = (await parse(bytes, WANTED)) ?? {};
    // 0 is unknown.
    const focal35Mm = positive(found[FOCAL_LENGTH_IN_35MM_FILM]);
    const [width, height] = [
      positive(found[PIXEL_X_DIMENSION]),
      positive(found[PIXEL_Y_DIMENSION]),
    ];
    const orientation = positive(found[ORIENTATION]);
    return {
      ...(focal35Mm !== undefined && { focal35Mm }),
      ...(width !== undefined && height !== undefined && { taken: { width, height } }),
      // A block that lies may have it as a fraction.
      ...(Number.isInteger(orientation) && orientation! <= 8 && { orientation: orientation! }),
    };
  } catch {
    return {};
  }
}
