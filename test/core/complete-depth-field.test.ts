/**
 * Depth completion with a field (q, g): what q says is integrated exactly, g replaces the image's coupling, known depths
 * stay, scale is equivariant, nonsense is refused or ignored. Seed 11 (mulberry32).
 */
import { describe, expect, it } from 'vitest';
import { completeDepthCpu } from '../../core/cpu/complete-depth/index.ts';
import type { DepthProblem } from '../../core/kernels.ts';
import { createRandom } from '../../core/random.ts';
import {
  exactField,
  generateProblem,
  relativeDifference,
  square,
} from '../support/depth-problems.ts';

const width = 80;
const height = 64;
/** Bumps that nothing around the hole foretells. */
const bumpy = (x: number, y: number) =>
  0.5 + 0.002 * x + 0.05 * Math.sin(x / 4) * Math.cos(y / 5) + 0.03 * Math.sin((x + 2 * y) / 9);
const hole = square(40, 32, 16);
const bumps = () => generateProblem(width, height, bumpy, hole);

const scaled = (problem: DepthProblem, scale: number): DepthProblem => ({
  ...problem,
  depth: { ...problem.depth, data: problem.depth.data.map((z) => z * scale) },
});

describe('q', () => {
  it('integrates the true steps of a bumpy surface to 1e-3, which without them is off by 5 % and more', async () => {
    const made = bumps();
    const { problem, truth } = made;
    const { depth } = await completeDepthCpu({ ...problem, field: exactField(made) });
    expect(relativeDifference(depth.data, truth, problem.known.data).max).toBeLessThan(1e-3);
    const without = await completeDepthCpu(problem);
    expect(relativeDifference(without.depth.data, truth, problem.known.data).p99).toBeGreaterThan(
      0.05,
    );
    const bits = new Uint32Array(depth.data.buffer);
    const before = new Uint32Array(problem.depth.data.buffer);
    for (let i = 0; i < bits.length; i++)
      if (problem.known.data[i]) expect(bits[i]).toBe(before[i]);
  });

  it('gives the surface its confidence back: what q explains is no residual', async () => {
    const made = bumps();
    const plain = await completeDepthCpu(made.problem);
    const { confidence } = await completeDepthCpu({ ...made.problem, field: exactField(made) });
    const deep = 32 * width + 38;
    expect(confidence.data[deep]!).toBeGreaterThan(plain.confidence.data[deep]!);
    // Distance alone leaves half of it in the middle.
    expect(confidence.data[deep]!).toBeGreaterThan(0.45);
  });

  it('carries a step that no image shows', async () => {
    const made = generateProblem(
      width,
      height,
      (x, y) => (Math.hypot(x - 40, y - 32) < 8 ? 0.9 : 0.5) + 0.002 * x,
      hole,
    );
    const { depth } = await completeDepthCpu({ ...made.problem, field: exactField(made) });
    expect(relativeDifference(depth.data, made.truth, made.problem.known.data).max).toBeLessThan(
      1e-3,
    );
  });

  it('adds nothing by a slope that is the same everywhere: only what q bends counts', async () => {
    const made = bumps();
    const plain = await completeDepthCpu(made.problem);
    const field = { ...exactField(made) };
    field.qX.fill(0.03);
    field.qY.fill(-0.01);
    const { depth } = await completeDepthCpu({ ...made.problem, field });
    expect(
      relativeDifference(depth.data, plain.depth.data, made.problem.known.data).p99,
    ).toBeLessThan(1e-3);
  });

  it('is free of the scene’s unit: × 0.01 and × 100 with the same field', async () => {
    const made = bumps();
    const problem = { ...made.problem, field: exactField(made) };
    const once = await completeDepthCpu(problem);
    for (const scale of [0.01, 100]) {
      const { depth } = await completeDepthCpu(scaled(problem, scale));
      const back = depth.data.map((z) => z / scale);
      expect(relativeDifference(back, once.depth.data, problem.known.data).max).toBeLessThan(1e-6);
    }
  });

  it('takes numbers that are none for 0', async () => {
    const made = bumps();
    const zero = exactField(made);
    zero.qX.fill(0);
    zero.qY.fill(0);
    const none = exactField(made);
    none.qX.fill(Number.NaN);
    none.qY.fill(Number.POSITIVE_INFINITY);
    const plain = await completeDepthCpu(made.problem);
    for (const field of [zero, none]) {
      const { depth } = await completeDepthCpu({ ...made.problem, field });
      expect(depth.data).toEqual(plain.depth.data);
    }
  });
});

describe('g', () => {
  /** Two planes that meet in a step at x = 40; the picture is one grey, or noise. */
  const layers = (colour: (x: number, y: number) => number) =>
    generateProblem(width, height, (x) => (x < 40 ? 0.5 : 0.9), square(40, 32, 12), colour);
  const coupling = (x0: number) => {
    const gX = new Float32Array(width * height).fill(1);
    const gY = new Float32Array(width * height).fill(1);
    for (let i = 0; i < gX.length; i++) if (i % width === x0) gX[i] = 0;
    return { ...noOpinion(), gX, gY };
  };
  const noOpinion = () => ({
    width,
    height,
    qX: new Float32Array(width * height),
    qY: new Float32Array(width * height),
  });

  it('lets depth jump where it is 0, and nowhere else, whatever the picture shows', async () => {
    const random = createRandom(11);
    const texture = Float32Array.from({ length: width * height }, random);
    const { problem, truth } = layers((x, y) => texture[y * width + x]!);
    const { depth } = await completeDepthCpu({ ...problem, field: coupling(39) });
    expect(relativeDifference(depth.data, truth, problem.known.data).max).toBeLessThan(1e-3);
    const plain = await completeDepthCpu(problem);
    expect(relativeDifference(plain.depth.data, truth, problem.known.data).max).toBeGreaterThan(
      0.1,
    );
  });

  it('is the picture’s where it is no number', async () => {
    const { problem } = layers((x) => (x < 40 ? 0.2 : 0.8));
    const field = coupling(39);
    field.gX.fill(Number.NaN);
    field.gY.fill(Number.NaN);
    const { depth } = await completeDepthCpu({ ...problem, field });
    expect(depth.data).toEqual((await completeDepthCpu(problem)).depth.data);
  });

  it('beyond 0 to 1 counts as the nearer end', async () => {
    const { problem } = layers(() => 0.5);
    const field = coupling(39);
    const wild = coupling(39);
    for (let i = 0; i < wild.gX.length; i++) {
      wild.gX[i] = wild.gX[i]! === 0 ? -7 : 9;
      wild.gY[i] = 5;
    }
    const { depth } = await completeDepthCpu({ ...problem, field: wild });
    expect(depth.data).toEqual((await completeDepthCpu({ ...problem, field })).depth.data);
  });
});

it('refuses a field of another size, and one coupling without the other, by name', async () => {
  const made = bumps();
  const field = exactField(made);
  const refused = (changed: object) =>
    expect(
      completeDepthCpu({ ...made.problem, field: { ...field, ...changed } }),
    ).rejects.toMatchObject({ code: 'bad-option' });
  await refused({ width: width - 1 });
  await refused({ qY: new Float32Array(5) });
  await refused({ gX: new Float32Array(width * height) });
  await refused({
    gX: new Float32Array(width * height),
    gY: new Float32Array(width * height - 1),
  });
});
