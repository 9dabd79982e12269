/** Depth as monocular models give it: soft, off at outlines, in 8 bits, without a scale. Made of true depth, for measuring. */
import { resizeScalar } from '../../core/depth-files/resize.ts';
import type { ScalarImage } from '../../core/image.ts';

export interface Softness {
  /** The size that the model sees the picture at, over the picture's own. */
  size: number;
  /** Standard deviation of the blur at that size, its pixels. */
  sigma: number;
  /** By how much outlines are moved about, picture's pixels. */
  warpPx: number;
}

/** Period of the outlines' moving about, picture's pixels: as wide as a network's patches. */
const WARP_PERIOD_PX = 37;

/** By rows and then columns. */
function blurred(image: ScalarImage, sigma: number): ScalarImage {
  const { width, height } = image;
  const radius = Math.ceil(3 * sigma);
  const kernel = Array.from({ length: 2 * radius + 1 }, (_, k) =>
    Math.exp(-((k - radius) ** 2) / (2 * sigma ** 2)),
  );
  const pass = (from: Float32Array, dx: number, dy: number) =>
    from.map((_, i) => {
      const [x, y] = [i % width, Math.floor(i / width)];
      let [sum, weight] = [0, 0];
      for (let k = -radius; k <= radius; k++) {
        const [u, v] = [x + k * dx, y + k * dy];
        if (u < 0 || v < 0 || u >= width || v >= height) continue;
        sum += kernel[k + radius]! * from[v * width + u]!;
        weight += kernel[k + radius]!;
      }
      return sum / weight;
    });
  return { width, height, data: pass(pass(image.data, 1, 0), 0, 1) };
}

/** Of inverse depth: what is moved by more is an outline, and surfaces stay where they are. */
const OUTLINE = 0.04;

/** Outlines moved by up to `warpPx`, in waves. */
function warped(image: ScalarImage, warpPx: number): ScalarImage {
  const { width, height, data } = image;
  const turn = (2 * Math.PI) / WARP_PERIOD_PX;
  const clamp = (v: number, most: number) => Math.min(most - 1, Math.max(0, Math.round(v)));
  return {
    width,
    height,
    data: data.map((own, i) => {
      const [x, y] = [i % width, Math.floor(i / width)];
      const u = x + warpPx * Math.sin(turn * (y + 0.4 * x));
      const v = y + warpPx * Math.sin(turn * (x - 0.3 * y) + 1);
      const moved = data[clamp(v, height) * width + clamp(u, width)]!;
      return Math.abs(moved - own) > OUTLINE * Math.max(own, moved) ? moved : own;
    }),
  };
}

export interface SoftDepth {
  /** Larger is nearer, whole numbers 0 to 255, at the picture's size. */
  relative: ScalarImage;
  /** Inverse of the depth that a number stands for. */
  inverseOf(relative: number): number;
}

/** @param depth along z, all known */
export function softRelative(depth: ScalarImage, { size, sigma, warpPx }: Softness): SoftDepth {
  const { width, height } = depth;
  const inverse = { ...depth, data: depth.data.map((z) => 1 / z) };
  const seen = resizeScalar(
    warped(inverse, warpPx),
    Math.round(width * size),
    Math.round(height * size),
  );
  const soft = resizeScalar(blurred(seen, sigma), width, height);
  const low = soft.data.reduce((a, b) => Math.min(a, b), Infinity);
  const high = soft.data.reduce((a, b) => Math.max(a, b), 0);
  const data = soft.data.map((v) => Math.round((255 * (v - low)) / (high - low)));
  return {
    relative: { width, height, data },
    inverseOf: (relative) => low + (relative / 255) * (high - low),
  };
}
