// Accepts: a small part of one surface in the midst of another becomes unknown; its own largest part, a part beside the
// background and a large part stay. Exact, no seed.
import { describe, expect, test } from 'vitest';
import { forgetIslands } from '../../../workers/steps/forget-islands.ts';

const SIZE = 20;
const BEYOND = 2;
const UNKNOWN = 255;

/** Surface 0 on the left half, 1 on the right, and a square of 0 with the given corner and side. */
function labelsWith(x0: number, y0: number, side: number, around = 1): Uint8Array {
  return Uint8Array.from({ length: SIZE * SIZE }, (_, i) => {
    const [x, y] = [i % SIZE, Math.floor(i / SIZE)];
    if (x >= x0 && x < x0 + side && y >= y0 && y < y0 + side) return 0;
    return x < SIZE / 2 ? 0 : around;
  });
}

describe('islands', () => {
  test('a small one in another surface is forgotten, and nothing else', () => {
    const labels = labelsWith(14, 8, 3);
    const before = labels.slice();
    forgetIslands(labels, BEYOND, UNKNOWN, SIZE);
    for (let i = 0; i < labels.length; i++) {
      const [x, y] = [i % SIZE, Math.floor(i / SIZE)];
      const inside = x >= 14 && x < 17 && y >= 8 && y < 11;
      expect(labels[i]).toBe(inside ? UNKNOWN : before[i]);
    }
  });

  test('one as large as a surface of its own stays', () => {
    const labels = labelsWith(12, 6, 7);
    const before = labels.slice();
    forgetIslands(labels, BEYOND, UNKNOWN, SIZE);
    expect(labels).toEqual(before);
  });

  test('one in the background stays: it is seen there', () => {
    const labels = labelsWith(14, 8, 3, BEYOND);
    const before = labels.slice();
    forgetIslands(labels, BEYOND, UNKNOWN, SIZE);
    expect(labels).toEqual(before);
  });
});
