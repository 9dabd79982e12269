// Accepts: regions of a hand-made mask, exactly; with a further condition; none of nothing.
import { expect, test } from 'vitest';
import { components } from '../../core/components.ts';
import type { Mask } from '../../core/image.ts';

function drawn(rows: string[]): Mask {
  return {
    width: rows[0]!.length,
    height: rows.length,
    data: Uint8Array.from(rows.join(''), (c) => (c === '#' ? 1 : 0)),
  };
}
const found = (mask: Mask, joined?: (i: number, j: number) => boolean) =>
  components(mask, joined).map((c) => ({
    pixels: [...c.pixels].sort((a, b) => a - b),
    touchesBorder: c.touchesBorder,
  }));

test('4-connected regions, diagonal neighbours apart', () => {
  const mask = drawn([
    '##...', // 0..4
    '...#.', // 5..9
    '.##..', // 10..14: touches (3, 1) only at a corner
    '.....',
  ]);
  expect(found(mask)).toEqual([
    { pixels: [0, 1], touchesBorder: true },
    { pixels: [8], touchesBorder: false },
    { pixels: [11, 12], touchesBorder: false },
  ]);
});

test('a row does not run on into the next', () => {
  expect(found(drawn(['..#', '#..', '...']))).toEqual([
    { pixels: [2], touchesBorder: true },
    { pixels: [3], touchesBorder: true },
  ]);
});

test('a condition on neighbours cuts a region in two', () => {
  const mask = drawn(['####', '####']);
  const parts = found(mask, (i, j) => i % 4 < 2 === j % 4 < 2);
  expect(parts.map((p) => p.pixels)).toEqual([
    [0, 1, 4, 5],
    [2, 3, 6, 7],
  ]);
});

test('with corners, diagonal neighbours are one region, still not over the picture’s sides', () => {
  const mask = drawn(['#..#', '.#..', '#..#']);
  const parts = components(mask, undefined, true).map(({ pixels }) =>
    [...pixels].sort((a, b) => a - b),
  );
  expect(parts).toEqual([[0, 5, 8], [3], [11]]);
});

test('nothing set: no region', () => {
  expect(components(drawn(['...', '...']))).toEqual([]);
});
