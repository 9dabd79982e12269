import { components } from '../../core/components.ts';
import { createMask, type Mask } from '../../core/image.ts';

/** A step of inverse depth of over this share of the nearer one's may be an edge. */
export const EDGE_SHARE = 0.04;
/** And it must be this many times the steps before and behind it: on a plane, however slanted, all are equal. */
const EDGE_STEPS = 2.5;
/** Edges of fewer pixels are noise, and are not cut. */
const FEWEST_PIXELS = 8;

export interface Discontinuities {
  /** 1 = the nearer side of an edge. */
  near: Mask;
  /** 1 = the farther side. */
  far: Mask;
  /** Whether two neighbouring pixels lie on different sides of an edge. */
  cut(i: number, j: number): boolean;
}

/**
 * Where depth jumps between neighbouring pixels.
 * @param inverse 1/z, any unit; 0 = nothing there, which is no edge
 */
export function findDiscontinuities(
  inverse: Float32Array,
  width: number,
  height: number,
): Discontinuities {
  const n = width * height;
  /** 1 = cut to the right, 2 = cut below. */
  const cuts = new Uint8Array(n);
  const sides = createMask(width, height);
  const look = (i: number, j: number, step: number, back: boolean, ahead: boolean, bit: number) => {
    const [a, b] = [inverse[i]!, inverse[j]!];
    if (!(a > 0 && b > 0)) return;
    const jump = Math.abs(a - b);
    if (jump <= EDGE_SHARE * Math.max(a, b)) return;
    const before = back && inverse[i - step]! > 0 ? Math.abs(a - inverse[i - step]!) : 0;
    const behind = ahead && inverse[j + step]! > 0 ? Math.abs(inverse[j + step]! - b) : 0;
    if (jump <= EDGE_STEPS * Math.max(before, behind)) return;
    cuts[i]! |= bit;
    sides.data[i] = 1;
    sides.data[j] = 1;
  };
  for (let i = 0; i < n; i++) {
    const x = i % width;
    if (x < width - 1) look(i, i + 1, 1, x > 0, x < width - 2, 1);
    if (i < n - width) look(i, i + width, width, i >= width, i < n - 2 * width, 2);
  }
  // Both sides of an edge are one 4-connected strip.
  const kept = createMask(width, height);
  for (const { pixels } of components(sides)) {
    if (pixels.length >= 2 * FEWEST_PIXELS) for (const i of pixels) kept.data[i] = 1;
  }
  const near = createMask(width, height);
  const far = createMask(width, height);
  for (let i = 0; i < n; i++) {
    if (kept.data[i] === 0) cuts[i] = 0;
    for (const [bit, step] of [
      [1, 1],
      [2, width],
    ] as const) {
      if ((cuts[i]! & bit) === 0) continue;
      const j = i + step;
      const nearer = inverse[i]! > inverse[j]!;
      near.data[nearer ? i : j] = 1;
      far.data[nearer ? j : i] = 1;
    }
  }
  const cut = (i: number, j: number): boolean => {
    const [a, b] = i < j ? [i, j] : [j, i];
    return (cuts[a]! & (b === a + 1 ? 1 : 2)) !== 0;
  };
  return { near, far, cut };
}
