import type { Coupling } from './coupling.ts';
import { minCut } from './min-cut.ts';
import { neighbourList, neighboursOf, type VoxelBall } from './voxels.ts';

export interface PartOptions {
  /**
   * A part is one when its outline is cheaper to cut, by this factor, than that of a disc of the same size on an
   * even surface (0..1). Higher finds parts at weaker breaks.
   */
  outline: number;
  /** A part must be the clearer the further it goes beyond the seeds: by this power of their sizes' ratio. */
  caution: number;
  /** A part has at least so many voxels … */
  least: number;
  /** … and at most so many … */
  most: number;
  /** … unless it hangs on to nothing and at least so many others are left. */
  left: number;
  /** Voxels which, once reached, say that the part does not end here. */
  isBorder: (v: number) => boolean;
}

/** Numbers by key, least first. Grows as it must. */
function createHeap(capacity: number) {
  let items = new Int32Array(Math.max(16, capacity));
  let keys = new Float64Array(items.length);
  let size = 0;
  return {
    size: () => size,
    push(item: number, key: number): void {
      if (size === items.length) {
        const [fewer, less] = [items, keys];
        items = new Int32Array(2 * size);
        keys = new Float64Array(2 * size);
        items.set(fewer);
        keys.set(less);
      }
      let i = size++;
      while (i > 0) {
        const up = (i - 1) >> 1;
        if (keys[up]! <= key) break;
        items[i] = items[up]!;
        keys[i] = keys[up]!;
        i = up;
      }
      items[i] = item;
      keys[i] = key;
    },
    pop(): number {
      const top = items[0]!;
      size--;
      const item = items[size]!;
      const key = keys[size]!;
      let i = 0;
      for (;;) {
        let least = i;
        let leastKey = key;
        const left = 2 * i + 1;
        if (left < size && keys[left]! < leastKey) {
          least = left;
          leastKey = keys[left]!;
        }
        if (left + 1 < size && keys[left + 1]! < leastKey) least = left + 1;
        if (least === i) break;
        items[i] = items[least]!;
        keys[i] = keys[least]!;
        i = least;
      }
      items[i] = item;
      keys[i] = key;
      return top;
    },
  };
}

/** Paths of least resistance from the seeds: each connection is as long as it is loose (Dijkstra 1959). */
function resistances(
  ball: VoxelBall,
  member: Uint8Array,
  seeds: readonly number[],
  coupling: Coupling,
): { order: number[]; resistance: Float64Array } {
  const resistance = new Float64Array(ball.count).fill(Number.POSITIVE_INFINITY);
  const done = new Uint8Array(ball.count);
  const heap = createHeap(ball.count);
  for (const v of seeds) {
    resistance[v] = 0;
    heap.push(v, 0);
  }
  const around = neighbourList(1);
  const order: number[] = [];
  while (heap.size() > 0) {
    const v = heap.pop();
    if (done[v] === 1) continue;
    done[v] = 1;
    order.push(v);
    const neighbours = neighboursOf(ball, v, 1, around);
    for (let k = 0; k < neighbours; k++) {
      const n = around[k]!;
      if (done[n] === 1 || member[n] === 0) continue;
      const through = resistance[v]! + 1 / (coupling(v, n) + 1e-3);
      if (through >= resistance[n]!) continue;
      resistance[n] = through;
      heap.push(n, through);
    }
  }
  return { order, resistance };
}

/**
 * A disc of n voxels on an even sheet has a perimeter of 2 √(π n), a straight one of which cuts 3 of the
 * 8 connections of each of its voxels.
 */
const DISC = 2 * Math.sqrt(Math.PI) * (3 / 8);

/**
 * The part of a thing that the seeds lie on: of all that are reached along paths of least resistance, the
 * one whose outline is cheapest for its size (a sweep cut, Andersen, Chung and Lang 2006, over distances
 * instead of a random walk, and against the isoperimetric ratio of a sheet), straightened by a minimum
 * cut.
 * @param member one byte a voxel: the thing
 * @returns one byte a voxel; undefined when there is none, as on an even surface
 */
export function partOf(
  ball: VoxelBall,
  member: Uint8Array,
  seeds: readonly number[],
  coupling: Coupling,
  { outline, caution, least, most, left, isBorder }: PartOptions,
): Uint8Array | undefined {
  const { order, resistance } = resistances(ball, member, seeds, coupling);
  let whole = 0;
  for (const m of member) whole += m;
  // How many connections a voxel has: scans are several voxels thick.
  let connections = 0;
  const around = neighbourList(1);
  for (const v of order) {
    const neighbours = neighboursOf(ball, v, 1, around);
    for (let j = 0; j < neighbours; j++) connections += member[around[j]!]!;
  }
  const perOutline = (DISC * connections) / Math.max(1, order.length);

  const taken = new Uint8Array(ball.count);
  let cut = 0;
  let best = -1;
  let bestScore = outline;
  for (const [k, v] of order.entries()) {
    if (isBorder(v)) break;
    taken[v] = 1;
    const neighbours = neighboursOf(ball, v, 1, around);
    for (let j = 0; j < neighbours; j++) {
      const n = around[j]!;
      if (member[n] === 1) cut += taken[n] === 1 ? -coupling(v, n) : coupling(v, n);
    }
    const count = k + 1;
    if (count < least || count === whole) continue;
    if (count > most && (count < order.length || whole - count < left)) continue;
    const beyond = (count / seeds.length) ** caution;
    const score =
      (beyond * Math.max(0, cut)) / (perOutline * Math.sqrt(Math.min(count, whole - count)));
    // Among equals the smaller: what is loose altogether costs nothing to cut.
    if (score < bestScore - 1e-6) {
      bestScore = score;
      best = k;
    }
  }
  if (best < 0) return undefined;
  const end = resistance[order[best]!]!;
  const reached = Uint8Array.from(resistance, (r) => (r < Number.POSITIVE_INFINITY ? 1 : 0));
  const straight = minCut(
    ball,
    reached,
    (v) => (resistance[v]! <= 0.7 * end ? 1 : resistance[v]! > 1.5 * end ? 2 : 0),
    coupling,
    Number.POSITIVE_INFINITY,
  );
  if (straight) return straight.inside;
  const part = new Uint8Array(ball.count);
  for (const v of order.slice(0, best + 1)) part[v] = 1;
  return part;
}
