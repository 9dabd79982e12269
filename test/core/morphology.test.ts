// Accepts: dilation and erosion equal their definition (square window, clipped at the border) on a random
// mask (seed 4), exactly; and leave their input alone.
import { expect, test } from 'vitest';
import { createMask, type Mask } from '../../core/image.ts';
import { and, dilate, erode, minus, or } from '../../core/morphology.ts';
import { createRandom } from '../../core/random.ts';

function random(width: number, height: number, share: number, seed: number): Mask {
  const next = createRandom(seed);
  const mask = createMask(width, height);
  for (let i = 0; i < mask.data.length; i++) mask.data[i] = next() < share ? 1 : 0;
  return mask;
}

function windowOf({ width, height, data }: Mask, i: number, r: number): number[] {
  const x = i % width;
  const y = (i - x) / width;
  const out: number[] = [];
  for (let v = Math.max(0, y - r); v <= Math.min(height - 1, y + r); v++) {
    for (let u = Math.max(0, x - r); u <= Math.min(width - 1, x + r); u++)
      out.push(data[v * width + u]!);
  }
  return out;
}

test.each([1, 2, 5, 40])('dilate and erode by %d', (r) => {
  const sparse = random(19, 13, 0.03, 4);
  const dense = random(19, 13, 0.97, 5);
  const before = sparse.data.slice();
  const grown = dilate(sparse, r).data;
  const shrunk = erode(dense, r).data;
  for (let i = 0; i < grown.length; i++) {
    expect(grown[i]).toBe(Math.max(...windowOf(sparse, i, r)));
    expect(shrunk[i]).toBe(Math.min(...windowOf(dense, i, r)));
  }
  expect(sparse.data).toEqual(before);
});

test('radius 0 copies', () => {
  const mask = random(7, 5, 0.5, 6);
  const copy = dilate(mask, 0);
  expect(copy.data).toEqual(mask.data);
  expect(copy.data).not.toBe(mask.data);
  expect(erode(mask, 0).data).toEqual(mask.data);
});

test('and, or, minus, pixel by pixel; any non-zero byte is set', () => {
  const a: Mask = { width: 4, height: 1, data: Uint8Array.of(0, 0, 255, 1) };
  const b: Mask = { width: 4, height: 1, data: Uint8Array.of(0, 1, 0, 7) };
  expect([...and(a, b).data]).toEqual([0, 0, 0, 1]);
  expect([...or(a, b).data]).toEqual([0, 1, 1, 1]);
  expect([...minus(a, b).data]).toEqual([0, 0, 1, 0]);
});
