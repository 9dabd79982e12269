/**
 * Planes that meet, or end, within a hole where the picture shows nothing: found from the hole's rim, and nothing else is taken for
 * such. Without that these holes are off by 3 to 20 %. Seed 4 (mulberry32).
 */
import { describe, expect, it } from 'vitest';
import { completeDepthCpu } from '../../core/cpu/complete-depth/index.ts';
import { createRandom } from '../../core/random.ts';
import { generateProblem, relativeDifference, square } from '../support/depth-problems.ts';

type OfPixel = (x: number, y: number) => number;

const disc = (x: number, y: number) => Math.hypot(x - 80, y - 60) < 30;
const behind: OfPixel = (x, y) => 0.3 + 0.0008 * x + 0.0004 * y;
const across: OfPixel = (x, y) => (x - 80) * 0.8 + (y - 60) * 0.6;
const left: OfPixel = (x) => 0.5 - 0.002 * (x - 80);
const right: OfPixel = (x) => 0.5 + 0.0015 * (x - 80);
const ground: OfPixel = (_, y) => 0.5 + 0.004 * (y - 66);
const room: OfPixel = (x, y) => Math.max(left(x, y), right(x, y), ground(x, y));

describe('planes that meet under an even picture', () => {
  it.each<[string, OfPixel, (x: number, y: number) => boolean]>([
    [
      'a slanted crease',
      (x, y) => behind(x, y) + 0.004 * Math.max(0, across(x, y)),
      square(80, 60, 28),
    ],
    ['an upright edge', (x, y) => behind(x, y) - 0.002 * Math.max(0, x - 80), square(80, 60, 28)],
    ['floor and wall', (x, y) => behind(x, y) + 0.005 * Math.max(0, y - 70), square(80, 60, 28)],
    ['the corner of a room', room, disc],
    ['the corner of a box', (x, y) => 1 - room(x, y), disc],
    [
      'a ledge on a wall',
      (x) => Math.max(0.5, Math.min(0.5 + 0.003 * (x - 70), 0.5 + 0.003 * (95 - x))),
      disc,
    ],
  ])('%s: within 0.2 % everywhere, 0.1 % at the 99th percentile', async (_, truthOf, hole) => {
    const { problem, truth } = generateProblem(160, 120, truthOf, hole);
    const { depth } = await completeDepthCpu(problem);
    const off = relativeDifference(depth.data, truth, problem.known.data);
    expect(off.p99).toBeLessThan(1e-3);
    expect(off.max).toBeLessThan(2e-3);
    const flat = await completeDepthCpu(problem, { planeEdges: false });
    expect(relativeDifference(flat.depth.data, truth, problem.known.data).max).toBeGreaterThan(
      0.02,
    );
  });

  it('a rim off by up to 1 %: within 1.5 %, half of it within 0.3 %', async () => {
    const random = createRandom(4);
    const { problem, truth } = generateProblem(160, 120, room, disc);
    problem.depth.data.forEach((z, i) => {
      problem.depth.data[i] = z * (1 + 0.02 * (random() - 0.5));
    });
    const { depth } = await completeDepthCpu(problem);
    const off = relativeDifference(depth.data, truth, problem.known.data);
    expect(off.max).toBeLessThan(0.015);
    expect(off.median).toBeLessThan(0.003);
  });
});

describe('a plane that ends in front of another under an even picture', () => {
  const ahead: OfPixel = (x, y) => (x - 80) * 0.8 + (y - 60) * 0.6 - 3;
  const step: OfPixel = (x, y) => (ahead(x, y) > 0 ? 0.6 - 0.001 * y : 0.4 + 0.0005 * x);
  it.each([0, 0.02])('is no ramp: 0.3 % but for 2 px at the edge, noise of %d', async (noise) => {
    const random = createRandom(4);
    const { problem, truth } = generateProblem(160, 120, step, disc);
    problem.depth.data.forEach((z, i) => {
      problem.depth.data[i] = z * (1 + noise * (random() - 0.5));
    });
    const { depth } = await completeDepthCpu(problem);
    const nearEdge = problem.known.data.map((known, i) =>
      known !== 0 || Math.abs(ahead(i % 160, Math.floor(i / 160))) <= 2 ? 1 : 0,
    );
    const off = relativeDifference(depth.data, truth, nearEdge);
    expect(off.p99).toBeLessThan(noise === 0 ? 1e-3 : 0.01);
    expect(off.median).toBeLessThan(3e-3);
  });

  it('runs where the picture shows it, if it does: along a curve', async () => {
    const curve: OfPixel = (x, y) => x - 70 - (y - 60) ** 2 / 60;
    const { problem, truth } = generateProblem(
      160,
      120,
      (x, y) => (curve(x, y) > 0 ? 0.6 - 0.001 * y : 0.4 + 0.0005 * x),
      disc,
      (x, y) => (curve(x, y) > 0 ? 0.7 : 0.3),
    );
    const { depth } = await completeDepthCpu(problem);
    const flat = await completeDepthCpu(problem, { planeEdges: false });
    expect(depth.data).toEqual(flat.depth.data);
    expect(relativeDifference(depth.data, truth, problem.known.data).median).toBeLessThan(1e-3);
  });
});

describe('rims that say nothing of the kind', () => {
  const bowl = (r2: number) => 0.4 + 0.2 * Math.sqrt(Math.max(0, 1 - r2 / 70 ** 2));
  it.each<[string, OfPixel]>([
    ['a step along a curve', (x, y) => (x > 70 + (y - 60) ** 2 / 60 ? 0.6 : 0.4)],
    ['a bar in front of a plane', (x) => (Math.abs(x - 80) < 8 ? 0.6 : 0.4)],
    ['a cylinder', (x) => bowl((x - 80) ** 2)],
    ['a ball', (x, y) => bowl((x - 80) ** 2 + (y - 60) ** 2)],
    ['one plane', behind],
  ])('%s is completed as without, bit for bit', async (_, truthOf) => {
    const { problem } = generateProblem(160, 120, truthOf, disc);
    const { depth } = await completeDepthCpu(problem);
    const flat = await completeDepthCpu(problem, { planeEdges: false });
    expect(depth.data).toEqual(flat.depth.data);
  });
});
