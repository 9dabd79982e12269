/**
 * Accepts: extend's parts on what can be worked out by hand. Paths: angles to 1e-9, cameras to 1e-9 (double arithmetic). The shell of a
 * room of which three walls' planes are given: depth to 1e-5 of the truth (float32 pictures). The line on the generated room
 * (96 × 72, seed 1) of which one camera's splats are kept: see each test.
 */
import { beforeAll, describe, expect, it } from 'vitest';
import { closingSteps, scoreAround, turnedBy } from '../../bench/score/extend-score.ts';
import { onlySeen } from '../../bench/score/only-seen.ts';
import {
  type Camera,
  cameraAxes,
  cameraCenter,
  fieldOfView,
  lookAt,
  projectPoint,
  type Vec3,
} from '../../core/camera.ts';
import { createCpuKernels } from '../../core/cpu/kernels.ts';
import type { ExtendResult } from '../../core/extend-types.ts';
import { orbitCamera } from '../../core/orbit.ts';
import { applyPatch } from '../../core/patch.ts';
import { quantile } from '../../core/quantile.ts';
import { createSplatCloud, type SplatCloud, takeSplats } from '../../core/splat-cloud.ts';
import {
  AROUND_ROOM,
  type AroundScene,
  generateAroundField,
  generateAroundRoom,
} from '../../samples/scenes/around.ts';
import { nearSides } from '../../workers/extend/near-sides.ts';
import { orbitAngles, ringAngles } from '../../workers/extend/path.ts';
import { buildShell, closedRound, type Facet, shellView } from '../../workers/extend/shell.ts';
import { stretchedSplats } from '../../workers/extend/stretched.ts';
import { extend } from '../../workers/extend.ts';
import { createExemplarInpainter } from '../../workers/inpainters/exemplar/index.ts';
import { firstDifference } from '../support/clouds.ts';

const UP: Vec3 = [0, -1, 0];
const cameraOf = (width: number, height: number, eye: Vec3, target: Vec3): Camera => ({
  ...{ width, height, fx: width / 2, fy: width / 2, cx: width / 2, cy: height / 2 },
  worldToCamera: lookAt(eye, target, UP),
});

describe('paths', () => {
  it('a ring overlaps by 60 %, alternates, and leaves no gap', () => {
    const angles = ringAngles(90);
    expect(angles).toEqual([36, -36, 72, -72, 108, -108, 144, -144, 180]);
    const round = [0, ...angles].map((a) => (a + 360) % 360).sort((a, b) => a - b);
    for (const [k, a] of round.entries()) expect((round[k + 1] ?? 360) - a).toBeCloseTo(36, 9);
    expect(ringAngles(90, 360, 5)).toEqual([60, -60, 120, -120, 180]);
    expect(ringAngles(90, 360, 4, true)).toEqual([72, 144, 216, 288]);
  });
  it('an open ring has its ends, an orbit both sides', () => {
    const open = ringAngles(90, 100);
    expect(Math.max(...open) - Math.min(...open)).toBeCloseTo(100, 9);
    expect(orbitAngles(90, 30)).toEqual([10, -10, 20, -20, 30, -30]);
    expect(orbitAngles(90, 30, 2)).toEqual([30, -30]);
  });
  it('too few steps to overlap are refused, and endless ones', () => {
    for (const make of [
      () => ringAngles(60, 360, 3),
      () => orbitAngles(20, 60, 2),
      () => ringAngles(1),
    ]) {
      expect(make).toThrow(expect.objectContaining({ code: 'bad-option' }));
    }
  });
  it('turns to the right about the eye, and around a point', () => {
    const camera = cameraOf(80, 60, [1, 2, 3], [1, 2, 8]);
    expect(fieldOfView(camera)).toBeCloseTo(90, 9);
    const right = orbitCamera(camera, cameraCenter(camera), UP, -90);
    const { right: was } = cameraAxes(camera);
    for (const k of [0, 1, 2]) {
      expect(cameraAxes(right).forward[k]).toBeCloseTo(was[k]!, 9);
      expect(cameraCenter(right)[k]).toBeCloseTo([1, 2, 3][k]!, 9);
    }
    const around = orbitCamera(camera, [1, 2, 8], UP, 25);
    const pivot = projectPoint(around, [1, 2, 8]);
    expect([pivot.u, pivot.v, pivot.depth]).toEqual([
      expect.closeTo(40, 6),
      expect.closeTo(30, 6),
      expect.closeTo(5, 9),
    ]);
  });
});

describe('the shell', () => {
  const plane = (normal: Vec3, offset: number): Facet => ({ normal, offset, seen: 100 });
  it('is a room along the seen walls; an unseen wall is as far as the one across', () => {
    const points = Float64Array.from([0, 0, 3, 1, 0, 3, -1, 0.5, 2, 1.5, 1, 2]);
    const planes = [plane([0, 0, 1], 3), plane([1, 0, 0], 2), plane([0, 1, 0], 1.5)];
    const shell = buildShell({ origin: [0, 0, 0], up: UP, ahead: [0, 0, 1], planes, points });
    expect(shell.facets.filter(({ seen }) => seen === 0)).toHaveLength(2);
    const depthOf = (target: Vec3) => {
      const camera = cameraOf(41, 41, [0, 0, 0], target);
      return shellView(shell, camera).depth.data[20 * 41 + 20]!;
    };
    expect(depthOf([0, 0, 1])).toBeCloseTo(3, 5);
    expect(depthOf([1, 0, 0])).toBeCloseTo(2, 5);
    expect(depthOf([-1, 0, 0])).toBeCloseTo(2, 5);
    expect(depthOf([0, 0, -1])).toBeCloseTo(3, 5);
    expect(depthOf([0, 1, 0.001])).toBeCloseTo(1.5, 3);
    // Nothing bounds it above: not made beyond two and a half times what is seen.
    expect(depthOf([0, -1, 0.001])).toBe(0);
  });
  it('goes on round between the ends that are seen', () => {
    expect(closedRound([2, undefined, undefined, undefined, 6, 4], 1)).toEqual([2, 3, 4, 5, 6, 4]);
    expect(closedRound([undefined, undefined], 7)).toEqual([7, 7]);
    expect(closedRound([1, undefined, Infinity, 2], 0)[1]).toBe(1);
  });
});

it('the near side of an opening is not gone on from; across a slanted wall, or a wide opening, there is none', () => {
  const width = 20;
  const sides = (open: (x: number) => boolean, ratio: (x: number) => number) => {
    const row = Array.from({ length: width }, (_, x) => x);
    const size = { width, height: 1 };
    const hole = { ...size, data: Uint8Array.from(row, (x) => Number(open(x))) };
    const known = { ...size, data: hole.data.map((v) => 1 - v) };
    const found = nearSides(hole, known, { ...size, data: Float32Array.from(row, ratio) });
    return [...found.data].flatMap((v, x) => (v === 0 ? [] : [x]));
  };
  const step = (x: number) => (x < 5 ? 0.5 : 1);
  expect(sides((x) => x > 4 && x < 9, step)).toEqual([4]);
  expect(
    sides(
      (x) => x > 4 && x < 9,
      () => 0.97,
    ),
  ).toEqual([]);
  expect(sides((x) => x > 4 && x < 15, step)).toEqual([]);
  // Where the picture's border ends it, nothing says what hid it.
  expect(sides((x) => x > 4, step)).toEqual([]);
});

it('a splat that is seen much larger or much flatter than it was made for is stretched', () => {
  const cloud = createSplatCloud(1);
  const sigma = Math.log(0.05);
  // A disc across z, five units ahead: 1 px in the picture that it was made for.
  cloud.positions.set([0, 0, 5]);
  cloud.logScales.set([sigma, sigma, Math.log(0.005)]);
  cloud.rotations.set([1, 0, 0, 0]);
  const maker = cameraOf(200, 200, [0, 0, 0], [0, 0, 5]);
  const from = (eye: Vec3) =>
    stretchedSplats(cloud, cameraOf(200, 200, eye, [0, 0, 5]), () => maker)[0];
  expect(stretchedSplats(cloud, maker, () => maker)[0]).toBe(0);
  expect(from([0, 0, 2])).toBe(0);
  expect(from([0, 0, 4])).toBe(1);
  expect(from([3, 0, 2])).toBe(0);
  expect(from([4.99, 0, 4.7])).toBe(1);
  // Nobody knows what it was made for.
  const close = cameraOf(200, 200, [0, 0, 4], [0, 0, 5]);
  expect(stretchedSplats(cloud, close, () => undefined)[0]).toBe(0);
});

const kernels = createCpuKernels();
/** Few rounds: these tests judge geometry. */
const models = () => ({
  inpainter: createExemplarInpainter({ coarsestRounds: 2, finestRounds: 1, minContextPx: 16 }),
  prior: undefined,
});
const SIZE = { width: 96, height: 72 };

describe('a ring in a room of which one camera was kept', () => {
  let truth: AroundScene;
  let scene: SplatCloud;
  let result: ExtendResult;
  const said: number[] = [];
  beforeAll(async () => {
    truth = generateAroundRoom({ ...SIZE, shDegree: 1 });
    scene = await onlySeen(truth.cloud, truth.camera, kernels);
    result = await extend(
      scene,
      truth.camera,
      { kind: 'ring' },
      kernels,
      models(),
      { steps: 6 },
      (p) => said.push(p.fraction),
    );
  }, 600_000);
  it('closes: the two ends meet within 2 % of the depth, median and 90th percentile', async () => {
    const { depth } = await closingSteps(scene, result, kernels);
    expect(depth.length).toBeGreaterThan(100);
    expect(quantile(depth, 0.5)).toBeLessThan(0.02);
    expect(quantile(depth, 0.9)).toBeLessThan(0.02);
  });
  it('covers all around; floor and walls are where they would be', async () => {
    const { up, planes } = result.figures;
    expect(Math.abs(up[1] + 1)).toBeLessThan(1e-3);
    // The floor and the wall ahead; the side walls lie outside the picture.
    expect(planes).toEqual({ seen: 2, closing: 3 });
    const grown = applyPatch(scene, result.patch);
    const held = turnedBy(truth.camera, UP, [-130, -50, 50, 130, 180]);
    const score = await scoreAround(truth.cloud, grown, held, kernels);
    expect(score.covered).toBeGreaterThan(0.98);
    // The room is 4.4 × 4.7 m and the camera off its middle; nobody can know the wall behind.
    expect(score.absRel).toBeLessThan(0.25);
    const { leftX, rightX, frontZ, backZ, height } = AROUND_ROOM;
    const most = 1.5 * Math.max(rightX - leftX, backZ - frontZ);
    for (let i = 0; i < result.patch.added.count; i++) {
      const [x, y, z] = result.patch.added.positions.subarray(3 * i, 3 * i + 3);
      expect(Math.max(Math.abs(x!), Math.abs(z!))).toBeLessThan(most);
      // The floor is seen, and goes on as it is: nothing lies under it.
      expect(y!).toBeLessThan(0.02 * height);
    }
  });
  it('keeps the scene bit for bit, in its SH degree; progress never falls', () => {
    const { patch } = result;
    expect(patch.removed).toHaveLength(0);
    const grown = applyPatch(scene, patch);
    expect(grown.shDegree).toBe(1);
    const back = takeSplats(
      grown,
      Uint32Array.from({ length: scene.count }, (_, k) => k),
    );
    expect(firstDifference(scene, back)).toBeUndefined();
    expect(said.every((v, k) => k === 0 || v >= said[k - 1]!)).toBe(true);
    expect(said.at(-1)).toBe(1);
    expect(result.views.reduce((n, { count }) => n + count, 0)).toBe(patch.added.count);
  });
});

describe('open ground under hills', () => {
  it('goes on to the hills all around, and the sky stays empty', async () => {
    const truth = generateAroundField(SIZE);
    const scene = await onlySeen(truth.cloud, truth.camera, kernels);
    const { camera } = truth;
    const path = { kind: 'ring' } as const;
    const result = await extend(scene, camera, path, kernels, models(), { angleDeg: 90, steps: 2 });
    const grown = applyPatch(scene, result.patch);
    const score = await scoreAround(truth.cloud, grown, turnedBy(camera, UP, [-45, 45]), kernels);
    expect(score.covered).toBeGreaterThan(0.97);
    expect(score.overSky).toBeLessThan(0.05);
    expect(score.absRel).toBeLessThan(0.2);
    expect(result.figures.notes.join(' ')).toContain('sky');
  });
});

it('is the same at another scale', async () => {
  const seen = async (scale: number) => {
    const { cloud, camera } = generateAroundRoom({ width: 48, height: 36, scale });
    const scene = await onlySeen(cloud, camera, kernels);
    const path = { kind: 'orbit' } as const;
    const options = { angleDeg: 12, steps: 2 };
    return (await extend(scene, camera, path, kernels, models(), options)).patch.added;
  };
  const one = await seen(1);
  expect(one.count).toBeGreaterThan(50);
  for (const scale of [0.01, 100]) {
    const other = await seen(scale);
    // Float32 positions: a pixel at a threshold may fall to the other side.
    expect(Math.abs(other.count / one.count - 1)).toBeLessThan(0.02);
    const middle = (cloud: SplatCloud) =>
      [0, 1, 2].map((k) => {
        let sum = 0;
        for (let i = 0; i < cloud.count; i++) sum += cloud.positions[3 * i + k]!;
        return sum / cloud.count;
      });
    for (const k of [0, 1, 2]) {
      expect(Math.abs(middle(other)[k]! / scale - middle(one)[k]!)).toBeLessThan(0.02);
    }
  }
});

describe('refusals', () => {
  const { cloud, camera } = generateAroundRoom({ width: 64, height: 48 });
  const away = { ...camera, worldToCamera: lookAt([0, 0, -50], [0, 0, -60], UP) };
  it('a camera that sees nothing, a path of nothing, a cancel', async () => {
    const run = (from: Camera, path: Parameters<typeof extend>[2], signal?: AbortSignal) =>
      extend(cloud, from, path, kernels, models(), {}, undefined, signal);
    await expect(run(away, { kind: 'ring' })).rejects.toMatchObject({
      code: 'camera-sees-nothing',
      message: expect.stringContaining('nothing to extend from'),
    });
    await expect(run(camera, { kind: 'cameras', cameras: [] })).rejects.toMatchObject({
      code: 'bad-camera',
    });
    await expect(run(camera, { kind: 'ring' }, AbortSignal.abort())).rejects.toMatchObject({
      code: 'cancelled',
    });
  });
  it('a cancel in the middle', async () => {
    const scene = await onlySeen(cloud, camera, kernels);
    const stop = new AbortController();
    const running = extend(
      scene,
      camera,
      { kind: 'ring' },
      kernels,
      models(),
      {},
      ({ step }) => {
        if (step === 'lift') stop.abort();
      },
      stop.signal,
    );
    await expect(running).rejects.toMatchObject({ code: 'cancelled' });
  });
});
