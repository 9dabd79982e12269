/** Generated depth problems for the completion tests. */
import { medianInverseDepth } from '../../core/cpu/complete-depth/field.ts';
import type { DepthField, DepthProblem } from '../../core/kernels.ts';
import { createRandom } from '../../core/random.ts';

export interface GeneratedProblem {
  problem: DepthProblem & { rgb: NonNullable<DepthProblem['rgb']> };
  truth: Float32Array;
}

/**
 * @param inverseDepth of pixel (x, y), world units⁻¹
 * @param colour grey of pixel (x, y), 0..1
 * @param hidden whether the pixel's depth is unknown
 */
export function generateProblem(
  width: number,
  height: number,
  inverseDepth: (x: number, y: number) => number,
  hidden: (x: number, y: number) => boolean,
  colour: (x: number, y: number) => number = () => 0.5,
): GeneratedProblem {
  const truth = new Float32Array(width * height);
  const depth = { width, height, data: new Float32Array(width * height) };
  const known = { width, height, data: new Uint8Array(width * height) };
  const rgb = { width, height, data: new Float32Array(3 * width * height) };
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const i = y * width + x;
      truth[i] = 1 / inverseDepth(x, y);
      rgb.data.fill(colour(x, y), 3 * i, 3 * i + 3);
      if (hidden(x, y)) continue;
      known.data[i] = 1;
      depth.data[i] = truth[i]!;
    }
  }
  return { problem: { depth, known, rgb }, truth };
}

/** Two wavy surfaces that meet at a slanted, noisy image edge: what a real hole asks of the solver. */
export function generateScene(
  width: number,
  height: number,
  hidden: (x: number, y: number) => boolean,
  seed: number,
): GeneratedProblem {
  const random = createRandom(seed);
  const noise = Float32Array.from({ length: 2 * width * height }, () => random() - 0.5);
  const left = (x: number, y: number) => x < width / 2 + 0.1 * y;
  return generateProblem(
    width,
    height,
    (x, y) =>
      (left(x, y)
        ? 0.5 + (0.3 * x) / width + (0.2 * y) / height
        : 0.9 - (0.1 * x) / width + (0.1 * y) / height) *
      (1 + 0.01 * Math.sin(x / 5) * Math.cos(y / 7) + 0.004 * noise[y * width + x]!),
    hidden,
    (x, y) => (left(x, y) ? 0.3 : 0.6) + 0.05 * noise[width * height + y * width + x]!,
  );
}

export interface Difference {
  median: number;
  p99: number;
  max: number;
}

/** Relative difference of two depths over the pixels where `where` is 0 (the filled ones). */
export function relativeDifference(
  a: Float32Array,
  b: Float32Array,
  where: Uint8Array,
): Difference {
  const all: number[] = [];
  for (let i = 0; i < a.length; i++) {
    if (where[i] === 0) all.push(Math.abs(a[i]! - b[i]!) / Math.abs(b[i]!));
  }
  const sorted = Float64Array.from(all).sort();
  const at = (share: number) =>
    sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0;
  return { median: at(0.5), p99: at(0.99), max: at(1) };
}

/** A filled square of half side `radius` around (cx, cy). */
export const square =
  (cx: number, cy: number, radius: number) =>
  (x: number, y: number): boolean =>
    Math.max(Math.abs(x - cx), Math.abs(y - cy)) <= radius;

/** The true steps of inverse depth, as a field. */
export function exactField({ problem, truth }: GeneratedProblem): DepthField {
  const { width, height } = problem.depth;
  const unit = medianInverseDepth(problem);
  const step = (i: number, j: number) => (1 / truth[j]! - 1 / truth[i]!) / unit;
  const qX = new Float32Array(width * height).fill(Number.NaN);
  const qY = new Float32Array(width * height).fill(Number.NaN);
  for (let i = 0; i < width * height; i++) {
    if (i % width < width - 1) qX[i] = step(i, i + 1);
    if (i < width * (height - 1)) qY[i] = step(i, i + width);
  }
  return { width, height, qX, qY };
}
