import { freshScratch, type Scratch } from './scratch.ts';

/** Digits of at most this many bits: a pass's counts stay near the processor. */
const MAX_BITS = 13;

/**
 * The order of ascending positive depths, equal ones in their given order: a least-significant-digit radix
 * sort on the floats' bits (positive IEEE floats sort as unsigned integers). Bits above the nearest depth's are all
 * that differ, so a scene's depths take two passes as a rule.
 */
export function sortByDepth(depths: Float32Array, scratch: Scratch = freshScratch): Uint32Array {
  const n = depths.length;
  const bits = new Uint32Array(depths.buffer, depths.byteOffset, n);
  let least = 0xffffffff;
  let most = 0;
  for (let i = 0; i < n; i++) {
    const key = bits[i]!;
    if (key < least) least = key;
    if (key > most) most = key;
  }
  let order = scratch.uint32('order', n);
  for (let i = 0; i < n; i++) order[i] = i;
  if (most <= least) return order;
  const width = 32 - Math.clz32(most - least);
  const passes = Math.ceil(width / MAX_BITS);
  const digit = Math.ceil(width / passes);
  const mask = (1 << digit) - 1;
  // Keys travel with their rows: reading them by row would miss the cache at every step.
  let keys = scratch.uint32('sort keys', n);
  let nextKeys = scratch.uint32('sort next keys', n);
  let next = scratch.uint32('sort next order', n);
  for (let i = 0; i < n; i++) keys[i] = bits[i]! - least;
  const counts = new Uint32Array(mask + 1);
  for (let pass = 0; pass < passes; pass++) {
    const shift = pass * digit;
    counts.fill(0);
    for (let i = 0; i < n; i++) counts[(keys[i]! >>> shift) & mask]!++;
    let sum = 0;
    for (let b = 0; b <= mask; b++) {
      const here = counts[b]!;
      counts[b] = sum;
      sum += here;
    }
    for (let i = 0; i < n; i++) {
      const key = keys[i]!;
      const at = counts[(key >>> shift) & mask]!++;
      nextKeys[at] = key;
      next[at] = order[i]!;
    }
    [order, next] = [next, order];
    [keys, nextKeys] = [nextKeys, keys];
  }
  return order;
}
