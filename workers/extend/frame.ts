import type { Vec3 } from '../../core/camera.ts';
import { dot } from '../../core/vec3.ts';

/** The part of a vector across `up`, of unit length; undefined where there is none. */
export function levelled(v: Vec3, up: Vec3): Vec3 | undefined {
  const k = dot(v, up);
  const flat: Vec3 = [v[0] - k * up[0], v[1] - k * up[1], v[2] - k * up[2]];
  const length = Math.hypot(...flat);
  return length < 1e-6 ? undefined : [flat[0] / length, flat[1] / length, flat[2] / length];
}
