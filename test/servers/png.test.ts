// Pictures to and from servers. Accepts: 8 bits a channel kept (half a step), palettes, grey and 16 bits read; every picture that is
// cut off, damaged, of another size or format refused by name; a small file that inflates to much refused before it does.
import { encode } from 'fast-png';
import { zlibSync } from 'fflate';
import { expect, test } from 'vitest';
import { createMask, createRgbImage } from '../../core/image.ts';
import { parseAddress } from '../../core/server-address.ts';
import { fromBase64, toBase64 } from '../../workers/inpainters/servers/base64.ts';
import {
  clearedPng,
  decodePng,
  maskPng,
  rgbMaskPng,
  rgbPng,
} from '../../workers/inpainters/servers/png.ts';

const peer = { provider: 'P', address: parseAddress('P', 'http://127.0.0.1:1'), corsAdvice: '' };
const size = { width: 37, height: 23 };
const image = createRgbImage(size.width, size.height);
for (let i = 0; i < image.data.length; i++) image.data[i] = ((i * 7919) % 1000) / 999;
const mask = createMask(size.width, size.height);
mask.data.fill(1, 100, 300);

const crcTable = Array.from({ length: 256 }, (_, n) => {
  let c = n;
  for (let k = 0; k < 8; k++) c = c & 1 ? 0xedb88320 ^ (c >>> 1) : c >>> 1;
  return c >>> 0;
});
function chunk(type: string, data: Uint8Array): Buffer {
  const body = Buffer.concat([Buffer.from(type), data]);
  let crc = 0xffffffff;
  for (const b of body) crc = crcTable[(crc ^ b) & 255]! ^ (crc >>> 8);
  const out = Buffer.alloc(12 + data.length);
  out.writeUInt32BE(data.length);
  body.copy(out, 4);
  out.writeUInt32BE((crc ^ 0xffffffff) >>> 0, 8 + data.length);
  return out;
}
function png(
  width: number,
  height: number,
  depth: number,
  colour: number,
  raw: Uint8Array,
  ...more: Buffer[]
) {
  const head = Buffer.alloc(13);
  head.writeUInt32BE(width);
  head.writeUInt32BE(height, 4);
  head.set([depth, colour, 0, 0, 0], 8);
  const signature = Buffer.from([137, 80, 78, 71, 13, 10, 26, 10]);
  return Buffer.concat([
    signature,
    chunk('IHDR', head),
    ...more,
    chunk('IDAT', zlibSync(raw)),
    chunk('IEND', new Uint8Array(0)),
  ]);
}

test('a picture comes back to half a step of 8 bits', () => {
  const back = decodePng(peer, rgbPng(image), size);
  for (let i = 0; i < image.data.length; i++) {
    expect(Math.abs(back.data[i]! - image.data[i]!)).toBeLessThanOrEqual(0.5 / 255 + 1e-6);
  }
});

test('masks: white where set; cleared pictures: alpha 0 there, the colour kept', () => {
  const grey = decodePng(peer, maskPng(mask), size);
  const red = decodePng(peer, rgbMaskPng(mask), size);
  const colour = decodePng(peer, clearedPng(image, mask), size);
  expect(colour.data).toEqual(decodePng(peer, rgbPng(image), size).data);
  for (let i = 0; i < mask.data.length; i++) {
    expect(grey.data[3 * i]).toBe(mask.data[i]);
    expect(red.data[3 * i]).toBe(mask.data[i]);
  }
});

test('16 bits, grey and palettes are read', () => {
  const deep = encode({
    width: 2,
    height: 1,
    channels: 1,
    depth: 16,
    data: new Uint16Array([0, 32768]),
  });
  expect(decodePng(peer, deep, { width: 2, height: 1 }).data[4]).toBeCloseTo(0.5, 4);
  const palette = chunk('PLTE', new Uint8Array([10, 20, 30, 255, 0, 51]));
  const indexed = png(2, 1, 8, 3, new Uint8Array([0, 1, 0]), palette);
  const back = decodePng(peer, indexed, { width: 2, height: 1 });
  expect(Array.from(back.data, (v) => Math.round(v * 255))).toEqual([255, 0, 51, 10, 20, 30]);
});

const whole = rgbPng(image);
const flipped = whole.slice();
flipped[whole.length - 30]! ^= 0xff;
test.each<[string, Uint8Array, RegExp]>([
  ['cut off', whole.subarray(0, whole.length - 20), /cut off/],
  ['cut off in its header', whole.subarray(0, 20), /cut off/],
  ['damaged', flipped, /cannot be used/],
  [
    'a JPEG',
    new Uint8Array([0xff, 0xd8, 0xff, 0xe0, 0, 0]),
    /it is a JPEG; set its output format to PNG/,
  ],
  ['a WebP', new TextEncoder().encode('RIFF....WEBPVP8 '), /it is a WebP/],
  ['nothing', new Uint8Array(0), /it is empty/],
  ['text', new TextEncoder().encode('<html>'), /it is no picture/],
  ['too wide', png(100_000, 1, 8, 2, new Uint8Array(4)), /it is 100000 × 1/],
  ['of no width', png(0, 5, 8, 2, new Uint8Array(4)), /it is 0 × 5/],
  ['of another size', rgbPng(createRgbImage(38, 23)), /it is 38 × 23 in place of 37 × 23/],
  ['a bomb', png(37, 23, 8, 2, new Uint8Array(300 << 20)), /inflates past/],
])('a picture that is %s is refused', (_, bytes, message) => {
  const start = process.memoryUsage().arrayBuffers;
  expect(() => decodePng(peer, bytes, size)).toThrow(message);
  expect(process.memoryUsage().arrayBuffers - start).toBeLessThan(60 << 20);
});

test('a colour profile that inflates to much is not looked at', () => {
  const profile = Buffer.concat([Buffer.from('x\0\0'), zlibSync(new Uint8Array(64 << 20))]);
  const raw = new Uint8Array(23 * (1 + 37 * 3));
  const bytes = png(37, 23, 8, 2, raw, chunk('iCCP', profile));
  const start = performance.now();
  expect(decodePng(peer, bytes, size).data[0]).toBe(0);
  expect(performance.now() - start).toBeLessThan(300);
});

test('base64, with and without its data: address', () => {
  const bytes = Uint8Array.from({ length: 20_001 }, (_, i) => (i * 31) & 255);
  const text = toBase64(bytes);
  expect(text).toBe(Buffer.from(bytes).toString('base64'));
  expect(fromBase64('P', text)).toEqual(bytes);
  expect(fromBase64('P', `data:image/png;base64,${text}`)).toEqual(bytes);
  expect(() => fromBase64('P', '§§')).toThrow(/no base64/);
});
