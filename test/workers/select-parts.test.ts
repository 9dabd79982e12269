// Accepts: the parts of click-to-select against answers worked out by hand. Exact where whole numbers are
// compared; seeds are fixed inside.
import { describe, expect, test } from 'vitest';
import { type Camera, lookAt } from '../../core/camera.ts';
import { HIDDEN, LOCKED } from '../../core/marks.ts';
import { createRandom } from '../../core/random.ts';
import { connected } from '../../core/select/grow.ts';
import { minCut } from '../../core/select/min-cut.ts';
import { findNearSplats } from '../../core/select/near-splats.ts';
import { pickSplat } from '../../core/select/pick-splat.ts';
import { thinnestDirection } from '../../core/select/plane-search.ts';
import { findSlabs } from '../../core/select/planes.ts';
import { sceneIndex } from '../../core/select/scene-index.ts';
import { voxelAt, voxelizeBall } from '../../core/select/voxels.ts';
import { createSplatCloud, SH_C0, type SplatCloud } from '../../core/splat-cloud.ts';

type Point = [number, number, number];

function cloudOf(
  points: Point[],
  sigma: number,
  grey: (i: number) => number = () => 0.5,
): SplatCloud {
  const cloud = createSplatCloud(points.length);
  for (const [i, p] of points.entries()) {
    cloud.positions.set(p, i * 3);
    cloud.logScales.fill(Math.log(sigma), i * 3, i * 3 + 3);
    cloud.rotations[i * 4] = 1;
    cloud.opacityLogits[i] = 4;
    cloud.dc.fill((grey(i) - 0.5) / SH_C0, i * 3, i * 3 + 3);
  }
  return cloud;
}

const camera: Camera = {
  width: 200,
  height: 200,
  fx: 200,
  fy: 200,
  cx: 100,
  cy: 100,
  worldToCamera: lookAt([0, 0, -5], [0, 0, 0], [0, -1, 0]),
};

describe('pickSplat', () => {
  test('gives the splat in front, at its depth; behind the camera and beside the pixel do not count', () => {
    const cloud = cloudOf(
      [
        [0, 0, 1],
        [0, 0, 0],
        [0, 0, -9],
        [2, 0, -1],
      ],
      0.1,
    );
    const pick = pickSplat(cloud, camera, { x: 100, y: 100 });
    expect(pick?.row).toBe(1);
    expect(pick?.depth).toBeCloseTo(5, 6);
    // (2, 0) at depth 4 projects to x = 200 · 2/4 + 100 = 200; (1, 0) shows nothing.
    expect(pickSplat(cloud, camera, { x: 140, y: 100 })).toBeUndefined();
  });

  test('what is hidden is not there', () => {
    const cloud = cloudOf(
      [
        [0, 0, -1],
        [0, 0, 1],
      ],
      0.1,
    );
    const pixel = { x: 100, y: 100 };
    expect(pickSplat(cloud, camera, pixel, Uint8Array.of(HIDDEN, 0))?.row).toBe(1);
    expect(pickSplat(cloud, camera, pixel, Uint8Array.of(LOCKED, 0))?.row).toBe(0);
    expect(pickSplat(cloud, camera, pixel, Uint8Array.of(HIDDEN, HIDDEN))).toBeUndefined();
  });

  test('sees through haze to what is behind it', () => {
    const cloud = cloudOf(
      [
        [0, 0, -1],
        [0, 0, 1],
      ],
      0.1,
    );
    cloud.opacityLogits[0] = -1;
    expect(pickSplat(cloud, camera, { x: 100, y: 100 })?.row).toBe(1);
  });
});

describe('voxels', () => {
  test('a large flat splat fills every voxel that it reaches over', () => {
    const cloud = cloudOf([[0, 0, 0]], 0.3);
    cloud.logScales[2] = Math.log(0.001);
    const near = findNearSplats(cloud, [0, 0, 0], [1]);
    expect(near.within(0).length).toBe(1);
    const ball = voxelizeBall(cloud, near.within(0), [0, 0, 0], 1, 10);
    for (const [x, y] of [
      [0.05, 0.05],
      [0.25, 0.05],
      [-0.15, -0.15],
    ] as const) {
      expect(voxelAt(ball, x, y, 0.01), `${x} ${y}`).toBeGreaterThanOrEqual(0);
    }
    expect(voxelAt(ball, 0.55, 0, 0)).toBe(-1);
    expect(voxelAt(ball, 0, 0, 0.2)).toBe(-1);
  });

  test('each radius holds its own splats, nearest first', () => {
    const cloud = cloudOf(
      [
        [3, 0, 0],
        [0.5, 0, 0],
        [50, 0, 0],
        [1.5, 0, 0],
      ],
      0.001,
    );
    const rowsOf = (places: Uint32Array) => [...places].map((k) => sceneIndex(cloud).rows[k]!);
    const near = findNearSplats(cloud, [0, 0, 0], [1, 2, 4]);
    const levels = [0, 1, 2].map((level) => rowsOf(near.within(level)));
    expect(levels).toEqual([[1], [1, 3], [1, 3, 0]]);
    // Asked for the widest first, the shells come in the same order.
    const widest = findNearSplats(cloud, [0, 0, 0], [1, 2, 4]).within(2);
    expect(rowsOf(widest)).toEqual([1, 3, 0]);
  });
});

describe('minCut', () => {
  // Two plates of 9 × 9 voxels with a bridge of one voxel's width between them.
  const points: Point[] = [];
  for (let x = 0; x < 9; x++) {
    for (let y = 0; y < 9; y++) points.push([x, y, 0], [x + 14, y, 0]);
  }
  for (let x = 9; x < 14; x++) points.push([x, 4, 0]);
  const cloud = cloudOf(points, 0.01, (i) => (points[i]![0] < 11.5 ? 0.2 : 0.8));
  const center: Point = [11.5, 4.5, 0.5];
  const shifted = { ...cloud, positions: cloud.positions.map((v) => v + 0.5) };
  const near = findNearSplats(shifted, center, [16]);
  const ball = voxelizeBall(shifted, near.within(0), center, 16, 16);
  const seed = voxelAt(ball, 0.5, 0.5, 0.5);

  test('cuts the bridge, and says what it costs', () => {
    expect(ball.count).toBe(points.length);
    const whole = connected(ball, seed, 1, () => true);
    expect(whole.count).toBe(points.length);
    const xOf = (v: number) => ball.means[v * 3]!;
    const cut = minCut(
      ball,
      whole.member,
      (v) => (xOf(v) < 2 ? 1 : xOf(v) > 21 ? 2 : 0),
      () => 1,
      10,
    );
    expect(cut?.cost).toBe(1);
    const inside = [...cut!.inside].filter((v) => v === 1).length;
    expect(inside).toBeGreaterThanOrEqual(81);
    expect(inside).toBeLessThanOrEqual(86);
  });

  test('prefers the break in colour, and gives up above the limit', () => {
    const whole = connected(ball, seed, 1, () => true);
    const role = (v: number) => (ball.means[v * 3]! < 2 ? 1 : ball.means[v * 3]! > 21 ? 2 : 0);
    const coupling = (a: number, b: number) =>
      Math.abs(ball.colours[a * 3]! - ball.colours[b * 3]!) > 0.3 ? 0.01 : 1;
    const cut = minCut(ball, whole.member, role, coupling, 10);
    expect(cut?.cost).toBeCloseTo(0.01, 9);
    for (let v = 0; v < ball.count; v++) {
      expect(cut!.inside[v]).toBe(ball.means[v * 3]! < 11.9 ? 1 : 0);
    }
    expect(minCut(ball, whole.member, role, () => 1, 0.5)).toBeUndefined();
  });
});

describe('findSlabs', () => {
  test('finds the table and leaves the box that stands on it', () => {
    const random = createRandom(3);
    const points: Point[] = [];
    for (let k = 0; k < 20_000; k++) {
      points.push([4 * random() - 2, 0.01 * (random() - 0.5), 4 * random() - 2]);
    }
    const table = points.length;
    for (let k = 0; k < 3000; k++) {
      // The sides and the top of a box of side 0.6 on the table.
      const [a, b] = [0.6 * random() - 0.3, 0.6 * random()];
      const side = k % 5;
      if (side === 4) points.push([a, -0.6, b - 0.3]);
      else if (side < 2) points.push([side === 0 ? -0.3 : 0.3, -b, a]);
      else points.push([a, -b, side === 2 ? -0.3 : 0.3]);
    }
    const cloud = cloudOf(points, 0.02);
    const center: Point = [0, -0.6, 0];
    const near = findNearSplats(cloud, center, [2]);
    const ball = voxelizeBall(cloud, near.within(0), center, 2, 32);
    const { slabs, barrier } = findSlabs(ball, 1, 0.2);
    expect(slabs.length).toBe(1);
    expect(Math.abs(slabs[0]!.normal[1])).toBeGreaterThan(0.999);
    for (let i = table; i < points.length; i++) {
      const [x, y, z] = points[i]!;
      const v = voxelAt(ball, x, y, z);
      // A float32 place on a voxel's border may fall to its empty neighbour.
      if (y < -0.2 && v >= 0) expect(barrier[v]).toBe(0);
    }
    expect(barrier[voxelAt(ball, 1.2, 0, 0.4)]).toBe(1);
  });

  test('thinnestDirection: the axis of least spread', () => {
    const n = [2 / 3, -1 / 3, 2 / 3] as const;
    // Identity minus 0.9 · n nᵀ has n as its thinnest direction.
    const m = (a: number, b: number) => (a === b ? 1 : 0) - 0.9 * n[a]! * n[b]!;
    const d = thinnestDirection([m(0, 0), m(0, 1), m(0, 2), m(1, 1), m(1, 2), m(2, 2)]);
    expect(Math.abs(d[0] * n[0] + d[1] * n[1] + d[2] * n[2])).toBeCloseTo(1, 12);
  });
});
