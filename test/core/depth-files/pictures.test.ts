/**
 * Accepts: pictures, masks and depth of every kind of PNG that people give are read as they look, and what is damaged, claims too much
 * or inflates past its size is refused by name. All exact.
 */
import { encode } from 'fast-png';
import { zlibSync } from 'fflate';
import jpeg from 'jpeg-js';
import { describe, expect, it } from 'vitest';
import { readDepthMap, readNumbers, writeDepthMap } from '../../../core/depth-files/depth-map.ts';
import { writeNpy } from '../../../core/depth-files/npy.ts';
import { readNpz } from '../../../core/depth-files/npz.ts';
import { readMask, readPicture } from '../../../core/depth-files/picture.ts';
import { readPointList } from '../../../core/depth-files/point-list.ts';
import type { SplatmendError } from '../../../core/errors.ts';

const codeOf = async (work: () => unknown): Promise<string> => {
  try {
    await work();
  } catch (error) {
    return (error as SplatmendError).code;
  }
  return 'none';
};
const image = { width: 2, height: 1 };

/** A PNG made by hand: grey, one bit, or with pixels' data of any length. Checksums are right. */
function png(width: number, height: number, bits: number, colourType: number, raw: Uint8Array) {
  const table = Uint32Array.from({ length: 256 }, (_, n) => {
    let c = n;
    for (let k = 0; k < 8; k++) c = c & 1 ? 0xedb88320 ^ (c >>> 1) : c >>> 1;
    return c;
  });
  const chunk = (type: string, data: Uint8Array) => {
    const out = new Uint8Array(12 + data.length);
    const view = new DataView(out.buffer);
    view.setUint32(0, data.length);
    out.set(new TextEncoder().encode(type), 4);
    out.set(data, 8);
    let crc = 0xffffffff;
    for (const byte of out.subarray(4, 8 + data.length))
      crc = table[(crc ^ byte) & 255]! ^ (crc >>> 8);
    view.setUint32(8 + data.length, (crc ^ 0xffffffff) >>> 0);
    return out;
  };
  const header = new Uint8Array(13);
  new DataView(header.buffer).setUint32(0, width);
  new DataView(header.buffer).setUint32(4, height);
  header.set([bits, colourType], 8);
  const parts = [
    Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a),
    chunk('IHDR', header),
    chunk('IDAT', zlibSync(raw)),
    chunk('IEND', new Uint8Array()),
  ];
  return Uint8Array.from(parts.flatMap((p) => [...p]));
}

describe('pictures', () => {
  it('of 8 and 16 bits, grey and colour, with alpha or without', () => {
    const colour = encode({ ...image, data: Uint8Array.of(255, 0, 51, 102, 204, 0), channels: 3 });
    expect([...readPicture(colour, 'a').data].map((v) => Math.round(255 * v))).toEqual([
      255, 0, 51, 102, 204, 0,
    ]);
    const alpha = encode({
      ...image,
      data: Uint8Array.of(255, 0, 51, 0, 102, 204, 0, 9),
      channels: 4,
    });
    expect(readPicture(alpha, 'a').data).toEqual(readPicture(colour, 'a').data);
    const grey = encode({ ...image, data: Uint16Array.of(65535, 13107), channels: 1, depth: 16 });
    expect([...readPicture(grey, 'a').data]).toEqual([1, 1, 1, ...Array(3).fill(Math.fround(0.2))]);
    const flat = { width: 8, height: 8, data: new Uint8Array(256).fill(128) };
    const [r] = readPicture(new Uint8Array(jpeg.encode(flat, 95).data), 'a.jpg').data;
    expect(r).toBeCloseTo(128 / 255, 1);
  });
  it('of one bit, as scanned masks are', () => {
    const mask = png(10, 1, 1, 0, Uint8Array.of(0, 0b10100000, 0b01000000));
    expect([...readMask(mask, 'm.png').data]).toEqual([1, 0, 1, 0, 0, 0, 0, 0, 0, 1]);
  });
  it('masks of NPY: booleans, shares, bytes', () => {
    const of = (data: Uint8Array | Float32Array) => [
      ...readMask(writeNpy({ shape: [1, 3], data }), 'm.npy').data,
    ];
    expect(of(Uint8Array.of(0, 1, 1))).toEqual([0, 1, 1]);
    expect(of(Float32Array.of(0.4, 0.6, 1))).toEqual([0, 1, 1]);
    expect(of(Uint8Array.of(0, 127, 255))).toEqual([0, 0, 1]);
  });
  it('whose colour profile would inflate to much are read without it', () => {
    const good = png(4, 4, 8, 0, new Uint8Array(20));
    const profile = zlibSync(new Uint8Array(64 << 20));
    const chunk = Buffer.alloc(12 + 3 + profile.length);
    chunk.writeUInt32BE(3 + profile.length);
    chunk.write('iCCPx', 4);
    chunk.set(profile, 8 + 3);
    const bytes = Buffer.concat([good.subarray(0, 33), chunk, good.subarray(33)]);
    const start = performance.now();
    expect(readPicture(bytes, 'a').width).toBe(4);
    expect(performance.now() - start).toBeLessThan(300);
  });
  it('that are no pictures, damaged, too large or bombs are refused', async () => {
    const good = png(4, 4, 8, 0, new Uint8Array(20));
    expect(readPicture(good, 'a').width).toBe(4);
    expect(await codeOf(() => readPicture(Uint8Array.of(1, 2, 3), 'a'))).toBe('unsupported-file');
    expect(await codeOf(() => readPicture(good.subarray(0, 30), 'a'))).toBe('bad-file');
    expect(await codeOf(() => readPicture(good.subarray(0, 50), 'a'))).toBe('bad-file');
    const flipped = good.slice();
    flipped[31] = flipped[31]! ^ 1;
    expect(await codeOf(() => readPicture(flipped, 'a'))).toBe('bad-file');
    expect(await codeOf(() => readPicture(png(4, 4, 8, 0, new Uint8Array(19)), 'a'))).toBe(
      'bad-file',
    );
    expect(await codeOf(() => readPicture(png(40000, 4, 8, 0, new Uint8Array(9)), 'a'))).toBe(
      'too-large',
    );
    expect(await codeOf(() => readPicture(png(4, 4, 8, 0, new Uint8Array(9e6)), 'a'))).toBe(
      'too-large',
    );
    expect(await codeOf(() => readPicture(Uint8Array.of(0xff, 0xd8, 0xff, 0xe0, 0, 4), 'a'))).toBe(
      'bad-file',
    );
  });
});

describe('depth', () => {
  it('unknown is 0, whatever the file says of it', async () => {
    const data = Float32Array.of(Number.NaN, -1, Number.POSITIVE_INFINITY, 0, 2.5);
    const map = await readDepthMap(writeNpy({ shape: [1, 5], data }), 'd.npy');
    expect([...map.depth.data]).toEqual([0, 0, 0, 0, 2.5]);
  });
  it('nearer than half a step of 16 bits is not unknown', async () => {
    const depth = { width: 3, height: 1, data: Float32Array.of(0.0001, 0, 70) };
    const { bytes, tooFar } = await writeDepthMap(depth, { format: 'png', scale: 1000 });
    expect(tooFar).toBe(1);
    const back = await readDepthMap(bytes, 'd.png');
    expect([...back.stored]).toEqual([1, 0, 0]);
  });
  it('other numbers are read as they are', async () => {
    const data = Float32Array.of(-3, 7);
    expect((await readNumbers(writeNpy({ shape: [1, 2], data }), 'p.npy')).data).toEqual(data);
    const grey = encode({ ...image, data: Uint8Array.of(255, 0), channels: 1 });
    expect([...(await readNumbers(grey, 'p.png')).data]).toEqual([1, 0]);
    expect(await codeOf(() => readDepthMap(grey, 'd.png'))).toBe('unsupported-file');
    const three = writeNpy({ shape: [2, 2, 2], data: new Float32Array(8) });
    expect(await codeOf(() => readDepthMap(three, 'd.npy'))).toBe('bad-file');
  });
});

describe('points and archives', () => {
  const ply = (format: string, body: Uint8Array | string, count = 2) => {
    const head = `ply\nformat ${format} 1.0\nelement vertex ${count}\nproperty uchar red\nproperty float x\nproperty double y\nproperty float z\nend_header\n`;
    const tail = typeof body === 'string' ? new TextEncoder().encode(body) : body;
    return Uint8Array.from([...new TextEncoder().encode(head), ...tail]);
  };
  it('PLY in each encoding, text, NPY', () => {
    const expected = [1, 2, 3, 4, 5, 6];
    const body = (little: boolean) => {
      const view = new DataView(new ArrayBuffer(34));
      for (let i = 0; i < 2; i++) {
        view.setFloat32(17 * i + 1, 3 * i + 1, little);
        view.setFloat64(17 * i + 5, 3 * i + 2, little);
        view.setFloat32(17 * i + 13, 3 * i + 3, little);
      }
      return new Uint8Array(view.buffer);
    };
    expect([...readPointList(ply('binary_little_endian', body(true)), 'p.ply')]).toEqual(expected);
    expect([...readPointList(ply('binary_big_endian', body(false)), 'p.ply')]).toEqual(expected);
    expect([...readPointList(ply('ascii', '9 1 2 3\n9 4 5 6\n'), 'p.ply')]).toEqual(expected);
    const text = new TextEncoder().encode('x y z r\n# a comment\n1, 2, 3, 255\n\n4 5 6 0\n');
    expect([...readPointList(text, 'p.csv')]).toEqual(expected);
    const data = Float64Array.of(1, 2, 3, 9, Number.NaN, 0, 0, 9, 4, 5, 6, 9);
    expect([...readPointList(writeNpy({ shape: [3, 4], data }), 'p.npy')]).toEqual(expected);
  });
  it('that claim what they do not hold are refused', async () => {
    const short = ply('binary_little_endian', new Uint8Array(34), 1e9);
    expect(await codeOf(() => readPointList(short, 'p.ply'))).toBe('bad-file');
    expect(await codeOf(() => readPointList(ply('ascii', '9 1 2 3\n', 1e9), 'p.ply'))).toBe(
      'bad-file',
    );
    expect(await codeOf(() => readPointList(new Uint8Array(9), 'p.las'))).toBe('unknown-format');
    expect(await codeOf(() => readNpz(new TextEncoder().encode('PK\x03\x04none'), 'a.npz'))).toBe(
      'bad-file',
    );
    expect(await codeOf(() => readNpz(new Uint8Array(9), 'a.npz'))).toBe('bad-file');
  });
});
