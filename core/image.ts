/** Pixel data types. Row-major from the top left; pixel (i, j)'s centre is at (i + 0.5, j + 0.5). */

/** Colour, display-referred, 0..1. `data` is width × height × 3, interleaved. */
export interface RgbImage {
  width: number;
  height: number;
  data: Float32Array;
}

/** One number a pixel (alpha, confidence, depth along z in world units with 0 = unknown). */
export interface ScalarImage {
  width: number;
  height: number;
  data: Float32Array;
}

/** 1 = set, 0 = not, one byte a pixel. */
export interface Mask {
  width: number;
  height: number;
  data: Uint8Array;
}

/** Half-open pixel rectangle [x0, x1) × [y0, y1). */
export interface Rect {
  x0: number;
  y0: number;
  x1: number;
  y1: number;
}

export function createRgbImage(width: number, height: number): RgbImage {
  return { width, height, data: new Float32Array(width * height * 3) };
}
export function createScalarImage(width: number, height: number): ScalarImage {
  return { width, height, data: new Float32Array(width * height) };
}
export function createMask(width: number, height: number): Mask {
  return { width, height, data: new Uint8Array(width * height) };
}

/** Number of set pixels. */
export function countMask(mask: Mask): number {
  let n = 0;
  for (const v of mask.data) if (v !== 0) n++;
  return n;
}

/** Smallest rectangle around pixels of a picture so many wide, given by their indices, in one list or several. */
export function boundsOf(width: number, ...lists: readonly ArrayLike<number>[]): Rect {
  const rect = { x0: width, y0: Number.MAX_SAFE_INTEGER, x1: 0, y1: 0 };
  for (const list of lists) {
    for (let k = 0; k < list.length; k++) {
      const x = list[k]! % width;
      const y = (list[k]! - x) / width;
      rect.x0 = Math.min(rect.x0, x);
      rect.x1 = Math.max(rect.x1, x + 1);
      rect.y0 = Math.min(rect.y0, y);
      rect.y1 = Math.max(rect.y1, y + 1);
    }
  }
  return rect;
}

/** Smallest rectangle around the set pixels, grown by `margin` and clipped; undefined when none is set. */
export function maskBounds(mask: Mask, margin = 0): Rect | undefined {
  const { width, height, data } = mask;
  let x0 = width;
  let y0 = height;
  let x1 = -1;
  let y1 = -1;
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      if (data[y * width + x] === 0) continue;
      if (x < x0) x0 = x;
      if (x > x1) x1 = x;
      if (y < y0) y0 = y;
      if (y > y1) y1 = y;
    }
  }
  if (x1 < 0) return undefined;
  return {
    x0: Math.max(0, x0 - margin),
    y0: Math.max(0, y0 - margin),
    x1: Math.min(width, x1 + 1 + margin),
    y1: Math.min(height, y1 + 1 + margin),
  };
}
