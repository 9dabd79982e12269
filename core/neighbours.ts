/**
 * Pixels that share a side with one: left, right, above, below, as far as the picture goes.
 * @param i index of the pixel
 * @param count all the picture's pixels
 */
export function neighbours(i: number, width: number, count: number): number[] {
  const x = i % width;
  const out: number[] = [];
  if (x > 0) out.push(i - 1);
  if (x < width - 1) out.push(i + 1);
  if (i >= width) out.push(i - width);
  if (i + width < count) out.push(i + width);
  return out;
}
