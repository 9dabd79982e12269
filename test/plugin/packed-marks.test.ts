// Accepts: the same marks back, exactly. Random marks, seed 5; lengths around the byte border.
import { expect, test } from 'vitest';
import { HIDDEN, LOCKED } from '../../core/marks.ts';
import { createRandom } from '../../core/random.ts';
import {
  marksAfterPatch,
  packedBytes,
  packMarks,
  samePackedMarks,
  unpackMarks,
} from '../../plugin/packed-marks.ts';

test.each([1, 7, 8, 9, 1000])('%i splats come back as they were', (count) => {
  const random = createRandom(5);
  const selection = Uint8Array.from({ length: count }, () => (random() < 0.4 ? 1 : 0));
  const marks = Uint8Array.from({ length: count }, () => Math.floor(random() * 4));
  selection[0] = 1;
  marks[0] = HIDDEN | LOCKED;
  const packed = packMarks(selection, marks, count);
  expect(unpackMarks(packed)).toEqual({ selection, marks });
  expect(packedBytes(packed)).toBe(3 * Math.ceil(count / 8));
  expect(samePackedMarks(packed, packMarks(selection.slice(), marks.slice(), count))).toBe(true);
  selection[count - 1]! ^= 1;
  expect(samePackedMarks(packed, packMarks(selection, marks, count))).toBe(false);
});

test('nothing marked takes no room', () => {
  const packed = packMarks(new Uint8Array(50), new Uint8Array(50), 50);
  expect(packed).toEqual({ count: 50 });
  expect(unpackMarks(packed)).toEqual({ selection: undefined, marks: undefined });
});

test('survivors keep their marks in their new rows, new splats have none', () => {
  const marks = Uint8Array.of(1, 2, 3, 0, 2);
  expect(marksAfterPatch(marks, Uint32Array.of(1, 4), 2)).toEqual(Uint8Array.of(1, 3, 0, 0, 0));
  expect(marksAfterPatch(undefined, Uint32Array.of(1), 2)).toBeUndefined();
});
