// Accepts: survivors keep every bit (NaN payloads among them) and their order, then come the new splats,
// at SH degree 0 and 3; the input is untouched. Seeds 1 and 2.
import { expect, test } from 'vitest';
import { applyPatch } from '../../core/patch.ts';
import { takeSplats } from '../../core/splat-cloud.ts';
import { arraysOf, firstDifference, randomBitsCloud } from '../support/clouds.ts';

test.each([0, 3] as const)('SH degree %d', (degree) => {
  const cloud = randomBitsCloud(40, degree, 1);
  const added = randomBitsCloud(5, degree, 2);
  const removed = Uint32Array.of(0, 7, 8, 39);
  const kept = Array.from({ length: 40 }, (_, i) => i).filter((i) => !removed.includes(i));
  const result = applyPatch(cloud, { removed, added });
  expect(result.count).toBe(41);
  const rows = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => from + i);
  expect(firstDifference(takeSplats(result, rows(0, 36)), takeSplats(cloud, kept))).toBeUndefined();
  expect(firstDifference(takeSplats(result, rows(36, 41)), added)).toBeUndefined();
  expect(firstDifference(cloud, randomBitsCloud(40, degree, 1))).toBeUndefined();
});

test('nothing removed, nothing added: the same bits in new memory', () => {
  const cloud = randomBitsCloud(6, 1, 1);
  const result = applyPatch(cloud, { removed: new Uint32Array(0), added: takeSplats(cloud, []) });
  expect(firstDifference(result, cloud)).toBeUndefined();
  const memory = new Set(arraysOf(cloud).map(([, a]) => a.buffer));
  for (const [, array] of arraysOf(result)) expect(memory.has(array.buffer)).toBe(false);
});
