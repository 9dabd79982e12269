/** The depth file of a picture, as depth or as relative depth. */
import { badFile } from '../formats/format.ts';
import type { ScalarImage } from '../image.ts';
import type { DepthForm } from '../photo-types.ts';
import { depthOfSize } from '../picture-depth.ts';
import { readDepthMap, readNumbers } from './depth-map.ts';

/**
 * @param wanted.form what the numbers are; relative depth may be a PNG or JPEG of any kind
 * @param wanted.scale of depth: stored numbers a world unit; default 1000 for whole numbers, 1 for floats
 * @param wanted.size the picture's; default: the file's own
 * @returns depth in world units along z, 0 = unknown; or relative, as stored
 * @throws SplatmendError `unknown-format`, `bad-file`, `unsupported-file`, `too-large`, `bad-option` (not of the picture's shape)
 */
export async function readDepthOf(
  bytes: Uint8Array,
  name: string,
  wanted: {
    form?: DepthForm;
    scale?: number;
    size?: { width: number; height: number };
  } = {},
): Promise<ScalarImage> {
  const { form, scale, size } = wanted;
  const depth =
    form === 'relative'
      ? await readNumbers(bytes, name)
      : (await readDepthMap(bytes, name, scale)).depth;
  const sized = size ? depthOfSize(depth, size, name) : depth;
  if (form !== 'relative' && !sized.data.some((z) => z > 0)) {
    throw badFile(name, 'has no known depth: every pixel is 0; save depth along z');
  }
  return sized;
}
