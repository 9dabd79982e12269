/**
 * Accepts: NPY files are read in their own type, whatever their byte and memory order, and what is written is read back as it was, by
 * NumPy too where there is one. All exact.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readNpy, writeNpy } from '../../../core/depth-files/npy.ts';

/** A .npy file as NumPy writes it. */
function npy(descr: string, fortran: string, shape: string, body: Uint8Array, version = 1) {
  const text = `{'descr': '${descr}', 'fortran_order': ${fortran}, 'shape': ${shape}, }`;
  const lengthBytes = version === 1 ? 2 : 4;
  const header = new TextEncoder().encode(`${text.padEnd(117 - lengthBytes)}\n`);
  const bytes = new Uint8Array(8 + lengthBytes + header.length + body.length);
  bytes.set([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, version, 0]);
  bytes[8] = header.length;
  bytes.set(header, 8 + lengthBytes);
  bytes.set(body, 8 + lengthBytes + header.length);
  return bytes;
}
const bytesOf = (array: Float32Array | Float64Array | Int16Array | BigInt64Array) =>
  new Uint8Array(array.buffer);

describe('readNpy', () => {
  it('reads floats, whole numbers and booleans', () => {
    const floats = Float32Array.of(1.5, -2, 0.1, 4, 5, 6);
    const read = readNpy(npy('<f4', 'False', '(2, 3)', bytesOf(floats)));
    expect(read).toEqual({ shape: [2, 3], data: floats });
    expect(readNpy(npy('<f8', 'False', '(2,)', bytesOf(Float64Array.of(0.1, 1e300)))).data).toEqual(
      Float64Array.of(0.1, 1e300),
    );
    expect(readNpy(npy('|b1', 'False', '(3,)', Uint8Array.of(0, 1, 1))).data).toEqual(
      Uint8Array.of(0, 1, 1),
    );
    expect(readNpy(npy('<i8', 'False', '(1,)', bytesOf(BigInt64Array.of(-7n)))).data[0]).toBe(-7);
    expect(readNpy(npy('<f4', 'False', '()', bytesOf(Float32Array.of(3))))).toEqual({
      shape: [],
      data: Float32Array.of(3),
    });
  });
  it('reads big-endian numbers, column-major memory, the later format versions, and a view at any offset', () => {
    expect(readNpy(npy('>i2', 'False', '(2,)', Uint8Array.of(1, 2, 255, 254))).data).toEqual(
      Int16Array.of(258, -2),
    );
    // [[1, 2, 3], [4, 5, 6]] by columns.
    const byColumns = bytesOf(Int16Array.of(1, 4, 2, 5, 3, 6));
    expect(readNpy(npy('<i2', 'True', '(2, 3)', byColumns, 2)).data).toEqual(
      Int16Array.of(1, 2, 3, 4, 5, 6),
    );
    const whole = npy('<i2', 'False', '(1,)', bytesOf(Int16Array.of(9)), 3);
    const shifted = new Uint8Array(whole.length + 3);
    shifted.set(whole, 3);
    expect(readNpy(shifted.subarray(3)).data[0]).toBe(9);
  });
  it('says what is wrong with a file that it cannot read', () => {
    const good = npy('<f4', 'False', '(2,)', bytesOf(Float32Array.of(1, 2)));
    expect(() => readNpy(good.subarray(0, 9), 'a.npy')).toThrow('a.npy: does not begin');
    expect(() => readNpy(good.subarray(0, 40))).toThrow('ends within its header');
    expect(() => readNpy(good.subarray(0, good.length - 1))).toThrow('7 bytes of numbers');
    expect(() => readNpy(npy('|O', 'False', '(1,)', new Uint8Array(8)))).toThrow(
      'no plain numbers',
    );
    expect(() => readNpy(npy('<f4', 'Perhaps', '(1,)', new Uint8Array(4)))).toThrow(
      'not understood',
    );
  });
  it('reads half floats', () => {
    const halves = Uint8Array.of(0, 0x3c, 0, 0xc0, 1, 0, 0, 0x7c);
    expect(readNpy(npy('<f2', 'False', '(4,)', halves)).data).toEqual(
      Float32Array.of(1, -2, 2 ** -24, Number.POSITIVE_INFINITY),
    );
  });
});

describe('writeNpy', () => {
  const arrays = [
    { shape: [2, 3], data: Float32Array.of(1.5, -2, 0.1, Number.NaN, 5, 6) },
    { shape: [2], data: Float64Array.of(0.1, 1e300) },
    { shape: [1, 2, 2], data: Uint16Array.of(1, 2, 3, 65535) },
    { shape: [3], data: Uint8Array.of(0, 1, 255) },
    { shape: [2], data: Int32Array.of(-7, 2 ** 31 - 1) },
  ];
  it('is read back, bit for bit', () => {
    for (const array of arrays) expect(readNpy(writeNpy(array))).toEqual(array);
  });
  const numpy = spawnSync('python3', ['-c', 'import numpy']).status === 0;
  it.skipIf(!numpy)('is read by NumPy', () => {
    const folder = mkdtempSync(join(tmpdir(), 'splatmend-npy-'));
    for (const [k, array] of arrays.entries()) {
      writeFileSync(join(folder, `${k}.npy`), writeNpy(array));
    }
    const code =
      'import numpy as np, sys\nfor k in range(5):\n a = np.load(f"{sys.argv[1]}/{k}.npy"); print(a.dtype, a.shape, a.ravel()[0], a.ravel()[-1])';
    const { stdout } = spawnSync('python3', ['-c', code, folder], { encoding: 'utf8' });
    rmSync(folder, { recursive: true });
    expect(stdout.trim().split('\n')).toEqual([
      'float32 (2, 3) 1.5 6.0',
      'float64 (2,) 0.1 1e+300',
      'uint16 (1, 2, 2) 1 65535',
      'uint8 (3,) 0 255',
      'int32 (2,) -7 2147483647',
    ]);
  });
});
