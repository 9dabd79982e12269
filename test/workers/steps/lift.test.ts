// Accepts: splats lifted from a plane's exact depth image lie on the plane to 1e-6 of their distance (float32
// depth and positions), with the plane's normal to 1e-3 rad (finite differences of float32 depth), one to a cell
// and as large as their cell on the plane; no splat between two surfaces; a camera that is half a pixel off
// would miss all of it by far. Degree, extras and limits of opacity as documented.
import { describe, expect, test } from 'vitest';
import { type Camera, lookAt, projectPoint } from '../../../core/camera.ts';
import {
  createRgbImage,
  createScalarImage,
  type Mask,
  type ScalarImage,
} from '../../../core/image.ts';
import { createSplatCloud, SH_C0, type SplatCloud } from '../../../core/splat-cloud.ts';
import type { Surroundings } from '../../../core/surroundings.ts';
import { liftToSplats } from '../../../workers/steps/lift.ts';
import { depthOfPlane, maskOf, straightCamera } from './support.ts';

const SIZE = 96;
const camera: Camera = {
  ...straightCamera(SIZE, SIZE, 110),
  cx: 44.3,
  cy: 51.1,
  worldToCamera: lookAt([0.4, -3, 2.2], [0.1, 0, 0], [0, 0, 1]),
};
const floor = { normal: [0, 0, 1] as const, offset: 0 };
const surroundings: Surroundings = {
  spacing: 0.12,
  tangentialSigma: 0.06,
  normalSigma: 0.004,
  opacity: 0.9,
};
const middle = maskOf(SIZE, SIZE, (x, y) => x >= 24 && x < 72 && y >= 24 && y < 72);

function lifted(
  view: Camera,
  mask: Mask,
  depth: ScalarImage,
  like: SplatCloud = createSplatCloud(0),
  around = surroundings,
  confident = 1,
): SplatCloud {
  const rgb = createRgbImage(SIZE, SIZE);
  for (let i = 0; i < SIZE * SIZE; i++) rgb.data.set([0.2, (i % SIZE) / SIZE, 0.7], i * 3);
  const confidence = createScalarImage(SIZE, SIZE);
  confidence.data.fill(confident);
  return liftToSplats({ camera: view, mask, depth, confidence, rgb, surroundings: around, like });
}

/** The rotation's columns: the splat's axes in the world. */
function axesOf(cloud: SplatCloud, i: number): [number, number, number][] {
  const [w, x, y, z] = [0, 1, 2, 3].map((k) => cloud.rotations[i * 4 + k]!) as [
    number,
    number,
    number,
    number,
  ];
  return [
    [1 - 2 * (y * y + z * z), 2 * (x * y + w * z), 2 * (x * z - w * y)],
    [2 * (x * y - w * z), 1 - 2 * (x * x + z * z), 2 * (y * z + w * x)],
    [2 * (x * z + w * y), 2 * (y * z - w * x), 1 - 2 * (x * x + y * y)],
  ];
}
const at = (cloud: SplatCloud, i: number) =>
  [0, 1, 2].map((k) => cloud.positions[i * 3 + k]!) as [number, number, number];

describe('a plane', () => {
  const cloud = lifted(camera, middle, depthOfPlane(camera, floor));

  test('is hit exactly', () => {
    expect(cloud.count).toBeGreaterThan(50);
    for (let i = 0; i < cloud.count; i++) {
      const { depth } = projectPoint(camera, at(cloud, i));
      expect(Math.abs(cloud.positions[i * 3 + 2]!)).toBeLessThan(1e-6 * depth);
    }
  });

  test('a camera that is half a pixel off would not hit it', () => {
    const off = { ...camera, cx: camera.cx + 0.5, cy: camera.cy + 0.5 };
    const shifted = lifted(off, middle, depthOfPlane(camera, floor));
    const worst = Math.max(...Array.from(shifted.positions).filter((_, k) => k % 3 === 2));
    expect(Math.abs(worst)).toBeGreaterThan(1e-3);
  });

  test('gives flat discs along it', () => {
    for (let i = 0; i < cloud.count; i++) {
      const axes = axesOf(cloud, i);
      const scales = [0, 1, 2].map((k) => Math.exp(cloud.logScales[i * 3 + k]!));
      const thin = scales.indexOf(Math.min(...scales));
      expect(Math.hypot(axes[thin]![0], axes[thin]![1])).toBeLessThan(1e-3);
      expect(scales[thin]!).toBeLessThan(0.3 * Math.min(...scales.filter((_, k) => k !== thin)));
      expect(Math.hypot(...Array.from(cloud.rotations.subarray(i * 4, i * 4 + 4)))).toBeCloseTo(
        1,
        5,
      );
    }
  });

  test('discs are as large as their cells on the plane: together they cover it once', () => {
    // Area of the mask on the plane: pixels' footprints over their cosine.
    const depth = depthOfPlane(camera, floor);
    let area = 0;
    for (let i = 0; i < middle.data.length; i++) {
      if (middle.data[i] === 0) continue;
      const kx = ((i % SIZE) + 0.5 - camera.cx) / camera.fx;
      const ky = (Math.floor(i / SIZE) + 0.5 - camera.cy) / camera.fy;
      const z = depth.data[i]!;
      // cos between the ray and the plane's normal: height of the eye over the ray's length.
      const cosine = 2.2 / (z * Math.hypot(kx, ky, 1));
      area += (z / camera.fx) * (z / camera.fy) * (1 / (cosine * Math.hypot(kx, ky, 1)));
    }
    let covered = 0;
    for (let i = 0; i < cloud.count; i++) {
      const [a, b] = [0, 1].map((k) => Math.exp(cloud.logScales[i * 3 + k]!));
      covered += a! * b!;
    }
    // σ is 0.5 to 0.8 of the cell's side, so that neighbours overlap to an even sheet without smearing.
    expect(Math.sqrt(covered / area)).toBeGreaterThan(0.5);
    expect(Math.sqrt(covered / area)).toBeLessThan(0.8);
  });

  test('spacing follows the surroundings', () => {
    const nearest = Array.from({ length: cloud.count }, (_, i) => {
      let best = Number.POSITIVE_INFINITY;
      for (let j = 0; j < cloud.count; j++) {
        if (j === i) continue;
        const [p, q] = [at(cloud, i), at(cloud, j)];
        best = Math.min(best, Math.hypot(p[0] - q[0], p[1] - q[1]));
      }
      return best;
    });
    for (const d of nearest) {
      expect(d).toBeGreaterThan(surroundings.spacing / 4);
      expect(d).toBeLessThan(surroundings.spacing * 2);
    }
    const coarse = lifted(camera, middle, depthOfPlane(camera, floor), undefined, {
      ...surroundings,
      spacing: 0.24,
    });
    expect(coarse.count).toBeLessThan(0.4 * cloud.count);
  });

  test('takes the picture’s colour and stays inside the mask', () => {
    for (let i = 0; i < cloud.count; i++) {
      const { u, v } = projectPoint(camera, at(cloud, i));
      const margin = 2;
      expect(u).toBeGreaterThan(24 - margin);
      expect(u).toBeLessThan(72 + margin);
      expect(v).toBeGreaterThan(24 - margin);
      expect(v).toBeLessThan(72 + margin);
      const green = 0.5 + SH_C0 * cloud.dc[i * 3 + 1]!;
      expect(0.5 + SH_C0 * cloud.dc[i * 3]!).toBeCloseTo(0.2, 5);
      expect(Math.abs(green - (u - 0.5) / SIZE)).toBeLessThan(2.5 / SIZE);
    }
  });
});

test('no splat bridges a depth edge', () => {
  const straight = straightCamera(SIZE);
  const depth = createScalarImage(SIZE, SIZE);
  for (let i = 0; i < depth.data.length; i++) depth.data[i] = i % SIZE < 45 ? 2 : 3;
  const cloud = lifted(straight, middle, depth);
  expect(cloud.count).toBeGreaterThan(50);
  for (let i = 0; i < cloud.count; i++) {
    const z = cloud.positions[i * 3 + 2]!;
    expect(Math.min(Math.abs(z - 2), Math.abs(z - 3))).toBeLessThan(1e-5);
    const axes = axesOf(cloud, i);
    // Both discs face the camera; a bridge would lie along the view.
    expect(Math.abs(axes[2]![2])).toBeGreaterThan(0.999);
  }
});

test('nothing without depth, without confidence, or edge-on', () => {
  const straight = straightCamera(SIZE);
  const none = createScalarImage(SIZE, SIZE);
  expect(lifted(straight, middle, none).count).toBe(0);
  const flat = createScalarImage(SIZE, SIZE);
  flat.data.fill(2);
  expect(
    lifted(
      straight,
      maskOf(SIZE, SIZE, () => false),
      flat,
    ).count,
  ).toBe(0);
  expect(lifted(straight, middle, flat, undefined, undefined, 0).count).toBe(0);
  expect(lifted(straight, middle, flat).count).toBeGreaterThan(0);
  // A plane that is seen at about one degree.
  const glancing = depthOfPlane(straight, { normal: [0, 1, 0.005], offset: 0.02 });
  const below = maskOf(SIZE, SIZE, (x, y) => x > 20 && x < 70 && y > 50 && y < 60);
  expect(lifted(straight, below, glancing).count).toBe(0);
});

test('takes the scene’s SH degree and extra properties, all zero', () => {
  const like = createSplatCloud(2, 3, [
    { name: 'nx', data: Float32Array.of(1, 2) },
    { name: 'label', data: Uint8Array.of(7, 9) },
  ]);
  const cloud = lifted(camera, middle, depthOfPlane(camera, floor), like);
  expect(cloud.shDegree).toBe(3);
  expect(cloud.shRest).toEqual(new Float32Array(cloud.count * 45));
  expect(cloud.extras).toEqual([
    { name: 'nx', data: new Float32Array(cloud.count) },
    { name: 'label', data: new Uint8Array(cloud.count) },
  ]);
});

test.each([0.01, 100])('at scale × %d: the same splats, scaled', (scale) => {
  const far: Camera = {
    ...camera,
    worldToCamera: lookAt([0.4 * scale, -3 * scale, 2.2 * scale], [0.1 * scale, 0, 0], [0, 0, 1]),
  };
  const base = lifted(camera, middle, depthOfPlane(camera, floor));
  const cloud = lifted(far, middle, depthOfPlane(far, floor), undefined, {
    spacing: surroundings.spacing * scale,
    tangentialSigma: surroundings.tangentialSigma * scale,
    normalSigma: surroundings.normalSigma * scale,
    opacity: surroundings.opacity,
  });
  expect(cloud.count).toBe(base.count);
  for (let k = 0; k < base.count * 3; k++) {
    expect(Math.abs(cloud.positions[k]! / scale - base.positions[k]!)).toBeLessThan(1e-5);
    expect(Math.abs(cloud.logScales[k]! - Math.log(scale) - base.logScales[k]!)).toBeLessThan(1e-3);
  }
  expect(cloud.opacityLogits).toEqual(base.opacityLogits);
});
