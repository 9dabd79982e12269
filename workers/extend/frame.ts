import type { Vec3 } from '../../core/camera.ts';

export const dotted = (a: Vec3, b: Vec3): number => a[0] * b[0] + a[1] * b[1] + a[2] * b[2];

export const crossed = (a: Vec3, b: Vec3): Vec3 => [
  a[1] * b[2] - a[2] * b[1],
  a[2] * b[0] - a[0] * b[2],
  a[0] * b[1] - a[1] * b[0],
];

/** The part of a vector across `up`, of unit length; undefined where there is none. */
export function levelled(v: Vec3, up: Vec3): Vec3 | undefined {
  const k = dotted(v, up);
  const flat: Vec3 = [v[0] - k * up[0], v[1] - k * up[1], v[2] - k * up[2]];
  const length = Math.hypot(...flat);
  return length < 1e-6 ? undefined : [flat[0] / length, flat[1] / length, flat[2] / length];
}
