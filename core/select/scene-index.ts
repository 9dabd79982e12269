import type { Vec3 } from '../camera.ts';
import { breathe, throwIfCancelled } from '../progress.ts';
import type { SplatCloud } from '../splat-cloud.ts';

/**
 * A cloud's splats sorted into boxes, so that what lies near a place or a ray is found without
 * looking at every splat. Cells hold splats of like size: a few large ones do not make every cell reach far.
 */
export interface SceneIndex {
  /** Occupied cells. */
  cells: number;
  /** Rows of cell c: rows[starts[c]] … rows[starts[c + 1]]. Splats at no finite place are in no cell. */
  starts: Uint32Array;
  rows: Uint32Array;
  /** 6 a cell: least and greatest centre, x y z x y z, world units. */
  boxes: Float32Array;
  /** Largest standard deviation in each cell, world units. */
  largest: Float32Array;
  /** N: largest standard deviation of each splat, world units. */
  sigmas: Float32Array;
}

/** Cells along each axis of the finest grid. Each coarser grid, for larger splats, has a quarter of them. */
const SIDE = 64;
const SIDES = [SIDE, SIDE / 4, SIDE / 16, 1] as const;
/** Splats up to this share of the finest cell's side are in the finest grid, four times as large in the next. */
const SMALL = 0.5;
/** The grid spans the central part of the centres, found in this many of them. */
const SAMPLE = 4096;
const OUTSIDE = 0.01;
/** Splats between two breaths: about 10 ms. */
const SLICE = 1 << 17;

/** Where a grid of cells lies: the same box for each of SIDES. */
interface Grid {
  low: Vec3;
  /** Cells of the finest grid a world unit. */
  perUnit: Vec3;
  /** Side of a cell of the finest grid, the longest of three. */
  cell: number;
}

function placeGrid(cloud: SplatCloud): Grid {
  const { positions: p, count } = cloud;
  const step = Math.max(1, Math.floor(count / SAMPLE));
  const low: number[] = [];
  const size: number[] = [];
  for (let axis = 0; axis < 3; axis++) {
    const values: number[] = [];
    for (let i = 0; i < count; i += step) {
      const v = p[i * 3 + axis]!;
      if (Number.isFinite(v)) values.push(v);
    }
    values.sort((a, b) => a - b);
    const at = (share: number) => values[Math.round(share * (values.length - 1))] ?? 0;
    low.push(at(OUTSIDE));
    size.push(at(1 - OUTSIDE) - at(OUTSIDE));
  }
  const per = (k: number) => (size[k]! > 0 ? SIDE / size[k]! : 0);
  return {
    low: [low[0]!, low[1]!, low[2]!],
    perUnit: [per(0), per(1), per(2)],
    cell: Math.max(...size) / SIDE,
  };
}

/** What lies outside the grid is in its border's cells: their boxes say how far out. */
const clamp = (cell: number, side: number) => (cell < 0 ? 0 : cell >= side ? side - 1 : cell | 0);

/** Builds in slices; yields where a breath may be taken. */
function* build(cloud: SplatCloud): Generator<void, SceneIndex> {
  const { positions: p, logScales: s, count } = cloud;
  const grid = placeGrid(cloud);
  const first = [0];
  for (const side of SIDES) first.push(first.at(-1)! + side ** 3);
  const counts = new Uint32Array(first.at(-1)! + 1);
  const sigmas = new Float32Array(count);
  const cellOf = new Int32Array(count);
  for (let i = 0; i < count; i++) {
    if (i % SLICE === SLICE - 1) yield;
    const [x, y, z] = [p[i * 3]!, p[i * 3 + 1]!, p[i * 3 + 2]!];
    const sigma = Math.exp(Math.max(s[i * 3]!, s[i * 3 + 1]!, s[i * 3 + 2]!));
    sigmas[i] = sigma;
    if (!Number.isFinite(x + y + z) || Number.isNaN(sigma)) {
      cellOf[i] = -1;
      continue;
    }
    let level = 0;
    for (let most = SMALL * grid.cell; level < 3 && sigma > most; most *= 4) level++;
    const side = SIDES[level]!;
    const share = side / SIDE;
    const ix = clamp((x - grid.low[0]) * grid.perUnit[0] * share, side);
    const iy = clamp((y - grid.low[1]) * grid.perUnit[1] * share, side);
    const iz = clamp((z - grid.low[2]) * grid.perUnit[2] * share, side);
    const cell = first[level]! + (iz * side + iy) * side + ix;
    cellOf[i] = cell;
    counts[cell]!++;
  }
  yield;
  let cells = 0;
  for (const n of counts) if (n > 0) cells++;
  const starts = new Uint32Array(cells + 1);
  // From here on a cell's count is its number among the occupied.
  let at = 0;
  for (let cell = 0; cell < counts.length; cell++) {
    const n = counts[cell]!;
    if (n === 0) continue;
    counts[cell] = at;
    starts[at + 1] = starts[at]! + n;
    at++;
  }
  const next = starts.slice(0, cells);
  const rows = new Uint32Array(starts[cells]!);
  const boxes = new Float32Array(cells * 6);
  for (let k = 0; k < boxes.length; k++) {
    boxes[k] = k % 6 < 3 ? Number.POSITIVE_INFINITY : Number.NEGATIVE_INFINITY;
  }
  const largest = new Float32Array(cells);
  for (let i = 0; i < count; i++) {
    if (i % SLICE === SLICE - 1) yield;
    if (cellOf[i]! < 0) continue;
    const c = counts[cellOf[i]!]!;
    rows[next[c]!++] = i;
    if (sigmas[i]! > largest[c]!) largest[c] = sigmas[i]!;
    for (let k = 0; k < 3; k++) {
      const v = p[i * 3 + k]!;
      if (v < boxes[c * 6 + k]!) boxes[c * 6 + k] = v;
      if (v > boxes[c * 6 + 3 + k]!) boxes[c * 6 + 3 + k] = v;
    }
  }
  return { cells, starts, rows, boxes, largest, sigmas };
}

/** The index is as long-lived as its cloud, which nobody changes in place. */
const built = new WeakMap<SplatCloud, SceneIndex>();

/** The cloud's index, made now if it has none yet (some 100 ms for a million splats). */
export function sceneIndex(cloud: SplatCloud): SceneIndex {
  const known = built.get(cloud);
  if (known) return known;
  const making = build(cloud);
  for (;;) {
    const { done, value } = making.next();
    if (done !== true) continue;
    built.set(cloud, value);
    return value;
  }
}

/** Makes the cloud's index ahead of need, breathing; does nothing when there is one. */
export async function buildSceneIndex(
  cloud: SplatCloud,
  signal?: AbortSignal,
): Promise<SceneIndex> {
  const making = build(cloud);
  for (;;) {
    throwIfCancelled(signal);
    const known = built.get(cloud);
    if (known) return known;
    const { done, value } = making.next();
    if (done === true) {
      built.set(cloud, value);
      return value;
    }
    await breathe();
  }
}

/** Least and greatest distance of a cell's centres from a place, world units. */
export function cellDistances(
  index: SceneIndex,
  cell: number,
  from: Vec3,
): { least: number; greatest: number } {
  let least = 0;
  let greatest = 0;
  for (let k = 0; k < 3; k++) {
    const low = index.boxes[cell * 6 + k]! - from[k]!;
    const high = index.boxes[cell * 6 + 3 + k]! - from[k]!;
    const gap = Math.max(0, low, -high);
    const far = Math.max(-low, high);
    least += gap * gap;
    greatest += far * far;
  }
  return { least: Math.sqrt(least), greatest: Math.sqrt(greatest) };
}

/** Calls `visit` with each row whose centre may lie in the box; some outside of it come too. */
export function forEachRowInBox(
  index: SceneIndex,
  low: Vec3,
  high: Vec3,
  visit: (row: number) => void,
): void {
  const { boxes, starts, rows } = index;
  for (let c = 0; c < index.cells; c++) {
    if (boxes[c * 6]! > high[0] || boxes[c * 6 + 3]! < low[0]) continue;
    if (boxes[c * 6 + 1]! > high[1] || boxes[c * 6 + 4]! < low[1]) continue;
    if (boxes[c * 6 + 2]! > high[2] || boxes[c * 6 + 5]! < low[2]) continue;
    for (let k = starts[c]!; k < starts[c + 1]!; k++) visit(rows[k]!);
  }
}
