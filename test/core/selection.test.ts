// Accepts: counts, rows and volumes exactly (a volume's border is inside); every malformed volume is `bad-selection`.
import { expect, test } from 'vitest';
import {
  countSelected,
  parseSelectionVolume,
  selectedRows,
  selectInVolume,
} from '../../core/selection.ts';
import { createSplatCloud } from '../../core/splat-cloud.ts';

const cloud = createSplatCloud(5);
cloud.positions.set([0, 0, 0, 1, 0, 0, 0, 2, 0, 0, 0, 3, Number.NaN, 0, 0]);

test('counts and rows', () => {
  const selection = Uint8Array.of(0, 1, 0, 255, 0);
  expect(countSelected(selection)).toBe(2);
  expect([...selectedRows(selection)]).toEqual([1, 3]);
  expect([...selectedRows(selection, 0)]).toEqual([0, 2, 4]);
  expect(selectedRows(new Uint8Array(0))).toHaveLength(0);
});

test('a sphere takes its border and never a NaN', () => {
  expect([...selectInVolume(cloud, { shape: 'sphere', center: [0, 0, 0], radius: 2 })]).toEqual([
    1, 1, 1, 0, 0,
  ]);
});

test('a box is turned by its axes', () => {
  const c = Math.SQRT1_2;
  const volume = {
    shape: 'box' as const,
    center: [0, 0, 0] as [number, number, number],
    axes: [
      [0, 1, 0],
      [-1, 0, 0],
      [0, 0, 1],
    ] as [number[], number[], number[]],
    halfExtents: [2, 0.5, 1] as [number, number, number],
  };
  expect([...selectInVolume(cloud, volume)]).toEqual([1, 0, 1, 0, 0]);
  volume.axes = [
    [c, c, 0],
    [-c, c, 0],
    [0, 0, 1],
  ];
  volume.halfExtents = [0.75, 0.75, 3];
  expect([...selectInVolume(cloud, volume)]).toEqual([1, 1, 0, 1, 0]);
});

const box = { shape: 'box', center: [0, 0, 0], halfExtents: [1, 1, 1] };
test('reads both shapes; a box without axes is upright', () => {
  expect(parseSelectionVolume({ shape: 'sphere', center: [1, 2, 3], radius: 4 })).toEqual({
    shape: 'sphere',
    center: [1, 2, 3],
    radius: 4,
  });
  expect(parseSelectionVolume(box)).toEqual({
    ...box,
    axes: [
      [1, 0, 0],
      [0, 1, 0],
      [0, 0, 1],
    ],
  });
});

test.each([
  [null],
  ['box'],
  [{ ...box, shape: 'cone' }],
  [{ ...box, center: [0, 0] }],
  [{ ...box, center: [0, 0, '0'] }],
  [{ ...box, center: [0, 0, Number.POSITIVE_INFINITY] }],
  [{ ...box, halfExtents: [1, 1, 0] }],
  [{ ...box, halfExtents: [1, 1, -1] }],
  [{ ...box, halfExtents: undefined }],
  [{ ...box, axes: [[1, 0, 0]] }],
  [
    {
      ...box,
      axes: [
        [2, 0, 0],
        [0, 1, 0],
        [0, 0, 1],
      ],
    },
  ],
  [{ shape: 'sphere', center: [0, 0, 0] }],
  [{ shape: 'sphere', center: [0, 0, 0], radius: 0 }],
  [{ shape: 'sphere', center: [0, 0, 0], radius: Number.NaN }],
])('refuses %j', (json) => {
  expect(() => parseSelectionVolume(json)).toThrow(
    expect.objectContaining({ code: 'bad-selection' }),
  );
});
