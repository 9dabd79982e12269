import { type Camera, cameraCenter } from '../../core/camera.ts';
import { createScalarImage, type Mask, type ScalarImage } from '../../core/image.ts';
import { pixelRays } from '../../core/pixel-rays.ts';

/**
 * Angle between the ray by which the source saw a point and the ray by which the target sees it, at the point, as a share of 180°: 0 is the
 * same direction, ½ a quarter turn, 1 opposite (iNVS's soft mask). 1, not trusted at all, where nothing of the source is seen, and
 * where a surface is seen from its other side.
 * @param depth along the target's z, world units
 * @param covered where a surface of the source is seen from the source's side
 */
export function rayAngles(
  source: Camera,
  target: Camera,
  depth: ScalarImage,
  covered: Mask,
): ScalarImage {
  const { width, height } = target;
  const out = createScalarImage(width, height);
  const rays = pixelRays(target);
  const other = cameraCenter(source);
  for (let p = 0; p < out.data.length; p++) {
    if (covered.data[p] === 0) {
      out.data[p] = 1;
      continue;
    }
    const [x, y, z] = rays.point(p % width, Math.floor(p / width), depth.data[p]!);
    const [ax, ay, az] = [x - other[0], y - other[1], z - other[2]];
    const [bx, by, bz] = [x - rays.origin[0], y - rays.origin[1], z - rays.origin[2]];
    // By sine and cosine: an arc cosine alone is worth little at small angles.
    const sine = Math.hypot(ay * bz - az * by, az * bx - ax * bz, ax * by - ay * bx);
    out.data[p] = Math.atan2(sine, ax * bx + ay * by + az * bz) / Math.PI;
  }
  return out;
}
