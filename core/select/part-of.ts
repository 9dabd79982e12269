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

/** Paths of least resistance from the seeds: each connection is as long as it is loose (Dijkstra 1959). */
function resistances(
  ball: VoxelBall,
  member: Uint8Array,
  seeds: readonly number[],
  coupling: Coupling,
): { order: number[]; resistance: Float64Array } {
  const resistance = new Float64Array(ball.count).fill(Number.POSITIVE_INFINITY);
  const done = new Uint8Array(ball.count);
  const heap: number[] = [];
  const keys: number[] = [];
  const swap = (i: number, j: number) => {
    [heap[i], heap[j]] = [heap[j]!, heap[i]!];
    [keys[i], keys[j]] = [keys[j]!, keys[i]!];
  };
  const push = (v: number, key: number) => {
    let i = heap.push(v) - 1;
    keys.push(key);
    while (i > 0) {
      const up = (i - 1) >> 1;
      if (keys[up]! <= keys[i]!) break;
      swap(i, up);
      i = up;
    }
  };
  const pop = (): number => {
    const top = heap[0]!;
    const lastV = heap.pop()!;
    const lastKey = keys.pop()!;
    if (heap.length === 0) return top;
    heap[0] = lastV;
    keys[0] = lastKey;
    for (let i = 0; ; ) {
      let least = i;
      for (const down of [2 * i + 1, 2 * i + 2]) {
        if (down < heap.length && keys[down]! < keys[least]!) least = down;
      }
      if (least === i) return top;
      swap(i, least);
      i = least;
    }
  };
  for (const v of seeds) {
    resistance[v] = 0;
    push(v, 0);
  }
  const around = neighbourList(1);
  const order: number[] = [];
  while (heap.length > 0) {
    const v = pop();
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
      push(n, through);
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
