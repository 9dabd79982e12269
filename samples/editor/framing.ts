import type { Lens, Vec3 } from '../../core/camera.ts';
import { quantile } from '../../plugin/ui/extent.ts';

/** Share of the points that a fitted view holds; the rest are ragged edges. */
const FIT_SHARE = 0.97;

/**
 * How far from the middle a camera must stand for the points to fit its picture.
 * @param offsets points relative to the middle as (right, up, towards the camera)
 * @param tanX tangent of half the horizontal field of view; `tanY` of half the vertical one
 */
export function fitDistance(offsets: readonly Vec3[], tanX: number, tanY: number): number {
  const needed = Float64Array.from(
    offsets,
    ([x, y, towards]) => Math.max(Math.abs(x) / tanX, Math.abs(y) / tanY) + towards,
  );
  return needed.length === 0 ? 0 : quantile(needed, FIT_SHARE);
}

/** The vertical angle, radians, at which a picture of this shape (width over height) holds all that the lens sees. */
export const verticalAngle = ({ tanX, tanY }: Lens, aspect: number): number =>
  2 * Math.atan(Math.max(tanY, tanX / aspect));
