import { createMask, type Mask } from './image.ts';

/** Summed-area table of a mask, (width + 1) × (height + 1). */
function integral(mask: Mask): Int32Array {
  const { width, height, data } = mask;
  const sums = new Int32Array((width + 1) * (height + 1));
  for (let y = 0; y < height; y++) {
    let row = 0;
    for (let x = 0; x < width; x++) {
      row += data[y * width + x] !== 0 ? 1 : 0;
      sums[(y + 1) * (width + 1) + x + 1] = sums[y * (width + 1) + x + 1]! + row;
    }
  }
  return sums;
}

/** Keeps pixels whose (2r+1)² window, clipped to the picture, holds a set share above (or at) `share`. */
function windowShare(
  mask: Mask,
  radius: number,
  passes: (set: number, area: number) => boolean,
): Mask {
  const { width, height } = mask;
  const sums = integral(mask);
  const out = createMask(width, height);
  const stride = width + 1;
  for (let y = 0; y < height; y++) {
    const y0 = Math.max(0, y - radius);
    const y1 = Math.min(height, y + radius + 1);
    for (let x = 0; x < width; x++) {
      const x0 = Math.max(0, x - radius);
      const x1 = Math.min(width, x + radius + 1);
      const set =
        sums[y1 * stride + x1]! -
        sums[y0 * stride + x1]! -
        sums[y1 * stride + x0]! +
        sums[y0 * stride + x0]!;
      if (passes(set, (x1 - x0) * (y1 - y0))) out.data[y * width + x] = 1;
    }
  }
  return out;
}

/** Grows the set pixels by a square of the given radius, pixels. */
export function dilate(mask: Mask, radius: number): Mask {
  return radius < 1
    ? { ...mask, data: mask.data.slice() }
    : windowShare(mask, Math.round(radius), (set) => set > 0);
}

/** Shrinks the set pixels by a square of the given radius, pixels; the picture's border does not shrink them. */
export function erode(mask: Mask, radius: number): Mask {
  return radius < 1
    ? { ...mask, data: mask.data.slice() }
    : windowShare(mask, Math.round(radius), (set, area) => set === area);
}

function combine(a: Mask, b: Mask, keep: (a: boolean, b: boolean) => boolean): Mask {
  const out = createMask(a.width, a.height);
  for (let i = 0; i < out.data.length; i++) {
    if (keep(a.data[i] !== 0, b.data[i] !== 0)) out.data[i] = 1;
  }
  return out;
}

/** Set in both. */
export const and = (a: Mask, b: Mask): Mask => combine(a, b, (p, q) => p && q);
/** Set in either. */
export const or = (a: Mask, b: Mask): Mask => combine(a, b, (p, q) => p || q);
/** Set in the first and not in the second. */
export const minus = (a: Mask, b: Mask): Mask => combine(a, b, (p, q) => p && !q);
