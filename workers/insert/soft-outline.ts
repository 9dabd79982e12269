/** A mask's outline between pixels. */
import type { Mask, ScalarImage } from '../../core/image.ts';
import { smoothed } from './grey-pictures.ts';

/** Smoothed by one pixel: the steps of a slanted outline go, a stem of three pixels stays. */
export function softMask({ width, height, data }: Mask): ScalarImage {
  return smoothed(smoothed({ width, height, data: Float32Array.from(data, (v) => v) }));
}

/** Where a picture crosses one half between neighbouring pixels: places (u, v), the first pixel's centre at 0.5. */
export function outlinePlaces({ width, height, data }: ScalarImage): [number, number][] {
  const out: [number, number][] = [];
  for (let i = 0; i < data.length; i++) {
    const [x, y] = [i % width, Math.floor(i / width)];
    for (const [dx, dy] of [
      [1, 0],
      [0, 1],
    ] as const) {
      if (x + dx >= width || y + dy >= height) continue;
      const [a, b] = [data[i]!, data[i + dx + dy * width]!];
      if (a >= 0.5 === b >= 0.5) continue;
      const t = (0.5 - a) / (b - a);
      out.push([x + 0.5 + t * dx, y + 0.5 + t * dy]);
    }
  }
  return out;
}
