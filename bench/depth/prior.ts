/**
 * Prior depths for the benches, made from the frame's own truth and spoilt the way monocular networks err. What is
 * simulated from the truth says what the completer makes of a prior, not what a network would give it.
 */
import { nearestSet } from '../../core/cpu/complete-depth/nearest.ts';
import type { ScalarImage } from '../../core/image.ts';
import { createRandom } from '../../core/random.ts';
import type { Sample } from './compare.ts';

/** What each kind is, as the tables say it. */
export const PRIOR_KINDS = {
  affine: 'inverse depth (holes from the nearest), × a random scale + a random shift',
  blur: 'inverse depth moved by 1 to 2 px, blurred by σ 2 to 4 px, × a random scale + a random shift',
  warp: 'inverse depth moved by 1 to 2 px, with noise of 1 % of the range, blurred by σ 2 to 4 px, × a smooth warp of ± 10 to 20 %, × a random scale + a random shift',
  rough: 'as warp, and blotches of σ 4 px and 1 % of the range',
  inverted: 'as warp, but far for near: useless',
  constant: 'one number everywhere: useless',
  noise: 'blotches of σ 1.5 px alone: useless',
  other: 'as warp, but mirrored left to right, a scene that is not there: useless',
} as const;
export type PriorKind = keyof typeof PRIOR_KINDS;

export const isPriorKind = (name: string): name is PriorKind => Object.hasOwn(PRIOR_KINDS, name);

/** Blurs by a Gaussian of `sigmaPx`, the border repeated. */
function blurred({ width, height, data }: ScalarImage, sigmaPx: number): ScalarImage {
  const radius = Math.ceil(3 * sigmaPx);
  const weights = Array.from({ length: 2 * radius + 1 }, (_, k) =>
    Math.exp(-((k - radius) ** 2) / (2 * sigmaPx ** 2)),
  );
  const sum = weights.reduce((a, b) => a + b, 0);
  const along = (from: Float32Array, step: number, place: (i: number) => number, size: number) =>
    from.map((_, i) => {
      const at = place(i);
      let v = 0;
      for (let k = -radius; k <= radius; k++) {
        const to = Math.min(size - 1, Math.max(0, at + k));
        v += weights[k + radius]! * from[i + (to - at) * step]!;
      }
      return v / sum;
    });
  const rows = along(data, 1, (i) => i % width, width);
  return { width, height, data: along(rows, width, (i) => Math.floor(i / width), height) };
}

/** The picture moved by (dx, dy) pixels, bilinear, the border repeated. */
function moved({ width, height, data }: ScalarImage, dx: number, dy: number): ScalarImage {
  const at = (x: number, y: number) =>
    data[Math.min(height - 1, Math.max(0, y)) * width + Math.min(width - 1, Math.max(0, x))]!;
  const out = data.map((_, i) => {
    const x = (i % width) - dx;
    const y = Math.floor(i / width) - dy;
    const [x0, y0] = [Math.floor(x), Math.floor(y)];
    const [fx, fy] = [x - x0, y - y0];
    const upper = at(x0, y0) * (1 - fx) + at(x0 + 1, y0) * fx;
    const lower = at(x0, y0 + 1) * (1 - fx) + at(x0 + 1, y0 + 1) * fx;
    return upper * (1 - fy) + lower * fy;
  });
  return { width, height, data: out };
}

/** White noise blurred to blotches, standard deviation 1. */
function blotches(
  width: number,
  height: number,
  sigmaPx: number,
  random: () => number,
): ScalarImage {
  const white = Float32Array.from({ length: width * height }, () => random() - 0.5);
  const image = blurred({ width, height, data: white }, sigmaPx);
  const deviation = Math.sqrt(image.data.reduce((s, v) => s + v * v, 0) / image.data.length);
  return { width, height, data: image.data.map((v) => v / deviation) };
}

/** Three waves as long as the picture's diagonal or so, within ± 1. */
function lowFrequency(width: number, height: number, random: () => number) {
  const diagonal = Math.hypot(width, height);
  const waves = Array.from({ length: 3 }, () => {
    const turn = 2 * Math.PI * random();
    const rate = (2 * Math.PI) / (diagonal * (0.6 + 0.9 * random()));
    return { x: rate * Math.cos(turn), y: rate * Math.sin(turn), phase: 2 * Math.PI * random() };
  });
  return (x: number, y: number) =>
    waves.reduce((sum, w) => sum + Math.cos(w.x * x + w.y * y + w.phase), 0) / waves.length;
}

/** @param depth metres along z, 0 = unknown; where nothing is known the prior is constant */
export function simulatePrior(
  kind: PriorKind,
  depth: ScalarImage,
  random: () => number,
): ScalarImage {
  const { width, height } = depth;
  const scale = 0.2 + 3 * random();
  const shift = 4 * (random() - 0.5);
  const affine = (image: ScalarImage) => ({
    ...image,
    data: image.data.map((v) => scale * v + shift),
  });
  if (kind === 'constant') return affine({ ...depth, data: depth.data.map(() => 1) });
  if (kind === 'noise') return affine(blotches(width, height, 1.5, random));
  const measured = Uint8Array.from(depth.data, (z) => (z > 0 ? 1 : 0));
  const { index } = nearestSet(measured, width, height);
  let image: ScalarImage = {
    width,
    height,
    data: Float32Array.from(index, (i) => (i < 0 ? 1 : 1 / depth.data[i]!)),
  };
  if (kind === 'affine') return affine(image);
  if (kind === 'other') {
    const mirrored = image.data.map(
      (_, i, all) => all[i - (i % width) + (width - 1 - (i % width))]!,
    );
    image = { width, height, data: mirrored };
  }
  const turn = 2 * Math.PI * random();
  const distance = 1 + random();
  image = moved(image, distance * Math.cos(turn), distance * Math.sin(turn));
  const sorted = image.data.slice().sort();
  const at = (share: number) => sorted[Math.floor(share * sorted.length)]!;
  const range = at(0.95) - at(0.05);
  if (kind !== 'blur') {
    // Uniform noise of this standard deviation.
    const width12 = 0.01 * range * Math.sqrt(12);
    image.data = image.data.map((v) => v + width12 * (random() - 0.5));
  }
  image = blurred(image, 2 + 2 * random());
  if (kind === 'blur') return affine(image);
  const strength = 0.1 + 0.1 * random();
  const warp = lowFrequency(width, height, random);
  const spots = kind === 'rough' ? blotches(width, height, 4, random).data : undefined;
  const sign = kind === 'inverted' ? -1 : 1;
  const data = image.data.map((v, i) => {
    const bent = v * (1 + strength * warp(i % width, Math.floor(i / width)));
    return sign * (bent + 0.01 * range * (spots?.[i] ?? 0));
  });
  return affine({ width, height, data });
}

/** The samples with a prior each, the same whenever it is called. Only the row that asks for it reads it. */
export async function* withPriors(
  samples: AsyncIterable<Sample>,
  kind: PriorKind,
  seed: number,
): AsyncGenerator<Sample> {
  const random = createRandom(seed + 7919);
  for await (const sample of samples) {
    const { width, height } = sample.problem.depth;
    const prior = simulatePrior(kind, { width, height, data: sample.truth }, random);
    yield { ...sample, problem: { ...sample.problem, prior } };
  }
}
