/** The outlines of objects' bases on what they stand on. */
import type { Point } from './vectors.ts';

/** What an object leaves on the surface it stands on. Metres. */
export interface Contact {
  /** Base's centre on the support. */
  base: Point;
  /** Signed distance on the support plane from the base's outline; negative under the object. */
  distance(x: number, z: number): number;
  /** How far the object hangs over its base: its darkness starts that much further out. */
  overhang: number;
  /** Height of the object: sets how far its shade reaches. */
  height: number;
}

/** A round base. */
export const disc = (base: Point, radius: number, height: number, overhang: number): Contact => ({
  base,
  height,
  overhang,
  distance: (x, z) => Math.hypot(x - base[0], z - base[2]) - radius,
});

/** A rectangular base, turned by `yaw` (radians) about the vertical. */
export function block(base: Point, size: Point, yaw: number): Contact {
  const [c, s] = [Math.cos(yaw), Math.sin(yaw)];
  return {
    base,
    height: size[1],
    overhang: 0,
    distance: (x, z) => {
      const dx = Math.abs(c * (x - base[0]) + s * (z - base[2])) - size[0] / 2;
      const dz = Math.abs(-s * (x - base[0]) + c * (z - base[2])) - size[2] / 2;
      return Math.min(Math.max(dx, dz), 0) + Math.hypot(Math.max(dx, 0), Math.max(dz, 0));
    },
  };
}
