/**
 * Accepts: culling leaves out nothing that the projection keeps, and most of what it drops; the sort is exact and
 * stable; the exponential is off by 8e-9 at most. Seeds 41 to 44.
 */
import { describe, expect, test } from 'vitest';
import { lookAt } from '../../core/camera.ts';
import { cullRows } from '../../core/cpu/render/cull.ts';
import { fastExp } from '../../core/cpu/render/exp.ts';
import { measureCloud } from '../../core/cpu/render/measure.ts';
import { createProjected, createProjector } from '../../core/cpu/render/project.ts';
import { RECORD_FLOATS } from '../../core/cpu/render/records.ts';
import { sortByDepth } from '../../core/cpu/render/sort.ts';
import { createRandom } from '../../core/random.ts';
import { randomCloud, same, testCamera } from './render-fixtures.ts';

describe('culling', () => {
  const cloud = randomCloud(6000, 0, 41);
  const measure = measureCloud(cloud);
  const camera = testCamera(149, 101, 130);
  const visible = Uint8Array.from({ length: cloud.count }, (_, i) => (i % 9 === 0 ? 0 : 1));
  const whole = { x0: 0, y0: 0, x1: 149, y1: 101 };

  function projected(view: typeof camera, region: typeof whole, rows?: Uint32Array) {
    const { near, usable } = measure;
    const out = createProjected(cloud.count);
    const inputs = { cloud, camera: view, region, near, usable, visible, marked: undefined };
    const count = rows?.length ?? cloud.count;
    createProjector(rows === undefined ? inputs : { ...inputs, rows }, out)(0, count);
    return out;
  }

  test.each([
    ['the whole picture', camera, whole],
    ['a corner of it', camera, { x0: 0, y0: 0, x1: 30, y1: 12 }],
    [
      'from within the cloud',
      { ...camera, worldToCamera: lookAt([0, 0, 1.5], [1, 0.3, 1.5], [0, -1, 0]) },
      whole,
    ],
    ['a principal point far outside', { ...camera, cx: -150, cy: 260 }, whole],
  ])('%s: the same records as without it', (_, view, region) => {
    const rows = new Uint32Array(cloud.count);
    // In two pieces, as a plan does.
    const half = cullRows(cloud, measure, view, region, visible, 0, 2500, rows, 0);
    const count = cullRows(cloud, measure, view, region, visible, 2500, cloud.count, rows, half);
    const all = projected(view, region);
    const some = projected(view, region, rows.subarray(0, count));
    expect(some.count).toBe(all.count);
    expect(all.count).toBeGreaterThan(20);
    const floats = all.count * RECORD_FLOATS;
    expect(same(all.records.subarray(0, floats), some.records.subarray(0, floats))).toBe(true);
    // And it is of use: half of the splats are this large and near the border, no more pass in vain.
    expect(count).toBeLessThan(all.count + 0.25 * cloud.count);
  });
});

describe('sortByDepth', () => {
  test.each([
    ['a scene', (r: number) => 0.3 + 8 * r],
    ['all alike', () => 2.5],
    ['few values', (r: number) => 1 + Math.floor(5 * r)],
    ['from 1e-30 to 1e30', (r: number) => 10 ** (60 * r - 30)],
  ])('%s: ascending, equal ones in order', (_, depthOf) => {
    const random = createRandom(42);
    const depths = Float32Array.from({ length: 5000 }, () => depthOf(random()));
    const expected = [...depths.keys()].sort((a, b) => depths[a]! - depths[b]! || a - b);
    expect(same(sortByDepth(depths), expected)).toBe(true);
  });
  test('nothing', () => {
    expect(sortByDepth(new Float32Array(0)).length).toBe(0);
  });
});

test('fastExp is e to the x', () => {
  const random = createRandom(44);
  let worst = 0;
  for (let k = 0; k < 20_000; k++) {
    const x = (random() - 0.5) * 1400;
    worst = Math.max(worst, Math.abs(fastExp(x) / Math.exp(x) - 1));
  }
  expect(worst).toBeLessThan(8e-9);
  expect(fastExp(0)).toBe(1);
  expect(fastExp(Number.NEGATIVE_INFINITY)).toBeLessThan(1e-300);
  expect(fastExp(Number.POSITIVE_INFINITY)).toBeGreaterThan(1e300);
  expect(fastExp(Number.NaN)).toBeNaN();
});
