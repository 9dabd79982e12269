// Accepts: counts and bounds of hand-made masks, exactly.
import { expect, test } from 'vitest';
import {
  countMask,
  createMask,
  createRgbImage,
  createScalarImage,
  maskBounds,
} from '../../core/image.ts';

test('new images are empty and of the right length', () => {
  expect(createRgbImage(3, 2).data).toEqual(new Float32Array(18));
  expect(createScalarImage(3, 2).data).toEqual(new Float32Array(6));
  expect(createMask(3, 2).data).toEqual(new Uint8Array(6));
});

test('bounds are half-open, grown and clipped', () => {
  const mask = createMask(10, 8);
  expect(maskBounds(mask)).toBeUndefined();
  expect(maskBounds(mask, 3)).toBeUndefined();
  mask.data[2 * 10 + 7] = 1;
  mask.data[5 * 10 + 4] = 255;
  expect(countMask(mask)).toBe(2);
  expect(maskBounds(mask)).toEqual({ x0: 4, y0: 2, x1: 8, y1: 6 });
  expect(maskBounds(mask, 1)).toEqual({ x0: 3, y0: 1, x1: 9, y1: 7 });
  expect(maskBounds(mask, 100)).toEqual({ x0: 0, y0: 0, x1: 10, y1: 8 });
});
