/** Portable float maps (Debevec): a short text header, then float32 rows from the bottom up. */

import { badFile, unsupportedFile } from '../formats/format.ts';
import type { ScalarImage } from '../image.ts';
import { NAME_OR_SAVE, SAVE_AGAIN } from './advice.ts';
import { checkImageSize } from './limits.ts';

/** Longer headers are no PFM's. */
const HEADER_BYTES = 128;

/** @throws SplatmendError `bad-file`, `unsupported-file` (colour), `too-large` */
export function readPfm(bytes: Uint8Array, name: string): ScalarImage {
  const head = new TextDecoder('latin1').decode(bytes.subarray(0, HEADER_BYTES));
  const found = /^(P[fF])\s+(\d+)\s+(\d+)\s+([-+\d.eE]+)\s/.exec(head);
  if (!found)
    throw badFile(name, `does not begin like a PFM (Pf, width, height, scale); ${NAME_OR_SAVE}`);
  if (found[1] === 'PF')
    throw unsupportedFile(name, 'a PFM of colours; depth has one channel, save it as Pf');
  const [width, height, scale] = [Number(found[2]), Number(found[3]), Number(found[4])];
  checkImageSize(width, height, name);
  if (!Number.isFinite(scale) || scale === 0)
    throw badFile(name, `the PFM's scale is ${found[4]}; ${SAVE_AGAIN}`);
  const start = found[0].length;
  if (bytes.length - start !== 4 * width * height) {
    throw badFile(
      name,
      `${bytes.length - start} bytes of numbers; ${width} × ${height} of float32 are ${4 * width * height}; ${SAVE_AGAIN}`,
    );
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset + start);
  const data = new Float32Array(width * height);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const from = 4 * ((height - 1 - y) * width + x);
      data[y * width + x] = view.getFloat32(from, scale < 0);
    }
  }
  return { width, height, data };
}

/** Little-endian. */
export function writePfm({ width, height, data }: ScalarImage): Uint8Array {
  const head = new TextEncoder().encode(`Pf\n${width} ${height}\n-1.0\n`);
  const bytes = new Uint8Array(head.length + 4 * width * height);
  bytes.set(head);
  const view = new DataView(bytes.buffer, head.length);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      view.setFloat32(4 * ((height - 1 - y) * width + x), data[y * width + x]!, true);
    }
  }
  return bytes;
}
