// Accepts: beside the footprint, what shows behind a plane where the object hid the plane from every camera is its
// shadow; what lies on the plane, what is not hidden, what touches the border, what is too large and what stands apart
// from the footprint is not. Exact, no seed.
import { expect, test } from 'vitest';
import { createMask, createScalarImage } from '../../../core/image.ts';
import type { RenderedView } from '../../../core/kernels.ts';
import { shadowOnPlane } from '../../../workers/steps/shadow-on-plane.ts';
import { maskOf, straightCamera } from './support.ts';

const SIZE = 24;
const plane = createScalarImage(SIZE, SIZE);
plane.data.fill(2);
const unseen = maskOf(SIZE, SIZE, (x, y) => x >= 8 && x < 14 && y >= 8 && y < 14);
const covered = maskOf(SIZE, SIZE, () => true);

/** The plane is seen but in columns 14 to 17 of the footprint's rows, and in a place apart, where depth 3 shows. */
function view(): RenderedView {
  const depthMedian = createScalarImage(SIZE, SIZE);
  for (let y = 0; y < SIZE; y++) {
    for (let x = 0; x < SIZE; x++) {
      const beside = x >= 14 && x < 18 && y >= 9 && y < 13;
      const apart = x >= 3 && x < 5 && y >= 18 && y < 20;
      depthMedian.data[y * SIZE + x] = beside || apart ? 3 : 2;
    }
  }
  return { camera: straightCamera(SIZE), depthMedian } as unknown as RenderedView;
}

const beside = maskOf(SIZE, SIZE, (x, y) => x >= 14 && x < 18 && y >= 9 && y < 13);

test('what is seen through the hole beside the footprint is its shadow', () => {
  const region = { view: view(), covered, unseen, limit: 36 };
  expect(shadowOnPlane(plane, region, 0.1, () => true)).toEqual(beside);
});

test('what a camera saw, or what is larger than the limit, is none', () => {
  const none = createMask(SIZE, SIZE);
  const region = { view: view(), covered, unseen, limit: 36 };
  expect(shadowOnPlane(plane, region, 0.1, () => false)).toEqual(none);
  expect(shadowOnPlane(plane, { ...region, limit: 10 }, 0.1, () => true)).toEqual(none);
  // Deeper than the step: all of it lies on the plane as far as one can tell.
  expect(shadowOnPlane(plane, region, 1.5, () => true)).toEqual(none);
});
