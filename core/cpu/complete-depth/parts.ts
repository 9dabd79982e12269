import type { Rect } from '../../image.ts';
import type { DepthProblem } from '../../kernels.ts';
import { type Classes, FREE } from './classify.ts';

/** Free pixels that are solved together. */
export interface HolePart {
  /** Of its free pixels. */
  bounds: Rect;
  freeCount: number;
  /** Whether a free pixel (its place in the whole picture) is one of them. */
  has(x: number, y: number): boolean;
}

/**
 * Side of the blocks by which holes are told apart. Free pixels of blocks that do not touch lie further apart than two
 * holes' contexts reach (prepare.ts: 16 px each), so they have nothing to do with each other.
 */
const BLOCK_PX = 36;

/**
 * The holes that are far enough apart to be solved each for itself: time and memory go with the holes and not with the
 * rectangle around all of them (two of 60 px in opposite corners of a 4096² picture: 78 s and 3.5 GB together).
 * A prior or a field is brought in at once for all: it is aligned over everything that is known around them.
 */
export function holeParts(problem: DepthProblem, classes: Classes): HolePart[] {
  const { width, height } = problem.depth;
  if (problem.prior !== undefined || problem.field !== undefined) {
    return [wholeHole(classes, width)];
  }
  const columns = Math.ceil(width / BLOCK_PX);
  const rows = Math.ceil(height / BLOCK_PX);
  const taken = new Uint8Array(columns * rows);
  const { role } = classes;
  for (let y = 0; y < height; y++) {
    const row = Math.floor(y / BLOCK_PX) * columns;
    for (let x = 0; x < width; x++) {
      if (role[y * width + x] === FREE) taken[row + Math.floor(x / BLOCK_PX)] = 1;
    }
  }
  const { labels, count } = labelTouching(taken, columns, rows);
  const parts = Array.from({ length: count }, (_, label) => ({
    bounds: { x0: width, y0: height, x1: 0, y1: 0 },
    freeCount: 0,
    has: (x: number, y: number) =>
      labels[Math.floor(y / BLOCK_PX) * columns + Math.floor(x / BLOCK_PX)] === label,
  }));
  for (let y = 0; y < height; y++) {
    const row = Math.floor(y / BLOCK_PX) * columns;
    for (let x = 0; x < width; x++) {
      if (role[y * width + x] !== FREE) continue;
      const part = parts[labels[row + Math.floor(x / BLOCK_PX)]!]!;
      part.freeCount++;
      extend(part.bounds, x, y);
    }
  }
  return parts;
}

/** All free pixels as one. */
export function wholeHole(classes: Classes, width: number): HolePart {
  const { role, freeCount } = classes;
  const bounds = { x0: width, y0: Number.POSITIVE_INFINITY, x1: 0, y1: 0 };
  for (let i = 0; i < role.length; i++) {
    if (role[i] === FREE) extend(bounds, i % width, Math.floor(i / width));
  }
  return { bounds, freeCount, has: () => true };
}

function extend(bounds: Rect, x: number, y: number): void {
  bounds.x0 = Math.min(bounds.x0, x);
  bounds.y0 = Math.min(bounds.y0, y);
  bounds.x1 = Math.max(bounds.x1, x + 1);
  bounds.y1 = Math.max(bounds.y1, y + 1);
}

/** 8-connected groups of taken cells, numbered from 0; −1 elsewhere. */
function labelTouching(
  taken: Uint8Array,
  columns: number,
  rows: number,
): { labels: Int32Array; count: number } {
  const labels = new Int32Array(taken.length).fill(-1);
  const stack: number[] = [];
  let count = 0;
  for (let start = 0; start < taken.length; start++) {
    if (taken[start] === 0 || labels[start] !== -1) continue;
    labels[start] = count;
    stack.push(start);
    for (let i = stack.pop(); i !== undefined; i = stack.pop()) {
      const [cx, cy] = [i % columns, Math.floor(i / columns)];
      for (let y = Math.max(0, cy - 1); y <= Math.min(rows - 1, cy + 1); y++) {
        for (let x = Math.max(0, cx - 1); x <= Math.min(columns - 1, cx + 1); x++) {
          const j = y * columns + x;
          if (taken[j] === 0 || labels[j] !== -1) continue;
          labels[j] = count;
          stack.push(j);
        }
      }
    }
    count++;
  }
  return { labels, count };
}
