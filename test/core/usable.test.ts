// Accepts: each kind of unusable splat is found and counted once, ordinary and legal extreme splats are
// not, and the answer is the same at scale × 0.01 and × 100 (exact). Seed 7 (support.ts).
import { expect, test } from 'vitest';
import type { SplatCloud } from '../../core/splat-cloud.ts';
import { inspectSplats, usableSplats } from '../../core/usable.ts';
import { randomCloud } from './formats/support.ts';

function spoiled(): SplatCloud {
  const cloud = randomCloud(1000, 1);
  cloud.positions[3 * 10] = Number.NaN;
  cloud.positions[3 * 11 + 1] = Number.NEGATIVE_INFINITY;
  cloud.logScales[3 * 12] = Number.POSITIVE_INFINITY;
  cloud.rotations[4 * 13] = Number.NaN;
  cloud.shRest[9 * 14 + 8] = Number.POSITIVE_INFINITY;
  cloud.opacityLogits[15] = Number.NaN;
  cloud.logScales[3 * 20 + 2] = 80;
  cloud.logScales[3 * 21] = Math.log(50); // the box is about 5 across
  cloud.positions[3 * 22] = 1e30;
  cloud.rotations.fill(0, 4 * 30, 4 * 31);
  // Legal: opacity 0 and 1, a flat splat, a large far sky.
  cloud.opacityLogits[40] = Number.POSITIVE_INFINITY;
  cloud.opacityLogits[41] = Number.NEGATIVE_INFINITY;
  cloud.logScales[3 * 42] = Number.NEGATIVE_INFINITY;
  cloud.positions[3 * 43] = 500;
  cloud.logScales[3 * 43] = Math.log(100);
  return cloud;
}
const BAD = [10, 11, 12, 13, 14, 15, 20, 21, 22, 30];

test('finds what no computation should touch, and nothing else', () => {
  const { usable, extent: _extent, ...counts } = inspectSplats(spoiled());
  expect(counts).toEqual({ nonFinite: 6, oversized: 3, zeroRotations: 1 });
  expect([...usable.keys()].filter((i) => usable[i] === 0)).toEqual(BAD);
});

test.each([0.01, 100])('same answer at scale × %d', (scale) => {
  const cloud = spoiled();
  cloud.positions = cloud.positions.map((v) => v * scale);
  cloud.logScales = cloud.logScales.map((v) => v + Math.log(scale));
  expect(usableSplats(cloud)).toEqual(usableSplats(spoiled()));
});

test('one splat, and all splats in one place, are usable', () => {
  expect([...usableSplats(randomCloud(1))]).toEqual([1]);
  const cloud = randomCloud(5);
  cloud.positions.fill(3);
  expect([...usableSplats(cloud)]).toEqual([1, 1, 1, 1, 1]);
  expect(usableSplats(randomCloud(0))).toHaveLength(0);
});
