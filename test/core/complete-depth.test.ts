/**
 * Depth completion on the CPU: exact where the method is exact, known depths untouched, equivariant to scale, and a
 * defined answer for every degenerate input. Seeds 1 to 3 (mulberry32).
 */
import { describe, expect, it } from 'vitest';
import { completeDepthCpu } from '../../core/cpu/complete-depth/index.ts';
import type { DepthProblem } from '../../core/kernels.ts';
import { createRandom } from '../../core/random.ts';
import {
  generateProblem,
  generateScene,
  relativeDifference,
  square,
} from '../support/depth-problems.ts';

const plane = (x: number, y: number) => 0.4 + 0.004 * x - 0.002 * y;

function expectKnownKept(problem: DepthProblem, depth: Float32Array): void {
  const bits = new Uint32Array(depth.buffer);
  const before = new Uint32Array(problem.depth.data.buffer);
  for (let i = 0; i < depth.length; i++) {
    if (problem.known.data[i] !== 0 && bits[i] !== before[i]) {
      throw new Error(`known pixel ${i} changed: ${problem.depth.data[i]} → ${depth[i]}`);
    }
  }
}

describe('exactness', () => {
  it('restores a slanted plane: affine in inverse depth, so only the solver tolerance and float32 are left', async () => {
    const { problem, truth } = generateProblem(80, 64, plane, square(40, 32, 15));
    const { depth } = await completeDepthCpu(problem);
    expect(relativeDifference(depth.data, truth, problem.known.data).max).toBeLessThan(1e-4);
    expectKnownKept(problem, depth.data);
  });

  it('restores it under a textured picture: guidance weighs terms that are all 0', async () => {
    const random = createRandom(1);
    const texture = Float32Array.from({ length: 80 * 64 }, random);
    const { problem, truth } = generateProblem(
      80,
      64,
      plane,
      square(40, 32, 15),
      (x, y) => texture[y * 80 + x]!,
    );
    const { depth } = await completeDepthCpu(problem);
    expect(relativeDifference(depth.data, truth, problem.known.data).max).toBeLessThan(1e-4);
  });

  const behind = (x: number, y: number) => 0.3 + 0.0008 * x + 0.0004 * y;
  const across = (x: number, y: number) => (x - 80) * 0.8 + (y - 60) * 0.6;
  it.each<[string, (x: number, y: number) => number, (x: number, y: number) => number]>([
    ['a plane in front of a plane', (x) => x - 80.5, (x) => 0.6 - 0.0012 * (x - 80)],
    ['one that ends on a slant', across, (x, y) => 0.55 + 0.001 * (x - 80) - 0.0007 * y],
    ['the corner of a thing', (x, y) => Math.min(x - 72.5, y - 52.5), (x) => 0.6 - 0.0005 * x],
    ['a bar', (x) => 6 - Math.abs(x - 80), (_, y) => 0.6 + 0.001 * (y - 60)],
    ['two planes that meet', across, (x, y) => behind(x, y) + 0.004 * across(x, y)],
  ])(
    'continues %s under an image edge, to 0.1 % but for 2 px at the edge',
    async (_, ahead, front) => {
      // `ahead`: pixels in front of the edge. The hole takes a quarter of the picture.
      const { problem, truth } = generateProblem(
        160,
        120,
        (x, y) => (ahead(x, y) > 0 ? front(x, y) : behind(x, y)),
        square(80, 60, 28),
        (x, y) => (ahead(x, y) > 0 ? 0.7 : 0.3),
      );
      const { depth } = await completeDepthCpu(problem);
      const nearEdge = problem.known.data.map((known, i) =>
        known !== 0 || Math.abs(ahead(i % 160, Math.floor(i / 160))) <= 2 ? 1 : 0,
      );
      expect(relativeDifference(depth.data, truth, nearEdge).max).toBeLessThan(1e-3);
      expectKnownKept(problem, depth.data);
    },
  );

  it('gives the same answer at scene scale × 0.01 and × 100, to float32 rounding of the input', async () => {
    const { problem } = generateScene(72, 56, square(36, 28, 12), 2);
    const once = await completeDepthCpu(problem);
    for (const scale of [0.01, 100]) {
      const scaled = {
        ...problem,
        depth: { ...problem.depth, data: problem.depth.data.map((z) => z * scale) },
      };
      const other = await completeDepthCpu(scaled);
      const back = other.depth.data.map((z) => z / scale);
      // Float32 rounding of the inputs is 6e-8; robust weights raise it by no more than this.
      expect(relativeDifference(back, once.depth.data, problem.known.data).max).toBeLessThan(1e-6);
      const apart = other.confidence.data.map((c, i) => Math.abs(c - once.confidence.data[i]!));
      expect(Math.max(...apart)).toBeLessThan(1e-3);
    }
  });
});

describe('topology', () => {
  it('fills a hole that touches the border, a plane to 2 %: beyond the last known pixel it leans to first order', async () => {
    const { problem, truth } = generateProblem(80, 64, plane, (x, y) => x > 66 && y > 20 && y < 50);
    const { depth, confidence } = await completeDepthCpu(problem);
    expect(relativeDifference(depth.data, truth, problem.known.data).max).toBeLessThan(0.02);
    expectKnownKept(problem, depth.data);
    // Less sure the farther out.
    expect(confidence.data[35 * 80 + 79]!).toBeLessThan(confidence.data[35 * 80 + 68]!);
  });

  it('does not run away in a long extrapolation: depth stays positive and within 4 × of what is known', async () => {
    // Inverse depth would reach 0 at x = 30, only x < 20 is known.
    const { problem } = generateProblem(
      120,
      40,
      (x) => Math.max(0.01, 0.6 - 0.02 * x),
      (x) => x >= 20,
    );
    const { depth } = await completeDepthCpu(problem);
    const known = Array.from(problem.depth.data).filter((z) => z > 0);
    expect(Math.min(...depth.data)).toBeGreaterThan(0);
    expect(Math.max(...depth.data)).toBeLessThanOrEqual(4.001 * Math.max(...known));
  });

  it('restores a plane to 5 % from 0.1 % known points, all positive', async () => {
    const random = createRandom(3);
    const chosen = new Set<number>();
    while (chosen.size < 20) chosen.add(Math.floor(random() * 160 * 120));
    const { problem, truth } = generateProblem(
      160,
      120,
      (x, y) => 0.4 + 0.001 * x + 0.0005 * y,
      (x, y) => !chosen.has(y * 160 + x),
    );
    const { depth } = await completeDepthCpu(problem);
    expectKnownKept(problem, depth.data);
    const difference = relativeDifference(depth.data, truth, problem.known.data);
    expect(difference.median).toBeLessThan(0.05);
    expect(Math.min(...depth.data)).toBeGreaterThan(0);
  });

  it('holes far apart are each as if alone, bit for bit: cost goes with the holes', async () => {
    const near = square(30, 30, 12);
    const far = square(260, 150, 9);
    // An L around the near hole's corner: its rectangle holds another hole that is none of it.
    const bent = (x: number, y: number) =>
      (y > 150 && y < 156 && x < 156) || (x > 150 && x < 156 && y < 156);
    const holes = [near, far, bent];
    const { problem } = generateScene(300, 180, (x, y) => holes.some((h) => h(x, y)), 9);
    const all = await completeDepthCpu(problem);
    for (const hole of holes) {
      const data = problem.known.data.map((known, i) =>
        known === 0 && hole(i % 300, Math.floor(i / 300)) ? 1 : 0,
      );
      const alone = await completeDepthCpu({
        ...problem,
        wanted: { width: 300, height: 180, data },
      });
      for (let i = 0; i < data.length; i++) {
        if (data[i] === 0) continue;
        expect(all.depth.data[i]).toBe(alone.depth.data[i]);
        expect(all.confidence.data[i]).toBe(alone.confidence.data[i]);
      }
    }
  });

  it('4096 × 4096 with a hole in two corners takes seconds, not the time of all its pixels', async () => {
    const side = 4096;
    const { problem, truth } = generateProblem(
      side,
      side,
      (x, y) => 0.4 + (0.1 * x) / side - (0.05 * y) / side,
      (x, y) => square(60, 60, 20)(x, y) || square(side - 60, side - 60, 20)(x, y),
    );
    const before = process.cpuUsage();
    const { depth } = await completeDepthCpu(problem);
    const { user } = process.cpuUsage(before);
    // The nearest slower way, one rectangle around both, took 78 s.
    expect(user / 1e6).toBeLessThan(20);
    expect(relativeDifference(depth.data, truth, problem.known.data).max).toBeLessThan(1e-4);
    expectKnownKept(problem, depth.data);
  });

  it('pixels neither known nor wanted take no part and come out 0', async () => {
    const { problem, truth } = generateProblem(64, 48, plane, square(32, 24, 10));
    const wanted = { width: 64, height: 48, data: new Uint8Array(64 * 48) };
    for (let i = 0; i < wanted.data.length; i++) {
      if (problem.known.data[i] === 0 && i % 64 < 36) wanted.data[i] = 1;
    }
    const { depth, confidence } = await completeDepthCpu({ ...problem, wanted });
    for (let i = 0; i < wanted.data.length; i++) {
      if (problem.known.data[i] !== 0 || wanted.data[i] !== 0) continue;
      expect(depth.data[i]).toBe(0);
      expect(confidence.data[i]).toBe(0);
    }
    const filled = wanted.data.map((w) => 1 - w);
    expect(relativeDifference(depth.data, truth, filled).max).toBeLessThan(0.01);
  });

  it('an island without a known neighbour gets the nearest known depth with confidence 0', async () => {
    const { problem } = generateProblem(40, 40, () => 0.5, square(20, 20, 12));
    problem.depth.data[20 * 40 + 7] = 3;
    const wanted = { width: 40, height: 40, data: new Uint8Array(1600) };
    wanted.data[20 * 40 + 20] = 1;
    wanted.data[20 * 40 + 19] = 1;
    // The known pixel in row 20 beside the hole is its nearest one.
    wanted.data[20 * 40 + 12] = 1;
    const { depth, confidence } = await completeDepthCpu({ ...problem, wanted });
    expect(depth.data[20 * 40 + 12]).toBe(3);
    expect(confidence.data[20 * 40 + 12]).toBe(0);
    expect(depth.data[20 * 40 + 20]).toBe(2);
  });
});

describe('degenerate input', () => {
  const base = () => generateProblem(24, 20, plane, square(12, 10, 4)).problem;

  it('counts NaN, infinite, zero and negative known depths as unknown, and restores the plane there', async () => {
    const { problem, truth } = generateProblem(48, 40, plane, square(24, 20, 8));
    const broken = [5 * 48 + 5, 9 * 48 + 14, 30 * 48 + 40, 22 * 48 + 6];
    [Number.NaN, Number.POSITIVE_INFINITY, 0, -1].forEach((z, k) => {
      problem.depth.data[broken[k]!] = z;
    });
    const { depth, confidence } = await completeDepthCpu(problem);
    for (const i of broken) {
      expect(Math.abs(depth.data[i]! / truth[i]! - 1)).toBeLessThan(1e-4);
      expect(confidence.data[i]!).toBeLessThan(1);
    }
  });

  it('no known pixel: all 0 with confidence 0', async () => {
    const problem = base();
    problem.known.data.fill(0);
    const { depth, confidence } = await completeDepthCpu(problem);
    expect(depth.data.every((z) => z === 0)).toBe(true);
    expect(confidence.data.every((c) => c === 0)).toBe(true);
  });

  it('all known: copied with confidence 1', async () => {
    const { problem, truth } = generateProblem(24, 20, plane, () => false);
    const { depth, confidence } = await completeDepthCpu(problem);
    expect(depth.data).toEqual(truth);
    expect(confidence.data.every((c) => c === 1)).toBe(true);
  });

  it('one known pixel: its depth everywhere', async () => {
    const problem = base();
    problem.known.data.fill(0);
    problem.known.data[130] = 1;
    problem.depth.data[130] = 2.5;
    const { depth, confidence } = await completeDepthCpu(problem);
    for (const z of depth.data) expect(Math.abs(z / 2.5 - 1)).toBeLessThan(1e-6);
    expect(confidence.data.every((c) => c >= 0 && c <= 1)).toBe(true);
  });

  it('colours that are no numbers guide nothing but break nothing', async () => {
    const { problem, truth } = generateProblem(48, 40, plane, square(24, 20, 8));
    problem.rgb.data.fill(Number.NaN);
    const { depth } = await completeDepthCpu(problem);
    expect(relativeDifference(depth.data, truth, problem.known.data).max).toBeLessThan(1e-4);
  });

  it('refuses sizes that differ and options out of range, by name', async () => {
    const problem = base();
    const short = { ...problem, known: { width: 24, height: 19, data: new Uint8Array(24 * 19) } };
    await expect(completeDepthCpu(short)).rejects.toMatchObject({ code: 'bad-option' });
    await expect(completeDepthCpu(problem, { alpha: -1 })).rejects.toMatchObject({
      code: 'bad-option',
    });
    await expect(completeDepthCpu(problem, { reweightings: 1e9 })).rejects.toMatchObject({
      code: 'bad-option',
    });
  });

  it('stops when cancelled, before and during the work', async () => {
    const { problem } = generateScene(120, 90, square(60, 45, 35), 1);
    const gone = new AbortController();
    gone.abort();
    await expect(completeDepthCpu(problem, {}, gone.signal)).rejects.toMatchObject({
      code: 'cancelled',
    });
    const later = new AbortController();
    const running = completeDepthCpu(problem, { reweightings: 100 }, later.signal);
    setTimeout(() => later.abort(), 30);
    await expect(running).rejects.toMatchObject({ code: 'cancelled' });
  });
});
