import type { DepthProblem } from '../../core/kernels.ts';

/**
 * Harmonic fill of inverse depth, the baseline: Σ g (ρ_j − ρ_i)² with ρ fixed on known pixels, g = exp(−Σ|Δrgb| /
 * edgeScale) with an image and 1 without. Conjugate gradients with a diagonal preconditioner, to 1e-7.
 */
export function harmonicDepth(problem: DepthProblem, edgeScale: number): Float32Array {
  const { width, height, data } = problem.depth;
  const n = width * height;
  const takes = (i: number) =>
    problem.known.data[i] !== 0 || problem.wanted === undefined || problem.wanted.data[i] !== 0;
  const right = new Float64Array(n);
  const down = new Float64Array(n);
  const rgb = problem.rgb?.data;
  const weight = (i: number, j: number): number => {
    if (!takes(i) || !takes(j)) return 0;
    if (rgb === undefined) return 1;
    let step = 0;
    for (let c = 0; c < 3; c++) step += Math.abs(rgb[3 * i + c]! - rgb[3 * j + c]!);
    return Math.max(1e-4, Math.exp(-step / edgeScale));
  };
  for (let i = 0; i < n; i++) {
    if (i % width < width - 1) right[i] = weight(i, i + 1);
    if (i < n - width) down[i] = weight(i, i + width);
  }
  const free = (i: number) => problem.known.data[i] === 0 && takes(i);
  const isFree = Uint8Array.from({ length: n }, (_, i) => (free(i) ? 1 : 0));
  const diagonal = new Float64Array(n).fill(1e-12);
  for (let i = 0; i < n; i++) {
    diagonal[i]! += right[i]! + down[i]!;
    if (right[i]! > 0) diagonal[i + 1]! += right[i]!;
    if (down[i]! > 0) diagonal[i + width]! += down[i]!;
  }
  const apply = (x: Float64Array, out: Float64Array): void => {
    out.fill(0);
    for (let i = 0; i < n; i++) {
      const a = right[i]! > 0 ? right[i]! * (x[i]! - x[i + 1]!) : 0;
      const b = down[i]! > 0 ? down[i]! * (x[i]! - x[i + width]!) : 0;
      out[i]! += a + b;
      if (a !== 0) out[i + 1]! -= a;
      if (b !== 0) out[i + width]! -= b;
    }
    for (let i = 0; i < n; i++) if (isFree[i] === 0) out[i] = 0;
  };
  const x = new Float64Array(n);
  let mean = 0;
  let count = 0;
  for (let i = 0; i < n; i++) {
    if (problem.known.data[i] === 0) continue;
    x[i] = 1 / data[i]!;
    mean += x[i]!;
    count++;
  }
  for (let i = 0; i < n; i++) if (isFree[i] !== 0) x[i] = mean / count;
  const r = new Float64Array(n);
  const p = new Float64Array(n);
  const ap = new Float64Array(n);
  apply(x, r);
  let rz = 0;
  for (let i = 0; i < n; i++) {
    r[i] = -r[i]!;
    p[i] = r[i]! / diagonal[i]!;
    rz += r[i]! * p[i]!;
  }
  const goal = 1e-14 * rz;
  for (let step = 0; step < 5000 && rz > goal; step++) {
    apply(p, ap);
    let energy = 0;
    for (let i = 0; i < n; i++) energy += p[i]! * ap[i]!;
    const length = rz / energy;
    let next = 0;
    for (let i = 0; i < n; i++) {
      x[i]! += length * p[i]!;
      r[i]! -= length * ap[i]!;
      next += (r[i]! * r[i]!) / diagonal[i]!;
    }
    for (let i = 0; i < n; i++) p[i] = r[i]! / diagonal[i]! + (next / rz) * p[i]!;
    rz = next;
  }
  return Float32Array.from(x, (v) => 1 / v);
}
