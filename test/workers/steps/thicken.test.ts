// Accepts: a noisy slab's body is measured and copied (offsets within the slab, away from the camera, as many as the slab has
// behind each part of its front, two at most); each splat has the colour that survivors have at its depth, and of those
// behind fronts of its own colour; a flat surface and a second surface beyond a gap give no body; the same at any
// scale; haze and splats without a colour are no part of it; cancel ends it. Seed 3; splats on a 40 × 40 grid seen straight on.
import { expect, test } from 'vitest';
import type { Camera } from '../../../core/camera.ts';
import { createRgbImage } from '../../../core/image.ts';
import { createRandom } from '../../../core/random.ts';
import {
  colourOf,
  createSplatCloud,
  type SplatCloud,
  takeSplats,
} from '../../../core/splat-cloud.ts';
import { measureBody, thicken } from '../../../workers/steps/thicken.ts';
import { depthOfPlane, maskOf, straightCamera } from './support.ts';

const SIZE = 80;
const GRID = 40;
const FRONTS = GRID * GRID;
const SIGMA_PER_SPACING = 0.5;

interface Slab {
  scale: number;
  /** Layers behind the front, as many splats each as the front. */
  layers: number;
  /** Depth behind the front, spacings. */
  depthOf: (random: () => number) => number;
  /** `dc` of a splat at so many spacings' depth in the left or the right half. */
  inside: (depth: number, left: boolean, layer: number) => number;
  /** Of a layer behind, from 0. */
  opacity: (layer: number) => number;
  /** `dc` of the front. */
  front: (left: boolean) => number;
}

/** A camera at the origin looking along +z, a slab with its front at z = 2. */
function scene(slab: Partial<Slab>) {
  const { scale, layers, depthOf, inside, opacity, front }: Slab = {
    scale: 1,
    layers: 1,
    depthOf: (random) => 1 + 3 * random(),
    inside: () => 0,
    opacity: () => 0.9,
    front: () => 0,
    ...slab,
  };
  const camera: Camera = {
    ...straightCamera(SIZE),
    worldToCamera: Float64Array.from([1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1]),
  };
  const random = createRandom(3);
  const z0 = 2 * scale;
  const half = (z0 * SIZE) / (2 * camera.fx);
  const spacing = (2 * half) / GRID;
  const cloud = createSplatCloud((1 + layers) * FRONTS, 0, []);
  const rgb = createRgbImage(SIZE, SIZE);
  for (let n = 0; n < cloud.count; n++) {
    const k = n % FRONTS;
    const depth = n < FRONTS ? 0 : depthOf(random);
    const z = z0 + depth * spacing;
    const x = ((k % GRID) + 0.5) * spacing - half;
    const y = (Math.floor(k / GRID) + 0.5) * spacing - half;
    cloud.positions.set([(x * z) / z0, (y * z) / z0, z], n * 3);
    cloud.rotations.set([1, 0, 0, 0], n * 4);
    const sigma = Math.log(SIGMA_PER_SPACING * spacing);
    cloud.logScales.set([sigma, sigma, sigma - 3], n * 3);
    const layer = Math.floor(n / FRONTS) - 1;
    const alpha = layer < 0 ? 0.9 : opacity(layer);
    cloud.opacityLogits[n] = Math.log(alpha / (1 - alpha));
    cloud.dc.fill(layer < 0 ? front(x < 0) : inside(depth, x < 0, layer), n * 3, n * 3 + 3);
  }
  for (let i = 0; i < SIZE * SIZE; i++)
    rgb.data.fill(colourOf(front(i % SIZE < SIZE / 2)), i * 3, i * 3 + 3);
  const depth = depthOfPlane(camera, { normal: [0, 0, 1], offset: z0 });
  const ring = maskOf(SIZE, SIZE, () => true);
  const body = measureBody(cloud, camera, { rgb, depth }, ring, spacing, 8 * spacing, 5);
  const fill = takeSplats(
    cloud,
    Array.from({ length: FRONTS }, (_, k) => k),
  );
  const thickened = (signal?: AbortSignal): Promise<SplatCloud> =>
    thicken(fill, camera, body, SIGMA_PER_SPACING, 7, signal);
  return { body, spacing, z0, thickened };
}

test.each([0.01, 1, 100])('a slab of noise gets a body, at scale × %d', async (scale) => {
  const { body, spacing, z0, thickened } = scene({ scale });
  // One splat behind each of the front's, seen at a wider angle the farther behind.
  expect(body.density * spacing ** 2).toBeGreaterThan(0.9);
  expect(body.density * spacing ** 2).toBeLessThan(1.05);
  const behind = await thickened();
  expect(behind.count).toBeGreaterThan(0.9 * FRONTS);
  expect(behind.count).toBeLessThan(1.05 * FRONTS);
  const depths = Array.from({ length: behind.count }, (_, n) => behind.positions[n * 3 + 2]! - z0)
    .map((depth) => depth / spacing)
    .sort((a, b) => a - b);
  // Depths behind are measured by the slant alone, which is less off the picture's middle.
  expect(depths[0]).toBeGreaterThan(0.8);
  expect(depths.at(-1)).toBeLessThan(4.01);
  expect(depths[behind.count >> 1]).toBeCloseTo(2.5, 0);
});

test('as dense as the surroundings, two for one of the front at most', async () => {
  const single = (await scene({ layers: 1 }).thickened()).count;
  const double = (await scene({ layers: 2 }).thickened()).count;
  const many = (await scene({ layers: 5 }).thickened()).count;
  expect(double / single).toBeCloseTo(2, 1);
  expect(many).toBe(2 * FRONTS);
});

test('a flat surface has no body, nor one with another surface behind a gap', async () => {
  for (const depth of [0.1, 5]) {
    const { body, thickened } = scene({ depthOf: () => depth });
    expect(body).toMatchObject({ samples: [], density: 0 });
    expect((await thickened()).count).toBe(0);
  }
});

test('inside it has the colours that its surroundings have there', async () => {
  const { spacing, z0, thickened } = scene({
    layers: 2,
    // Darker with depth; behind the light half another colour than behind the dark one.
    inside: (depth, left) => (left ? 0.8 : -0.8) - 0.2 * depth,
    front: (left) => (left ? 0.5 : -0.5),
  });
  const behind = await thickened();
  let worst = 0;
  for (let n = 0; n < behind.count; n++) {
    const x = behind.positions[n * 3]!;
    // The halves meet there, and a mean is taken over places.
    if (Math.abs(x) < spacing) continue;
    const depth = (behind.positions[n * 3 + 2]! - z0) / spacing;
    const expected = (x < 0 ? 0.8 : -0.8) - 0.2 * depth;
    worst = Math.max(worst, Math.abs(behind.dc[n * 3 + 1]! - expected));
  }
  // At the body's ends all other layers lie to one side.
  expect(worst).toBeLessThan(0.15);
});

test('haze and splats without a colour are no part of it', async () => {
  const plain = scene({ layers: 1 });
  const spoiled = scene({
    layers: 3,
    inside: (_depth, _left, layer) => (layer === 1 ? Number.NaN : 0),
    opacity: (layer) => (layer === 2 ? 0.05 : 0.9),
  });
  expect(spoiled.body.density / plain.body.density).toBeCloseTo(1, 1);
  const behind = await spoiled.thickened();
  expect(behind.dc.every(Number.isFinite)).toBe(true);
});

test('cancel ends it', async () => {
  const stop = new AbortController();
  const { thickened } = scene({ layers: 2 });
  const running = thickened(stop.signal);
  stop.abort();
  await expect(running).rejects.toMatchObject({ code: 'cancelled' });
});
