/** A mask's outline between pixels. */
import type { Mask, ScalarImage } from '../../core/image.ts';
import { smoothed } from './grey-pictures.ts';

/** Smoothed by one pixel: the steps of a slanted outline go, a stem of three pixels stays. */
export function softMask({ width, height, data }: Mask): ScalarImage {
  return smoothed(smoothed({ width, height, data: Float32Array.from(data, (v) => v) }));
}

type Place = readonly [number, number];

/** Where a picture crosses one half: short pieces of the line (marching squares); the first pixel's centre is at 0.5. */
export function outlinePieces({ width, height, data }: ScalarImage): [Place, Place][] {
  const out: [Place, Place][] = [];
  for (let y = 0; y + 1 < height; y++) {
    for (let x = 0; x + 1 < width; x++) {
      const i = y * width + x;
      const corners = [data[i]!, data[i + 1]!, data[i + width + 1]!, data[i + width]!];
      const inside = corners.filter((v) => v >= 0.5).length;
      if (inside === 0 || inside === 4) continue;
      const met: Place[] = [];
      for (const [k, [px, py]] of CORNERS.entries()) {
        const [a, b] = [corners[k]!, corners[(k + 1) % 4]!];
        if (a >= 0.5 === b >= 0.5) continue;
        const [qx, qy] = CORNERS[(k + 1) % 4]!;
        const t = (0.5 - a) / (b - a);
        met.push([x + 0.5 + px + t * (qx - px), y + 0.5 + py + t * (qy - py)]);
      }
      for (let k = 0; k + 1 < met.length; k += 2) out.push([met[k]!, met[k + 1]!]);
    }
  }
  return out;
}

const CORNERS = [
  [0, 0],
  [1, 0],
  [1, 1],
  [0, 1],
] as const;

/** The middles of these pieces. */
export const outlinePlaces = (image: ScalarImage): Place[] =>
  outlinePieces(image).map(([a, b]) => [(a[0] + b[0]) / 2, (a[1] + b[1]) / 2]);
