/** NumPy's archives of arrays: a zip of NPY files, each stored or deflated. */

import { unzipSync } from 'fflate';
import { SplatmendError } from '../errors.ts';
import { badFile } from '../formats/format.ts';
import { NAME_OR_SAVE, SAVE_AGAIN } from './advice.ts';
import { type NpyArray, readNpy } from './npy.ts';

const MAX_ARRAYS = 1000;
/** Deflate can shrink a thousandfold; arrays of a capture do not. */
const MAX_GROWTH = 100;
const FREE_BYTES = 64 * 2 ** 20;
/** One typed array holds no more on some machines. */
const MAX_BYTES = 4 * 2 ** 30;

/**
 * @param wanted whether an array of this name is needed; the others are not inflated
 * @returns arrays by name, without `.npy`
 * @throws SplatmendError `bad-file`, `too-large`
 */
export function readNpz(
  bytes: Uint8Array,
  name: string,
  wanted: (array: string) => boolean = () => true,
): Map<string, NpyArray> {
  if (bytes[0] !== 0x50 || bytes[1] !== 0x4b)
    throw badFile(name, `does not begin like an .npz; ${NAME_OR_SAVE}`);
  const limit = Math.min(MAX_BYTES, FREE_BYTES + MAX_GROWTH * bytes.length);
  let total = 0;
  let count = 0;
  const declared = new Map<string, number>();
  let files: Record<string, Uint8Array>;
  try {
    files = unzipSync(bytes, {
      filter: ({ name: path, originalSize }) => {
        if (++count > MAX_ARRAYS) {
          throw new SplatmendError('too-large', `${name}: over ${MAX_ARRAYS} arrays; save fewer`);
        }
        if (!path.endsWith('.npy') || !wanted(path.slice(0, -4))) return false;
        total += originalSize;
        if (!(total <= limit)) {
          throw new SplatmendError(
            'too-large',
            `${name}: its arrays take ${total} bytes and more; at most ${limit} are read; save fewer or smaller ones`,
          );
        }
        declared.set(path, originalSize);
        return true;
      },
    });
  } catch (error) {
    if (error instanceof SplatmendError) throw error;
    throw badFile(
      name,
      `the archive is damaged (${(error as Error).message}); ${SAVE_AGAIN}`,
      error,
    );
  }
  const out = new Map<string, NpyArray>();
  for (const [path, file] of Object.entries(files)) {
    if (file.length !== declared.get(path))
      throw badFile(name, `${path} is cut off; ${SAVE_AGAIN}`);
    out.set(path.slice(0, -4), readNpy(file, `${name}: ${path}`));
  }
  return out;
}
