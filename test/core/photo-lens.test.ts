// Accepts: the angle by the diagonal (43.27 mm), to a tenth of a degree; 3:2 is the textbook's 2 atan(36 / 2f), upright 24 mm for 36; JPEG, PNG
// and WebP, both byte orders; nothing from a cropped photo; and whatever is broken, random or a lie gives undefined within a second, never an error. EXIF is
// made here; random bytes by a generator of seed 1.
import { encode } from 'fast-png';
import jpeg from 'jpeg-js';
import { expect, test } from 'vitest';
import { joinBytes } from '../../core/bytes.ts';
import { EXIF_WITHIN_BYTES, readPhotoExif } from '../../core/photo-exif.ts';
import { fovOfFocal35, readPhotoFov } from '../../core/photo-lens.ts';
import { createRandom } from '../../core/random.ts';
import {
  type CameraWords,
  jpegWithExif,
  pngWithExif,
  riffChunk,
  tiffBlock,
  vp8x,
  webpOf,
  webpWithExif,
} from '../support/exif.ts';

const LANDSCAPE = { width: 60, height: 40 };
const UPRIGHT = { width: 40, height: 60 };
const jpegOf = ({ width, height }: typeof LANDSCAPE) =>
  Uint8Array.from(
    jpeg.encode({ width, height, data: new Uint8Array(4 * width * height) }, 80).data,
  );
const pngOf = ({ width, height }: typeof LANDSCAPE) =>
  encode({ width, height, data: new Uint8Array(3 * width * height), channels: 3, depth: 8 });
const degrees = (mm: number, focal: number) => (360 / Math.PI) * Math.atan(mm / (2 * focal));
const read = (words: CameraWords, size = LANDSCAPE) =>
  readPhotoFov(jpegWithExif(jpegOf(size), words), size);

test('3:2 has 36 mm across, upright 24 mm; 4:3 has less across and more up', () => {
  expect(fovOfFocal35(LANDSCAPE, 28)).toBeCloseTo(degrees(36, 28), 9);
  expect(fovOfFocal35(UPRIGHT, 28)).toBeCloseTo(degrees(24, 28), 9);
  // A phone's 4032 × 3024 of 26 mm.
  expect(fovOfFocal35({ width: 4032, height: 3024 }, 26)).toBeCloseTo(67.3, 1);
  expect(fovOfFocal35({ width: 3024, height: 4032 }, 26)).toBeCloseTo(53.1, 1);
});

test('is read from JPEG and PNG, in both byte orders, whichever way the camera was held', async () => {
  const wanted = Math.round(10 * degrees(36, 28)) / 10;
  for (const little of [false, true]) {
    const words = { focal35: 28, size: [6000, 4000], little } satisfies CameraWords;
    expect(await read(words)).toBe(wanted);
    expect(await readPhotoFov(pngWithExif(pngOf(LANDSCAPE), words), LANDSCAPE)).toBe(wanted);
  }
  // Stored lying, with a note to turn it: it is shown upright.
  const turned = jpegWithExif(jpegOf(LANDSCAPE), {
    focal35: 28,
    size: [6000, 4000],
    orientation: 6,
  });
  expect(await readPhotoFov(turned, UPRIGHT)).toBe(Math.round(10 * degrees(24, 28)) / 10);
});

/** A WebP as far as its chunks go: its pixels are `bytes` that nobody decodes. */
const simpleWebp = (bytes = 5000) => webpOf(riffChunk('VP8 ', new Uint8Array(bytes).fill(0x45)));
const SIZE = [LANDSCAPE.width, LANDSCAPE.height] as const;
const blobOf = (bytes: Uint8Array) => new Blob([bytes as Uint8Array<ArrayBuffer>]);

test('is read from a WebP as from a JPEG, wherever in the file it stands', async () => {
  const wanted = Math.round(10 * degrees(36, 28)) / 10;
  for (const little of [false, true]) {
    const words = { focal35: 28, size: [6000, 4000], orientation: 6, little } satisfies CameraWords;
    // Of odd length, and past what is read of the others.
    for (const pixels of [5001, 2 * EXIF_WITHIN_BYTES]) {
      const webp = webpWithExif(simpleWebp(pixels), SIZE, words);
      for (const file of [webp, blobOf(webp)]) {
        expect(await readPhotoExif(file)).toEqual({
          focal35Mm: 28,
          taken: { width: 6000, height: 4000 },
          orientation: 6,
        });
        expect(await readPhotoFov(file, LANDSCAPE)).toBe(wanted);
      }
    }
  }
  // Some write it as it stands in a JPEG.
  const prefixed = joinBytes([
    Uint8Array.from([0x45, 0x78, 0x69, 0x66, 0, 0]),
    tiffBlock({ focal35: 28 }),
  ]);
  const webp = webpOf(vp8x(SIZE), riffChunk('EXIF', prefixed));
  expect(await readPhotoFov(webp, LANDSCAPE)).toBe(wanted);
});

test('of a WebP that is damaged, or none, nothing is read but a few chunks’ heads', async () => {
  const exif = riffChunk('EXIF', tiffBlock({ focal35: 28 }));
  const pixels = simpleWebp().subarray(12);
  const whole = webpOf(vp8x(SIZE), pixels, exif);
  expect(await readPhotoExif(whole)).toEqual({ focal35Mm: 28 });
  for (let n = 0; n < whole.length; n++) {
    if (n > 100 && n < whole.length - 200) continue;
    expect(await readPhotoExif(whole.subarray(0, n))).toEqual({});
  }
  const lie = (length: number) =>
    webpOf(vp8x(SIZE), pixels, riffChunk('EXIF', exif.subarray(8), length));
  const shorter = whole.slice();
  new DataView(shorter.buffer).setUint32(4, whole.length - 8 - exif.length, true);
  const huge = riffChunk('EXIF', joinBytes([exif.subarray(8), new Uint8Array(70_000)]));
  const none = {
    'a simple file': simpleWebp(),
    'a simple file with EXIF': webpOf(pixels, exif),
    'a header that knows of none': webpOf(vp8x(SIZE, 0x10), pixels, exif),
    'a header that is not the first': webpOf(pixels, vp8x(SIZE), exif),
    'EXIF longer than the file': lie(exif.length),
    'EXIF of four thousand million bytes': lie(0xffffffff),
    'EXIF past the end of the file': shorter,
    'EXIF too long': webpOf(vp8x(SIZE), pixels, huge),
    'EXIF of nothing': webpOf(vp8x(SIZE), riffChunk('EXIF', new Uint8Array(0))),
    'pixels longer than the file': webpOf(
      vp8x(SIZE),
      riffChunk('VP8 ', new Uint8Array(8), 0xfffffff0),
      exif,
    ),
    'another kind of RIFF': joinBytes([
      whole.subarray(0, 8),
      Uint8Array.from([0x57, 0x41, 0x56, 0x45]),
      whole.subarray(12),
    ]),
  };
  for (const [what, bytes] of Object.entries(none)) {
    expect(await readPhotoExif(bytes), what).toEqual({});
    expect(await readPhotoExif(blobOf(bytes)), what).toEqual({});
  }
  // A million empty chunks.
  const many = joinBytes([whole.subarray(0, 30), new Uint8Array(8_000_000)]);
  many.set([0, 0, 0, 1], 4);
  let read = 0;
  const counted = new Proxy(many, {
    get(target, key) {
      if (key === 'subarray') read++;
      const value = Reflect.get(target, key);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
  expect(await readPhotoExif(counted)).toEqual({});
  expect(read).toBeGreaterThan(100);
  expect(read).toBeLessThan(300);
});

test('says nothing where nothing can be said', async () => {
  expect(await readPhotoFov(jpegOf(LANDSCAPE), LANDSCAPE)).toBeUndefined();
  expect(await readPhotoFov(pngOf(LANDSCAPE), LANDSCAPE)).toBeUndefined();
  expect(await read({ size: [60, 40] })).toBeUndefined();
  // Unknown; a telescope; a fisheye.
  for (const focal35 of [0, 2000, 3]) expect(await read({ focal35 })).toBeUndefined();
  // Square now, and 3:2 when it was taken.
  expect(
    await read({ focal35: 28, size: [6000, 4000] }, { width: 40, height: 40 }),
  ).toBeUndefined();
  expect(await read({ focal35: 28 })).toBeDefined();
  // Past what is looked at.
  const late = new Uint8Array(EXIF_WITHIN_BYTES + 10_000).fill(0);
  late.set(jpegWithExif(jpegOf(LANDSCAPE), { focal35: 28 }).subarray(2), EXIF_WITHIN_BYTES);
  late.set([0xff, 0xd8]);
  expect(await readPhotoFov(late, LANDSCAPE)).toBeUndefined();
});

test('an orientation is one of the eight, or none', async () => {
  const of = async (orientation: CameraWords['orientation']) =>
    (await readPhotoExif(jpegWithExif(jpegOf(LANDSCAPE), { orientation: orientation! })))
      .orientation;
  for (let k = 1; k <= 8; k++) expect(await of(k)).toBe(k);
  for (const k of [0, 9, 4000]) expect(await of(k)).toBeUndefined();
  // As FLOAT, 1.5 and 6.
  expect(await of([0x0112, 11, 0x3fc00000])).toBeUndefined();
  expect(await of([0x0112, 11, 0x40c00000])).toBe(6);
  expect(await of([0x0112, 11, 0x7fc00000])).toBeUndefined();
});

test('what is broken or a lie is no error', async () => {
  const whole = jpegWithExif(jpegOf(LANDSCAPE), { focal35: 28, size: [60, 40] });
  const png = pngWithExif(pngOf(LANDSCAPE), { focal35: 28 });
  const webp = webpOf(vp8x(SIZE), riffChunk('EXIF', tiffBlock({ focal35: 28 })));
  for (const bytes of [whole, png, webp]) {
    for (let n = 0; n < Math.min(200, bytes.length); n++) {
      await readPhotoFov(bytes.subarray(0, n), LANDSCAPE);
    }
  }
  // Counts of four thousand million numbers, text for a number, a type that there is not.
  for (const type of [1, 2, 3, 4, 5, 7, 11, 12, 13, 99]) {
    const tags: CameraWords['tags'] = [[0xa405, type, 8, 0xffffffff]];
    const start = performance.now();
    expect(await read({ tags })).toBeUndefined();
    expect(performance.now() - start).toBeLessThan(1000);
  }
  const random = createRandom(1);
  for (let k = 0; k < 1500; k++) {
    const bytes = [whole, png, webp][k % 3]!.slice(0, 140);
    for (let n = 0; n < 6; n++) bytes[Math.floor(random() * 120)] = Math.floor(256 * random());
    const { orientation = 1 } = await readPhotoExif(bytes);
    expect([1, 2, 3, 4, 5, 6, 7, 8]).toContain(orientation);
    const fov = await readPhotoFov(bytes, LANDSCAPE);
    if (fov !== undefined) expect(fov > 0 && fov < 170).toBe(true);
  }
});
