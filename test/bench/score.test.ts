/**
 * Accepts: the figures that removals are judged by are right on cases small enough to work out by hand.
 * Seed 5. Distances are compared exactly (k-d tree against brute force) or to float32's precision.
 */
import { describe, expect, it } from 'vitest';
import { deleteOnly, fiveNeighbourMean } from '../../bench/score/baselines.ts';
import { createKdTree } from '../../bench/score/kd-tree.ts';
import { scoreSurface } from '../../bench/score/surface-score.ts';
import { applyPatch } from '../../core/patch.ts';
import { createRandom } from '../../core/random.ts';
import { concatSplats, createSplatCloud, type SplatCloud } from '../../core/splat-cloud.ts';

function cloudAt(points: number[][], grey = 0): SplatCloud {
  const cloud = createSplatCloud(points.length);
  cloud.positions.set(points.flat());
  cloud.opacityLogits.fill(5);
  cloud.dc.fill(grey);
  return cloud;
}

describe('createKdTree', () => {
  it('agrees with brute force, on ties and on equal points too', () => {
    const random = createRandom(5);
    // Coordinates on a coarse lattice: many points coincide and many distances tie.
    const points = Float32Array.from({ length: 900 }, () => Math.floor(random() * 6) / 4);
    const tree = createKdTree(points);
    for (let q = 0; q < 60; q++) {
      const [x, y, z] = [random() * 2, random() * 2, random() * 2];
      const all: number[] = [];
      for (let i = 0; i < 300; i++) {
        all.push(Math.hypot(points[i * 3]! - x, points[i * 3 + 1]! - y, points[i * 3 + 2]! - z));
      }
      all.sort((a, b) => a - b);
      const { rows, distances } = tree.nearest(x, y, z, 7);
      expect(new Set(rows).size).toBe(7);
      for (const [k, d] of distances.entries()) expect(d).toBeCloseTo(all[k]!, 9);
      expect(tree.distance(x, y, z)).toBeCloseTo(all[0]!, 9);
    }
  });
  it('has no neighbour to give in an empty tree', () => {
    expect(createKdTree([]).distance(0, 0, 0)).toBe(Infinity);
    expect(createKdTree([1, 2, 3]).nearest(0, 0, 0, 5).rows).toEqual([0]);
  });
});

describe('scoreSurface', () => {
  // Survivors at x = 0 and 1 m, an object at 0.5 m and 1 m up; it hid two places of the ground.
  const scene = cloudAt([
    [0, 0, 0],
    [1, 0, 0],
    [0.5, -1, 0],
  ]);
  const selection = Uint8Array.from([0, 0, 1]);
  const truth = cloudAt([
    [0.4, 0, 0],
    [0.6, 0, 0],
  ]);
  const result = (added: SplatCloud) =>
    applyPatch(scene, { removed: Uint32Array.from([2]), added });

  it('gives a perfect fill full marks', () => {
    const score = scoreSurface(scene, selection, truth, result(truth), 12);
    expect(score).toMatchObject({ selected: 1, left: 0, survivorsLost: 0, added: 2 });
    expect(score.accuracy90Mm).toBeCloseTo(0, 6);
    expect(score.completeness).toBe(1);
    expect(score.colourL1).toBeCloseTo(0, 6);
  });
  it('measures what is off: 5 mm and 30 mm, half of it found, wrong in colour', () => {
    const added = cloudAt(
      [
        [0.4, 0.005, 0],
        [0.6, 0.03, 0],
      ],
      1,
    );
    const score = scoreSurface(scene, selection, truth, result(added), 12);
    expect(score.accuracyMm).toBeCloseTo(17.5, 3);
    expect(score.accuracy90Mm).toBeCloseTo(27.5, 3);
    expect(score.completeness).toBe(0.5);
    expect(score.colourL1).toBeCloseTo(0.28209479, 5);
  });
  it('tells what was left and what was lost', () => {
    const untouched = scoreSurface(scene, selection, truth, scene, 12);
    expect(untouched).toMatchObject({ left: 1, survivorsLost: 0, added: 0, completeness: 0 });
    const moved = cloudAt([
      [0, 0, 0],
      [1.01, 0, 0],
    ]);
    expect(scoreSurface(scene, selection, truth, moved, 12)).toMatchObject({
      left: 0,
      survivorsLost: 1,
      added: 1,
    });
  });
  it('does not count transparent splats as surface', () => {
    const added = cloudAt([[0.4, 0, 0]]);
    added.opacityLogits.fill(-5);
    expect(scoreSurface(scene, selection, truth, result(added), 12).completeness).toBe(0);
  });
});

describe('baselines', () => {
  it('delete only adds nothing; five-neighbour mean puts a splat in the middle of its neighbours', () => {
    const near = cloudAt([
      [1, 0, 0],
      [-1, 0, 0],
      [0, 1, 0],
      [0, -1, 0],
      [0, 0, 2],
    ]);
    const far = cloudAt([[50, 50, 50]]);
    const scene = concatSplats(concatSplats(near, far), cloudAt([[0, 0, 0.1]], 3));
    const selection = Uint8Array.from([0, 0, 0, 0, 0, 0, 1]);
    expect(deleteOnly(scene, selection).added.count).toBe(0);
    const { added, removed } = fiveNeighbourMean(scene, selection);
    expect([...removed]).toEqual([6]);
    expect(added.positions[2]).toBeCloseTo(0.4, 6);
    expect([added.positions[0], added.positions[1], added.dc[0]]).toEqual([0, 0, 0]);
  });
});
