import type { Camera } from '../camera.ts';
import { createMask, type Mask } from '../image.ts';
import type { Stroke } from '../select-types.ts';

type Size = Pick<Camera, 'width' | 'height'>;

/** Pixels whose centres lie in the rectangle between two corners, given in any order. */
export function maskOfRectangle(
  size: Size,
  corners: { x0: number; y0: number; x1: number; y1: number },
): Mask {
  const mask = createMask(size.width, size.height);
  // Bounds first: NaN and far-off corners then give an empty range.
  const [left, right] = span(corners.x0, corners.x1, size.width);
  const [top, bottom] = span(corners.y0, corners.y1, size.height);
  for (let y = top; y < bottom; y++) {
    if (left < right) mask.data.fill(1, y * size.width + left, y * size.width + right);
  }
  return mask;
}

/** First pixel in, and first pixel out, of those whose centres lie between a and b. */
function span(a: number, b: number, size: number): [number, number] {
  const from = Math.max(0, Math.ceil(Math.min(a, b) - 0.5));
  const to = Math.min(size, Math.floor(Math.max(a, b) - 0.5) + 1);
  return [from, to];
}

/**
 * Pixels whose centres lie in a polygon by the even-odd rule.
 * @param points x y x y …, finite, pixels; closed from the last to the first. Fewer than three points hold nothing.
 */
export function maskOfPolygon(size: Size, points: ArrayLike<number>): Mask {
  const mask = createMask(size.width, size.height);
  const count = points.length >> 1;
  if (count < 3) return mask;
  const crossings: number[] = [];
  for (let row = 0; row < size.height; row++) {
    const y = row + 0.5;
    crossings.length = 0;
    for (let a = count - 1, b = 0; b < count; a = b++) {
      const ya = points[a * 2 + 1]!;
      const yb = points[b * 2 + 1]!;
      // Half-open, so that a corner on the line is crossed once.
      if (ya > y === yb > y) continue;
      const xa = points[a * 2]!;
      crossings.push(xa + ((y - ya) / (yb - ya)) * (points[b * 2]! - xa));
    }
    crossings.sort((p, q) => p - q);
    for (let c = 0; c + 1 < crossings.length; c += 2) {
      const [from, to] = span(crossings[c]!, crossings[c + 1]!, size.width);
      if (from < to) mask.data.fill(1, row * size.width + from, row * size.width + to);
    }
  }
  return mask;
}

/** Pixels whose centres lie within a stroke's radius of its line, and those that its points lie in. */
export function maskOfStrokes(size: Size, strokes: readonly Stroke[]): Mask {
  const mask = createMask(size.width, size.height);
  for (const { points, radiusPx } of strokes) {
    for (let k = 0; k + 1 < points.length; k += 2) {
      const from = Math.max(0, k - 2);
      paintSegment(mask, points[from]!, points[from + 1]!, points[k]!, points[k + 1]!, radiusPx);
    }
  }
  return mask;
}

function paintSegment(
  mask: Mask,
  xa: number,
  ya: number,
  xb: number,
  yb: number,
  radius: number,
): void {
  const { width, height, data } = mask;
  const [left, right] = span(Math.min(xa, xb) - radius, Math.max(xa, xb) + radius, width);
  const [top, bottom] = span(Math.min(ya, yb) - radius, Math.max(ya, yb) + radius, height);
  const dx = xb - xa;
  const dy = yb - ya;
  const length2 = dx * dx + dy * dy;
  for (let y = top; y < bottom; y++) {
    for (let x = left; x < right; x++) {
      const px = x + 0.5 - xa;
      const py = y + 0.5 - ya;
      const along = length2 > 0 ? Math.min(1, Math.max(0, (px * dx + py * dy) / length2)) : 0;
      const ex = px - along * dx;
      const ey = py - along * dy;
      if (ex * ex + ey * ey <= radius * radius) data[y * width + x] = 1;
    }
  }
  const [x, y] = [Math.floor(xb), Math.floor(yb)];
  if (x >= 0 && y >= 0 && x < width && y < height) data[y * width + x] = 1;
}
