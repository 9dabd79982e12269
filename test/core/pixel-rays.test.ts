// Accepts: a pixel's ray goes through its centre (i + 0.5, j + 0.5) and t is depth along z: points project
// back to 1e-9 px, for a skew camera with its principal point off centre.
import { expect, test } from 'vitest';
import { type Camera, cameraCenter, lookAt, projectPoint } from '../../core/camera.ts';
import { createScalarImage } from '../../core/image.ts';
import { pixelRays, unprojectImage } from '../../core/pixel-rays.ts';

const camera: Camera = {
  width: 30,
  height: 20,
  fx: 41,
  fy: 37,
  cx: 13.2,
  cy: 11.9,
  worldToCamera: lookAt([1, -4, 2.5], [0.2, 0.1, 0.3], [0.1, 0, 1]),
};

test('points project back onto their pixel centre at their depth', () => {
  const rays = pixelRays(camera);
  expect(rays.origin).toEqual(cameraCenter(camera));
  for (const [x, y, z] of [
    [0, 0, 1],
    [29, 19, 0.01],
    [7, 3, 250],
  ] as const) {
    const p = projectPoint(camera, rays.point(x, y, z));
    expect(Math.abs(p.u - (x + 0.5))).toBeLessThan(1e-9);
    expect(Math.abs(p.v - (y + 0.5))).toBeLessThan(1e-9);
    expect(Math.abs(p.depth / z - 1)).toBeLessThan(1e-9);
  }
});

test('a depth image unprojects pixel by pixel; no depth gives NaN', () => {
  const depth = createScalarImage(30, 20);
  depth.data[4 * 30 + 9] = 3;
  const points = unprojectImage(camera, depth);
  expect(points.length).toBe(1800);
  const at = 3 * (4 * 30 + 9);
  expect([...points.slice(at, at + 3)]).toEqual([...pixelRays(camera).point(9, 4, 3)]);
  expect(points.filter((v) => !Number.isNaN(v))).toHaveLength(3);
});
