/** Pictures of one number a pixel: brightness, smoothing, sampling between pixels. */
import { createScalarImage, type RgbImage, type ScalarImage } from '../../core/image.ts';

/** BT.601. */
export function lumaOf({ width, height, data }: RgbImage): ScalarImage {
  const out = createScalarImage(width, height);
  for (let i = 0; i < out.data.length; i++) {
    out.data[i] = 0.299 * data[3 * i]! + 0.587 * data[3 * i + 1]! + 0.114 * data[3 * i + 2]!;
  }
  return out;
}

/** Means of two by two pixels; an odd last row or column is left out. */
export function halved({ width, height, data }: ScalarImage): ScalarImage {
  const out = createScalarImage(width >> 1, height >> 1);
  for (let i = 0; i < out.data.length; i++) {
    const at = 2 * Math.floor(i / out.width) * width + 2 * (i % out.width);
    out.data[i] = (data[at]! + data[at + 1]! + data[at + width]! + data[at + width + 1]!) / 4;
  }
  return out;
}

/** Weights 1 2 1 along each axis; the border is repeated. */
export function smoothed({ width, height, data }: ScalarImage): ScalarImage {
  const rows = createScalarImage(width, height);
  const out = createScalarImage(width, height);
  for (let i = 0; i < data.length; i++) {
    const x = i % width;
    rows.data[i] = (data[x > 0 ? i - 1 : i]! + 2 * data[i]! + data[x < width - 1 ? i + 1 : i]!) / 4;
  }
  for (let i = 0; i < data.length; i++) {
    const above = i >= width ? i - width : i;
    const below = i + width < data.length ? i + width : i;
    out.data[i] = (rows.data[above]! + 2 * rows.data[i]! + rows.data[below]!) / 4;
  }
  return out;
}

/** Means over squares of the given half side, clipped to the picture. */
export function boxMean({ width, height, data }: ScalarImage, radius: number): ScalarImage {
  const along = (from: Float32Array, length: number, step: number, lines: number, next: number) => {
    const out = new Float32Array(from.length);
    for (let line = 0; line < lines; line++) {
      const start = line * next;
      let sum = 0;
      for (let k = 0; k < Math.min(length, radius); k++) sum += from[start + k * step]!;
      for (let k = 0; k < length; k++) {
        if (k + radius < length) sum += from[start + (k + radius) * step]!;
        if (k - radius > 0) sum -= from[start + (k - radius - 1) * step]!;
        const count = Math.min(length - 1, k + radius) - Math.max(0, k - radius) + 1;
        out[start + k * step] = sum / count;
      }
    }
    return out;
  };
  const rows = along(data, width, 1, height, width);
  return { width, height, data: along(rows, height, width, width, 1) };
}

/** Between pixels, linear; x, y count from the first pixel's centre. The border is repeated. */
export function linearAt({ width, height, data }: ScalarImage, x: number, y: number): number {
  const u = Math.min(width - 1, Math.max(0, x));
  const v = Math.min(height - 1, Math.max(0, y));
  const x0 = Math.min(width - 2, Math.floor(u));
  const y0 = Math.min(height - 2, Math.floor(v));
  const [fx, fy] = [u - x0, v - y0];
  const at = y0 * width + x0;
  const top = data[at]! * (1 - fx) + data[at + 1]! * fx;
  return top * (1 - fy) + (data[at + width]! * (1 - fx) + data[at + width + 1]! * fx) * fy;
}

/** Catmull and Rom's weights of the four pixels around. */
const cubicWeights = (t: number): [number, number, number, number] => [
  ((2 - t) * t - 1) * t * 0.5,
  (t * t * (3 * t - 5) + 2) * 0.5,
  ((4 - 3 * t) * t + 1) * t * 0.5,
  (t - 1) * t * t * 0.5,
];

/** One channel between pixels, cubic: linear would blur what is only moved. */
export function cubicAt(image: RgbImage, x: number, y: number, channel: number): number {
  const { width, height, data } = image;
  const [x0, y0] = [Math.floor(x), Math.floor(y)];
  const wx = cubicWeights(x - x0);
  const wy = cubicWeights(y - y0);
  let sum = 0;
  for (let b = 0; b < 4; b++) {
    const row = Math.min(height - 1, Math.max(0, y0 + b - 1)) * width;
    for (let a = 0; a < 4; a++) {
      const column = Math.min(width - 1, Math.max(0, x0 + a - 1));
      sum += wx[a]! * wy[b]! * data[3 * (row + column) + channel]!;
    }
  }
  return sum;
}
