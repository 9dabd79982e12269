// Accepts: photos and depth files are told apart by what they are and, between two pictures, by their names; a file that is neither
// is nothing, a damaged one is left to whoever reads it. Files are made here, 4 × 3 pixels.
import { encode } from 'fast-png';
import { expect, test } from 'vitest';
import { photoName } from '../../plugin/ui/given-photo.ts';
import { depthLikeness, photoAndDepth, sortGiven } from '../../plugin/ui/photo-files.ts';
import { OFFERED_DEFAULTS, typedFault } from '../../plugin/ui/photo-options.ts';

const png = (name: string, depth: 8 | 16, channels: 1 | 3) => {
  const data = new (depth === 8 ? Uint8Array : Uint16Array)(12 * channels);
  const bytes = encode({ width: 4, height: 3, data, depth, channels });
  return new File([bytes as Uint8Array<ArrayBuffer>], name);
};
const named = (name: string) => new File(['x'], name);

const photo = named('holiday.jpg');
const colour = png('holiday.png', 8, 3);
const grey = png('grey.png', 8, 1);
const distances = png('d.png', 16, 1);
const numbers = named('d.NPY');

test('how much speaks for depth', async () => {
  const all = [photo, colour, grey, named('holiday_depth.jpg'), distances, numbers];
  expect(await Promise.all(all.map(depthLikeness))).toEqual([0, 0, 1, 2, 3, 3]);
  expect(await depthLikeness(png('deep.png', 16, 3))).toBe(0);
  expect(await depthLikeness(named('broken.png'))).toBe(0);
  expect(await depthLikeness(named('scene.ply'))).toBeUndefined();
});

test('two files that came together', async () => {
  for (const depth of [grey, distances, numbers, named('a.exr'), named('holiday-disparity.png')]) {
    expect(await photoAndDepth([photo, depth])).toEqual({ photo, depth });
    expect(await photoAndDepth([depth, photo])).toEqual({ photo, depth });
  }
  // A grey photo has depth beside it, too.
  expect(await photoAndDepth([grey, distances])).toEqual({ photo: grey, depth: distances });
  expect(await photoAndDepth([photo, colour])).toBeUndefined();
  expect(await photoAndDepth([numbers, distances])).toBeUndefined();
  expect(await photoAndDepth([photo, named('notes.txt')])).toBeUndefined();
  expect(await photoAndDepth([photo])).toBeUndefined();
  expect(await photoAndDepth([photo, distances, grey])).toBeUndefined();
});

test('what came to the dialog', async () => {
  expect(await sortGiven([distances], false)).toEqual({ depth: distances });
  expect(await sortGiven([grey], true)).toEqual({ depth: grey });
  expect(await sortGiven([grey], false)).toEqual({ photo: grey });
  expect(await sortGiven([colour], true)).toEqual({ photo: colour });
  expect(await sortGiven([numbers, photo], true)).toEqual({ photo, depth: numbers });
  expect(await sortGiven([named('a.txt')], true)).toBeUndefined();
  expect(await sortGiven([], true)).toBeUndefined();
});

test('names and numbers', () => {
  expect([photo, named('a.b.webp'), named('.jpg'), named('plain')].map(photoName)).toEqual([
    'holiday',
    'a.b',
    'photo',
    'plain',
  ]);
  expect(typedFault(OFFERED_DEFAULTS)).toBeUndefined();
  expect(typedFault({ ...OFFERED_DEFAULTS, fovDeg: Number.NaN })).toMatch(/^Field of view: /);
  expect(typedFault({ ...OFFERED_DEFAULTS, farOverNear: 1 })).toMatch(/^Far ÷ near: /);
});
