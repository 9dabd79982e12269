// Accepts: saved selections come back bit for bit on their own scene; on another scene, and when damaged in any of
// the ways below, they are a named error. Seeds 1 and 2.
import { describe, expect, test } from 'vitest';
import { createRandom } from '../../core/random.ts';
import {
  hashPositions,
  isSelectionFile,
  readSelections,
  writeSelections,
} from '../../core/selection-file.ts';
import { copySplats, createSplatCloud } from '../../core/splat-cloud.ts';
import { randomBitsCloud } from '../support/clouds.ts';

const cloud = randomBitsCloud(1000, 0, 1);

function randomSelection(share: number, seed: number): Uint8Array {
  const random = createRandom(seed);
  return Uint8Array.from({ length: cloud.count }, () => (random() < share ? 1 : 0));
}
const selections = [
  { name: 'none', selection: new Uint8Array(cloud.count) },
  { name: 'all', selection: new Uint8Array(cloud.count).fill(1) },
  { name: 'a "mug" <b>', selection: randomSelection(0.3, 1) },
  { name: '', selection: randomSelection(0.99, 2) },
];
const file = () => JSON.parse(writeSelections(cloud, selections));

test('come back as they were, several in a file', () => {
  expect(isSelectionFile(file())).toBe(true);
  expect(readSelections(file(), cloud)).toEqual(selections);
  expect(readSelections(JSON.parse(writeSelections(cloud, [])), cloud)).toEqual([]);
});

test('any byte that is not 0 is selected; a scene without splats has a file too', () => {
  const [one] = readSelections(
    JSON.parse(writeSelections(cloud, [{ name: 'x', selection: new Uint8Array(1000).fill(255) }])),
    cloud,
  );
  expect(one!.selection).toEqual(selections[1]!.selection);
  const none = createSplatCloud(0);
  const empty = [{ name: 'x', selection: new Uint8Array(0) }];
  expect(readSelections(JSON.parse(writeSelections(none, empty)), none)).toEqual(empty);
});

test('the hash follows every bit of every centre, and nothing else', () => {
  const hash = hashPositions(cloud);
  expect(hash).toMatch(/^[0-9a-f]{16}$/);
  const other = copySplats(cloud);
  other.dc.fill(1);
  expect(hashPositions(other)).toBe(hash);
  const bits = new Uint32Array(other.positions.buffer);
  const seen = new Set([hash]);
  for (const word of [0, 1, 1499, 2999]) {
    for (const bit of [0, 22, 31]) {
      bits[word]! ^= 1 << bit;
      seen.add(hashPositions(other));
      bits[word]! ^= 1 << bit;
    }
  }
  expect(seen.size).toBe(13);
});

describe('refused as bad-selection', () => {
  const refuses = (json: unknown, why: RegExp, on = cloud) =>
    expect(() => readSelections(json, on)).toThrowError(
      expect.objectContaining({ code: 'bad-selection', message: expect.stringMatching(why) }),
    );

  test('another scene: other count, or as many splats elsewhere', () => {
    refuses(file(), /1000 splats, this one has 999/, randomBitsCloud(999, 0, 1));
    refuses(file(), /another scene/, randomBitsCloud(1000, 0, 2));
  });

  test.each([null, 5, 'text', [], {}, { format: 'other' }])('not such a file: %j', (json) => {
    refuses(json, /format/);
  });

  test.each([
    ['version', { version: 2 }, /version 2/],
    ['splats', { splats: '1000' }, /"1000" splats/],
    ['no hash', { positions: undefined }, /another scene/],
    ['no list', { selections: {} }, /list/],
    ['too many', { selections: new Array(1001).fill({ name: 'x', runs: [] }) }, /1000/],
    ['no name', { selections: [{ runs: [] }] }, /name/],
    ['long name', { selections: [{ name: 'x'.repeat(201), runs: [] }] }, /name/],
    ['null', { selections: [null] }, /name/],
    ['no runs', { selections: [{ name: 'x' }] }, /"x" has no list/],
    [
      'more runs than splats',
      { selections: [{ name: 'x', runs: new Array(1002).fill(1) }] },
      /no list/,
    ],
    ['past the end', { selections: [{ name: 'x', runs: [999, 2] }] }, /run 1/],
    ['enormous', { selections: [{ name: 'x', runs: [0, 1e300] }] }, /run 1/],
    ['negative', { selections: [{ name: 'x', runs: [5, -3] }] }, /run 1/],
    ['zero inside', { selections: [{ name: 'x', runs: [5, 0, 5] }] }, /run 1/],
    ['broken', { selections: [{ name: 'x', runs: [0.5] }] }, /run 0/],
    ['text', { selections: [{ name: 'x', runs: ['5'] }] }, /run 0/],
  ])('damaged: %s', (_, change, why) => {
    refuses({ ...file(), ...change }, why);
  });

  test('written with a selection of the wrong size', () => {
    const wrong = [{ name: 'x', selection: new Uint8Array(3) }];
    expect(() => writeSelections(cloud, wrong)).toThrowError(
      expect.objectContaining({ code: 'bad-selection' }),
    );
  });
});
