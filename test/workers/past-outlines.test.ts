// Accepts: what lies in front of what a filled view has drawn is past an outline; what lies on it, behind it, where nothing
// was drawn, beside the picture or behind the camera is not. A camera at the origin, 8 × 8 px, looking along z.
import { expect, test } from 'vitest';
import type { Camera, Vec3 } from '../../core/camera.ts';
import { createMask, createScalarImage } from '../../core/image.ts';
import { drawnOutlines, isPastOutline } from '../../workers/line/past-outlines.ts';

const SIZE = 8;
const TOLERANCE = 0.1;
const camera: Camera = {
  width: SIZE,
  height: SIZE,
  fx: SIZE,
  fy: SIZE,
  cx: SIZE / 2,
  cy: SIZE / 2,
  worldToCamera: Float64Array.of(1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1),
};

/** A table 2 away was drawn on the right half, background on the left; nothing in the top row. */
function views() {
  const table = createScalarImage(SIZE, SIZE);
  table.data.fill(2);
  const labels = new Uint8Array(SIZE * SIZE);
  const drawn = createMask(SIZE, SIZE);
  for (let i = 0; i < labels.length; i++) {
    labels[i] = i % SIZE < SIZE / 2 ? 1 : 0;
    drawn.data[i] = i < SIZE ? 0 : 1;
  }
  return [drawnOutlines(camera, labels, drawn, [{ depth: table }])];
}

test.each<[string, Vec3, boolean]>([
  ['beside the table, where the view looks past it', [-0.4, 0, 2], true],
  ['far beside it', [-4, 0, 20], true],
  ['in front of the table', [0.3, 0, 1.5], true],
  ['on the table', [0.4, 0, 2.05], false],
  ['behind the table', [0.6, 0, 3], false],
  ['where nothing was drawn', [-0.4, -0.95, 2], false],
  ['beside the picture', [-3, 0, 2], false],
  ['behind the camera', [0.4, 0, -2], false],
])('%s', (_, point, past) => {
  expect(isPastOutline(views(), point, TOLERANCE)).toBe(past);
});

test('without a filled view nothing is past an outline', () => {
  expect(isPastOutline([], [0, 0, 1], TOLERANCE)).toBe(false);
});
