/** Pictures to another size: Catmull-Rom, widened where it shrinks so that nothing aliases. */
import { createMask, createRgbImage, type Mask, type RgbImage } from '../../core/image.ts';

/** Keys' cubic with a = −1/2 (IEEE ASSP 29, 1981): exact on parabolas, interpolating. */
function cubic(t: number): number {
  const x = Math.abs(t);
  if (x < 1) return (1.5 * x - 2.5) * x * x + 1;
  if (x < 2) return ((-0.5 * x + 2.5) * x - 4) * x + 2;
  return 0;
}

interface Taps {
  /** First source index a target index. */
  first: Int32Array;
  /** `count` weights a target index, their sum 1. */
  weights: Float32Array;
  count: number;
}

/** Sources beyond the border are the border's. */
function tapsFor(from: number, to: number): Taps {
  const ratio = from / to;
  const widen = Math.max(1, ratio);
  const count = Math.ceil(4 * widen) + 1;
  const first = new Int32Array(to);
  const weights = new Float32Array(to * count);
  for (let i = 0; i < to; i++) {
    const centre = (i + 0.5) * ratio - 0.5;
    first[i] = Math.ceil(centre - 2 * widen);
    let sum = 0;
    for (let k = 0; k < count; k++) {
      const w = cubic((first[i]! + k - centre) / widen);
      weights[i * count + k] = w;
      sum += w;
    }
    for (let k = 0; k < count; k++) weights[i * count + k]! /= sum;
  }
  return { first, weights, count };
}

/** @returns a picture of the wanted size, colours clamped to 0..1; of the same size a copy, bit for bit */
export function resizeRgb(image: RgbImage, width: number, height: number): RgbImage {
  if (width === image.width && height === image.height) {
    return { width, height, data: image.data.slice() };
  }
  const across = tapsFor(image.width, width);
  const narrow = createRgbImage(width, image.height);
  for (let y = 0; y < image.height; y++) {
    for (let x = 0; x < width; x++) {
      for (let k = 0; k < across.count; k++) {
        const w = across.weights[x * across.count + k]!;
        const u = Math.min(image.width - 1, Math.max(0, across.first[x]! + k));
        const i = (y * image.width + u) * 3;
        const o = (y * width + x) * 3;
        for (let c = 0; c < 3; c++) narrow.data[o + c]! += w * image.data[i + c]!;
      }
    }
  }
  const down = tapsFor(image.height, height);
  const out = createRgbImage(width, height);
  for (let y = 0; y < height; y++) {
    for (let k = 0; k < down.count; k++) {
      const w = down.weights[y * down.count + k]!;
      const v = Math.min(image.height - 1, Math.max(0, down.first[y]! + k));
      for (let x = 0; x < 3 * width; x++) {
        out.data[y * 3 * width + x]! += w * narrow.data[v * 3 * width + x]!;
      }
    }
  }
  for (let i = 0; i < out.data.length; i++) out.data[i] = Math.min(1, Math.max(0, out.data[i]!));
  return out;
}

/** @returns a mask of the wanted size: set wherever a pixel overlaps a set one, so that no rest of a hole stays uncovered */
export function resizeMask(mask: Mask, width: number, height: number): Mask {
  const out = createMask(width, height);
  const range = (i: number, from: number, to: number) => {
    const start = Math.floor((i * from) / to + 1e-9);
    return [start, Math.max(start + 1, Math.ceil(((i + 1) * from) / to - 1e-9))] as const;
  };
  for (let y = 0; y < height; y++) {
    const [v0, v1] = range(y, mask.height, height);
    for (let x = 0; x < width; x++) {
      const [u0, u1] = range(x, mask.width, width);
      for (let v = v0; v < v1 && out.data[y * width + x] === 0; v++) {
        for (let u = u0; u < u1; u++) {
          if (mask.data[v * mask.width + u] !== 0) out.data[y * width + x] = 1;
        }
      }
    }
  }
  return out;
}
