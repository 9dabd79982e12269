import type { ViewPlan } from './plan.ts';
import { CUTOFF, L11, L21, L22, RECORD_FLOATS, U, V } from './records.ts';

/** The picture's tiles that the region touches; aligned to the whole picture, so that a region changes no list. */
export interface TileGrid {
  /** Side of a tile, pixels. */
  size: number;
  /** First tile's column and row in the picture. */
  column0: number;
  row0: number;
  columns: number;
  rows: number;
}

export function createTileGrid(plan: ViewPlan, size: number): TileGrid {
  const { x0, y0, x1, y1 } = plan.region;
  const column0 = Math.floor(x0 / size);
  const row0 = Math.floor(y0 / size);
  return {
    size,
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

/** The alpha test decides; spans are cut this much too wide (px), so that rounding never does. */
const SLACK_PX = 1e-3;

/**
 * Cuts the depth order from `from` on into tiles, until the limits are reached: a picture of many enormous
 * splats comes in several batches, front to back, and tiles that are full by then take no more.
 * @param closed one byte a tile: 1 = full, takes no splats
 */
export function binBatch(
  plan: ViewPlan,
  grid: TileGrid,
  from: number,
  limits: BatchLimits,
  closed: Uint8Array,
): TileBatch {
  const { records, order } = plan;
  const { size, column0, row0, columns, rows } = grid;
  const tiles = columns * rows;
  const starts = new Uint32Array(tiles + 1);
  const inv = 1 / size;
  const end = Math.min(order.length, from + limits.maxSplats);
  let to = from;
  let total = 0;

  // First round counts, second fills: the same walk, so that they cannot disagree.
  let entries: Uint32Array | undefined;
  let cursor = starts;
  const walk = (first: number, last: number): void => {
    for (let k = first; k < last; k++) {
      const record = order[k]!;
      const o = record * RECORD_FLOATS;
      const u = records[o + U]!;
      const v = records[o + V]!;
      const l11 = records[o + L11]!;
      const l21 = records[o + L21]!;
      const l22 = records[o + L22]!;
      const cutoff = records[o + CUTOFF]!;
      const root = Math.sqrt(cutoff);
      const across = Math.sqrt(l21 * l21 + l22 * l22);
      const halfX = (root * across) / (l11 * l22) + SLACK_PX;
      const halfY = root / l22 + SLACK_PX;
      // Pixel centres are at + 0.5: a tile counts when one of them can lie inside.
      let ra = Math.floor((v - halfY - 0.5) * inv) - row0;
      let rb = Math.floor((v + halfY - 0.5) * inv) - row0;
      if (ra < 0) ra = 0;
      if (rb >= rows) rb = rows - 1;
      const boxA = Math.max(0, Math.floor((u - halfX - 0.5) * inv) - column0);
      const boxB = Math.min(columns - 1, Math.floor((u + halfX - 0.5) * inv) - column0);
      if (ra > rb || boxA > boxB) continue;
      const small = (rb - ra + 1) * (boxB - boxA + 1) <= 4;
      // Where, in dy, the ellipse reaches furthest right; furthest left is at its negative.
      const dyRight = (-l21 * root) / (l22 * across);
      const limitY = root / l22;
      for (let r = ra; r <= rb; r++) {
        let ca = boxA;
        let cb = boxB;
        if (!small) {
          const top = Math.max(-limitY, (r + row0) * size - v);
          const bottom = Math.min(limitY, (r + row0 + 1) * size - v);
          const dyR = Math.max(top, Math.min(bottom, dyRight));
          const dyL = Math.max(top, Math.min(bottom, -dyRight));
          const remR = Math.max(0, cutoff - l22 * l22 * dyR * dyR);
          const remL = Math.max(0, cutoff - l22 * l22 * dyL * dyL);
          const right = u + (Math.sqrt(remR) - l21 * dyR) / l11 + SLACK_PX;
          const left = u + (-Math.sqrt(remL) - l21 * dyL) / l11 - SLACK_PX;
          ca = Math.max(ca, Math.floor((left - 0.5) * inv) - column0);
          cb = Math.min(cb, Math.floor((right - 0.5) * inv) - column0);
        }
        for (let t = r * columns + ca, stop = r * columns + cb; t <= stop; t++) {
          if (closed[t] !== 0) continue;
          if (entries === undefined) {
            cursor[t]!++;
            total++;
          } else {
            entries[cursor[t]!++] = record;
          }
        }
      }
    }
  };

  while (to < end && total < limits.maxEntries) {
    walk(to, to + 1);
    to++;
  }
  let sum = 0;
  for (let t = 0; t <= tiles; t++) {
    const here = starts[t]!;
    starts[t] = sum;
    sum += here;
  }
  entries = new Uint32Array(total);
  cursor = starts.slice();
  walk(from, to);
  return { from, to, starts, entries };
}
