/** Levenberg and Marquardt's least squares for a few unknowns, with robust weights. */
import type { Rest } from '../../core/progress.ts';
import { solveLinear } from '../../core/solve-linear.ts';

/** Residuals beyond this many times one weigh less, as their size (Huber). */
const HUBER = 1.5;
const ROUNDS = 30;
const STEP = 1e-4;
const ENOUGH = 1e-4;

function huber(residuals: Float64Array): number {
  let sum = 0;
  for (const r of residuals) {
    const a = Math.abs(r);
    sum += a <= HUBER ? r * r : HUBER * (2 * a - HUBER);
  }
  return Number.isFinite(sum) ? sum : Infinity;
}

/** Root of the mean (robust) square. */
export const huberRms = (residuals: Float64Array): number =>
  Math.sqrt(huber(residuals) / residuals.length);

/**
 * @param residualsOf of unknowns that are all of about size one, as many each time
 * @returns the unknowns, and the root of the mean (robust) square of what is left
 */
export async function leastSquares(
  residualsOf: (x: readonly number[]) => Float64Array,
  start: readonly number[],
  rest: Rest,
  rounds = ROUNDS,
): Promise<{ x: number[]; rms: number }> {
  let x = [...start];
  let r = residualsOf(x);
  let cost = huber(r);
  let damping = 1e-2;
  for (let round = 0; round < rounds && Number.isFinite(cost); round++) {
    await rest();
    const columns = x.map((v, k) => {
      const moved = residualsOf(x.map((w, j) => (j === k ? v + STEP : w)));
      return moved.map((m, i) => (m - r[i]!) / STEP);
    });
    const weights = r.map((v) => 1 / Math.max(1, Math.abs(v) / HUBER));
    const inner = (a: Float64Array, b: Float64Array) => {
      let sum = 0;
      for (let i = 0; i < a.length; i++) sum += weights[i]! * a[i]! * b[i]!;
      return sum;
    };
    const normal = columns.map((a) => columns.map((b) => inner(a, b)));
    const down = columns.map((a) => -inner(a, r));
    let better = false;
    for (let tries = 0; tries < 6 && !better; tries++) {
      const damped = normal.map((row, k) =>
        row.map((v, j) => (j === k ? v * (1 + damping) + 1e-9 : v)),
      );
      const step = solveLinear(damped, [...down]);
      const moved = step && x.map((v, k) => v + step[k]!);
      const next = moved && residualsOf(moved);
      const left = next === undefined ? Infinity : huber(next);
      if (left < cost) {
        better = cost - left > ENOUGH * cost;
        [x, r, cost] = [moved!, next!, left];
        damping = Math.max(1e-6, damping / 5);
        break;
      }
      damping *= 6;
    }
    if (!better) break;
  }
  return { x, rms: Math.sqrt(cost / r.length) };
}
