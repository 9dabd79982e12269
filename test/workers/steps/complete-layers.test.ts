// Accepts, on the CPU completer: a plane is continued behind a hole exactly (1e-4 relative: the solver's goal),
// and known pixels bit for bit; a straight outline between two surfaces goes on straight through a hole (within
// 1.5 px everywhere); a class nobody knows labels nothing.
import { expect, test } from 'vitest';
import { type Camera, lookAt } from '../../../core/camera.ts';
import { createCpuKernels } from '../../../core/cpu/kernels.ts';
import { createMask } from '../../../core/image.ts';
import {
  continueLabels,
  continueSurface,
  planeDepth,
} from '../../../workers/line/complete-layers.ts';
import { UNKNOWN } from '../../../workers/steps/find-hole.ts';
import { depthOfPlane, maskOf, straightCamera } from './support.ts';

const SIZE = 48;
const kernels = createCpuKernels();
const hole = maskOf(SIZE, SIZE, (x, y) => Math.hypot(x - 24, y - 22) < 12);

test.each([0.01, 1, 100])('a plane goes on behind the hole, at scale × %d', async (scale) => {
  const camera: Camera = {
    ...straightCamera(SIZE),
    worldToCamera: lookAt([0.2 * scale, -2 * scale, 1.5 * scale], [0, 0, 0], [0, 0, 1]),
  };
  const plane = { normal: [0, 0, 1] as [number, number, number], offset: 0 };
  const truth = depthOfPlane(camera, plane);
  const depth = { ...truth, data: truth.data.map((z, i) => (hole.data[i] === 0 ? z : 0)) };
  // Only a frame around the hole is the surface's own.
  const pixels = maskOf(SIZE, SIZE, (x, y) => {
    const r = Math.hypot(x - 24, y - 22);
    return r >= 12 && r < 18;
  });
  const done = await continueSurface(pixels, planeDepth(plane, camera), depth, hole, kernels);
  for (let i = 0; i < truth.data.length; i++) {
    if (pixels.data[i] !== 0) expect(done.depth.data[i]).toBe(truth.data[i]);
    if (hole.data[i] === 0) continue;
    expect(Math.abs(done.depth.data[i]! / truth.data[i]! - 1)).toBeLessThan(1e-4);
    expect(done.confidence.data[i]).toBeGreaterThan(0);
  }
});

test('beyond the horizon a plane has no depth', async () => {
  const camera: Camera = {
    ...straightCamera(SIZE),
    worldToCamera: lookAt([0, 0, 1], [0, 5, 1], [0, 0, 1]),
  };
  const plane = { normal: [0, 0, 1] as [number, number, number], offset: 0 };
  const depth = depthOfPlane(camera, plane);
  const pixels = maskOf(SIZE, SIZE, (_, y) => y > 40);
  const wanted = maskOf(SIZE, SIZE, (_, y) => y <= 40);
  const done = await continueSurface(pixels, planeDepth(plane, camera), depth, wanted, kernels);
  for (let i = 0; i < depth.data.length; i++) {
    const y = Math.floor(i / SIZE);
    if (y < SIZE / 2) expect(done.depth.data[i]).toBe(0);
    if (y > SIZE / 2) expect(Math.abs(done.depth.data[i]! / depth.data[i]! - 1)).toBeLessThan(1e-3);
  }
});

test.each([
  ['upright', (x: number, _y: number) => x < 27],
  ['slanted', (x: number, y: number) => x - 24 < 0.6 * (y - 22)],
  ['level', (_x: number, y: number) => y < 20],
])('a straight outline goes on straight: %s', async (_, left) => {
  const truth = maskOf(SIZE, SIZE, left);
  const labels = truth.data.map((v, i) => (hole.data[i] !== 0 ? UNKNOWN : v));
  const found = await continueLabels(labels, 2, hole, kernels);
  // Wrong pixels may only lie along the outline.
  const at = (x: number, y: number) => (left(x, y) ? 1 : 0);
  for (let i = 0; i < found.length; i++) {
    const x = i % SIZE;
    const y = (i - x) / SIZE;
    if (hole.data[i] === 0) expect(found[i]).toBe(labels[i]);
    if (found[i] === truth.data[i]) continue;
    const r = 1.5;
    const sides = [at(x - r, y), at(x + r, y), at(x, y - r), at(x, y + r)];
    expect(new Set(sides).size, `(${x}, ${y}) is off the outline`).toBe(2);
  }
});

test('one class fills everything; none fills nothing', async () => {
  const one = new Uint8Array(SIZE * SIZE).map((_, i) => (hole.data[i] !== 0 ? UNKNOWN : 1));
  const found = await continueLabels(one, 3, hole, kernels);
  expect(found.every((l) => l === 1)).toBe(true);
  const none = new Uint8Array(SIZE * SIZE).fill(UNKNOWN);
  const all = maskOf(SIZE, SIZE, () => true);
  expect((await continueLabels(none, 2, all, kernels)).every((l) => l === UNKNOWN)).toBe(true);
  expect((await continueLabels(one, 3, createMask(SIZE, SIZE), kernels))[24 * SIZE + 24]).toBe(
    UNKNOWN,
  );
});
