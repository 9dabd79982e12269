// Accepts: survivors keep every bit (NaN payloads among them) and their order, then come the new splats,
// at SH degree 0 and 3; the input is untouched. Seeds 1 and 2.
import { expect, test } from 'vitest';
import { applyPatch, applyPatchSliced, revertPatch, revertPatchSliced } from '../../core/patch.ts';
import { createSplatCloud, takeSplats } from '../../core/splat-cloud.ts';
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

test.each([
  ['first and last rows', Uint32Array.of(0, 499), 5],
  ['nothing added', Uint32Array.of(3, 4, 5), 0],
  ['nothing removed', new Uint32Array(0), 12],
  ['all but one', Uint32Array.from({ length: 499 }, (_, i) => i + 1), 3],
])('taken back: the bits before; sliced: the same bits; %s', async (_name, removed, more) => {
  const before = randomBitsCloud(500, 2, 21);
  const patch = { removed, added: randomBitsCloud(more, 2, 22) };
  const after = applyPatch(before, patch);
  const gone = takeSplats(before, removed);
  expect(after.count).toBe(500 - removed.length + more);
  expect(firstDifference(revertPatch(after, patch, gone), before)).toBeUndefined();
  expect(firstDifference(await applyPatchSliced(before, patch), after)).toBeUndefined();
  expect(firstDifference(await revertPatchSliced(after, patch, gone), before)).toBeUndefined();
});

/** Starts a large sliced edit, cancels it at the third tick, and says how long the thread was held at most, in ms. */
async function longestHold(): Promise<number> {
  const before = createSplatCloud(600_000, 3);
  const patch = { removed: Uint32Array.of(5), added: createSplatCloud(0, 3) };
  const abort = new AbortController();
  let ticks = 0;
  let longest = 0;
  let last = performance.now();
  const beat = setInterval(() => {
    longest = Math.max(longest, performance.now() - last);
    last = performance.now();
    if (++ticks === 3) abort.abort();
  }, 0);
  try {
    await expect(applyPatchSliced(before, patch, abort.signal)).rejects.toMatchObject({
      code: 'cancelled',
    });
  } finally {
    clearInterval(beat);
  }
  return longest;
}

test('a sliced edit lets a cancel in, and holds the thread for 60 ms at most (12 are meant)', async () => {
  // A busy machine can make any one run long, but never shorter: the edit is at fault only when every run is.
  const holds: number[] = [];
  while (holds.length < 8 && !(Math.min(...holds) < 60)) holds.push(await longestHold());
  expect(Math.min(...holds)).toBeLessThan(60);
});
