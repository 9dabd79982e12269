// Accepts: shares of small lists, exact; nothing gives NaN; the list stays as it was.
import { expect, test } from 'vitest';
import { quantile } from '../../core/quantile.ts';

test('shares of a list', () => {
  const values = [3, 1, 2, 10];
  expect([0, 0.5, 0.74, 0.75, 1].map((share) => quantile(values, share))).toEqual([
    1, 3, 3, 10, 10,
  ]);
  expect(values).toEqual([3, 1, 2, 10]);
  expect(quantile([], 0.5)).toBeNaN();
});
