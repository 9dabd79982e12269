import { components } from '../../components.ts';
import { createMask, type Rect } from '../../image.ts';
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
  const blocks = createMask(columns, Math.ceil(height / BLOCK_PX));
  const blockOf = (x: number, y: number) =>
    Math.floor(y / BLOCK_PX) * columns + Math.floor(x / BLOCK_PX);
  const { role } = classes;
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      if (role[y * width + x] === FREE) blocks.data[blockOf(x, y)] = 1;
    }
  }
  const labels = new Int32Array(blocks.data.length).fill(-1);
  const parts = components(blocks, undefined, true).map(({ pixels }, label) => {
    for (const block of pixels) labels[block] = label;
    return {
      bounds: { x0: width, y0: height, x1: 0, y1: 0 },
      freeCount: 0,
      has: (x: number, y: number) => labels[blockOf(x, y)] === label,
    };
  });
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      if (role[y * width + x] !== FREE) continue;
      const part = parts[labels[blockOf(x, y)]!]!;
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

/** Of a part, by its number: turns the share of it that is done into the share of all, by their unknown pixels. */
export function fractionOfParts(
  parts: readonly { freeCount: number }[],
  onFraction: (fraction: number) => void = () => {},
): (part: number) => (fraction: number) => void {
  const all = parts.reduce((sum, { freeCount }) => sum + freeCount, 0);
  return (k) => {
    const before = parts.slice(0, k).reduce((sum, { freeCount }) => sum + freeCount, 0);
    return (fraction) => onFraction((before + fraction * parts[k]!.freeCount) / all);
  };
}
