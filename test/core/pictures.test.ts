// Accepts: pictures in rows, byte for byte as drawn by hand.
import { expect, test } from 'vitest';
import { type Picture, picturesInRows } from '../../core/pictures.ts';

/** A grey picture of one value a pixel. */
const grey = (width: number, values: readonly number[]): Picture => ({
  width,
  height: values.length / width,
  data: Uint8Array.from(values.flatMap((v) => [v, v, v])),
});

/** Its values again, a row a string. */
const drawn = ({ width, height, data }: Picture) =>
  Array.from({ length: height }, (_, y) =>
    Array.from({ length: width }, (_, x) => data[3 * (y * width + x)]).join(' '),
  );

test('side by side', () => {
  expect(drawn(picturesInRows([[grey(2, [1, 2, 3, 4]), grey(1, [5, 6])]]))).toEqual([
    '1 2 5',
    '3 4 6',
  ]);
});

test('rows of other lengths and heights, white between and beyond', () => {
  const rows = [[grey(1, [1, 2]), grey(1, [3, 4])], [grey(1, [5])]];
  expect(drawn(picturesInRows(rows, 1))).toEqual([
    '1 255 3',
    '2 255 4',
    '255 255 255',
    '5 255 255',
  ]);
});
