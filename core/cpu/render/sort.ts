const BITS = 11;
const BUCKETS = 1 << BITS;

/**
 * The order of ascending positive depths, equal ones in their given order: a least-significant-digit radix
 * sort on the floats' bits (positive IEEE floats sort as unsigned integers).
 */
export function sortByDepth(depths: Float32Array): Uint32Array {
  const n = depths.length;
  const bits = new Uint32Array(depths.buffer, depths.byteOffset, n);
  const counts = [0, 1, 2].map(() => new Uint32Array(BUCKETS));
  const [low, middle, high] = counts as [Uint32Array, Uint32Array, Uint32Array];
  for (let i = 0; i < n; i++) {
    const key = bits[i]!;
    low[key & (BUCKETS - 1)]!++;
    middle[(key >>> BITS) & (BUCKETS - 1)]!++;
    high[key >>> (2 * BITS)]!++;
  }
  let order = new Uint32Array(n);
  let next = new Uint32Array(n);
  for (let i = 0; i < n; i++) order[i] = i;
  for (let pass = 0; pass < 3; pass++) {
    const count = counts[pass]!;
    let sum = 0;
    let used = 0;
    for (let b = 0; b < BUCKETS; b++) {
      const here = count[b]!;
      if (here > 0) used++;
      count[b] = sum;
      sum += here;
    }
    if (used <= 1) continue;
    const shift = pass * BITS;
    for (let i = 0; i < n; i++) {
      const row = order[i]!;
      next[count[(bits[row]! >>> shift) & (BUCKETS - 1)]!++] = row;
    }
    [order, next] = [next, order];
  }
  return order;
}
