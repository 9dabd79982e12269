/** The depth file of a picture, as depth or as relative depth. */

import { badFile } from '../formats/format.ts';
import type { ScalarImage } from '../image.ts';
import type { DepthFile, DepthForm } from '../photo-types.ts';
import { depthOfSize, relativeOfSize } from '../picture-depth.ts';
import { isPng, readPngHeader } from '../png-checks.ts';
import { SAVE_AGAIN } from './advice.ts';
import { readDepthMap, readNumbers } from './depth-map.ts';

export interface DepthFileOptions {
  /** What the numbers are. Absent: relative in pictures of 8 bits or colour, and where numbers below 0 say so; else depth. */
  form?: DepthForm;
  /** Of depth: stored numbers a world unit; default 1000 for whole numbers, 1 for floats. */
  scale?: number;
  /** Of the picture that it is of, pixels: the depth must have its shape, and comes at its size. Default: the file's own. */
  size?: { width: number; height: number };
}

/** Pictures that can hold no distances. */
function isPicture(bytes: Uint8Array, name: string): boolean {
  if (/\.jpe?g$/i.test(name)) return true;
  if (!/\.png$/i.test(name) || !isPng(bytes)) return false;
  const { bits, grey } = readPngHeader(bytes, (what) =>
    badFile(name, `the PNG ${what}; ${SAVE_AGAIN}`),
  );
  return bits !== 16 || !grey;
}

async function read(
  bytes: Uint8Array,
  name: string,
  { form, scale }: DepthFileOptions,
): Promise<DepthFile> {
  if (form === 'relative' || (form === undefined && isPicture(bytes, name))) {
    return { depth: await readNumbers(bytes, name), form: 'relative' };
  }
  const { depth, stored } = await readDepthMap(bytes, name, scale);
  let below = false;
  for (let i = 0; i < stored.length && form === undefined && !below; i++) below = stored[i]! < 0;
  if (!below) return { depth, form: 'depth' };
  const numbers: ScalarImage = {
    ...depth,
    data: Float32Array.from(stored as ArrayLike<number>),
  };
  return { depth: numbers, form: 'relative' };
}

/**
 * @returns depth in world units along z, 0 = unknown; or relative, as stored
 * @throws SplatmendError `unknown-format`, `bad-file`, `unsupported-file`, `too-large`, `bad-option` (not of the picture's shape)
 */
export async function readDepthOf(
  bytes: Uint8Array,
  name: string,
  options: DepthFileOptions = {},
): Promise<DepthFile> {
  const file = await read(bytes, name, options);
  const { size } = options;
  const ofSize = file.form === 'relative' ? relativeOfSize : depthOfSize;
  const depth = size ? ofSize(file.depth, size, name) : file.depth;
  if (file.form === 'depth' && !depth.data.some((z) => z > 0)) {
    throw badFile(name, 'has no known depth: every pixel is 0 or no number; save depth along z');
  }
  return { ...file, depth };
}
