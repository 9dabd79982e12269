import type { Mask, ScalarImage } from './image.ts';

/** Median of the known (> 0) depths, of a mask's pixels or of all; 0 of none. */
export function medianDepth({ data }: Pick<ScalarImage, 'data'>, mask?: Mask): number {
  const known = data.filter((z, i) => z > 0 && (mask === undefined || mask.data[i] !== 0)).sort();
  return known[known.length >> 1] ?? 0;
}
