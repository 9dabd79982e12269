/** Principal axes of flat Gaussians. */
import type { Vec3 } from './camera.ts';
import { cross, dot, unit } from './vec3.ts';

/** Angle of the longer principal axis of a symmetric 2 × 2 matrix (xx xy; xy yy), radians from x to y. */
export const principalAngle = (xx: number, xy: number, yy: number): number =>
  0.5 * Math.atan2(2 * xy, xx - yy);

/** Axes of unit length, right-handed in this order, and variances along the first two. */
export interface DiscAxes {
  major: Vec3;
  minor: Vec3;
  normal: Vec3;
  majorVariance: number;
  /** Rounding may take it to 0 and below. */
  minorVariance: number;
}

/** The disc with covariance a aᵀ + b bᵀ, by its 2 × 2 Gram matrix. */
export function discAxes(a: Vec3, b: Vec3): DiscAxes {
  const [aa, bb, ab] = [dot(a, a), dot(b, b), dot(a, b)];
  const mean = (aa + bb) / 2;
  const spread = Math.hypot((aa - bb) / 2, ab);
  const angle = principalAngle(aa, ab, bb);
  const [c, s] = [Math.cos(angle), Math.sin(angle)];
  const major = unit([c * a[0] + s * b[0], c * a[1] + s * b[1], c * a[2] + s * b[2]]);
  const normal = unit(cross(a, b));
  return {
    major,
    minor: cross(normal, major),
    normal,
    majorVariance: mean + spread,
    minorVariance: mean - spread,
  };
}
