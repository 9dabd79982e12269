/** Which files are photos and which their depth. */
import { isPng, readPngHeader } from '../../core/png-checks.ts';
import { isImageName } from './mask-image.ts';

/** What a photo can be, and a depth file, for file choosers. */
export const PHOTO_ACCEPT = 'image/png,image/jpeg,image/webp';
export const DEPTH_ACCEPT = '.png,.npy,.pfm,.exr,.jpg,.jpeg';

const PNG_HEADER_BYTES = 33;

/** Files that can be nothing but numbers. */
export const isDepthName = (name: string): boolean => /\.(npy|pfm|exr)$/i.test(name);

async function pngHeader(file: File) {
  if (!/\.png$/i.test(file.name)) return undefined;
  try {
    const bytes = new Uint8Array(await file.slice(0, PNG_HEADER_BYTES).arrayBuffer());
    return isPng(bytes) ? readPngHeader(bytes, (what) => new Error(what)) : undefined;
  } catch {
    // Whoever reads the whole of it says what is wrong.
    return undefined;
  }
}

/** How much speaks for depth: 0 a picture like any other, up to 3: nothing else is saved so. Undefined: neither. */
export async function depthLikeness(file: File): Promise<number | undefined> {
  if (isDepthName(file.name)) return 3;
  if (!isImageName(file.name)) return undefined;
  const png = await pngHeader(file);
  if (png?.grey && png.bits === 16) return 3;
  if (/depth|dispar/i.test(file.name)) return 2;
  return png?.grey ? 1 : 0;
}

/** Of two files that came together, a photo and its depth; undefined where they are not that. */
export async function photoAndDepth(
  files: readonly File[],
): Promise<{ photo: File; depth: File } | undefined> {
  if (files.length !== 2) return undefined;
  const [a, b] = files as [File, File];
  const [x, y] = await Promise.all([depthLikeness(a), depthLikeness(b)]);
  if (x === undefined || y === undefined || x === y) return undefined;
  const [photo, depth] = x < y ? [a, b] : [b, a];
  return isDepthName(photo.name) ? undefined : { photo, depth };
}

/**
 * What files are for that came to the dialog: a photo, its depth, or both; undefined where they can be neither.
 * @param hasPhoto whether there is a photo that a picture could be the depth of
 */
export async function sortGiven(
  files: readonly File[],
  hasPhoto: boolean,
): Promise<{ photo?: File; depth?: File } | undefined> {
  const pair = await photoAndDepth(files);
  if (pair) return pair;
  const [file] = files;
  const likeness = file && (await depthLikeness(file));
  if (file === undefined || likeness === undefined) return undefined;
  return likeness === 3 || (hasPhoto && likeness > 0) ? { depth: file } : { photo: file };
}
