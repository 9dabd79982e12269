import { sortByDepth } from '../cpu/render/sort.ts';
import type { SplatCloud } from '../splat-cloud.ts';

/**
 * Who is beside whom, by the splats' own spacing. Each splat has a level, that of the smallest cell of an
 * octree around it that holds FEW splats, and reaches REACH of that cell's side: one to two spacings on a
 * surface. Two splats are neighbours when both reach the other's centre.
 */
export interface NeighbourGrid {
  /** Calls `visit` with each neighbour of a splat, until it returns true; says whether it did. */
  some(row: number, visit: (neighbour: number) => boolean): boolean;
  /** N: the block that holds each splat, −1 for splats at no finite place, which have no neighbours. Of BLOCKS³. */
  blocks: Int32Array;
  /** Can the splat have neighbours beyond the blocks that touch its own? */
  reachesFar(row: number): boolean;
}

/** Splats in a cell that tell the spacing in it. */
const FEW = 4;
/** Share of the cell's side. */
const REACH = 0.6;
/** Cells a side at the finest level, as a power of two; three of them are a key of 30 bits. */
const BITS = 10;
const SIDE = 1 << BITS;
/** A block is a cell of this level. */
const BLOCK_LEVEL = 5;
export const BLOCKS = SIDE >> BLOCK_LEVEL;
const SAMPLE = 4096;

/** Every third bit: abc → a00b00c. */
function spread(v: number): number {
  let x = v;
  x = (x | (x << 16)) & 0x030000ff;
  x = (x | (x << 8)) & 0x0300f00f;
  x = (x | (x << 4)) & 0x030c30c3;
  return (x | (x << 2)) & 0x09249249;
}

/** The least corner and the finest cell's side of a cube around the central splats, with half its size on each side. */
function placeCube({ positions: p, count }: SplatCloud): { low: number[]; cell: number } {
  const step = Math.max(1, Math.floor(count / SAMPLE));
  const middle: number[] = [];
  let size = 0;
  for (let axis = 0; axis < 3; axis++) {
    const values: number[] = [];
    for (let i = 0; i < count; i += step) {
      if (Number.isFinite(p[i * 3 + axis]!)) values.push(p[i * 3 + axis]!);
    }
    values.sort((a, b) => a - b);
    const low = values[Math.round(0.02 * (values.length - 1))] ?? 0;
    const high = values[Math.round(0.98 * (values.length - 1))] ?? 0;
    middle.push((low + high) / 2);
    size = Math.max(size, high - low);
  }
  const cell = size > 0 ? (2 * size) / SIDE : 1;
  return { low: middle.map((m) => m - (cell * SIDE) / 2), cell };
}

/** The splats of one level, by cell. */
interface Level {
  reach: number;
  cell: number;
  /** In the order of their cells' keys. */
  rows: Uint32Array;
  /** Open addressing: a cell's key + 1 (0 = free), and where its rows start. */
  keys: Uint32Array;
  starts: Uint32Array;
  /** rows' cell keys. */
  cellKeys: Uint32Array;
}

const hash = (key: number, capacity: number) => (Math.imul(key, 0x9e3779b1) >>> 7) & (capacity - 1);

function createLevel(rows: Uint32Array, cellKeys: Uint32Array, cell: number): Level {
  let cells = 0;
  for (let k = 0; k < rows.length; k++) if (k === 0 || cellKeys[k] !== cellKeys[k - 1]) cells++;
  const capacity = 2 ** Math.ceil(Math.log2(2 * cells + 2));
  const keys = new Uint32Array(capacity);
  const starts = new Uint32Array(capacity);
  for (let k = 0; k < rows.length; k++) {
    const key = cellKeys[k]!;
    if (k > 0 && cellKeys[k - 1] === key) continue;
    let slot = hash(key, capacity);
    while (keys[slot] !== 0) slot = (slot + 1) & (capacity - 1);
    keys[slot] = key + 1;
    starts[slot] = k;
  }
  return { reach: REACH * cell, cell, rows, keys, starts, cellKeys };
}

/** Where a cell's rows start, or −1. */
function startOf(level: Level, key: number): number {
  const { keys, starts } = level;
  const last = keys.length - 1;
  for (let slot = hash(key, keys.length); keys[slot] !== 0; slot = (slot + 1) & last) {
    if (keys[slot] === key + 1) return starts[slot]!;
  }
  return -1;
}

/** The rows that pass: what `filter` does, which takes five times as long for typed arrays. */
function kept(rows: Uint32Array, passes: (row: number) => boolean): Uint32Array {
  const out = new Uint32Array(rows.length);
  let count = 0;
  for (let k = 0; k < rows.length; k++) if (passes(rows[k]!)) out[count++] = rows[k]!;
  return out.slice(0, count);
}

const clamp = (v: number, side: number) => (v < 0 ? 0 : v >= side ? side - 1 : v | 0);

function build(cloud: SplatCloud): NeighbourGrid {
  const { positions: p, count } = cloud;
  const { low, cell } = placeCube(cloud);
  const [lowX, lowY, lowZ] = low as [number, number, number];
  const codes = new Uint32Array(count);
  const blocks = new Int32Array(count).fill(-1);
  for (let i = 0; i < count; i++) {
    const x = (p[i * 3]! - lowX) / cell;
    const y = (p[i * 3 + 1]! - lowY) / cell;
    const z = (p[i * 3 + 2]! - lowZ) / cell;
    if (!Number.isFinite(x + y + z)) continue;
    const ix = clamp(x, SIDE);
    const iy = clamp(y, SIDE);
    const iz = clamp(z, SIDE);
    codes[i] = spread(ix) | (spread(iy) << 1) | (spread(iz) << 2);
    blocks[i] = ((iz >> BLOCK_LEVEL) * BLOCKS + (iy >> BLOCK_LEVEL)) * BLOCKS + (ix >> BLOCK_LEVEL);
  }
  // Non-negative integers sort as the floats of the same bits do.
  const order = kept(sortByDepth(new Float32Array(codes.buffer)), (row) => blocks[row]! >= 0);
  const levelOf = new Uint8Array(count).fill(BITS);
  let open = order;
  const levels: Level[] = [];
  for (let l = 0; l <= BITS; l++) {
    const levelRows = new Uint32Array(open.length);
    const keys = new Uint32Array(open.length);
    let taken = 0;
    const shift = 3 * l;
    // Runs over all splats: a cell's count includes those that a finer level has taken.
    for (let from = 0, next = 0; from < order.length; from = next) {
      const key = codes[order[from]!]! >>> shift;
      next = from + 1;
      while (next < order.length && codes[order[next]!]! >>> shift === key) next++;
      if (next - from < FEW && l < BITS) continue;
      for (let k = from; k < next; k++) {
        const row = order[k]!;
        if (levelOf[row] !== BITS) continue;
        if (l < BITS) levelOf[row] = l;
        levelRows[taken] = row;
        keys[taken++] = key;
      }
    }
    levels.push(createLevel(levelRows.slice(0, taken), keys.slice(0, taken), cell * 2 ** l));
    open = kept(open, (row) => levelOf[row] === BITS);
    if (open.length === 0) break;
  }

  const some = (row: number, visit: (neighbour: number) => boolean): boolean => {
    if (blocks[row]! < 0) return false;
    const x = p[row * 3]!;
    const y = p[row * 3 + 1]!;
    const z = p[row * 3 + 2]!;
    const own = levels[levelOf[row]!]!.reach;
    for (let l = 0; l < levels.length; l++) {
      const level = levels[l]!;
      if (level.rows.length === 0) continue;
      const reach = Math.min(own, level.reach);
      const side = SIDE >> l;
      const x0 = clamp((x - reach - lowX) / level.cell, side);
      const x1 = clamp((x + reach - lowX) / level.cell, side);
      const y0 = clamp((y - reach - lowY) / level.cell, side);
      const y1 = clamp((y + reach - lowY) / level.cell, side);
      const z0 = clamp((z - reach - lowZ) / level.cell, side);
      const z1 = clamp((z + reach - lowZ) / level.cell, side);
      for (let cz = z0; cz <= z1; cz++) {
        for (let cy = y0; cy <= y1; cy++) {
          for (let cx = x0; cx <= x1; cx++) {
            const key = spread(cx) | (spread(cy) << 1) | (spread(cz) << 2);
            const start = startOf(level, key);
            if (start < 0) continue;
            for (let k = start; k < level.rows.length && level.cellKeys[k] === key; k++) {
              const other = level.rows[k]!;
              const dx = p[other * 3]! - x;
              const dy = p[other * 3 + 1]! - y;
              const dz = p[other * 3 + 2]! - z;
              if (dx * dx + dy * dy + dz * dz > reach * reach || other === row) continue;
              if (visit(other)) return true;
            }
          }
        }
      }
    }
    return false;
  };
  return { some, blocks, reachesFar: (row) => levelOf[row]! > BLOCK_LEVEL };
}

/** The grid is as long-lived as its cloud, which nobody changes in place. */
const built = new WeakMap<SplatCloud, NeighbourGrid>();

/** The cloud's grid, made now if it has none yet (some 200 ms for a million splats). */
export function neighbourGrid(cloud: SplatCloud): NeighbourGrid {
  let grid = built.get(cloud);
  if (!grid) {
    grid = build(cloud);
    built.set(cloud, grid);
  }
  return grid;
}
