/** Clouds and cameras for the renderer's tests (CPU and GPU), all generated from a seed. */
import { type Camera, lookAt } from '../../core/camera.ts';
import type { ScalarImage } from '../../core/image.ts';
import { createRandom } from '../../core/random.ts';
import {
  createSplatCloud,
  SH_C0,
  SH_REST_COUNT,
  type ShDegree,
  type SplatCloud,
} from '../../core/splat-cloud.ts';

/** Looks along +z from the origin's side, slightly turned, principal point off the centre. */
export function testCamera(width: number, height: number, fPx: number): Camera {
  return {
    width,
    height,
    fx: fPx,
    fy: fPx * 1.05,
    cx: width / 2 + 1.3,
    cy: height / 2 - 0.7,
    worldToCamera: lookAt([0.1, -0.2, -0.3], [0.05, 0.1, 2], [0.05, -1, 0.02]),
  };
}

/** Splats of all shapes, sizes and opacities in front of `testCamera`, some outside its picture or behind it. */
export function randomCloud(count: number, shDegree: ShDegree, seed: number): SplatCloud {
  const random = createRandom(seed);
  const between = (a: number, b: number) => a + (b - a) * random();
  const cloud = createSplatCloud(count, shDegree);
  const rest = 3 * SH_REST_COUNT[shDegree];
  for (let i = 0; i < count; i++) {
    cloud.positions.set([between(-1.6, 1.6), between(-1.4, 1.4), between(-0.5, 3)], i * 3);
    for (let k = 0; k < 3; k++) {
      cloud.logScales[i * 3 + k] = Math.log(between(0.004, random() < 0.2 ? 0.3 : 0.08));
      cloud.dc[i * 3 + k] = (between(0, 1) - 0.5) / SH_C0;
    }
    for (let k = 0; k < 4; k++) cloud.rotations[i * 4 + k] = between(-1, 1);
    cloud.opacityLogits[i] = random() < 0.1 ? Number.POSITIVE_INFINITY : between(-4, 4);
    for (let k = 0; k < rest; k++) cloud.shRest[i * rest + k] = between(-0.3, 0.3);
  }
  return cloud;
}

/** One round splat. */
export function oneSplat(
  position: readonly [number, number, number],
  sigma: number,
  opacityLogit: number,
  rgb: readonly [number, number, number] = [1, 1, 1],
): SplatCloud {
  const cloud = createSplatCloud(1);
  cloud.positions.set(position);
  cloud.logScales.fill(Math.log(sigma));
  cloud.rotations.set([1, 0, 0, 0]);
  cloud.opacityLogits[0] = opacityLogit;
  cloud.dc.set(rgb.map((c) => (c - 0.5) / SH_C0));
  return cloud;
}

/** The same scene in other units. */
export function scaledScene(
  cloud: SplatCloud,
  camera: Camera,
  factor: number,
): { cloud: SplatCloud; camera: Camera } {
  const worldToCamera = camera.worldToCamera.slice();
  for (const k of [12, 13, 14]) worldToCamera[k] = worldToCamera[k]! * factor;
  return {
    cloud: {
      ...cloud,
      positions: cloud.positions.map((v) => v * factor),
      logScales: cloud.logScales.map((v) => v + Math.log(factor)),
    },
    camera: { ...camera, worldToCamera },
  };
}

/**
 * Share of the values that differ by more than `tolerance`, relative to the larger of the expected value and
 * `floor` (so that a nearly black pixel is not judged on its last bit).
 */
export function shareOff(
  expected: ArrayLike<number>,
  actual: ArrayLike<number>,
  tolerance: number,
  floor: number,
): number {
  if (expected.length !== actual.length) throw new Error('sizes differ');
  let off = 0;
  for (let i = 0; i < expected.length; i++) {
    const gap = Math.abs(expected[i]! - actual[i]!);
    if (!(gap <= tolerance * Math.max(Math.abs(expected[i]!), floor))) off++;
  }
  return off / expected.length;
}

/** Centre of mass of an image in pixel coordinates, first pixel's centre at (0.5, 0.5). */
export function centroid(image: ScalarImage): [number, number] {
  let sum = 0;
  let x = 0;
  let y = 0;
  for (let j = 0; j < image.height; j++) {
    for (let i = 0; i < image.width; i++) {
      const w = image.data[j * image.width + i]!;
      sum += w;
      x += w * (i + 0.5);
      y += w * (j + 0.5);
    }
  }
  return [x / sum, y / sum];
}

/** Bit for bit the same numbers (vitest's toEqual takes seconds on a picture). */
export function same(a: ArrayLike<number>, b: ArrayLike<number>): boolean {
  return shareOff(a, b, 0, 0) === 0;
}
