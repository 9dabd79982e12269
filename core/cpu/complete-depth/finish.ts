import { createScalarImage } from '../../image.ts';
import type { CompletedDepth, DepthProblem } from '../../kernels.ts';
import { type Classes, FREE, KNOWN } from './classify.ts';
import { nearestSet } from './nearest.ts';
import type { Integration } from './prepare.ts';

/** Completed inverse depth stays within the known range times and over this, so that depth is positive and finite. */
const RANGE_SLACK = 4;
/** Confidence on the hole's deepest pixel, for distance alone. */
const DEEPEST = 0.5;
/** A first-order residual of this many epsilons (a depth edge) halves the confidence. */
const EDGE_EPSILONS = 10;

/** Known pixels copied; islands get the nearest known depth with confidence 0; no known pixel at all: all 0. */
export function withoutIntegration(problem: DepthProblem, classes: Classes): CompletedDepth {
  const { width, height, data } = problem.depth;
  const depth = createScalarImage(width, height);
  const confidence = createScalarImage(width, height);
  for (let i = 0; i < data.length; i++) {
    if (classes.role[i] !== KNOWN) continue;
    depth.data[i] = data[i]!;
    confidence.data[i] = 1;
  }
  if (classes.islandCount > 0 && classes.knownCount > 0) {
    const known = classes.role.map((role) => (role === KNOWN ? 1 : 0));
    const { index } = nearestSet(known, width, height);
    for (let i = 0; i < data.length; i++) {
      if (classes.island[i] !== 0) depth.data[i] = data[index[i]!]!;
    }
  }
  return { depth, confidence };
}

/**
 * Writes the solved pixels into `into`. Confidence = distance term (1 at the rim to 0.5 at the hole's deepest pixel)
 * × residual term (falls at depth edges) × extrapolation term (1 where enclosed, 1/e at the trusted length).
 * @param x u, w_x, w_y a pixel of the crop
 */
export function writeSolution(
  problem: Integration,
  x: ArrayLike<number>,
  into: CompletedDepth,
): void {
  const { width, crop, role, knownRange } = problem;
  const deepest = deepestOfHole(problem);
  const lowest = knownRange[0] / RANGE_SLACK;
  const highest = knownRange[1] * RANGE_SLACK;
  for (let i = 0; i < role.length; i++) {
    if (role[i] !== FREE) continue;
    const column = i % width;
    const u = x[3 * i]!;
    const clamped = Math.min(highest, Math.max(lowest, u));
    const t = (Math.floor(i / width) + crop.y0) * into.depth.width + column + crop.x0;
    into.depth.data[t] = 1 / (clamped * problem.inverseDepthScale);
    const far = 1 - (1 - DEEPEST) * (problem.distancePx[i]! / (deepest[i]! + 1));
    const beyond = Math.exp(-problem.extrapolation[i]! / problem.trustPx);
    const residual = largestResidual(problem, x, i) / (EDGE_EPSILONS * problem.epsilon);
    into.confidence.data[t] = clamped === u ? (far * beyond) / (1 + residual) : 0;
  }
}

/** Largest |u_j − u_i − slope − q| over the pixel's four edges. */
function largestResidual(problem: Integration, x: ArrayLike<number>, i: number): number {
  const { width, guideX, guideY, targetX, targetY } = problem;
  let largest = 0;
  const edge = (from: number, to: number, axis: number): void => {
    const slope = 0.5 * (x[3 * from + axis]! + x[3 * to + axis]!);
    const target = (axis === 1 ? targetX : targetY)?.[from] ?? 0;
    const r = Math.abs(x[3 * to]! - x[3 * from]! - slope - target);
    if (r > largest) largest = r;
  };
  if (guideX[i]! > 0) edge(i, i + 1, 1);
  if (guideY[i]! > 0) edge(i, i + width, 2);
  if (i % width > 0 && guideX[i - 1]! > 0) edge(i - 1, i, 1);
  if (i >= width && guideY[i - width]! > 0) edge(i - width, i, 2);
  return largest;
}

/** Of every free pixel, the largest distance to known pixels within its 4-connected hole. */
function deepestOfHole(problem: Integration): Float32Array {
  const { width, role, distancePx } = problem;
  const n = role.length;
  const deepest = new Float32Array(n);
  const seen = new Uint8Array(n);
  const hole = new Int32Array(n);
  for (let start = 0; start < n; start++) {
    if (role[start] !== FREE || seen[start] !== 0) continue;
    let size = 0;
    let largest = 0;
    hole[size++] = start;
    seen[start] = 1;
    for (let k = 0; k < size; k++) {
      const i = hole[k]!;
      if (distancePx[i]! > largest) largest = distancePx[i]!;
      const x = i % width;
      for (const j of [
        x > 0 ? i - 1 : -1,
        x < width - 1 ? i + 1 : -1,
        i - width,
        i + width < n ? i + width : -1,
      ]) {
        if (j < 0 || role[j] !== FREE || seen[j] !== 0) continue;
        seen[j] = 1;
        hole[size++] = j;
      }
    }
    for (let k = 0; k < size; k++) deepest[hole[k]!] = largest;
  }
  return deepest;
}
