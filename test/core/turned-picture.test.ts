// EXIF 2.32's own words for tag 0x0112: where the stored picture's first row and first column are seen. 3 × 2 pixels, each its own value.
import { expect, test } from 'vitest';
import { turnedPicture } from '../../core/turned-picture.ts';

const stored = { width: 3, height: 2, data: Float32Array.from([1, 2, 3, 4, 5, 6]) };
const ROW = [1, 2, 3];
const COLUMN = [1, 4];

test.each([
  [1, 'top', 'left'],
  [2, 'top', 'right'],
  [3, 'bottom', 'right'],
  [4, 'bottom', 'left'],
  [5, 'left', 'top'],
  [6, 'right', 'top'],
  [7, 'right', 'bottom'],
  [8, 'left', 'bottom'],
])('orientation %i: row 0 is at the %s, column 0 at the %s', (orientation, row, column) => {
  const { width, height, data } = turnedPicture(stored, 1, orientation);
  expect([width, height]).toEqual(orientation < 5 ? [3, 2] : [2, 3]);
  const at = (x: number, y: number) => data[y * width + x]!;
  const side: Record<string, number[]> = {
    top: Array.from({ length: width }, (_, x) => at(x, 0)),
    bottom: Array.from({ length: width }, (_, x) => at(x, height - 1)),
    left: Array.from({ length: height }, (_, y) => at(0, y)),
    right: Array.from({ length: height }, (_, y) => at(width - 1, y)),
  };
  const sorted = (v: number[]) => [...v].sort();
  expect(sorted(side[row]!)).toEqual(ROW);
  expect(sorted(side[column]!)).toEqual(COLUMN);
  expect(sorted([...data])).toEqual([1, 2, 3, 4, 5, 6]);
});

test('colours stay together', () => {
  const rgb = { width: 2, height: 1, data: Float32Array.from([1, 2, 3, 4, 5, 6]) };
  expect([...turnedPicture(rgb, 3, 6).data]).toEqual([1, 2, 3, 4, 5, 6]);
  expect([...turnedPicture(rgb, 3, 3).data]).toEqual([4, 5, 6, 1, 2, 3]);
});
