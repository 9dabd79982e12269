// Accepts: a view that was kept comes back as it was; whatever else the browser's storage holds is refused.
import { expect, test } from 'vitest';
import { readKeptView } from '../../samples/editor/kept-view.ts';

const KEPT = {
  up: [0, -1, 0],
  orbit: { target: [1, 2, 3], distance: 4, azimuth: -0.5, elevation: 0.25 },
  radius: 2,
};

test('a kept view is read as it was', () => {
  expect(readKeptView(structuredClone(KEPT))).toEqual(KEPT);
  const photo = { ...KEPT, lens: { tanX: 0.5, tanY: 0.4 } };
  expect(readKeptView(structuredClone(photo))).toEqual(photo);
  expect(readKeptView({ ...KEPT, lens: { tanX: 0.5, tanY: -1 } })).toEqual(KEPT);
  expect(readKeptView({ ...KEPT, lens: 'wide' })).toEqual(KEPT);
});

test.each([
  ['nothing', undefined],
  ['null', null],
  ['a string', 'above'],
  ['no orbit', { ...KEPT, orbit: undefined }],
  ['a short target', { ...KEPT, orbit: { ...KEPT.orbit, target: [1, 2] } }],
  ['a number that is none', { ...KEPT, orbit: { ...KEPT.orbit, azimuth: Number.NaN } }],
  ['no distance', { ...KEPT, orbit: { ...KEPT.orbit, distance: 0 } }],
  ['no size', { ...KEPT, radius: -1 }],
  ['no up', { ...KEPT, up: [0, 0, 0] }],
])('refused: %s', (_name, value) => {
  expect(readKeptView(value)).toBeUndefined();
});
