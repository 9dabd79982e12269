import { createScalarImage, type Mask, type ScalarImage } from './image.ts';

const FAR = 1e12;

/** Squared distances along one line: the lower envelope of parabolas (Felzenszwalb & Huttenlocher 2012). */
function envelope(
  f: Float64Array,
  n: number,
  v: Int32Array,
  z: Float64Array,
  out: Float64Array,
): void {
  let k = 0;
  v[0] = 0;
  z[0] = Number.NEGATIVE_INFINITY;
  z[1] = Number.POSITIVE_INFINITY;
  for (let q = 1; q < n; q++) {
    let s = 0;
    for (;;) {
      const p = v[k]!;
      s = (f[q]! + q * q - (f[p]! + p * p)) / (2 * q - 2 * p);
      if (s > z[k]! || k === 0) break;
      k--;
    }
    if (s <= z[k]!) {
      v[k] = q;
      continue;
    }
    k++;
    v[k] = q;
    z[k] = s;
    z[k + 1] = Number.POSITIVE_INFINITY;
  }
  k = 0;
  for (let q = 0; q < n; q++) {
    while (z[k + 1]! < q) k++;
    const d = q - v[k]!;
    out[q] = d * d + f[v[k]!]!;
  }
}

/**
 * Exact Euclidean distance of every pixel to the nearest set pixel, in pixels; Infinity everywhere
 * when none is set.
 */
export function distanceTo(mask: Mask): ScalarImage {
  const { width, height, data } = mask;
  const out = createScalarImage(width, height);
  const squared = new Float64Array(width * height);
  for (let i = 0; i < squared.length; i++) squared[i] = data[i] !== 0 ? 0 : FAR;
  const n = Math.max(width, height);
  const f = new Float64Array(n);
  const line = new Float64Array(n);
  const v = new Int32Array(n + 1);
  const z = new Float64Array(n + 2);
  for (let x = 0; x < width; x++) {
    for (let y = 0; y < height; y++) f[y] = squared[y * width + x]!;
    envelope(f, height, v, z, line);
    for (let y = 0; y < height; y++) squared[y * width + x] = line[y]!;
  }
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) f[x] = squared[y * width + x]!;
    envelope(f, width, v, z, line);
    for (let x = 0; x < width; x++) {
      const d = line[x]!;
      out.data[y * width + x] = d >= FAR / 2 ? Number.POSITIVE_INFINITY : Math.sqrt(d);
    }
  }
  return out;
}
