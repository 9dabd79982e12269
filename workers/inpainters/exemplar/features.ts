/**
 * Texture channels after Newson, Almansa, Fradet, Gousseau, Pérez, "Video inpainting of complex scenes"
 * (SIAM J. Imaging Sci. 2014): mean |∂x| and |∂y| of luminance around a pixel, taken on the full picture.
 * On coarse levels fine texture averages away and looks like a flat surface; these channels keep them apart.
 */
import { KNOWN } from '../harmonic.ts';

export function luminance(r: number, g: number, b: number): number {
  return 0.299 * r + 0.587 * g + 0.114 * b;
}

/**
 * @param rgb width × height × 3
 * @param state differences are taken between KNOWN pixels only
 * @param radiusPx half side of the square that is averaged over
 * @returns width × height × 2: mean |∂x|, mean |∂y|; 0 where nothing is known
 */
export function textureChannels(
  rgb: Float32Array,
  state: Uint8Array,
  width: number,
  height: number,
  radiusPx: number,
): Float32Array {
  const n = width * height;
  const lum = new Float32Array(n);
  for (let i = 0; i < n; i++) lum[i] = luminance(rgb[i * 3]!, rgb[i * 3 + 1]!, rgb[i * 3 + 2]!);
  const out = new Float32Array(n * 2);
  for (let axis = 0; axis < 2; axis++) {
    const step = axis === 0 ? 1 : width;
    const value = new Float64Array(n);
    const weight = new Float64Array(n);
    for (let y = 0; y < height - axis; y++) {
      for (let x = 0; x < width - (1 - axis); x++) {
        const i = y * width + x;
        if (state[i] !== KNOWN || state[i + step] !== KNOWN) continue;
        value[i] = Math.abs(lum[i + step]! - lum[i]!);
        weight[i] = 1;
      }
    }
    boxSum(value, width, height, radiusPx);
    boxSum(weight, width, height, radiusPx);
    for (let i = 0; i < n; i++) {
      // Running sums leave round-off of the order 1e-16 where the weight is 0.
      out[i * 2 + axis] = weight[i]! > 0.5 ? value[i]! / weight[i]! : 0;
    }
  }
  return out;
}

/** Sum over the square of the given radius, in place, clipped at the border. */
export function boxSum(data: Float64Array, width: number, height: number, radius: number): void {
  const run = (start: number, step: number, count: number, line: Float64Array) => {
    for (let k = 0; k < count; k++) line[k] = data[start + k * step]!;
    let sum = 0;
    for (let k = 0; k < Math.min(radius, count); k++) sum += line[k]!;
    for (let k = 0; k < count; k++) {
      if (k + radius < count) sum += line[k + radius]!;
      if (k - radius - 1 >= 0) sum -= line[k - radius - 1]!;
      data[start + k * step] = sum;
    }
  };
  const line = new Float64Array(Math.max(width, height));
  for (let y = 0; y < height; y++) run(y * width, 1, width, line);
  for (let x = 0; x < width; x++) run(x, width, height, line);
}
