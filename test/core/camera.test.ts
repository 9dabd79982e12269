// Camera conventions: projection and unprojection are inverse to 1e-9 relative, the first pixel's
// centre is (0.5, 0.5), JSON goes round. Tolerances are float64 round-off.
import { expect, test } from 'vitest';
import {
  type Camera,
  cameraCenter,
  cameraToJson,
  lookAt,
  parseCamera,
  projectPoint,
  unprojectPoint,
} from '../../core/camera.ts';

const camera: Camera = {
  width: 64,
  height: 48,
  fx: 50,
  fy: 52,
  cx: 32,
  cy: 24,
  worldToCamera: lookAt([1, -2, -3], [0.2, 0.1, 0.4], [0, -1, 0]),
};

test('a projected point comes back where it was', () => {
  for (const p of [
    [0, 0, 0],
    [0.3, -0.2, 1],
    [2, 1, 5],
  ] as [number, number, number][]) {
    const { u, v, depth } = projectPoint(camera, p);
    const q = unprojectPoint(camera, u, v, depth);
    for (let k = 0; k < 3; k++) expect(q[k]).toBeCloseTo(p[k]!, 9);
  }
});

test('the look-at target lands on the principal point, with its distance as depth', () => {
  const { u, v, depth } = projectPoint(camera, [0.2, 0.1, 0.4]);
  expect(u).toBeCloseTo(32, 9);
  expect(v).toBeCloseTo(24, 9);
  expect(depth).toBeCloseTo(Math.hypot(0.8, 2.1, 3.4), 9);
  const up = projectPoint(camera, [0.2, 0.1 - 0.1, 0.4]);
  expect(up.v).toBeLessThan(24);
});

test('a camera goes through JSON unchanged', () => {
  const again = parseCamera(JSON.parse(JSON.stringify(cameraToJson(camera))));
  for (let i = 0; i < 16; i++)
    expect(again.worldToCamera[i]).toBeCloseTo(camera.worldToCamera[i]!, 9);
  expect(cameraCenter(again)[1]).toBeCloseTo(-2, 9);
});

test('a bad camera is refused by name', () => {
  expect(() => parseCamera({ width: 10, height: 10, fx: -1, fy: 1, cx: 5, cy: 5 })).toThrow(
    /positive/,
  );
  expect(() =>
    parseCamera({
      ...cameraToJson(camera),
      cameraToWorld: [
        [2, 0, 0, 0],
        [0, 1, 0, 0],
        [0, 0, 1, 0],
        [0, 0, 0, 1],
      ],
    }),
  ).toThrow(/rigid/);
});
