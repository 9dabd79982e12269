// Accepts: a slanted plane continued exactly has no depth step (1e-5 relative: float32 depth), a known step is
// measured as it is (1 %), and so is a colour step (float32); rims without a surface on both sides are left out.
import { expect, test } from 'vitest';
import { lookAt } from '../../../core/camera.ts';
import { measureSeam, median } from '../../../workers/steps/measure-seam.ts';
import { depthOfPlane, maskOf, straightCamera, viewOf } from './support.ts';

const SIZE = 40;
const camera = {
  ...straightCamera(SIZE),
  worldToCamera: lookAt([0, -3, 2], [0, 0, 0], [0, 0, 1]),
};
const depth = depthOfPlane(camera, { normal: [0, 0, 1], offset: 0 });
const hole = maskOf(SIZE, SIZE, (x, y) => x >= 10 && x < 30 && y >= 12 && y < 32);

test('a plane continued exactly: no step', () => {
  const seam = measureSeam(viewOf(camera, depth), hole);
  expect(seam.depth.length).toBe(80);
  expect(seam.colour.length).toBe(80);
  expect(Math.max(...seam.depth)).toBeLessThan(1e-5);
  expect(Math.max(...seam.colour)).toBe(0);
});

test.each([-0.05, 0.002, 0.05])('a fill whose inverse depth is off by a share of %d', (step) => {
  const view = viewOf(camera, depth);
  for (let i = 0; i < hole.data.length; i++) {
    if (hole.data[i] === 0) continue;
    view.depthMedian.data[i]! /= 1 + step;
    view.rgb.data.set([0.8, 0.5, 0.5], i * 3);
  }
  const seam = measureSeam(view, hole);
  expect(Math.abs(median(seam.depth) / Math.abs(step) - 1)).toBeLessThan(0.05);
  for (const c of seam.colour) expect(c).toBeCloseTo(0.1, 6);
  // (0.5, 0.5, 0.5) against (0.8, 0.5, 0.5), by an independent implementation (scikit-image 0.26, deltaE_ciede2000, D65).
  for (const e of seam.deltaE) expect(e).toBeCloseTo(23.088, 2);
});

test('an outline against the background is no seam', () => {
  const view = viewOf(camera, depth);
  for (let i = 0; i < hole.data.length; i++) {
    if (hole.data[i] !== 0) continue;
    view.depthMedian.data[i] = 0;
    view.alpha.data[i] = 0;
  }
  expect(measureSeam(view, hole)).toEqual({ depth: [], colour: [], deltaE: [] });
  expect(
    measureSeam(
      viewOf(camera, depth),
      maskOf(SIZE, SIZE, () => false),
    ).depth,
  ).toEqual([]);
  // A hole that reaches the picture's border has no rim there.
  expect(
    measureSeam(
      viewOf(camera, depth),
      maskOf(SIZE, SIZE, () => true),
    ).depth,
  ).toEqual([]);
});

test('median', () => {
  expect(median([3, 1, 2])).toBe(2);
  expect(median([])).toBeNaN();
  const values = [2, 1];
  median(values);
  expect(values).toEqual([2, 1]);
});
