// Accepts: the angle by the diagonal (43.27 mm), to a tenth of a degree; 3:2 is the textbook's 2 atan(36 / 2f), upright 24 mm for 36; JPEG and PNG,
// both byte orders; nothing from a cropped photo; and whatever is broken, random or a lie gives undefined within a second, never an error. EXIF is
// made here; random bytes by a generator of seed 1.
import { encode } from 'fast-png';
import jpeg from 'jpeg-js';
import { expect, test } from 'vitest';
import { EXIF_WITHIN_BYTES, readPhotoExif } from '../../core/photo-exif.ts';
import { fovOfFocal35, readPhotoFov } from '../../core/photo-lens.ts';
import { createRandom } from '../../core/random.ts';
import { type CameraWords, jpegWithExif, pngWithExif } from '../support/exif.ts';

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
  for (const bytes of [whole, png]) {
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
    const bytes = (k % 2 ? whole : png).slice(0, 140);
    for (let n = 0; n < 6; n++) bytes[Math.floor(random() * 120)] = Math.floor(256 * random());
    const { orientation = 1 } = await readPhotoExif(bytes);
    expect([1, 2, 3, 4, 5, 6, 7, 8]).toContain(orientation);
    const fov = await readPhotoFov(bytes, LANDSCAPE);
    if (fov !== undefined) expect(fov > 0 && fov < 170).toBe(true);
  }
});
