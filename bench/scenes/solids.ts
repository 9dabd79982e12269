/** Objects of the trial scenes as solids: what one sees of them, and what they cover of what they touch. Metres, y down. */
import { box, revolve, type Surface, type SurfaceStyle } from '../../samples/scenes/surfaces.ts';
import type { Texture } from '../../samples/scenes/textures.ts';
import type { Point } from '../../samples/scenes/vectors.ts';

export interface Solid {
  surfaces: Surface[];
  /** Signed distance from its skin, metres; negative inside. */
  distance(p: Point): number;
  center: Point;
  /** Of the sphere around it. */
  radius: number;
}

/** Stands with its base's centre at `base`. */
export function boxSolid(base: Point, size: Point, skin: Texture, style: SurfaceStyle): Solid {
  const center: Point = [base[0], base[1] - size[1] / 2, base[2]];
  return {
    surfaces: box(base, size, 0, { top: skin, sides: [skin, skin, skin, skin] }, style),
    center,
    radius: Math.hypot(...size) / 2,
    distance: (p) => {
      const d = [0, 1, 2].map((k) => Math.abs(p[k]! - center[k]!) - size[k]! / 2);
      const outside = Math.hypot(...d.map((v) => Math.max(0, v)));
      return outside + Math.min(0, Math.max(...d));
    },
  };
}

/** An upright cylinder that stands with its base's centre at `base`. */
export function cylinderSolid(
  base: Point,
  radius: number,
  height: number,
  skin: Texture,
  style: SurfaceStyle,
): Solid {
  return {
    surfaces: [
      revolve(
        base,
        [
          [radius, 0],
          [radius, height],
          [0, height],
        ],
        skin,
        style,
      ),
    ],
    center: [base[0], base[1] - height / 2, base[2]],
    radius: Math.hypot(radius, height / 2),
    distance: (p) => {
      const across = Math.hypot(p[0] - base[0], p[2] - base[2]) - radius;
      const along = Math.abs(base[1] - height / 2 - p[1]) - height / 2;
      const outside = Math.hypot(Math.max(0, across), Math.max(0, along));
      return outside + Math.min(0, Math.max(across, along));
    },
  };
}
