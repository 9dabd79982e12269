// Accepts: the index answers as a look at every splat does, for seeded clouds with splats of all sizes,
// outliers, and values that are no numbers. Exact: rows are compared as sets.
import { describe, expect, test } from 'vitest';
import type { Vec3 } from '../../core/camera.ts';
import { createRandom } from '../../core/random.ts';
import { findNearSplats, REACH_SIGMAS } from '../../core/select/near-splats.ts';
import { buildSceneIndex, forEachRowInBox, sceneIndex } from '../../core/select/scene-index.ts';
import { createSplatCloud, type SplatCloud } from '../../core/splat-cloud.ts';

function randomCloud(count: number, seed: number): SplatCloud {
  const random = createRandom(seed);
  const cloud = createSplatCloud(count);
  for (let i = 0; i < count; i++) {
    const far = random() < 0.01 ? 100 : 1;
    for (let k = 0; k < 3; k++) {
      cloud.positions[i * 3 + k] = far * (random() - 0.5);
      cloud.logScales[i * 3 + k] = Math.log(0.001) + 6 * random();
    }
    cloud.rotations[i * 4] = 1;
    cloud.opacityLogits[i] = 8 * random() - 4;
    cloud.dc[i * 3] = i;
  }
  cloud.positions[0] = Number.NaN;
  cloud.positions[4] = Number.POSITIVE_INFINITY;
  cloud.logScales[6] = Number.NaN;
  return cloud;
}

describe('scene index', () => {
  test('holds every splat at a finite place once, in boxes that contain it', () => {
    const cloud = randomCloud(5000, 1);
    const { cells, starts, rows, solidEnds, spheres, dc, boxes, largest, sigmas } =
      sceneIndex(cloud);
    expect(new Set(rows).size).toBe(4997);
    expect(rows.length).toBe(4997);
    for (let c = 0; c < cells; c++) {
      expect(starts[c + 1]! > starts[c]!).toBe(true);
      for (let k = starts[c]!; k < starts[c + 1]!; k++) {
        const i = rows[k]!;
        expect(cloud.opacityLogits[i]! >= -2.2).toBe(k < solidEnds[c]!);
        expect([...spheres.subarray(k * 4, k * 4 + 4)]).toEqual([
          ...cloud.positions.subarray(i * 3, i * 3 + 3),
          sigmas[i]!,
        ]);
        expect(dc.subarray(k * 3, k * 3 + 3)).toEqual(cloud.dc.subarray(i * 3, i * 3 + 3));
      }
      for (const i of rows.subarray(starts[c]!, starts[c + 1]!)) {
        expect(sigmas[i]! <= largest[c]!).toBe(true);
        for (let k = 0; k < 3; k++) {
          expect(cloud.positions[i * 3 + k]! >= boxes[c * 6 + k]!).toBe(true);
          expect(cloud.positions[i * 3 + k]! <= boxes[c * 6 + 3 + k]!).toBe(true);
        }
      }
    }
  });

  test('splats near a place: the same as by looking at all, level by level', () => {
    const cloud = randomCloud(20_000, 2);
    const center: Vec3 = [0.1, -0.2, 0.3];
    const radii = [0.05, 0.1, 0.2, 0.9];
    const near = findNearSplats(cloud, center, radii);
    const { sigmas } = sceneIndex(cloud);
    for (const [level, radius] of radii.entries()) {
      const wanted: number[] = [];
      for (let i = 0; i < cloud.count; i++) {
        const [x, y, z] = cloud.positions.subarray(i * 3, i * 3 + 3) as unknown as Vec3;
        const reach = REACH_SIGMAS * sigmas[i]!;
        const d = Math.sqrt((x - center[0]) ** 2 + (y - center[1]) ** 2 + (z - center[2]) ** 2);
        if (cloud.opacityLogits[i]! < -2.2 || !(reach < 1.5 * 0.9)) continue;
        if (d - reach <= radius) wanted.push(i);
      }
      expect(wanted.length).toBeGreaterThan(50);
      const rows = [...near.within(level)].map((place) => sceneIndex(cloud).rows[place]!);
      expect(rows.sort((a, b) => a - b)).toEqual(wanted);
    }
  });

  test('rows in a box: none is missing', () => {
    const cloud = randomCloud(5000, 3);
    const found = new Set<number>();
    forEachRowInBox(sceneIndex(cloud), [-0.2, -0.2, -0.2], [0.1, 0.3, 0.2], (i) => found.add(i));
    let inside = 0;
    for (let i = 0; i < cloud.count; i++) {
      const [x, y, z] = cloud.positions.subarray(i * 3, i * 3 + 3) as unknown as Vec3;
      if (!(x >= -0.2 && x <= 0.1 && y >= -0.2 && y <= 0.3 && z >= -0.2 && z <= 0.2)) continue;
      inside++;
      expect(found.has(i)).toBe(sceneIndex(cloud).rows.includes(i));
    }
    expect(inside).toBeGreaterThan(100);
    expect(found.size).toBeLessThan(0.7 * cloud.count);
  });

  test('all in one place, and none at all', () => {
    expect(sceneIndex(createSplatCloud(0)).cells).toBe(0);
    const one = createSplatCloud(7);
    expect(sceneIndex(one).rows.length).toBe(7);
  });

  test('built ahead once; a cancel leaves none behind', async () => {
    const cloud = randomCloud(300_000, 4);
    const abort = new AbortController();
    const building = buildSceneIndex(cloud, abort.signal);
    abort.abort();
    await expect(building).rejects.toMatchObject({ code: 'cancelled' });
    const built = await buildSceneIndex(cloud);
    expect(sceneIndex(cloud)).toBe(built);
    expect(await buildSceneIndex(cloud)).toBe(built);
  });
});
