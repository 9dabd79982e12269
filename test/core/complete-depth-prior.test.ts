/**
 * Depth completion with a prior depth. The scene: a slanted, wavy ground with five things on it, of which two lie wholly
 * in the hole, under a picture that shows them and a pattern that has no depth. Priors are made from the truth as
 * bench/depth/prior.ts does, seeds 21 to 24.
 */
import { describe, expect, it } from 'vitest';
import { type PriorKind, simulatePrior } from '../../bench/depth/prior.ts';
import { completeDepthCpu } from '../../core/cpu/complete-depth/index.ts';
import type { ScalarImage } from '../../core/image.ts';
import type { DepthProblem } from '../../core/kernels.ts';
import { createRandom } from '../../core/random.ts';
import { generateProblem, square } from '../support/depth-problems.ts';

const width = 160;
const height = 120;

/** Which thing stands at a pixel; 0: none. */
function thingAt(x: number, y: number): number {
  if (Math.abs(x - 74) < 9 && Math.abs(y - 52) < 12) return 1;
  if (Math.hypot(x - 98, y - 70) < 9) return 2;
  if (Math.abs(x - 30) < 14 && Math.abs(y - 80) < 16) return 3;
  if (Math.hypot(x - 132, y - 28) < 15) return 4;
  if (Math.abs(x - 44) < 12 && Math.abs(y - 20) < 9) return 5;
  return 0;
}

const { problem, truth } = generateProblem(
  width,
  height,
  (x, y) =>
    0.4 +
    0.001 * x +
    0.002 * y +
    [0, 0.22, 0.3, 0.15, 0.25, 0.2][thingAt(x, y)]! +
    0.01 * Math.sin(x / 9),
  square(84, 60, 26),
  (x, y) =>
    [0.5, 0.3, 0.7, 0.35, 0.65, 0.3][thingAt(x, y)]! +
    (Math.floor(x / 11) + Math.floor(y / 7)) * 0.012,
);

const priorOf = (kind: PriorKind, seed: number): ScalarImage =>
  simulatePrior(kind, { width, height, data: truth }, createRandom(seed));

/** Mean relative error in the hole. */
function errorOf(depth: Float32Array): number {
  let sum = 0;
  let count = 0;
  for (let i = 0; i < truth.length; i++) {
    if (problem.known.data[i] !== 0) continue;
    sum += Math.abs(depth[i]! / truth[i]! - 1);
    count++;
  }
  return sum / count;
}

const errorWith = async (prior?: ScalarImage) =>
  errorOf((await completeDepthCpu(prior ? { ...problem, prior } : problem)).depth.data);

describe('a prior that is right', () => {
  it('but for scale and shift takes nine tenths of the error away: the hole’s things are not in the known depth', async () => {
    const without = await errorWith();
    expect(without).toBeGreaterThan(0.05);
    expect(await errorWith(priorOf('affine', 21))).toBeLessThan(0.1 * without);
  });

  it('but blurred and 1 to 2 px off leaves a third of the error at most; warped by 10 to 20 % and noisy too, six tenths', async () => {
    const without = await errorWith();
    for (const kind of ['blur', 'warp'] as const) {
      for (const seed of [21, 22, 23]) {
        const left = (await errorWith(priorOf(kind, seed))) / without;
        expect(left, `${kind} ${seed}`).toBeLessThan(kind === 'blur' ? 0.35 : 0.6);
      }
    }
  });

  it('in whatever scale and shift gives one answer', async () => {
    const prior = priorOf('warp', 21);
    const once = (await completeDepthCpu({ ...problem, prior })).depth.data;
    const other = { ...prior, data: prior.data.map((v) => 250 * v - 4000) };
    const { depth } = await completeDepthCpu({ ...problem, prior: other });
    // The prior's float32, at 4000 beside a range of hundreds.
    for (let i = 0; i < once.length; i++) {
      expect(Math.abs(depth.data[i]! / once[i]! - 1)).toBeLessThan(1e-3);
    }
  });

  it('keeps known depths bit for bit, and is free of the scene’s unit', async () => {
    const prior = priorOf('warp', 22);
    const once = (await completeDepthCpu({ ...problem, prior })).depth.data;
    const bits = new Uint32Array(once.buffer);
    const before = new Uint32Array(problem.depth.data.buffer);
    for (let i = 0; i < bits.length; i++) {
      if (problem.known.data[i] !== 0 && bits[i] !== before[i])
        throw new Error(`pixel ${i} changed`);
    }
    for (const scale of [0.01, 100]) {
      const depth = { ...problem.depth, data: problem.depth.data.map((z) => z * scale) };
      const scaled = (await completeDepthCpu({ ...problem, depth, prior })).depth.data;
      for (let i = 0; i < once.length; i++) {
        expect(Math.abs(scaled[i]! / scale / once[i]! - 1)).toBeLessThan(1e-5);
      }
    }
  });

  it('takes three tenths away from 1 % known points without a picture too', async () => {
    const random = createRandom(23);
    const sparse: DepthProblem = {
      ...problem,
      rgb: undefined as never,
      depth: { width, height, data: truth },
      known: { width, height, data: Uint8Array.from(truth, () => (random() < 0.01 ? 1 : 0)) },
    };
    const without = errorOf((await completeDepthCpu(sparse)).depth.data);
    const { depth } = await completeDepthCpu({ ...sparse, prior: priorOf('warp', 23) });
    expect(errorOf(depth.data)).toBeLessThan(0.7 * without);
  });

  it('may have holes: where it is no number it has no say', async () => {
    const prior = priorOf('affine', 24);
    for (let i = 0; i < prior.data.length; i++) {
      if (i % width > 84) prior.data[i] = i % 2 === 0 ? Number.NaN : Number.POSITIVE_INFINITY;
    }
    const { depth } = await completeDepthCpu({ ...problem, prior });
    const without = (await completeDepthCpu(problem)).depth.data;
    const at = (x: number, y: number) => y * width + x;
    // The left thing is there, the right one not.
    expect(Math.abs(depth.data[at(70, 52)]! / truth[at(70, 52)]! - 1)).toBeLessThan(0.03);
    expect(Math.abs(without[at(70, 52)]! / truth[at(70, 52)]! - 1)).toBeGreaterThan(0.1);
    expect(Math.abs(depth.data[at(98, 70)]! / truth[at(98, 70)]! - 1)).toBeGreaterThan(0.1);
    expect(depth.data.every((z) => z > 0)).toBe(true);
  });
});

describe('a prior that is useless', () => {
  it.each(['noise', 'constant', 'inverted', 'other'] as const)(
    'by being %s changes the error by a twentieth at most',
    async (kind) => {
      const without = await errorWith();
      for (const seed of [21, 22, 23]) {
        expect(await errorWith(priorOf(kind, seed)), `${seed}`).toBeLessThan(1.05 * without);
      }
    },
  );

  it('by being no number anywhere changes nothing', async () => {
    const none = { width, height, data: new Float32Array(width * height).fill(Number.NaN) };
    const { depth } = await completeDepthCpu({ ...problem, prior: none });
    expect(depth.data).toEqual((await completeDepthCpu(problem)).depth.data);
  });
});

it('yields to a field where that has a finite q', async () => {
  const prior = priorOf('affine', 21);
  const zero = new Float32Array(width * height);
  const field = { width, height, qX: zero, qY: zero };
  // Couplings as without the prior: it says of both, and the field of q alone.
  const { depth } = await completeDepthCpu({ ...problem, rgb: undefined as never, prior, field });
  const { depth: plain } = await completeDepthCpu({ ...problem, rgb: undefined as never });
  expect(depth.data).toEqual(plain.data);
});

it('refuses a prior of another size by name', async () => {
  const prior = { width: width - 1, height, data: new Float32Array((width - 1) * height) };
  await expect(completeDepthCpu({ ...problem, prior })).rejects.toMatchObject({
    code: 'bad-option',
    message: expect.stringContaining('prior'),
  });
});
