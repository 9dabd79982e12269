// Accepts: where two planes meet in an inner or an outer corner, wanted pixels are cut exactly along the planes' crease,
// whatever label they had, and so are the three of a room's corner; a table's edge before a floor is no crease, and nothing changes.
import { expect, test } from 'vitest';
import { type Camera, lookAt } from '../../../core/camera.ts';
import type { ScalarImage } from '../../../core/image.ts';
import { cutAtCreases } from '../../../workers/steps/creases.ts';
import { depthOfPlane, maskOf, straightCamera } from './support.ts';

const SIZE = 60;
const camera: Camera = {
  ...straightCamera(SIZE),
  worldToCamera: lookAt([0.4, -1.5, 1.2], [0, 0, 0], [0, 0, 1]),
};
const floor = depthOfPlane(camera, { normal: [0, 0, 1], offset: 0 });
const wall = depthOfPlane(camera, { normal: [0, 1, 0], offset: 0 });
const hole = maskOf(SIZE, SIZE, (x, y) => Math.hypot(x - 30, y - 30) < 12);

function cut(seen: (a: number, b: number) => 0 | 1, a: ScalarImage, b: ScalarImage) {
  const truth = Uint8Array.from(a.data, (z, i) => seen(z, b.data[i]!));
  const labels = truth.map((l, i) => (hole.data[i] === 0 ? l : i % SIZE < 30 ? 0 : 1));
  const before = labels.slice();
  const layers = [a, b].map((depth) => ({ depth, plane: depth }));
  cutAtCreases(labels, hole, layers, 10);
  return { truth, labels, before };
}

test('an inner corner shows the nearer plane, an outer one the farther', () => {
  for (const outer of [false, true]) {
    const { truth, labels, before } = cut(
      (f, w) => (f > 0 && (w === 0 || f < w) !== outer ? 0 : 1),
      floor,
      wall,
    );
    expect(before).not.toEqual(truth);
    expect(labels).toEqual(truth);
  }
});

test('an edge in front of a far plane is no crease', () => {
  const low = depthOfPlane(camera, { normal: [0, 0, 1], offset: -0.5 });
  const truth = Uint8Array.from(floor.data, (_, i) => (i % SIZE < 25 ? 0 : 1));
  const labels = truth.slice();
  cutAtCreases(
    labels,
    hole,
    [floor, low].map((depth) => ({ depth, plane: depth })),
    10,
  );
  expect(labels).toEqual(truth);
});

test('in a room’s corner three planes cut each other, whatever they were labelled', () => {
  const side = depthOfPlane(camera, { normal: [1, 0, 0], offset: 0 });
  const planes = [floor, wall, side];
  const nearest = (i: number) => {
    const z = planes.map(({ data }) => (data[i]! > 0 ? data[i]! : Number.POSITIVE_INFINITY));
    return z.indexOf(Math.min(...z));
  };
  const truth = Uint8Array.from(floor.data, (_, i) => nearest(i));
  for (const wrong of [0, 1, 2]) {
    const labels = truth.map((l, i) => (hole.data[i] === 0 ? l : wrong));
    cutAtCreases(
      labels,
      hole,
      planes.map((depth) => ({ depth, plane: depth })),
      10,
    );
    expect(labels).toEqual(truth);
  }
});
