import type { ViewPlan } from './plan.ts';
import { CUTOFF, L11, L21, L22, RECORD_FLOATS, SLACK_PX, U, V } from './records.ts';

/** The picture's tiles that the region touches; aligned to the whole picture, so that a region changes no list. */
export interface TileGrid {
  /** Side of a tile, pixels: 2 ** shift. */
  size: number;
  shift: number;
  /** First tile's column and row in the picture. */
  column0: number;
  row0: number;
  columns: number;
  rows: number;
}

export function createTileGrid(plan: ViewPlan, shift: number): TileGrid {
  const size = 2 ** shift;
  const { x0, y0, x1, y1 } = plan.region;
  const column0 = Math.floor(x0 / size);
  const row0 = Math.floor(y0 / size);
  return {
    size,
    shift,
    column0,
    row0,
    columns: x1 > x0 ? Math.ceil(x1 / size) - column0 : 0,
    rows: y1 > y0 ? Math.ceil(y1 / size) - row0 : 0,
  };
}

/** A run of the depth order, cut up by tile. */
export interface TileBatch {
  /** The run [from, to) of `plan.order`. */
  from: number;
  to: number;
  /** tiles + 1: tile t's splats are entries[starts[t]] up to entries[starts[t + 1]]. */
  starts: Uint32Array;
  /** Record numbers, each tile's from front to back. */
  entries: Uint32Array;
}

export interface BatchLimits {
  /** Tile entries a batch; passed by at most one splat's tiles. */
  maxEntries: number;
  /** Splats a batch. */
  maxSplats: number;
}

/** A splat's tile columns in each of its rows of tiles; reused, never kept. */
interface TileSpans {
  rowA: number;
  rowB: number;
  /** Two a row from rowA: first and last column. */
  columns: Int32Array;
}

/**
 * Finds the tiles that hold a pixel centre which can lie inside the splat's cutoff ellipse: each row of tiles is cut to
 * the ellipse, which spares long diagonal splats most of their box.
 */
function findSpans(plan: ViewPlan, record: number, grid: TileGrid, spans: TileSpans): void {
  const { boxes, records } = plan;
  const { size, shift, column0, row0 } = grid;
  const { columns } = spans;
  const boxA = (boxes[record * 4]! >> shift) - column0;
  const boxB = (boxes[record * 4 + 2]! >> shift) - column0;
  const rowA = (boxes[record * 4 + 1]! >> shift) - row0;
  const rowB = (boxes[record * 4 + 3]! >> shift) - row0;
  spans.rowA = rowA;
  spans.rowB = rowB;
  const inv = 1 / size;
  const o = record * RECORD_FLOATS;
  const u = records[o + U]!;
  const v = records[o + V]!;
  const l11 = records[o + L11]!;
  const l21 = records[o + L21]!;
  const l22 = records[o + L22]!;
  const cutoff = records[o + CUTOFF]!;
  const root = Math.sqrt(cutoff);
  // Where, in dy, the ellipse reaches furthest right; furthest left is at its negative.
  const dyRight = (-l21 * root) / (l22 * Math.sqrt(l21 * l21 + l22 * l22));
  const limitY = root / l22;
  for (let r = rowA; r <= rowB; r++) {
    const top = Math.max(-limitY, (r + row0) * size - v);
    const bottom = Math.min(limitY, (r + row0 + 1) * size - v);
    const dyR = Math.max(top, Math.min(bottom, dyRight));
    const dyL = Math.max(top, Math.min(bottom, -dyRight));
    const restR = Math.max(0, cutoff - l22 * l22 * dyR * dyR);
    const restL = Math.max(0, cutoff - l22 * l22 * dyL * dyL);
    const right = u + (Math.sqrt(restR) - l21 * dyR) / l11 + SLACK_PX;
    const left = u + (-Math.sqrt(restL) - l21 * dyL) / l11 - SLACK_PX;
    columns[(r - rowA) * 2] = Math.max(boxA, Math.floor((left - 0.5) * inv) - column0);
    columns[(r - rowA) * 2 + 1] = Math.min(boxB, Math.floor((right - 0.5) * inv) - column0);
  }
}

/** Memory for a batch's lists; they grow. */
export interface BinRoom {
  /** Every tile of every splat, splat by splat: the tile, and the record. */
  tileOf: Uint32Array;
  recordOf: Uint32Array;
  /** The batch's `entries` where given: at least limits.maxEntries and one a tile. */
  entries?: Uint32Array;
}

const doubled = (list: Uint32Array) => {
  const more = new Uint32Array(list.length * 2);
  more.set(list);
  return more;
};

/**
 * Cuts the depth order from `from` on into tiles by counting sort, until the limits are reached: a picture of
 * many enormous splats comes in several batches, front to back, and tiles that are full by then take no more.
 * @param closed one byte a tile: 1 = full, takes no splats
 */
export function binBatch(
  plan: ViewPlan,
  grid: TileGrid,
  from: number,
  limits: BatchLimits,
  closed: Uint8Array,
  room?: BinRoom,
): TileBatch {
  const { order, boxes } = plan;
  const { shift, column0, row0, columns } = grid;
  const tiles = columns * grid.rows;
  const spans: TileSpans = { rowA: 0, rowB: -1, columns: new Int32Array(grid.rows * 2 + 2) };
  const starts = new Uint32Array(tiles + 1);
  const end = Math.min(order.length, from + limits.maxSplats);
  let tileOf = room?.tileOf ?? new Uint32Array(tiles + 4 * (end - from));
  let recordOf = room?.recordOf ?? new Uint32Array(tileOf.length);
  let to = from;
  let total = 0;
  for (; to < end && total < limits.maxEntries; to++) {
    const record = order[to]!;
    // Room for the largest splat there can be.
    while (total + tiles > tileOf.length) {
      tileOf = doubled(tileOf);
      recordOf = doubled(recordOf);
    }
    const box = record * 4;
    const boxA = (boxes[box]! >> shift) - column0;
    const boxB = (boxes[box + 2]! >> shift) - column0;
    const rowA = (boxes[box + 1]! >> shift) - row0;
    const rowB = (boxes[box + 3]! >> shift) - row0;
    // Up to four tiles the box does.
    const small = (rowB - rowA + 1) * (boxB - boxA + 1) <= 4;
    if (!small) findSpans(plan, record, grid, spans);
    for (let r = rowA; r <= rowB; r++) {
      const at = (r - rowA) * 2;
      const first = small ? boxA : spans.columns[at]!;
      const last = r * columns + (small ? boxB : spans.columns[at + 1]!);
      for (let t = r * columns + first; t <= last; t++) {
        if (closed[t] !== 0) continue;
        starts[t]!++;
        tileOf[total] = t;
        recordOf[total] = record;
        total++;
      }
    }
  }
  let sum = 0;
  for (let t = 0; t <= tiles; t++) {
    const here = starts[t]!;
    starts[t] = sum;
    sum += here;
  }
  const cursor = starts.slice();
  const entries = room?.entries ?? new Uint32Array(total);
  for (let e = 0; e < total; e++) entries[cursor[tileOf[e]!]!++] = recordOf[e]!;
  if (room !== undefined) Object.assign(room, { tileOf, recordOf });
  return { from, to, starts, entries };
}
