// Accepts: a noisy slab's body is measured and copied (offsets within the slab, away from the camera, front's colour
// and count bounded by half the front); a slab whose inside is darker gets a body that is as much darker than the front,
// and one whose inside only scatters gets the front's own colour; a flat surface and a second surface beyond a gap give no body; the same at any
// scale. Seed 3; splats on a 40 × 40 grid seen straight on.
import { expect, test } from 'vitest';
import type { Camera } from '../../../core/camera.ts';
import { createRgbImage } from '../../../core/image.ts';
import { createRandom } from '../../../core/random.ts';
import { colourOf, createSplatCloud, type SplatCloud } from '../../../core/splat-cloud.ts';
import { measureThickness, thicken } from '../../../workers/steps/thicken.ts';
import { depthOfPlane, maskOf, straightCamera } from './support.ts';

const SIZE = 80;
const GRID = 40;

/** Straight ahead: a camera at the origin looking along +z, the surface at z = 2. */
function scene(
  scale: number,
  depths: (random: () => number) => number,
  inside: (random: () => number) => number = () => 0,
) {
  const camera: Camera = {
    ...straightCamera(SIZE),
    worldToCamera: Float64Array.from([1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1]),
  };
  const random = createRandom(3);
  const z0 = 2 * scale;
  const half = (z0 * SIZE) / (2 * camera.fx);
  const spacing = (2 * half) / GRID;
  const cloud = createSplatCloud(2 * GRID * GRID, 0, []);
  for (let n = 0; n < cloud.count; n++) {
    const k = n % (GRID * GRID);
    const z = n < GRID * GRID ? z0 : z0 + depths(random) * spacing;
    const x = ((k % GRID) + 0.5) * spacing - half;
    const y = (Math.floor(k / GRID) + 0.5) * spacing - half;
    cloud.positions.set([(x * z) / z0, (y * z) / z0, z], n * 3);
    cloud.rotations.set([1, 0, 0, 0], n * 4);
    // Each column's splats say their row, scattered about 0.
    cloud.dc.set([k - (GRID * GRID) / 2, 0, n < GRID * GRID ? 0 : inside(random)], n * 3);
  }
  const rgb = createRgbImage(SIZE, SIZE);
  rgb.data.fill(colourOf(0));
  const depth = depthOfPlane(camera, { normal: [0, 0, 1], offset: z0 });
  const ring = maskOf(SIZE, SIZE, () => true);
  const measured = measureThickness(cloud, camera, { rgb, depth }, ring, spacing, 8 * spacing);
  return { camera, cloud, spacing, measured, z0 };
}

const firstSplats = (cloud: SplatCloud): SplatCloud => ({
  ...cloud,
  count: GRID * GRID,
  positions: cloud.positions.slice(0, 3 * GRID * GRID),
  logScales: cloud.logScales.slice(0, 3 * GRID * GRID),
  rotations: cloud.rotations.slice(0, 4 * GRID * GRID),
  opacityLogits: cloud.opacityLogits.slice(0, GRID * GRID),
  dc: cloud.dc.slice(0, 3 * GRID * GRID),
});

test.each([0.01, 1, 100])('a slab of noise gets a body, at scale × %d', (scale) => {
  const { camera, cloud, spacing, measured, z0 } = scene(scale, (random) => 1 + 3 * random());
  expect(measured.share).toBe(0.5);
  expect(measured.offsets[0]! / spacing).toBeGreaterThan(1);
  expect(measured.offsets.at(-1)! / spacing).toBeLessThanOrEqual(4.001);
  expect(measured.offsets.length).toBeGreaterThan(0.9 * GRID * GRID);
  const body = thicken(firstSplats(cloud), camera, measured, 7);
  expect(body.count).toBeGreaterThan(0.4 * GRID * GRID);
  expect(body.count).toBeLessThan(0.6 * GRID * GRID);
  for (let n = 0; n < body.count; n++) {
    const behind = (body.positions[n * 3 + 2]! - z0) / spacing;
    expect(behind).toBeGreaterThan(0.99);
    expect(behind).toBeLessThan(4.01);
    // Straight behind the front's splat whose colour it has.
    const row = body.dc[n * 3]! + (GRID * GRID) / 2;
    expect(body.positions[n * 3]).toBe(cloud.positions[row * 3]);
  }
});

test('a flat surface has no body, nor one with another surface behind a gap', () => {
  for (const depths of [() => 0.1, () => 5]) {
    const { measured, camera, cloud } = scene(1, depths);
    expect(measured).toMatchObject({ offsets: [], share: 0 });
    expect(thicken(firstSplats(cloud), camera, measured, 7).count).toBe(0);
  }
});

test('inside it is as much darker as the surroundings are', () => {
  const slab = (random: () => number) => 1 + 3 * random();
  const { camera, cloud, measured } = scene(1, slab, (random) => -0.8 + 0.1 * random());
  const body = thicken(firstSplats(cloud), camera, measured, 7);
  for (let n = 0; n < body.count; n++) expect(body.dc[n * 3 + 2]).toBeCloseTo(-0.75, 1);
  const scattered = scene(1, slab, (random) => random() - 0.5).measured;
  const plain = thicken(firstSplats(cloud), camera, scattered, 7);
  for (let n = 0; n < plain.count; n++) expect(Math.abs(plain.dc[n * 3 + 2]!)).toBeLessThan(0.02);
});
