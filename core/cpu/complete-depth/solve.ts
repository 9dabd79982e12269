import { breathe, throwIfCancelled } from '../../progress.ts';
import { createPreconditioner, type Preconditioner } from './cycle.ts';
import { createHierarchy } from './hierarchy.ts';
import { addTargets, apply, createQuadratic, type Quadratic, reweight } from './operator.ts';
import type { Integration } from './prepare.ts';

/**
 * A solve ends when the residual, measured through the preconditioner (about the error's energy), has fallen by this
 * factor, or to this share of what the first solve began with: below it there is nothing left to do.
 */
export interface Tolerance {
  between: number;
  last: number;
  floor: number;
}
/**
 * 99 % of the free pixels come within 4e-4 of the converged answer (three real frames and a generated corner).
 * 1e-2, 1e-3, 1e-4 takes half as many steps and changes AbsRel by 0.01 points at most, but one pixel in a hundred is
 * then 3e-3 off, and two machines no longer agree to 1e-3.
 */
export const TOLERANCE: Tolerance = { between: 1e-3, last: 1e-4, floor: 1e-6 };
export const MAX_STEPS = 200;
/** Work between two breaths, in which a cancel is heard. */
const BREATH_MS = 50;

export interface Solution {
  /** u, w_x, w_y a pixel. */
  x: Float64Array;
  /** Conjugate-gradient steps of each solve. */
  steps: number[];
  /** The last solve's coefficients, for its residuals. */
  quadratic: Quadratic;
}

/** Minimises the energy of `problem` by iteratively re-weighted least squares. */
export async function integrate(
  problem: Integration,
  signal?: AbortSignal,
  tolerance: Tolerance = TOLERANCE,
  onRound: (fraction: number) => void = () => {},
): Promise<Solution> {
  const n = problem.width * problem.height;
  const x = new Float64Array(3 * n);
  for (let i = 0; i < n; i++) x[3 * i] = problem.u[i]!;
  const quadratic = createQuadratic(problem);
  const scratch = {
    r: new Float64Array(3 * n),
    z: new Float64Array(3 * n),
    p: new Float64Array(3 * n),
    ap: new Float64Array(3 * n),
  };
  const steps: number[] = [];
  let reference = 0;
  let breathed = performance.now();
  const pace = async (): Promise<void> => {
    if (performance.now() - breathed > BREATH_MS) {
      await breathe();
      breathed = performance.now();
    }
    throwIfCancelled(signal);
  };
  for (let round = 0; round <= problem.reweightings; round++) {
    await pace();
    reweight(quadratic, problem, round === 0 ? undefined : x);
    const precondition = createPreconditioner(quadratic, createHierarchy(quadratic));
    const last = round === problem.reweightings;
    apply(quadratic, x, scratch.r);
    for (let i = 0; i < 3 * n; i++) scratch.r[i] = -scratch.r[i]!;
    const { targetX, targetY } = problem;
    if (targetX && targetY) addTargets(quadratic, targetX, targetY, scratch.r);
    const done = await conjugateGradients(
      quadratic,
      precondition,
      x,
      scratch,
      last ? tolerance.last : tolerance.between,
      tolerance.floor * reference,
      pace,
    );
    reference = Math.max(reference, done.reference);
    steps.push(done.steps);
    onRound((round + 1) / (problem.reweightings + 1));
  }
  return { x, steps, quadratic };
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}

/** Solves A x = b for the values that are not fixed, scratch.r = b − A x to begin with; flexible, which mends rounding. */
async function conjugateGradients(
  quadratic: Quadratic,
  precondition: Preconditioner,
  x: Float64Array,
  scratch: Record<'r' | 'z' | 'p' | 'ap', Float64Array>,
  tolerance: number,
  floor: number,
  pace: () => Promise<void>,
): Promise<{ steps: number; reference: number }> {
  const { r, z, p, ap } = scratch;
  const m = x.length;
  precondition(r, z);
  p.set(z);
  let rz = dot(r, z);
  const start = Math.sqrt(Math.max(0, rz));
  const goal = Math.max(tolerance * start, floor);
  let steps = 0;
  while (steps < MAX_STEPS && Math.sqrt(Math.max(0, rz)) > goal) {
    await pace();
    apply(quadratic, p, ap);
    const energy = dot(p, ap);
    if (!(energy > 0)) break;
    const length = rz / energy;
    for (let i = 0; i < m; i++) {
      x[i]! += length * p[i]!;
      r[i]! -= length * ap[i]!;
    }
    precondition(r, z);
    // Polak–Ribière: z·(r − r_before) = −length · z·ap.
    const beta = (-length * dot(z, ap)) / rz;
    rz = dot(z, r);
    for (let i = 0; i < m; i++) p[i] = z[i]! + beta * p[i]!;
    steps++;
  }
  return { steps, reference: start };
}
