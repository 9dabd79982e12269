/**
 * Accepts: the CPU renderer equals a renderer written from the formulas (render-naive.ts) to 1e-3 relative on
 * 99.5 % of pixels, for every output. Not on all: its records are 32 bits, so a contribution may fall on the
 * other side of 1/255, or a transmittance on the other side of 0.5. Seeds 1 to 9.
 */
import { describe, expect, test } from 'vitest';
import { lookAt, projectPoint } from '../../core/camera.ts';
import { createCpuRenderer } from '../../core/cpu/render/index.ts';
import { measureCloud } from '../../core/cpu/render/measure.ts';
import { concatSplats, createSplatCloud, takeSplats } from '../../core/splat-cloud.ts';
import {
  centroid,
  oneSplat,
  randomCloud,
  same,
  scaledScene,
  shareOff,
  testCamera,
} from './render-fixtures.ts';
import { renderNaive } from './render-naive.ts';

const OUTPUTS = ['rgb', 'alpha', 'depthMean', 'depthMedian', 'marked'] as const;
const camera = testCamera(61, 47, 55);

describe('against the formulas', () => {
  test.each([0, 1, 2, 3] as const)('SH degree %i', async (degree) => {
    const cloud = randomCloud(250, degree, 1 + degree);
    const marked = Uint8Array.from({ length: cloud.count }, (_, i) => (i % 3 === 0 ? 1 : 0));
    const background = [0.2, 0.4, 0.9] as const;
    const { near } = measureCloud(cloud);
    const naive = renderNaive(cloud, camera, near, marked, background);
    const view = await createCpuRenderer(cloud).render(camera, { marked, background });
    for (const key of OUTPUTS) {
      expect(shareOff(naive[key], view[key].data, 1e-3, 0.05), key).toBeLessThan(5e-3);
    }
    // The scene is worth comparing: filled, in part, by several splats a pixel.
    const mean = view.alpha.data.reduce((s, a) => s + a, 0) / view.alpha.data.length;
    expect(mean).toBeGreaterThan(0.3);
    expect(view.marked.data.some((m) => m > 0.2)).toBe(true);
  });
});

test('a region is the crop of the whole, and nothing outside it', async () => {
  const renderer = createCpuRenderer(randomCloud(250, 1, 5));
  const background = [0.1, 0.1, 0.1] as const;
  const whole = await renderer.render(camera, { background });
  const region = { x0: 17, y0: 9, x1: 40, y1: 33 };
  const part = await renderer.render(camera, { background, region });
  for (const key of OUTPUTS) {
    const channels = key === 'rgb' ? 3 : 1;
    const expected = whole[key].data.map((value, i) => {
      const p = Math.floor(i / channels);
      const x = p % camera.width;
      const y = Math.floor(p / camera.width);
      return x >= region.x0 && x < region.x1 && y >= region.y0 && y < region.y1 ? value : 0;
    });
    expect(same(part[key].data, expected), key).toBe(true);
  }
  const nothing = await renderer.render(camera, { region: { x0: 70, y0: 5, x1: 80, y1: 9 } });
  expect(nothing.alpha.data.every((a) => a === 0)).toBe(true);
});

test('visible leaves splats out as if they were not there; marked adds up to alpha', async () => {
  const cloud = randomCloud(200, 0, 6);
  const visible = Uint8Array.from({ length: cloud.count }, (_, i) => (i % 2 === 0 ? 1 : 0));
  const rows = [...visible.keys()].filter((i) => visible[i] === 1);
  const renderer = createCpuRenderer(cloud);
  const hidden = await renderer.render(camera, { visible });
  const without = await createCpuRenderer(takeSplats(cloud, rows)).render(camera);
  for (const key of OUTPUTS) expect(same(hidden[key].data, without[key].data), key).toBe(true);

  const odd = visible.map((v) => 1 - v);
  const [a, b] = [
    await renderer.render(camera, { marked: visible }),
    await renderer.render(camera, { marked: odd }),
  ];
  const sum = a.marked.data.map((v, i) => v + b.marked.data[i]!);
  // 32-bit sums of up to some hundred weights.
  expect(shareOff(a.alpha.data, sum, 1e-5, 1)).toBe(0);
  await expect(renderer.render(camera, { visible: new Uint8Array(3) })).rejects.toMatchObject({
    code: 'internal',
  });
});

test.each([0.01, 100])('the scene × %f looks the same, its depth is scaled', async (factor) => {
  const cloud = randomCloud(250, 2, 7);
  const before = await createCpuRenderer(cloud).render(camera);
  const scaled = scaledScene(cloud, camera, factor);
  const after = await createCpuRenderer(scaled.cloud).render(scaled.camera);
  // Coordinates are rounded to 32 bits anew: some splats change places where their depths are alike.
  for (const key of ['rgb', 'alpha'] as const) {
    expect(shareOff(before[key].data, after[key].data, 1e-3, 0.05), key).toBeLessThan(0.01);
  }
  for (const key of ['depthMean', 'depthMedian'] as const) {
    const depth = before[key].data.map((z) => z * factor);
    expect(shareOff(depth, after[key].data, 1e-3, 0.1 * factor), key).toBeLessThan(0.01);
  }
});

test('a camera that sees nothing shows the background', async () => {
  const away = { ...camera, worldToCamera: lookAt([0, 0, 20], [0, 0, 30], [0, -1, 0]) };
  const view = await createCpuRenderer(randomCloud(50, 1, 8)).render(away, {
    background: [0.25, 0.5, 0.75],
  });
  expect(view.rgb.data.every((v, i) => v === [0.25, 0.5, 0.75][i % 3])).toBe(true);
  for (const key of ['alpha', 'depthMean', 'depthMedian', 'marked'] as const) {
    expect(view[key].data.every((v) => v === 0)).toBe(true);
  }
  const empty = await createCpuRenderer(createSplatCloud(0)).render(camera);
  expect(empty.alpha.data.every((v) => v === 0)).toBe(true);
});

test('a camera that is none is refused', async () => {
  const renderer = createCpuRenderer(randomCloud(5, 0, 9));
  for (const bad of [
    { fx: 0 },
    { width: 0 },
    { width: 1e6, height: 1e6 },
    { cx: Number.NaN },
    { worldToCamera: new Float64Array(16).fill(Number.NaN) },
  ]) {
    await expect(renderer.render({ ...camera, ...bad })).rejects.toMatchObject({
      code: 'bad-camera',
    });
  }
});

describe('damaged splats', () => {
  const sound = randomCloud(150, 1, 8);
  const damage: [string, (cloud: typeof sound) => void][] = [
    ['NaN position', (c) => c.positions.fill(Number.NaN)],
    ['infinite position', (c) => c.positions.fill(Number.POSITIVE_INFINITY, 1, 2)],
    ['NaN scale', (c) => c.logScales.fill(Number.NaN)],
    ['scale e^80', (c) => c.logScales.fill(80)],
    ['1000 × the scene', (c) => c.logScales.fill(Math.log(3000))],
    ['zero quaternion', (c) => c.rotations.fill(0)],
    ['NaN quaternion', (c) => c.rotations.fill(Number.NaN, 2, 3)],
    ['NaN opacity', (c) => c.opacityLogits.fill(Number.NaN)],
    ['opacity 0', (c) => c.opacityLogits.fill(Number.NEGATIVE_INFINITY)],
    ['infinite colour', (c) => c.dc.fill(Number.POSITIVE_INFINITY)],
    ['NaN SH', (c) => c.shRest.fill(Number.NaN)],
  ];
  test.each(damage)('%s: as if it were not there', async (_, spoil) => {
    const bad = takeSplats(sound, [3]);
    bad.positions.set([0.05, 0, 1]);
    spoil(bad);
    const view = await createCpuRenderer(concatSplats(sound, bad)).render(camera);
    const clean = await createCpuRenderer(sound).render(camera);
    for (const key of OUTPUTS) expect(same(view[key].data, clean[key].data), key).toBe(true);
  });

  test('a splat larger than the picture is drawn, whole and finite', async () => {
    const large = oneSplat([0, 0, 1], 2, Number.POSITIVE_INFINITY, [0.2, 0.6, 1]);
    const view = await createCpuRenderer(large).render(camera);
    expect(Math.min(...view.alpha.data)).toBeGreaterThan(0.8);
    expect(view.depthMedian.data.every((z) => z > 0 && Number.isFinite(z))).toBe(true);
  });

  test('flat splats of thickness exactly 0 are drawn', async () => {
    const flat = oneSplat([0, 0, 1], 0.2, 5);
    flat.logScales[2] = Number.NEGATIVE_INFINITY;
    const view = await createCpuRenderer(flat).render(camera);
    const centre = projectPoint(camera, [0, 0, 1]);
    const p = Math.floor(centre.v) * camera.width + Math.floor(centre.u);
    expect(view.alpha.data[p]).toBeGreaterThan(0.9);
    expect(view.depthMedian.data[p]).toBeCloseTo(centre.depth, 2);
  });
});

test('sub-pixel registration: a splat lands at its (u, v), first pixel centre at (0.5, 0.5)', async () => {
  for (const [x, y] of [
    [0, 0],
    [0.031, -0.047],
    [-0.11, 0.083],
  ] as const) {
    const { u, v } = projectPoint(camera, [x, y, 1]);
    const view = await createCpuRenderer(oneSplat([x, y, 1], 0.03, 0)).render(camera);
    const [cu, cv] = centroid(view.alpha);
    // A half-pixel error would be 0.5; the cut at 1/255 leaves some 0.01.
    expect(Math.abs(cu - u)).toBeLessThan(0.05);
    expect(Math.abs(cv - v)).toBeLessThan(0.05);
  }
});

test('cancel: before the start and in the middle', async () => {
  const renderer = createCpuRenderer(randomCloud(60_000, 3, 9));
  const aborted = AbortSignal.abort();
  await expect(renderer.render(camera, {}, aborted)).rejects.toMatchObject({ code: 'cancelled' });
  const controller = new AbortController();
  setTimeout(() => controller.abort(), 1);
  const large = testCamera(1220, 940, 1100);
  await expect(renderer.render(large, {}, controller.signal)).rejects.toMatchObject({
    code: 'cancelled',
  });
});
