/**
 * Accepts: every depth file that cannot be read is refused with its name, why, and, after a semicolon, what to do about it; the code says which kind of
 * trouble it is. The files are made here, cut or bent where they are read.
 */
import { encode } from 'fast-png';
import jpeg from 'jpeg-js';
import { expect, it } from 'vitest';
import { readDepthOf } from '../../../core/depth-files/depth-of.ts';
import { writeExr } from '../../../core/depth-files/exr.ts';
import { writeNpy } from '../../../core/depth-files/npy.ts';
import { writePfm } from '../../../core/depth-files/pfm.ts';
import { toFailure } from '../../../core/errors.ts';
import type { DepthForm } from '../../../core/photo-types.ts';

const [W, H] = [8, 6];
const data = Float32Array.from({ length: W * H }, (_, i) => 1 + i / 10);
const image = { width: W, height: H, data };
const png = encode({ width: W, height: H, data: Uint16Array.from(data), channels: 1, depth: 16 });
const npy = writeNpy({ shape: [H, W], data });
const pfm = writePfm(image);
const text = (s: string) => new TextEncoder().encode(s);
const colours = encode({ width: W, height: H, data: new Uint8Array(3 * W * H), channels: 3 });
const photo = Uint8Array.from(
  jpeg.encode({ width: W, height: H, data: new Uint8Array(4 * W * H) }, 80).data,
);

async function refusal(
  name: string,
  bytes: Uint8Array,
  form?: DepthForm,
  size = { width: W, height: H },
): Promise<string> {
  try {
    await readDepthOf(bytes, name, { size, ...(form && { form }) });
    return 'read';
  } catch (error) {
    const { code, message } = toFailure(error);
    return `${code}: ${message}`;
  }
}

it('every refusal ends with what to do', async () => {
  const exr = await writeExr(image);
  const bent = png.slice();
  bent[60]! ^= 255;
  const cases: [string, string, Uint8Array, DepthForm?, { width: number; height: number }?][] = [
    ['unknown-format', 'd.txt', npy],
    ['bad-file', 'd.npy', png],
    ['bad-file', 'd.npy', npy.subarray(0, 100)],
    ['bad-file', 'd.npy', npy.subarray(0, npy.length - 4)],
    ['bad-file', 'd.npy', writeNpy({ shape: [W * H], data })],
    ['bad-file', 'd.npy', writeNpy({ shape: [2, 3, H], data: new Float32Array(6 * H) })],
    ['bad-file', 'd.npy', writeNpy({ shape: [H, W], data: new Float32Array(W * H) })],
    ['bad-file', 'd.pfm', npy],
    ['bad-file', 'd.pfm', pfm.subarray(0, pfm.length - 4)],
    ['bad-file', 'd.pfm', text('Pf\n8 6\n0\n')],
    ['too-large', 'd.pfm', text('Pf\n80000 6\n-1\n')],
    ['unsupported-file', 'd.pfm', text('PF\n8 6\n-1\n')],
    ['bad-file', 'd.exr', npy],
    ['bad-file', 'd.exr', exr.subarray(0, 40)],
    ['bad-file', 'd.exr', exr.subarray(0, exr.length - 20)],
    ['bad-file', 'd.png', npy],
    ['bad-file', 'd.png', png.subarray(0, 20), 'relative'],
    ['bad-file', 'd.png', png.subarray(0, png.length - 20)],
    ['bad-file', 'd.png', bent],
    ['unsupported-file', 'd.png', colours, 'depth'],
    ['unsupported-file', 'd.jpg', npy],
    ['bad-file', 'd.jpg', photo.subarray(0, 100)],
    ['bad-option', 'd.npy', npy, 'depth', { width: H, height: W }],
  ];
  for (const [code, name, bytes, form, size] of cases) {
    const said = await refusal(name, bytes, form, size);
    expect(said.startsWith(`${code}: ${name}: `), said).toBe(true);
    const next = said.slice(said.lastIndexOf('; ') + 2);
    expect(next, said).toMatch(/\b(save|copy|give|use|convert|make)\b/i);
  }
});
