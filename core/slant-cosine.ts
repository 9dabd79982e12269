import type { Camera } from './camera.ts';
import type { ScalarImage } from './image.ts';

/**
 * cos of the angle between a pixel's ray and the surface's normal there, from the depth's slopes to the
 * neighbours: a difference in depth times this is the distance across the surface.
 */
export function slantCosine(depth: ScalarImage, camera: Camera, i: number): number {
  const { width, height, data } = depth;
  const x = i % width;
  const y = (i - x) / width;
  const z = data[i]!;
  const slope = (dx: number, dy: number): number => {
    let best = Number.POSITIVE_INFINITY;
    for (const side of [-1, 1]) {
      const nx = x + side * dx;
      const ny = y + side * dy;
      if (nx < 0 || ny < 0 || nx >= width || ny >= height) continue;
      const other = data[ny * width + nx]!;
      if (other > 0 && Math.abs(other - z) < Math.abs(best)) best = (other - z) * side;
    }
    return Number.isFinite(best) ? best : 0;
  };
  const sx = slope(1, 0);
  const sy = slope(0, 1);
  const kx = (x + 0.5 - camera.cx) / camera.fx;
  const ky = (y + 0.5 - camera.cy) / camera.fy;
  const a = [z / camera.fx + kx * sx, ky * sx, sx] as const;
  const b = [kx * sy, z / camera.fy + ky * sy, sy] as const;
  const n = [
    a[1] * b[2] - a[2] * b[1],
    a[2] * b[0] - a[0] * b[2],
    a[0] * b[1] - a[1] * b[0],
  ] as const;
  return Math.abs(n[0] * kx + n[1] * ky + n[2]) / (Math.hypot(...n) * Math.hypot(kx, ky, 1));
}
