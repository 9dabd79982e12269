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
  /** In each cell the solid splats come first, up to here; those fainter than MIN_OPACITY_LOGIT follow. */
  solidEnds: Uint32Array;
  /**
   * 4 a place in `rows`: the splat's centre and its largest standard deviation, world units. This and `dc` are copies in
   * the cells' order: a capture's own is often random, and then each splat that is looked at waits for memory.
   */
  spheres: Float32Array;
  /** 3 a place: zeroth SH coefficients. */
  dc: Float32Array;
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
/** Splats fainter than this are haze (logit of 0.1). */
const MIN_OPACITY_LOGIT = -2.2;
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
  const { positions: p, logScales: s, opacityLogits, dc: coefficients, count } = cloud;
  const grid = placeGrid(cloud);
  const first = [0];
  for (const side of SIDES) first.push(first.at(-1)! + side ** 3);
  const counts = new Uint32Array(first.at(-1)! + 1);
  const sigmas = new Float32Array(count);
  const cellOf = new Int32Array(count);
  for (let i = 0; i < count; i++) {
    if (i % SLICE === SLICE - 1) yield;
    const x = p[i * 3]!;
    const y = p[i * 3 + 1]!;
    const z = p[i * 3 + 2]!;
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
  const solidEnds = starts.slice(0, cells);
  const faintFrom = starts.slice(1);
  const rows = new Uint32Array(starts[cells]!);
  const spheres = new Float32Array(rows.length * 4);
  const dc = new Float32Array(rows.length * 3);
  const boxes = new Float32Array(cells * 6);
  for (let k = 0; k < boxes.length; k++) {
    boxes[k] = k % 6 < 3 ? Number.POSITIVE_INFINITY : Number.NEGATIVE_INFINITY;
  }
  const largest = new Float32Array(cells);
  for (let i = 0; i < count; i++) {
    if (i % SLICE === SLICE - 1) yield;
    if (cellOf[i]! < 0) continue;
    const c = counts[cellOf[i]!]!;
    const place = opacityLogits[i]! >= MIN_OPACITY_LOGIT ? solidEnds[c]!++ : --faintFrom[c]!;
    rows[place] = i;
    spheres[place * 4 + 3] = sigmas[i]!;
    if (sigmas[i]! > largest[c]!) largest[c] = sigmas[i]!;
    for (let k = 0; k < 3; k++) {
      const v = p[i * 3 + k]!;
      spheres[place * 4 + k] = v;
      dc[place * 3 + k] = coefficients[i * 3 + k]!;
      if (v < boxes[c * 6 + k]!) boxes[c * 6 + k] = v;
      if (v > boxes[c * 6 + 3 + k]!) boxes[c * 6 + 3 + k] = v;
    }
  }
  return { cells, starts, rows, solidEnds, spheres, dc, boxes, largest, sigmas };
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

/** Calls `visit` with each row whose centre lies in the box, borders included, and its place in the index. */
export function forEachRowInBox(
  index: SceneIndex,
  low: Vec3,
  high: Vec3,
  visit: (row: number, place: number) => void,
): void {
  const { boxes, starts, rows, spheres } = index;
  const [x0, y0, z0] = low;
  const [x1, y1, z1] = high;
  for (let c = 0; c < index.cells; c++) {
    const b = c * 6;
    if (boxes[b]! > x1 || boxes[b + 3]! < x0) continue;
    if (boxes[b + 1]! > y1 || boxes[b + 4]! < y0) continue;
    if (boxes[b + 2]! > z1 || boxes[b + 5]! < z0) continue;
    const end = starts[c + 1]!;
    for (let k = starts[c]!; k < end; k++) {
      const x = spheres[k * 4]!;
      const y = spheres[k * 4 + 1]!;
      const z = spheres[k * 4 + 2]!;
      if (x < x0 || x > x1 || y < y0 || y > y1 || z < z0 || z > z1) continue;
      visit(rows[k]!, k);
    }
  }
}
