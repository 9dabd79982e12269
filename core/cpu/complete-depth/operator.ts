import { FREE, OUT } from './classify.ts';
import type { Integration } from './prepare.ts';

/**
 * One re-weighting's quadratic form on the crop,
 *   Σ_edges a·(u_j − u_i − (w_i + w_j)/2 · direction − q)² + b·|w_j − w_i|²  +  Σ_pixels lean·|w|²,
 * held as its scalar coefficients an edge (see Integration for the indexing). States and residuals are
 * 3 numbers a pixel: u, w_x, w_y.
 */
export interface Quadratic {
  width: number;
  height: number;
  role: Uint8Array;
  aX: Float64Array;
  aY: Float64Array;
  bX: Float64Array;
  bY: Float64Array;
  lean: Float64Array;
}

/** Keeps a slope that nothing determines (a lone known pixel) at 0; far below every real weight. */
const TIE = 1e-10;

/**
 * Bends are far smaller than steps, so their norm turns robust sooner. Half keeps two planes and a box's corner within
 * 0.1 % of the truth under image edges (1: 0.13 %), and took AbsRel under 10 % masks of real frames from 0.647 to
 * 0.639 × the guided harmonic fill's; a quarter is as good there, and 2 % worse from few known points.
 */
const BEND_EPSILON = 0.5;

export function createQuadratic(problem: Integration): Quadratic {
  const n = problem.width * problem.height;
  const { width, height, role } = problem;
  return {
    width,
    height,
    role,
    aX: new Float64Array(n),
    aY: new Float64Array(n),
    bX: new Float64Array(n),
    bY: new Float64Array(n),
    lean: new Float64Array(n),
  };
}

/**
 * Sets the coefficients from the state, each term's weight over √(value² + ε²) (iteratively re-weighted least
 * squares), ε being the doubt where the term has one, times the problem's ε so that they are of the guide's size.
 * Without a state steps and slopes count as 0, and bends as what they weigh alpha at.
 */
export function reweight(q: Quadratic, problem: Integration, x?: Float64Array): void {
  const { width, guideX, guideY, targetX, targetY, alpha, epsilon, doubt } = problem;
  const robust = (v2: number, e: number): number => epsilon / Math.sqrt(v2 + e * e);
  const bendEpsilon = BEND_EPSILON * epsilon;
  const n = q.role.length;
  for (let i = 0; i < n; i++) {
    if (q.role[i] === OUT) continue;
    const s = 3 * i;
    q.lean[i] =
      TIE +
      problem.lean[i]! * robust(x === undefined ? 0 : x[s + 1]! ** 2 + x[s + 2]! ** 2, doubt[i]!);
    for (let axis = 0; axis < 2; axis++) {
      const g = axis === 0 ? guideX[i]! : guideY[i]!;
      if (g === 0) continue;
      const j = axis === 0 ? i + 1 : i + width;
      let r = 0;
      let bend2 = 0;
      if (x !== undefined) {
        const t = 3 * j;
        const d = s + 1 + axis;
        const target = (axis === 0 ? targetX : targetY)?.[i] ?? 0;
        r = x[t]! - x[s]! - 0.5 * (x[d]! + x[t + 1 + axis]!) - target;
        const bx = x[t + 1]! - x[s + 1]!;
        const by = x[t + 2]! - x[s + 2]!;
        bend2 = bx * bx + by * by;
      }
      (axis === 0 ? q.aX : q.aY)[i] = g * robust(r * r, Math.max(doubt[i]!, doubt[j]!));
      (axis === 0 ? q.bX : q.bY)[i] =
        alpha * g * (x === undefined ? 1 : robust(bend2, bendEpsilon));
    }
  }
}

/** out = A x, with the rows of fixed values (u of known pixels, all of pixels that are out) set to 0. */
export function apply(q: Quadratic, x: Float64Array, out: Float64Array): void {
  const { width, role, aX, aY, bX, bY, lean } = q;
  const n = role.length;
  for (let i = 0; i < n; i++) {
    const s = 3 * i;
    if (role[i] === OUT) {
      out[s] = 0;
      out[s + 1] = 0;
      out[s + 2] = 0;
    } else {
      out[s] = 0;
      out[s + 1] = lean[i]! * x[s + 1]!;
      out[s + 2] = lean[i]! * x[s + 2]!;
    }
  }
  for (let i = 0; i < n; i++) {
    const s = 3 * i;
    const ax = aX[i]!;
    if (ax !== 0) {
      const t = s + 3;
      const f = ax * (x[t]! - x[s]! - 0.5 * (x[s + 1]! + x[t + 1]!));
      const b = bX[i]!;
      const gx = b * (x[t + 1]! - x[s + 1]!);
      const gy = b * (x[t + 2]! - x[s + 2]!);
      out[s]! -= f;
      out[t]! += f;
      out[s + 1]! -= 0.5 * f + gx;
      out[t + 1]! += gx - 0.5 * f;
      out[s + 2]! -= gy;
      out[t + 2]! += gy;
    }
    const ay = aY[i]!;
    if (ay !== 0) {
      const t = s + 3 * width;
      const f = ay * (x[t]! - x[s]! - 0.5 * (x[s + 2]! + x[t + 2]!));
      const b = bY[i]!;
      const gx = b * (x[t + 1]! - x[s + 1]!);
      const gy = b * (x[t + 2]! - x[s + 2]!);
      out[s]! -= f;
      out[t]! += f;
      out[s + 1]! -= gx;
      out[t + 1]! += gx;
      out[s + 2]! -= 0.5 * f + gy;
      out[t + 2]! += gy - 0.5 * f;
    }
  }
  for (let i = 0; i < n; i++) if (role[i] !== FREE) out[3 * i] = 0;
}

/** b += the right side that the target steps q make, with the rows of fixed values left as they are. */
export function addTargets(
  q: Quadratic,
  targetX: Float32Array,
  targetY: Float32Array,
  b: Float64Array,
): void {
  const { width, role, aX, aY } = q;
  const add = (s: number, t: number, axis: number, flux: number): void => {
    if (role[s] === FREE) b[3 * s]! -= flux;
    if (role[t] === FREE) b[3 * t]! += flux;
    b[3 * s + axis]! -= 0.5 * flux;
    b[3 * t + axis]! -= 0.5 * flux;
  };
  for (let i = 0; i < role.length; i++) {
    if (aX[i] !== 0) add(i, i + 1, 1, aX[i]! * targetX[i]!);
    if (aY[i] !== 0) add(i, i + width, 2, aY[i]! * targetY[i]!);
  }
}
