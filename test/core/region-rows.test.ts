// Accepts: the rows that may give light to a region hold every row that the renderer projects into it, for seeded clouds
// with splats of all sizes in front of, behind and around wide, narrow and off-centre cameras; and leave most others out
// where the region is small. Exact.
import { describe, expect, test } from 'vitest';
import { type Camera, parseCamera } from '../../core/camera.ts';
import { measureCloud } from '../../core/cpu/render/measure.ts';
import { createProjected, createProjector } from '../../core/cpu/render/project.ts';
import type { Rect } from '../../core/image.ts';
import { createRandom } from '../../core/random.ts';
import { rowsReaching } from '../../core/select/region-rows.ts';
import { sceneIndex } from '../../core/select/scene-index.ts';
import { createSplatCloud, type SplatCloud } from '../../core/splat-cloud.ts';

function randomCloud(count: number, seed: number, largest: number): SplatCloud {
  const random = createRandom(seed);
  const cloud = createSplatCloud(count);
  for (let i = 0; i < count; i++) {
    for (let k = 0; k < 3; k++) {
      cloud.positions[i * 3 + k] = 4 * (random() - 0.5);
      cloud.logScales[i * 3 + k] = Math.log(0.002) + random() * Math.log(largest / 0.002);
    }
    for (let k = 0; k < 4; k++) cloud.rotations[i * 4 + k] = random() - 0.5;
    cloud.opacityLogits[i] = 12 * random() - 6;
  }
  return cloud;
}

function cameraAt(z: number, fx: number, fy: number, cx: number): Camera {
  const rows = [
    [1, 0, 0, 0.2],
    [0, 1, 0, -0.1],
    [0, 0, 1, z],
    [0, 0, 0, 1],
  ];
  return parseCamera({ width: 320, height: 240, fx, fy, cx, cy: 120, cameraToWorld: rows });
}

function projectedRows(cloud: SplatCloud, camera: Camera, region: Rect): number[] {
  const { near, usable } = measureCloud(cloud);
  const projected = createProjected(64);
  const project = createProjector(
    { cloud, camera, region, near, usable, visible: undefined, marked: undefined },
    projected,
  );
  const rows: number[] = [];
  for (let i = 0; i < cloud.count; i++) {
    const before = projected.count;
    project(i, i + 1);
    if (projected.count > before) rows.push(i);
  }
  return rows;
}

const cameras = {
  'from outside': cameraAt(-4, 300, 300, 160),
  'from within, wide': cameraAt(0, 120, 90, 160),
  'off-centre, of unequal focal lengths': cameraAt(-2.5, 500, 260, 20),
};
const regions: Rect[] = [
  { x0: 0, y0: 0, x1: 320, y1: 240 },
  { x0: 150, y0: 100, x1: 190, y1: 130 },
  { x0: 0, y0: 200, x1: 12, y1: 240 },
];

describe.each(Object.entries(cameras))('%s', (_name, camera) => {
  test.each([0.02, 0.6])('splats up to sigma %s', (largest) => {
    const cloud = randomCloud(6000, 5, largest);
    for (const region of regions) {
      const may = rowsReaching(sceneIndex(cloud), cloud.count, camera, region);
      const rows = projectedRows(cloud, camera, region);
      expect(rows.filter((i) => may[i] === 0)).toEqual([]);
    }
  });
});

test('a small region leaves most splats out', () => {
  const cloud = randomCloud(6000, 6, 0.02);
  const region = regions[1]!;
  const may = rowsReaching(sceneIndex(cloud), cloud.count, cameras['from outside'], region);
  expect(may.reduce((n, v) => n + v, 0)).toBeLessThan(0.15 * cloud.count);
});
