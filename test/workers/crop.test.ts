// Accepts: windows that hold every hole pixel with its context, inside the picture, and do not overlap; a window that is
// taken as it is, bit for bit; even scaling (a colour ramp stays one, to 1e-3, away from the border); masks that cover
// the hole whole after scaling; an answer that comes back to its place (a ramp's, to 2e-3: two resamplings). Seed 7.
import { expect, test } from 'vitest';
import { countMask, createMask, createRgbImage } from '../../core/image.ts';
import { createRandom } from '../../core/random.ts';
import {
  cutMask,
  cutRgb,
  fitInto,
  pasteRgb,
  sizeOfMultiple,
  windowsAround,
} from '../../workers/inpainters/crop.ts';
import { resizeMask, resizeRgb } from '../../workers/inpainters/resample.ts';

function ramp(width: number, height: number) {
  const image = createRgbImage(width, height);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const i = (y * width + x) * 3;
      image.data[i] = (x + 0.5) / width;
      image.data[i + 1] = (y + 0.5) / height;
      image.data[i + 2] = 0.5;
    }
  }
  return image;
}

function holes(width: number, height: number, ...rects: [number, number, number, number][]) {
  const mask = createMask(width, height);
  for (const [x0, y0, x1, y1] of rects) {
    for (let y = y0; y < y1; y++) mask.data.fill(1, y * width + x0, y * width + x1);
  }
  return mask;
}

test('a window has the hole in it, as much context on each side as the hole is long, and the least side', () => {
  const [window, ...others] = windowsAround(holes(800, 600, [300, 200, 400, 260]));
  expect(others).toEqual([]);
  expect(window).toEqual({ x0: 200, y0: 100, x1: 500, y1: 360 });
  const [small] = windowsAround(holes(800, 600, [10, 10, 20, 20]));
  expect(small).toEqual({ x0: 0, y0: 0, x1: 256, y1: 256 });
});

test('far holes have their own windows, near ones share one, and all are covered', () => {
  const mask = holes(1200, 600, [50, 50, 80, 80], [60, 200, 90, 230], [1000, 400, 1030, 430]);
  const windows = windowsAround(mask);
  expect(windows.length).toBe(2);
  const covered = windows.reduce((sum, w) => sum + countMask(cutMask(mask, w)), 0);
  expect(covered).toBe(countMask(mask));
  for (const w of windows) {
    expect(w.x0).toBeGreaterThanOrEqual(0);
    expect(w.x1).toBeLessThanOrEqual(1200);
    expect(w.y1).toBeLessThanOrEqual(600);
  }
  expect(windowsAround(createMask(64, 64))).toEqual([]);
});

test('a window of the wanted size goes through bit for bit, and back', () => {
  const random = createRandom(7);
  const image = createRgbImage(64, 48);
  for (let i = 0; i < image.data.length; i++) image.data[i] = random();
  const mask = holes(64, 48, [20, 10, 30, 20]);
  const fitted = fitInto(image, mask, 64, 48);
  expect(fitted.image.data).toEqual(image.data);
  expect(fitted.mask.data).toEqual(mask.data);
  expect(fitted.back(fitted.image).data).toEqual(image.data);
});

test('cut and paste are each other’s inverse', () => {
  const image = ramp(40, 30);
  const rect = { x0: 5, y0: 3, x1: 21, y1: 29 };
  const into = createRgbImage(40, 30);
  pasteRgb(into, cutRgb(image, rect), rect);
  expect(cutRgb(into, rect).data).toEqual(cutRgb(image, rect).data);
  expect(into.data[0]).toBe(0);
});

test.each([
  [96, 72],
  [200, 150],
  [512, 512],
])('a 120 × 90 ramp in %i × %i is scaled evenly, and comes back', (width, height) => {
  const image = ramp(120, 90);
  const fitted = fitInto(image, holes(120, 90, [40, 30, 70, 60]), width, height);
  const scale = Math.min(width / 120, height / 90);
  // Away from the border: there the ramp's border pixel is repeated.
  const margin = Math.ceil(4 * Math.max(1, scale, 1 / scale));
  for (let y = margin; y < 90 * scale - margin; y++) {
    for (let x = margin; x < 120 * scale - margin; x++) {
      const i = (y * width + x) * 3;
      const off = Math.abs(fitted.image.data[i]! - (x + 0.5) / (120 * scale));
      const off1 = Math.abs(fitted.image.data[i + 1]! - (y + 0.5) / (90 * scale));
      if (off > 1e-3 || off1 > 1e-3) expect.fail(`${off}, ${off1} at ${x}, ${y}`);
    }
  }
  const back = fitted.back(fitted.image);
  expect([back.width, back.height]).toEqual([120, 90]);
  for (let y = 12; y < 78; y++) {
    for (let x = 12; x < 108; x++) {
      const i = (y * 120 + x) * 3;
      expect(Math.abs(back.data[i]! - image.data[i]!)).toBeLessThan(2e-3);
    }
  }
});

test('padding repeats the border and is never masked', () => {
  const image = ramp(100, 50);
  const mask = holes(100, 50, [60, 20, 100, 50]);
  const fitted = fitInto(image, mask, 100, 100);
  expect(countMask(fitted.mask)).toBe(countMask(mask));
  const last = fitted.image.data.subarray(49 * 300, 50 * 300);
  expect(fitted.image.data.subarray(99 * 300, 100 * 300)).toEqual(last);
});

test('a scaled mask covers the hole whole', () => {
  const mask = holes(97, 61, [13, 7, 30, 29], [90, 60, 91, 61]);
  for (const [w, h] of [
    [31, 17],
    [97, 61],
    [256, 256],
  ] as const) {
    const scaled = resizeMask(mask, w, h);
    for (let y = 0; y < 61; y++) {
      for (let x = 0; x < 97; x++) {
        if (mask.data[y * 97 + x] === 0) continue;
        const i = Math.floor(((y + 0.5) * h) / 61) * w + Math.floor(((x + 0.5) * w) / 97);
        expect(scaled.data[i]).toBe(1);
      }
    }
    expect(countMask(scaled)).toBeLessThan(w * h * 0.3);
  }
});

test('colours stay in 0..1 where the cubic would shoot over', () => {
  const image = createRgbImage(8, 1);
  image.data.fill(1, 12);
  for (const v of resizeRgb(image, 64, 1).data) expect(v >= 0 && v <= 1).toBe(true);
});

test('sizes: multiples, the shorter side up to the least, the longer down to the most', () => {
  const wish = { multiple: 8, least: 512, most: 1024 };
  expect(sizeOfMultiple({ width: 301, height: 256 }, wish)).toEqual({ width: 608, height: 512 });
  expect(sizeOfMultiple({ width: 700, height: 600 }, wish)).toEqual({ width: 704, height: 600 });
  expect(sizeOfMultiple({ width: 4000, height: 100 }, wish)).toEqual({ width: 1024, height: 32 });
  expect(sizeOfMultiple({ width: 3, height: 3 }, { multiple: 64, least: 1, most: 4096 })).toEqual({
    width: 64,
    height: 64,
  });
});
