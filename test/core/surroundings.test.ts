// Accepts: on a square grid the spacing is the grid's within 15 % (the eighth neighbour of a grid point lies
// at √2 spacings, the formula takes it for √(8/π) = 1.6: 0.886 of the truth), sigmas and opacity exactly;
// selected splats do not count; bounds and fallback follow the object's size; everything scales.
import { expect, test } from 'vitest';
import type { ObjectShape } from '../../core/object-shape.ts';
import { createSplatCloud, type SplatCloud } from '../../core/splat-cloud.ts';
import { measureSurroundings } from '../../core/surroundings.ts';

const sphere = (radius: number): ObjectShape => ({
  center: [0, 0, 0],
  radius,
  outside: (x, y, z) => Math.hypot(x, y, z) - radius,
  exit: () => undefined,
});

/** 41 × 41 grid of discs around the origin, sigmas 0.6 and 0.05 of the spacing, opacity 0.8. */
function gridCloud(spacing: number): SplatCloud {
  const side = 41;
  const cloud = createSplatCloud(side * side);
  for (let i = 0; i < cloud.count; i++) {
    cloud.positions[i * 3] = ((i % side) - 20) * spacing;
    cloud.positions[i * 3 + 1] = (Math.floor(i / side) - 20) * spacing;
    cloud.logScales.set(
      [Math.log(0.6 * spacing), Math.log(0.05 * spacing), Math.log(0.6 * spacing)],
      i * 3,
    );
    cloud.opacityLogits[i] = Math.log(4);
  }
  return cloud;
}

test.each([0.01, 1, 100])('a grid at scale × %d', (scale) => {
  const spacing = 0.05 * scale;
  const cloud = gridCloud(spacing);
  const found = measureSurroundings(cloud, new Uint8Array(cloud.count), sphere(scale));
  expect(found.spacing / spacing).toBeGreaterThan(0.85);
  expect(found.spacing / spacing).toBeLessThan(1.15);
  expect(found.tangentialSigma / spacing).toBeCloseTo(0.6, 4);
  expect(found.normalSigma / spacing).toBeCloseTo(0.05, 4);
  expect(found.opacity).toBeCloseTo(0.8, 5);
});

test('the removed splats do not count', () => {
  const cloud = gridCloud(0.05);
  const selection = new Uint8Array(cloud.count);
  // Every second splat is the object's, and much finer.
  for (let i = 0; i < cloud.count; i += 2) {
    selection[i] = 1;
    cloud.logScales.fill(Math.log(1e-5), i * 3, i * 3 + 3);
    cloud.opacityLogits[i] = -9;
  }
  const found = measureSurroundings(cloud, selection, sphere(1));
  expect(found.tangentialSigma).toBeCloseTo(0.03, 5);
  expect(found.opacity).toBeCloseTo(0.8, 5);
  // The other half is a coarser grid.
  expect(found.spacing).toBeGreaterThan(0.055);
});

test('bounded by the object: neither specks nor blobs', () => {
  const none = new Uint8Array(41 * 41);
  const specks = measureSurroundings(gridCloud(0.01), none, sphere(10)).spacing;
  expect(specks).toBeGreaterThan(0.05);
  expect(specks).toBeLessThan(1);
  const blobs = measureSurroundings(gridCloud(0.2), none, sphere(1)).spacing;
  expect(blobs).toBeLessThan(0.2);
});

test('the sparse ones count as much as the dense', () => {
  // One in sixteen lies in a clump: the others have no eight neighbours near.
  const cloud = gridCloud(0.15);
  for (let i = 0; i < cloud.count; i += 16) {
    cloud.positions[i * 3] = 0.5 + 0.01 * (i % 7);
    cloud.positions[i * 3 + 1] = 0.01 * (i % 11);
  }
  const found = measureSurroundings(cloud, new Uint8Array(cloud.count), sphere(1));
  expect(found.spacing).toBeCloseTo(1 / 12, 6);
});

test('too few survivors: a share of the object', () => {
  const cloud = createSplatCloud(3);
  const found = measureSurroundings(cloud, new Uint8Array(3), sphere(2));
  for (const v of Object.values(found)) expect(v).toBeGreaterThan(0);
  expect(found.spacing).toBeLessThan(0.5);
});

test('NaN and infinite survivors do not break it', () => {
  const cloud = gridCloud(0.05);
  const bad = [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (let i = 0; i < 60; i++) {
    cloud.positions[i * 25 * 3] = bad[i % 3]!;
    cloud.logScales[(i * 25 + 1) * 3] = bad[i % 3]!;
    cloud.opacityLogits[i * 25 + 2] = bad[i % 3]!;
  }
  const found = measureSurroundings(cloud, new Uint8Array(cloud.count), sphere(1));
  expect(found.spacing).toBeGreaterThan(0.04);
  expect(found.spacing).toBeLessThan(0.07);
  expect(found.tangentialSigma).toBeCloseTo(0.03, 3);
  expect(found.opacity).toBeCloseTo(0.8, 3);
});
