// Accepts: a point behind the object is hidden, one seen past it is not, and a camera before which something else
// stands (a table's leg) cannot tell: alone it gives undefined, beside another camera that one's answer counts.
import { expect, test } from 'vitest';
import type { ObjectShape } from '../../../core/object-shape.ts';
import { hiddenFrom } from '../../../workers/line/judge.ts';
import type { Look } from '../../../workers/line/look.ts';
import { depthOfPlane, straightCamera, viewOf } from './support.ts';

const SIZE = 24;
const camera = {
  ...straightCamera(SIZE),
  worldToCamera: Float64Array.from([1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1]),
};
const shape: ObjectShape = {
  center: [0, 0, 2],
  radius: 0.5,
  outside: () => 0,
  exit: () => undefined,
};

/** A camera that sees one plane across the picture: the object's, or something else's. */
function lookAtPlane(z: number, object: boolean): Look {
  const withObject = viewOf(camera, depthOfPlane(camera, { normal: [0, 0, 1], offset: z }));
  withObject.marked.data.fill(object ? 1 : 0);
  return { camera, withObject } as Look;
}

test('the object, nothing, or something else before a point', () => {
  const object = lookAtPlane(2, true);
  const past = lookAtPlane(3, false);
  const leg = lookAtPlane(1, false);
  const point: [number, number, number] = [0, 0, 3];
  expect(hiddenFrom([object], point, shape)).toBe(true);
  expect(hiddenFrom([past], point, shape)).toBe(false);
  expect(hiddenFrom([object, past], point, shape)).toBe(false);
  expect(hiddenFrom([leg], point, shape)).toBeUndefined();
  expect(hiddenFrom([leg, object], point, shape)).toBe(true);
  expect(hiddenFrom([leg, past], point, shape)).toBe(false);
  expect(hiddenFrom([object], [9, 0, 3], shape)).toBeUndefined();
});
