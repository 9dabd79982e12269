/** How a surface looks where light falls on it: a smooth fit through the brighter part of what is around the object. */
import { quantile } from '../../core/quantile.ts';
import { solveLinear } from '../../core/solve-linear.ts';
import type { PlanePicture } from './plane-picture.ts';

const TERMS = 6;
const ROUNDS = 15;
/** Log colour at which a cell counts half. */
const SPREAD = 0.06;
/** What a cell counts for that is darker than the fit. */
const DARKER = 0.25;
const MIN_CELLS = 60;

/**
 * A quadratic in the plane's coordinates a channel, by least squares re-weighted so that outliers, and what is darker more than
 * what is brighter, count little.
 * @param outside how far each cell lies outside the object's hull; cells within take no part
 * @returns 3 a cell, natural logs; undefined where too little is known
 */
export function litLook(
  { side, weight }: PlanePicture,
  look: Float32Array,
  outside: Float32Array,
): Float32Array | undefined {
  const used: number[] = [];
  for (let i = 0; i < weight.length; i++) if (weight[i]! > 0 && outside[i]! > 0) used.push(i);
  if (used.length < MIN_CELLS) return undefined;
  const shapes = used.map((i) => terms(i, side));
  const counts = new Float64Array(used.length);
  const meanLook = (i: number) => (look[3 * i]! + look[3 * i + 1]! + look[3 * i + 2]!) / 3;
  // The first guess: brighter than most, everywhere.
  const start = quantile(used.map(meanLook), 0.7);
  let fits: readonly number[][] = [0, 1, 2].map(() => [start, 0, 0, 0, 0, 0]);
  for (let round = 0; round < ROUNDS; round++) {
    for (const [k, i] of used.entries()) {
      const fitted = fits.reduce((sum, fit) => sum + heightOf(fit, shapes[k]!) / 3, 0);
      const r = meanLook(i) - fitted;
      counts[k] = (r < 0 ? DARKER : 1) / (1 + (r / SPREAD) ** 2);
    }
    const found = fitWeighted(used, shapes, counts, look);
    if (found === undefined) return undefined;
    fits = found;
  }
  const out = new Float32Array(look.length);
  for (let i = 0; i < weight.length; i++) {
    const shape = terms(i, side);
    for (let c = 0; c < 3; c++) out[3 * i + c] = heightOf(fits[c]!, shape);
  }
  return out;
}

function terms(i: number, side: number): number[] {
  const x = (2 * (i % side)) / side - 1;
  const y = (2 * Math.floor(i / side)) / side - 1;
  return [1, x, y, x * x, x * y, y * y];
}

const heightOf = (fit: readonly number[], shape: readonly number[]): number =>
  fit.reduce((sum, f, j) => sum + f * shape[j]!, 0);

/** Weighted least squares for the three channels, with a little damping of all but the constant; undefined where they do not say. */
function fitWeighted(
  used: readonly number[],
  shapes: readonly number[][],
  counts: Float64Array,
  look: Float32Array,
): number[][] | undefined {
  const normal = Array.from({ length: TERMS }, () => new Array<number>(TERMS).fill(0));
  const sides = Array.from({ length: 3 }, () => new Array<number>(TERMS).fill(0));
  for (const [k, i] of used.entries()) {
    const t = shapes[k]!;
    for (let a = 0; a < TERMS; a++) {
      const weighed = counts[k]! * t[a]!;
      for (let b = 0; b < TERMS; b++) normal[a]![b]! += weighed * t[b]!;
      for (let c = 0; c < 3; c++) sides[c]![a]! += weighed * look[3 * i + c]!;
    }
  }
  const damping = 1e-3 * normal[0]![0]!;
  for (let a = 1; a < TERMS; a++) normal[a]![a]! += damping;
  const fits: number[][] = [];
  for (const side of sides) {
    const fit = solveLinear(
      normal.map((row) => [...row]),
      side,
    );
    if (fit === undefined) return undefined;
    fits.push(fit);
  }
  return fits;
}
