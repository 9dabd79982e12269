/** Relief: what a prior depth of the edited picture says about the change's shape, standing out of the scene's surface. */
import { medianInverseDepth } from '../../core/cpu/complete-depth/field.ts';
import { distanceTo } from '../../core/distance.ts';
import { createMask, createScalarImage, type Mask, type ScalarImage } from '../../core/image.ts';
import type { DepthCompleter, DepthField } from '../../core/kernels.ts';
import { dilate } from '../../core/morphology.ts';
import { solved } from './align.ts';

/** Depth is taken from this far around the change, of its size. */
const AROUND = 0.6;
/** What lies farther off than the change is large counts this much less for the prior's scale. */
const FAR_WEIGHT = 0.1;
const MOST_SAMPLES = 20_000;
const ROUNDS = 8;
/** It stands out by no more than this share of the depth. */
const MOST = 0.3;

/** The prior's scale: inverse depth ≈ scale · prior + shift around the change, re-weighted; undefined where they do not go together. */
function scaleOf(base: ScalarImage, mask: Mask, prior: ScalarImage): number | undefined {
  const away = distanceTo(mask);
  const size = Math.sqrt(mask.data.reduce((n, v) => n + v, 0));
  const step = Math.max(1, Math.floor(base.data.length / MOST_SAMPLES));
  const rows: { p: number; u: number; w: number }[] = [];
  for (let i = 0; i < base.data.length; i += step) {
    const [z, p] = [base.data[i]!, prior.data[i]!];
    if (mask.data[i] !== 0 || !(z > 0) || !Number.isFinite(p)) continue;
    rows.push({ p, u: 1 / z, w: away.data[i]! <= size ? 1 : FAR_WEIGHT });
  }
  if (rows.length < 32) return undefined;
  const u0 = rows.map(({ u }) => u).sort((a, b) => a - b)[rows.length >> 1]!;
  const p0 = rows.reduce((s, { p }) => s + p, 0) / rows.length;
  const spread = Math.sqrt(rows.reduce((s, { p }) => s + (p - p0) ** 2, 0) / rows.length);
  if (!(spread > 0)) return undefined;
  let [scale, shift] = [0, 0];
  let noise = Infinity;
  for (let round = 0; round < ROUNDS; round++) {
    const [a, b] = [
      [
        [0, 0],
        [0, 0],
      ],
      [0, 0],
    ];
    const off: number[] = [];
    for (const { p, u, w } of rows) {
      const x = (p - p0) / spread;
      const e = u / u0 - scale * x - shift;
      off.push(Math.abs(e));
      const k = w / (1 + (e / noise) ** 2);
      a[0]![0]! += k * x * x;
      a[0]![1]! += k * x;
      a[1]![0]! += k * x;
      a[1]![1]! += k;
      b[0]! += (k * x * u) / u0;
      b[1]! += (k * u) / u0;
    }
    const found = solved(a, b);
    if (found === undefined) return undefined;
    [scale, shift] = found as [number, number];
    off.sort((p, q) => p - q);
    if (round > 0) noise = Math.max(1e-6, 2 * off[off.length >> 1]!);
    else noise = 1;
  }
  const result = (scale * u0) / spread;
  return result > 0 ? result : undefined;
}

/** The prior's steps under the change and across its outline, in the completer's measure; no opinion elsewhere. */
function fieldOf(mask: Mask, prior: ScalarImage, scale: number, medianInverse: number): DepthField {
  const { width, height } = mask;
  const steps = (step: number, ends: (i: number) => boolean) => {
    const out = new Float32Array(width * height).fill(Number.NaN);
    for (let i = 0; i < out.length; i++) {
      if (ends(i) || (mask.data[i] === 0 && mask.data[i + step] === 0)) continue;
      out[i] = (scale * (prior.data[i + step]! - prior.data[i]!)) / medianInverse;
    }
    return out;
  };
  return {
    width,
    height,
    qX: steps(1, (i) => i % width === width - 1),
    qY: steps(width, (i) => i + width >= width * height),
  };
}

/**
 * Completes the depth under the change twice from what lies around it, once with the steps of the prior, scaled as the depth around asks.
 * Their ratio is the relief; the scene's own depth is multiplied by it, and nothing sinks behind it. (The completer's own `prior` hears
 * only what planes leave unexplained around the hole: on a wall that is nothing.)
 * @param base the scene's depth, known under the change
 * @param prior inverse depth of any scale and shift
 * @returns undefined where the prior and the depth around do not go together
 */
export async function reliefDepth(
  base: ScalarImage,
  mask: Mask,
  prior: ScalarImage,
  completer: DepthCompleter,
  signal?: AbortSignal,
): Promise<ScalarImage | undefined> {
  const scale = scaleOf(base, mask, prior);
  if (scale === undefined) return undefined;
  const { width, height } = base;
  const known = createMask(width, height);
  const pixels = mask.data.reduce((n, v) => n + v, 0);
  const near = dilate(mask, Math.max(8, AROUND * Math.sqrt(pixels)));
  for (let i = 0; i < known.data.length; i++) {
    if (mask.data[i] === 0 && near.data[i] !== 0 && base.data[i]! > 0) known.data[i] = 1;
  }
  const problem = { depth: base, known, wanted: mask };
  const medianInverse = medianInverseDepth(problem);
  const plain = await completer.complete(problem, undefined, signal);
  const field = fieldOf(mask, prior, scale, medianInverse);
  const told = await completer.complete({ ...problem, field }, undefined, signal);
  const out = createScalarImage(width, height);
  for (let i = 0; i < out.data.length; i++) {
    const z = base.data[i]!;
    if (mask.data[i] === 0 || !(z > 0)) continue;
    const ratio = told.depth.data[i]! / plain.depth.data[i]!;
    out.data[i] = z * (Number.isFinite(ratio) ? Math.min(1, Math.max(1 - MOST, ratio)) : 1);
  }
  return out;
}

/** How far it stands out, of its own width: of the ninth tenth of its pixels. */
export function reliefShare(
  base: ScalarImage,
  relief: ScalarImage,
  mask: Mask,
  focalPx: number,
): number {
  const out: number[] = [];
  for (let i = 0; i < mask.data.length; i++) {
    if (mask.data[i] === 0 || !(relief.data[i]! > 0)) continue;
    out.push(1 - relief.data[i]! / base.data[i]!);
  }
  if (out.length === 0) return 0;
  out.sort((a, b) => a - b);
  // A pixel is 1 / focal of its depth wide.
  return (out[Math.floor(0.9 * (out.length - 1))]! * focalPx) / Math.sqrt(out.length);
}
