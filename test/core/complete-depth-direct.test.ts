/**
 * The iterative solver against a dense Cholesky solve of the same energy, written term by term from its definition
 * (core/cpu/complete-depth/prepare.ts) and not from the solver's operator. Seeds 4, 5.
 */
import { describe, expect, it } from 'vitest';
import { classify, FREE, KNOWN, OUT } from '../../core/cpu/complete-depth/classify.ts';
import { completionOptions } from '../../core/cpu/complete-depth/options.ts';
import { type Integration, prepare } from '../../core/cpu/complete-depth/prepare.ts';
import { integrate } from '../../core/cpu/complete-depth/solve.ts';
import type { DepthCompletionOptions, DepthProblem } from '../../core/kernels.ts';
import { exactField, generateScene, square } from '../support/depth-problems.ts';

/** A linear form of the state and the terms that share its robust norm. */
interface Term {
  weight: number;
  epsilon: number;
  /** The first round, without a state, weighs it as it stands. */
  bend?: true;
  forms: [index: number, factor: number][][];
  /** What the first form should be; default 0. */
  target?: number;
}

function energyTerms(p: Integration): Term[] {
  const terms: Term[] = [];
  for (let i = 0; i < p.role.length; i++) {
    if (p.role[i] === OUT) continue;
    terms.push({
      weight: p.lean[i]!,
      epsilon: p.doubt[i]!,
      forms: [[[3 * i + 1, 1]], [[3 * i + 2, 1]]],
    });
    for (const axis of [0, 1]) {
      const g = axis === 0 ? p.guideX[i]! : p.guideY[i]!;
      if (g === 0) continue;
      const j = axis === 0 ? i + 1 : i + p.width;
      const slope = 1 + axis;
      terms.push({
        weight: g,
        epsilon: Math.max(p.doubt[i]!, p.doubt[j]!),
        target: (axis === 0 ? p.targetX : p.targetY)?.[i] ?? 0,
        forms: [
          [
            [3 * j, 1],
            [3 * i, -1],
            [3 * i + slope, -0.5],
            [3 * j + slope, -0.5],
          ],
        ],
      });
      terms.push({
        weight: p.alpha * g,
        // A bend's norm turns robust at half a step's.
        epsilon: p.epsilon / 2,
        bend: true,
        forms: [1, 2].map((k) => [
          [3 * j + k, 1],
          [3 * i + k, -1],
        ]),
      });
    }
  }
  return terms;
}

/** Solves A y = b by Cholesky, in place. */
function cholesky(a: Float64Array[], b: Float64Array): void {
  const n = b.length;
  for (let i = 0; i < n; i++) {
    const row = a[i]!;
    for (let j = 0; j <= i; j++) {
      const other = a[j]!;
      let sum = row[j]!;
      for (let k = 0; k < j; k++) sum -= row[k]! * other[k]!;
      row[j] = i === j ? Math.sqrt(sum) : sum / other[j]!;
    }
  }
  for (let i = 0; i < n; i++) {
    for (let k = 0; k < i; k++) b[i]! -= a[i]![k]! * b[k]!;
    b[i]! /= a[i]![i]!;
  }
  for (let i = n - 1; i >= 0; i--) {
    for (let k = i + 1; k < n; k++) b[i]! -= a[k]![i]! * b[k]!;
    b[i]! /= a[i]![i]!;
  }
}

function solveDirectly(p: Integration): Float64Array {
  const state = new Float64Array(3 * p.role.length);
  for (let i = 0; i < p.role.length; i++) state[3 * i] = p.u[i]!;
  const unknown = new Int32Array(state.length).fill(-1);
  const list: number[] = [];
  for (let i = 0; i < p.role.length; i++) {
    if (p.role[i] === OUT) continue;
    for (let k = p.role[i] === FREE ? 0 : 1; k < 3; k++) {
      unknown[3 * i + k] = list.length;
      list.push(3 * i + k);
    }
  }
  const terms = energyTerms(p);
  for (let round = 0; round <= p.reweightings; round++) {
    // The tie keeps slopes that nothing determines at 0, as the solver's does.
    const a = list.map((_, i) => {
      const row = new Float64Array(list.length);
      if (list[i]! % 3 !== 0) row[i] = 1e-10;
      return row;
    });
    const b = new Float64Array(list.length);
    for (const { weight, epsilon, bend, forms, target = 0 } of terms) {
      const values = forms.map((form) => form.reduce((s, [k, f]) => s + f * state[k]!, -target));
      const square = values.reduce((s, v) => s + v * v, 0);
      const norm = Math.sqrt((round === 0 ? 0 : square) + epsilon ** 2);
      const robust = round === 0 && bend === true ? weight : (weight * p.epsilon) / norm;
      for (const form of forms) {
        for (const [k, f] of form) {
          const row = unknown[k]!;
          if (row < 0) continue;
          b[row]! += robust * f * target;
          for (const [l, g] of form) {
            if (unknown[l]! >= 0) a[row]![unknown[l]!]! += robust * f * g;
            else b[row]! -= robust * f * g * state[l]!;
          }
        }
      }
    }
    cholesky(a, b);
    list.forEach((k, i) => {
      state[k] = b[i]!;
    });
  }
  return state;
}

async function compare(problem: DepthProblem, options: DepthCompletionOptions): Promise<number> {
  const p = prepare(problem, classify(problem), completionOptions(options));
  const direct = solveDirectly(p);
  const { x } = await integrate(p);
  let largest = 0;
  for (let i = 0; i < p.role.length; i++) {
    if (p.role[i] === KNOWN) expect(x[3 * i]).toBe(p.u[i]);
    if (p.role[i] === FREE) {
      largest = Math.max(largest, Math.abs(x[3 * i]! / direct[3 * i]! - 1));
    }
  }
  return largest;
}

describe('against a direct solve, with the solver as it ships', () => {
  // The solver stops at 1e-2 to 1e-3 of each round's start; 1e-4 of depth is far below the method's own error.
  it('agrees to 1e-4 on an enclosed hole over a slanted edge, with and without re-weighting', async () => {
    const { problem } = generateScene(17, 15, square(8, 7, 3), 4);
    expect(await compare(problem, { reweightings: 0 })).toBeLessThan(1e-4);
    expect(await compare(problem, {})).toBeLessThan(1e-4);
    expect(await compare(problem, { alpha: 2 })).toBeLessThan(1e-4);
  });

  it('agrees to 1e-4 with a field of steps that contradict each other', async () => {
    const made = generateScene(17, 15, square(8, 7, 3), 4);
    const field = exactField(made);
    // Turned over in part: no surface has these steps.
    for (let i = 0; i < field.qX.length; i++) if (i % 3 === 0) field.qX[i]! *= -2;
    expect(await compare({ ...made.problem, field }, { reweightings: 0 })).toBeLessThan(1e-4);
    expect(await compare({ ...made.problem, field }, {})).toBeLessThan(1e-4);
  });

  it('agrees to 1e-4 on a hole at the border with a part that takes no part', async () => {
    const { problem } = generateScene(17, 14, (x, y) => x > 9 && y > 3, 5);
    const wanted = { width: 17, height: 14, data: new Uint8Array(17 * 14) };
    for (let i = 0; i < wanted.data.length; i++) {
      wanted.data[i] = problem.known.data[i] === 0 && i % 17 < 14 ? 1 : 0;
    }
    expect(await compare({ ...problem, wanted }, {})).toBeLessThan(1e-4);
  });
});
