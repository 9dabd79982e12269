/** How a surface looks where light falls on it: a smooth fit through the brighter part of what is around the object. */
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
  const terms = (i: number): number[] => {
    const x = (2 * (i % side)) / side - 1;
    const y = (2 * Math.floor(i / side)) / side - 1;
    return [1, x, y, x * x, x * y, y * y];
  };
  const counts = new Float64Array(used.length).fill(1);
  const fits: number[][] = [[], [], []];
  const meanLook = (i: number) => (look[3 * i]! + look[3 * i + 1]! + look[3 * i + 2]!) / 3;
  // The first guess: the upper quartile, everywhere.
  const sorted = used.map(meanLook).sort((a, b) => a - b);
  const start = sorted[Math.floor(0.7 * (sorted.length - 1))]!;
  let fitted = (_: number) => start;
  for (let round = 0; round < ROUNDS; round++) {
    for (const [k, i] of used.entries()) {
      const r = meanLook(i) - fitted(i);
      counts[k] = (r < 0 ? DARKER : 1) / (1 + (r / SPREAD) ** 2);
    }
    for (let c = 0; c < 3; c++) {
      const found = solveWeighted(used, counts, terms, (i) => look[3 * i + c]!);
      if (found === undefined) return undefined;
      fits[c] = found;
    }
    fitted = (i) => {
      const t = terms(i);
      let sum = 0;
      for (const fit of fits) for (let j = 0; j < TERMS; j++) sum += fit[j]! * t[j]!;
      return sum / 3;
    };
  }
  const out = new Float32Array(look.length);
  for (let i = 0; i < weight.length; i++) {
    const t = terms(i);
    for (let c = 0; c < 3; c++) {
      let sum = 0;
      for (let j = 0; j < TERMS; j++) sum += fits[c]![j]! * t[j]!;
      out[3 * i + c] = sum;
    }
  }
  return out;
}

/** Normal equations with a little damping of all but the constant, by Gaussian elimination with pivots. */
function solveWeighted(
  rows: readonly number[],
  counts: Float64Array,
  terms: (i: number) => number[],
  value: (i: number) => number,
): number[] | undefined {
  const m = Array.from({ length: TERMS }, () => new Float64Array(TERMS + 1));
  for (const [k, i] of rows.entries()) {
    const t = terms(i);
    const v = value(i);
    for (let a = 0; a < TERMS; a++) {
      for (let b = 0; b < TERMS; b++) m[a]![b]! += counts[k]! * t[a]! * t[b]!;
      m[a]![TERMS]! += counts[k]! * t[a]! * v;
    }
  }
  const damping = 1e-3 * m[0]![0]!;
  for (let a = 1; a < TERMS; a++) m[a]![a]! += damping;
  for (let a = 0; a < TERMS; a++) {
    let pivot = a;
    for (let b = a + 1; b < TERMS; b++)
      if (Math.abs(m[b]![a]!) > Math.abs(m[pivot]![a]!)) pivot = b;
    [m[a], m[pivot]] = [m[pivot]!, m[a]!];
    if (!(Math.abs(m[a]![a]!) > 1e-12)) return undefined;
    for (let b = 0; b < TERMS; b++) {
      if (b === a) continue;
      const f = m[b]![a]! / m[a]![a]!;
      for (let c = a; c <= TERMS; c++) m[b]![c]! -= f * m[a]![c]!;
    }
  }
  return m.map((row, a) => row[TERMS]! / row[a]!);
}
