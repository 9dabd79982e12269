// Accepts: two noisy planes (σ = a fifth of the tolerance, seed 6) are found as two planes with 99 % of their
// pixels, normals within 1°, offsets within the tolerance; a ball is no plane but one patch; patches grow over
// continuous pixels and stop at a step; the same at scale × 0.01 and × 100; the same seed, the same answer.
import { describe, expect, test } from 'vitest';
import { type Camera, lookAt } from '../../../core/camera.ts';
import { createMask, createScalarImage, type ScalarImage } from '../../../core/image.ts';
import { createRandom } from '../../../core/random.ts';
import {
  depthContinuity,
  growSurfaces,
  segmentSurfaces,
} from '../../../workers/steps/segment-surfaces.ts';
import { depthOfPlane, maskOf, straightCamera } from './support.ts';

const SIZE = 64;
const TOLERANCE = 0.03;
const cameraAt = (scale: number): Camera => ({
  ...straightCamera(SIZE),
  worldToCamera: lookAt([0.3 * scale, -2.5 * scale, 1.6 * scale], [0, 0, 0.3 * scale], [0, 0, 1]),
});

/** The floor z = 0 and a wall y = 1, noisy. */
function room(scale: number): { depth: ScalarImage; floor: Uint8Array } {
  const camera = cameraAt(scale);
  const random = createRandom(6);
  const floor = depthOfPlane(camera, { normal: [0, 0, 1], offset: 0 });
  const wall = depthOfPlane(camera, { normal: [0, 1, 0], offset: scale });
  const depth = createScalarImage(SIZE, SIZE);
  const onFloor = new Uint8Array(SIZE * SIZE);
  for (let i = 0; i < depth.data.length; i++) {
    const [f, w] = [floor.data[i]! || Number.POSITIVE_INFINITY, wall.data[i]!];
    onFloor[i] = f < w ? 1 : 0;
    const noise = random() + random() + random() - 1.5;
    depth.data[i] = Math.min(f, w) + 0.4 * TOLERANCE * scale * noise;
  }
  return { depth, floor: onFloor };
}

describe.each([1, 0.01, 100])('two planes at scale × %d', (scale) => {
  const { depth, floor } = room(scale);
  const known = maskOf(SIZE, SIZE, () => true);
  const found = segmentSurfaces(cameraAt(scale), depth, known, TOLERANCE * scale, scale, 3);
  const planes = found.filter((s) => s.plane !== undefined);

  test('are found as they are', () => {
    expect(planes).toHaveLength(2);
    for (const { plane, pixels, count } of planes) {
      const isFloor = Math.abs(plane!.normal[2]) > 0.9;
      const sign = Math.sign(isFloor ? plane!.normal[2] : plane!.normal[1]);
      const cosine = sign * (isFloor ? plane!.normal[2] : plane!.normal[1]);
      expect(cosine).toBeGreaterThan(Math.cos(Math.PI / 180));
      expect(Math.abs(sign * plane!.offset - (isFloor ? 0 : scale))).toBeLessThan(
        TOLERANCE * scale,
      );
      let own = 0;
      let all = 0;
      for (let i = 0; i < floor.length; i++) {
        if ((floor[i] === 1) !== isFloor) continue;
        all++;
        own += pixels.data[i]!;
      }
      expect(own / all).toBeGreaterThan(0.95);
      expect(count).toBe(pixels.data.reduce((n, v) => n + v, 0));
    }
    const both = planes[0]!.pixels.data.map((v, i) => v & planes[1]!.pixels.data[i]!);
    expect(both.some((v) => v !== 0)).toBe(false);
  });
});

test('unknown pixels take no part; the same seed gives the same answer', () => {
  const { depth } = room(1);
  const known = maskOf(SIZE, SIZE, (x) => x > 20);
  const run = () => segmentSurfaces(cameraAt(1), depth, known, TOLERANCE, 1, 3);
  const found = run();
  expect(run()).toEqual(found);
  for (const { pixels } of found) {
    for (let i = 0; i < known.data.length; i++)
      expect(pixels.data[i]! <= known.data[i]!).toBe(true);
  }
  expect(segmentSurfaces(cameraAt(1), depth, createMask(SIZE, SIZE), TOLERANCE, 1, 3)).toEqual([]);
});

/** A ball of radius 1 at depth 4 as the straight camera sees it; 0 beside it. */
function ballDepth(): ScalarImage {
  const depth = createScalarImage(SIZE, SIZE);
  for (let i = 0; i < depth.data.length; i++) {
    const kx = ((i % SIZE) + 0.5 - SIZE / 2) / SIZE;
    const ky = (Math.floor(i / SIZE) + 0.5 - SIZE / 2) / SIZE;
    const [a, b, c] = [kx * kx + ky * ky + 1, -8, 15];
    const root = b * b - 4 * a * c;
    if (root > 0) depth.data[i] = (-b - Math.sqrt(root)) / (2 * a);
  }
  return depth;
}

test('a ball is one patch and no plane', () => {
  const depth = ballDepth();
  const known = maskOf(SIZE, SIZE, (x, y) => depth.data[y * SIZE + x]! > 0);
  const found = segmentSurfaces(straightCamera(SIZE), depth, known, 0.005, 1, 3);
  const largest = found.reduce((a, b) => (a.count > b.count ? a : b));
  expect(largest.plane).toBeUndefined();
  expect(largest.count).toBeGreaterThan(0.6 * known.data.reduce((n, v) => n + v, 0));
});

test('a patch grows over what is continuous, and not across a step; planes stay', () => {
  const depth = createScalarImage(SIZE, SIZE);
  for (let i = 0; i < depth.data.length; i++) depth.data[i] = i % SIZE < 40 ? 2 : 3;
  const camera = straightCamera(SIZE);
  const pixels = maskOf(SIZE, SIZE, (x) => x < 10);
  const candidates = maskOf(SIZE, SIZE, (x, y) => x >= 10 && y < 30);
  const plane = { normal: [0, 0, 1] as [number, number, number], offset: 2 };
  const [patch, flat] = growSurfaces(
    [
      { pixels, count: 640 },
      { pixels, count: 640, plane },
    ],
    candidates,
    depthContinuity(camera, depth, 0.01),
  );
  expect(patch!.data).toEqual(maskOf(SIZE, SIZE, (x, y) => x < 10 || (x < 40 && y < 30)).data);
  expect(flat!.data).toEqual(pixels.data);
});
