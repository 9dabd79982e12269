// Accepts: the hull holds a compact object's points (its slabs trim 0.4 % a side, so all but four in a
// hundred lie within 5 % of the radius of it, and every one, a box's corners, within 20 %); rays leave a box where it ends, to a tenth of its
// half side (the hull has 49 directions, not the box's own); strays and NaNs do not inflate it; sizes
// scale with the scene. Seed 8.
import { expect, test } from 'vitest';
import { partsApart } from '../../core/far-apart.ts';
import { measureObject } from '../../core/object-shape.ts';
import { createRandom } from '../../core/random.ts';
import { createSplatCloud, type SplatCloud } from '../../core/splat-cloud.ts';

/** Points through a box of half sides 1, 1 and 0.5 around (5, −2, 1), opaque. */
function box(count = 4000, scale = 1): SplatCloud {
  const random = createRandom(8);
  const cloud = createSplatCloud(count);
  for (let i = 0; i < count; i++) {
    cloud.positions[i * 3] = scale * (5 + 2 * random() - 1);
    cloud.positions[i * 3 + 1] = scale * (-2 + 2 * random() - 1);
    cloud.positions[i * 3 + 2] = scale * (1 + random() - 0.5);
  }
  cloud.logScales.fill(Math.log(0.02 * scale));
  cloud.opacityLogits.fill(3);
  return cloud;
}

function outsideOf(cloud: SplatCloud): number[] {
  const shape = measureObject(cloud);
  const p = cloud.positions;
  return Array.from({ length: cloud.count }, (_, i) =>
    shape.outside(p[i * 3]!, p[i * 3 + 1]!, p[i * 3 + 2]!),
  );
}

test('the hull holds the points, and not what is beside them', () => {
  const cloud = box();
  const shape = measureObject(cloud);
  const out = outsideOf(cloud).filter((d) => d > 0.05 * shape.radius);
  expect(out.length).toBeLessThan(0.04 * cloud.count);
  expect(Math.max(...outsideOf(cloud))).toBeLessThan(0.2 * shape.radius);
  expect(shape.outside(5, -2, 1)).toBeLessThan(-0.3);
  // Two units from the box's face: at least that far outside some slab, less the directions' coarseness.
  expect(shape.outside(8, -2, 1)).toBeGreaterThan(1.8);
  expect(shape.outside(5, -2, 4)).toBeGreaterThan(2);
});

test('centre and radius of a box', () => {
  const shape = measureObject(box());
  for (const [k, c] of [5, -2, 1].entries())
    expect(Math.abs(shape.center[k]! - c)).toBeLessThan(0.03);
  expect(shape.radius).toBeGreaterThan(1.2);
  expect(shape.radius).toBeLessThan(1.5);
});

test('a ray leaves at the far side; one that passes by never enters', () => {
  const shape = measureObject(box());
  expect(Math.abs(shape.exit([0, -2, 1], [1, 0, 0])! - 6)).toBeLessThan(0.12);
  expect(Math.abs(shape.exit([5, -2, 11], [0, 0, -1])! - 10.5)).toBeLessThan(0.12);
  // `t` counts in lengths of the direction.
  expect(Math.abs(shape.exit([5, -2, 11], [0, 0, -2])! - 5.25)).toBeLessThan(0.06);
  expect(shape.exit([0, 2, 1], [1, 0, 0])).toBeUndefined();
});

test('strays, NaNs and faint splats do not inflate it', () => {
  const clean = measureObject(box());
  const cloud = box();
  cloud.positions.set([1e6, 0, 0, Number.NaN, 0, 0, 0, Number.POSITIVE_INFINITY, 0], 0);
  for (let i = 10; i < 110; i++) {
    cloud.positions[i * 3] = 40;
    cloud.opacityLogits[i] = -5;
  }
  const shape = measureObject(cloud);
  expect(Math.abs(shape.radius / clean.radius - 1)).toBeLessThan(0.03);
  expect(Math.abs(shape.exit([0, -2, 1], [1, 0, 0])! - 6)).toBeLessThan(0.12);
});

test('one splat has its own size; faint objects are still measured', () => {
  const one = box(1);
  one.logScales.fill(Math.log(0.3));
  expect(measureObject(one).radius).toBeCloseTo(0.6, 5);
  const faint = box();
  faint.opacityLogits.fill(-6);
  expect(measureObject(faint).radius).toBeGreaterThan(1);
});

test.each([0.01, 100])('at scale × %d everything scales', (scale) => {
  const shape = measureObject(box());
  const scaled = measureObject(box(4000, scale));
  expect(Math.abs(scaled.radius / (scale * shape.radius) - 1)).toBeLessThan(1e-5);
  const a = scaled.outside(8 * scale, -2 * scale, scale) / scale;
  expect(Math.abs(a - shape.outside(8, -2, 1))).toBeLessThan(1e-4);
});

test('two boxes with a box’s width between them are far apart; one with specks around it is not', () => {
  const one = box();
  const two = box();
  for (let i = 0; i < two.count; i += 4) two.positions[i * 3]! += 4;
  const specked = box();
  for (let i = 0; i < specked.count; i += 40) specked.positions[i * 3]! += 4;
  const broken = box();
  for (let i = 0; i < broken.count; i += 8) broken.positions[i * 3]! = Number.NaN;
  const parts = (cloud: SplatCloud) => partsApart(cloud, measureObject(cloud).radius);
  expect([parts(one), parts(specked), parts(broken)]).toEqual([undefined, undefined, undefined]);
  // The larger first.
  expect([...parts(two)!]).toEqual(Array.from({ length: two.count }, (_, i) => (i % 4 ? 0 : 1)));
});
