/**
 * Depth completion: WebGPU against the CPU twin. Accepts a relative difference of 1e-3 on 99 % of the filled pixels
 * (the project's rule for twins; both stop at the same residual, in other orders and in float32 against float64).
 * Seeds 6 to 8.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { simulatePrior } from '../../bench/depth/prior.ts';
import { completeDepthCpu } from '../../core/cpu/complete-depth/index.ts';
import type { DepthCompleter, DepthProblem } from '../../core/kernels.ts';
import { createRandom } from '../../core/random.ts';
import { createGpuDepthCompleter } from '../../workers/gpu/complete-depth.ts';
import {
  exactField,
  generateProblem,
  generateScene,
  relativeDifference,
  square,
} from '../support/depth-problems.ts';
import { requestTestDevice } from '../support/gpu.ts';

let device: GPUDevice;
let gpu: DepthCompleter;
/** Buffers alive: made and not destroyed. */
const alive = new Set<string>();
let serial = 0;

beforeAll(async () => {
  device = await requestTestDevice();
  const create = device.createBuffer.bind(device);
  device.createBuffer = (descriptor) => {
    const buffer = create(descriptor);
    const name = `${descriptor.label} #${serial++}`;
    alive.add(name);
    const destroy = buffer.destroy.bind(buffer);
    buffer.destroy = () => {
      alive.delete(name);
      return destroy();
    };
    return buffer;
  };
  gpu = createGpuDepthCompleter(device);
});
afterAll(() => device.destroy());

async function expectTwins(problem: DepthProblem): Promise<void> {
  const told: number[][] = [[], []];
  const a = await gpu.complete(problem, {}, undefined, (f) => told[0]!.push(f));
  const b = await completeDepthCpu(problem, {}, undefined, (f) => told[1]!.push(f));
  for (const shares of told) {
    expect(shares.length).toBeGreaterThan(4);
    expect(shares.every((f, i) => i === 0 || f > shares[i - 1]!)).toBe(true);
    expect(shares.at(-1)).toBeCloseTo(1, 9);
  }
  const difference = relativeDifference(a.depth.data, b.depth.data, problem.known.data);
  expect(difference.p99).toBeLessThan(1e-3);
  for (let i = 0; i < a.depth.data.length; i++) {
    if (problem.known.data[i] !== 0 && a.depth.data[i] !== problem.depth.data[i]) {
      throw new Error(`known pixel ${i} changed`);
    }
  }
  const apart = a.confidence.data
    .map((c, i) => Math.abs(c - b.confidence.data[i]!))
    .sort((x, y) => x - y);
  expect(apart[Math.floor(0.99 * apart.length)]!).toBeLessThan(1e-2);
}

describe('WebGPU depth completion', () => {
  it('agrees with the CPU on a 96×72 picture', async () => {
    await expectTwins(generateScene(96, 72, square(48, 36, 18), 6).problem);
  });

  it('agrees on 200×150, odd crop, a hole at the border and another inside', async () => {
    const inner = square(60, 80, 24);
    const outer = square(190, 40, 21);
    const { problem } = generateScene(200, 150, (x, y) => inner(x, y) || outer(x, y), 7);
    await expectTwins(problem);
  });

  it('agrees on 1 % known points', async () => {
    const random = createRandom(8);
    const chosen = Float32Array.from({ length: 64 * 48 }, random);
    const { problem } = generateScene(64, 48, (x, y) => chosen[y * 64 + x]! > 0.01, 8);
    await expectTwins(problem);
  });

  it('agrees on three planes that meet under an even picture', async () => {
    const room = (x: number, y: number) =>
      Math.max(0.5 - 0.002 * (x - 48), 0.5 + 0.0015 * (x - 48), 0.5 + 0.004 * (y - 40));
    const { problem, truth } = generateProblem(96, 72, room, square(48, 36, 18));
    await expectTwins(problem);
    const { depth } = await gpu.complete(problem);
    expect(relativeDifference(depth.data, truth, problem.known.data).p99).toBeLessThan(1e-3);
  });

  it('agrees with a field, on 120×90 with an odd crop', async () => {
    const made = generateScene(120, 90, square(70, 40, 22), 8);
    const field = exactField(made);
    for (let i = 0; i < field.qX.length; i++) if (i % 5 === 0) field.qX[i]! *= -2;
    const gX = Float32Array.from(field.qX, (q) => 1 / (1 + 1e4 * q * q));
    const gY = Float32Array.from(field.qY, (q) => 1 / (1 + 1e4 * q * q));
    await expectTwins({ ...made.problem, field: { ...field, gX, gY } });
  });

  it('agrees with a prior', async () => {
    const { problem, truth } = generateScene(120, 90, square(60, 45, 24), 8);
    const prior = simulatePrior('warp', { width: 120, height: 90, data: truth }, createRandom(8));
    await expectTwins({ ...problem, prior });
  });

  it('answers without the GPU where nothing is to solve', async () => {
    const { problem } = generateScene(20, 16, () => true, 6);
    const { depth, confidence } = await gpu.complete(problem);
    expect(depth.data.every((z) => z === 0)).toBe(true);
    expect(confidence.data.every((c) => c === 0)).toBe(true);
  });

  it('refuses what the device cannot hold, naming the bytes, before it allocates', async () => {
    const small = new Proxy(device, {
      get: (target, key) => {
        if (key === 'limits') return { maxBufferSize: 4096, maxStorageBufferBindingSize: 4096 };
        const value = Reflect.get(target, key);
        return typeof value === 'function' ? value.bind(target) : value;
      },
    });
    const { problem } = generateScene(60, 48, square(30, 24, 9), 6);
    const before = alive.size;
    await expect(createGpuDepthCompleter(small).complete(problem)).rejects.toMatchObject({
      code: 'out-of-memory',
      message: expect.stringMatching(/\d+ bytes/),
    });
    expect(alive.size).toBe(before);
  });

  it('stops between batches when cancelled, and leaves no buffer behind, then or ever', async () => {
    const { problem } = generateScene(96, 72, square(48, 36, 18), 6);
    const cancel = new AbortController();
    setTimeout(() => cancel.abort(), 50);
    await expect(gpu.complete(problem, { reweightings: 100 }, cancel.signal)).rejects.toMatchObject(
      { code: 'cancelled' },
    );
    expect([...alive]).toEqual([]);
  });
});
