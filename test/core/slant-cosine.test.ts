// The slant of a plane at 60° to the ray is cos 60° = 0.5 at the principal point, whichever way it leans;
// a fronto-parallel plane's is 1 there. Depths are exact, slopes one-sided: 2 % tolerance.
import { expect, test } from 'vitest';
import { type Camera, lookAt } from '../../core/camera.ts';
import { createScalarImage } from '../../core/image.ts';
import { slantCosine } from '../../core/slant-cosine.ts';

const camera: Camera = {
  width: 65,
  height: 65,
  fx: 300,
  fy: 300,
  cx: 32.5,
  cy: 32.5,
  worldToCamera: lookAt([0, 0, 0], [0, 0, 1], [0, -1, 0]),
};
const centre = 32 * 65 + 32;

/** Depth of the plane z = 2 + a x + b y, camera frame. */
function planeDepth(a: number, b: number) {
  const depth = createScalarImage(65, 65);
  for (let y = 0; y < 65; y++) {
    for (let x = 0; x < 65; x++) {
      const kx = (x + 0.5 - camera.cx) / camera.fx;
      const ky = (y + 0.5 - camera.cy) / camera.fy;
      depth.data[y * 65 + x] = 2 / (1 - a * kx - b * ky);
    }
  }
  return depth;
}

test('a plane that faces the camera has cosine 1', () => {
  expect(slantCosine(planeDepth(0, 0), camera, centre)).toBeCloseTo(1, 6);
});

test.each([
  [Math.sqrt(3), 0],
  [0, -Math.sqrt(3)],
])('a plane at 60 degrees has cosine 0.5 (slopes %f, %f)', (a, b) => {
  expect(Math.abs(slantCosine(planeDepth(a, b), camera, centre) - 0.5)).toBeLessThan(0.01);
});
