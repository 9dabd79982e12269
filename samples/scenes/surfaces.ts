/**
 * Analytic surfaces and their sampling into flat cells. A cell becomes one surface-aligned Gaussian.
 * The surfaces live in the sample room's frame: metres, y down.
 */
import type { Texture } from './textures.ts';
import { cross, length, normalize, type Point } from './vectors.ts';

/** Where a surface is at (u, v), with its unit normal (outwards) and its derivatives in metres. */
export interface SurfacePoint {
  p: Point;
  n: Point;
  du: Point;
  dv: Point;
}

export interface Surface {
  /** Ranges are u 0..1 and v 0..vEnd. */
  vEnd: number;
  at(u: number, v: number): SurfacePoint;
  albedo: Texture;
  /** Finest cell, metres, at the scene's standard splat count. */
  grain: number;
  /** Halvings allowed from the coarsest cell down to `grain`. */
  levels: number;
  /** 0 matt .. 1 glossy; used with SH degree 1 and more. */
  gloss: number;
  /** Light's share that no geometry blocks; for insides (a mug's), 0..1. Default 1. */
  openness?: (u: number, v: number) => number;
}

export type SurfaceStyle = Pick<Surface, 'grain' | 'levels' | 'gloss'> &
  Partial<Pick<Surface, 'openness'>>;

/**
 * A parallelogram (edges at right angles). Its normal is edgeU × edgeV.
 * @param albedo takes metres along the two edges
 */
export function rectangle(
  origin: Point,
  edgeU: Point,
  edgeV: Point,
  albedo: Texture,
  style: SurfaceStyle,
): Surface {
  const uLength = length(edgeU);
  const vLength = length(edgeV);
  const n = normalize(cross(edgeU, edgeV));
  const dv = normalize(edgeV);
  return {
    ...style,
    vEnd: vLength,
    at: (u, v) => ({
      p: [
        origin[0] + edgeU[0] * u + dv[0] * v,
        origin[1] + edgeU[1] * u + dv[1] * v,
        origin[2] + edgeU[2] * u + dv[2] * v,
      ],
      n,
      du: edgeU,
      dv,
    }),
    albedo: (u, v) => albedo(u * uLength, v),
  };
}

/** Textures of a box's faces; a face without one is left out. */
export interface BoxFaces {
  top?: Texture;
  /** Towards −z, +x, +z, −x before the box is turned. */
  sides?: [Texture, Texture, Texture, Texture];
}

/** An upright box that stands with its base's centre at `base`, turned by `yaw` (radians) about the vertical. */
export function box(
  base: Point,
  size: Point,
  yaw: number,
  faces: BoxFaces,
  style: SurfaceStyle,
): Surface[] {
  const [w, h, d] = size;
  const c = Math.cos(yaw);
  const s = Math.sin(yaw);
  const turn = (x: number, up: number, z: number): Point => [
    base[0] + c * x - s * z,
    base[1] - up,
    base[2] + s * x + c * z,
  ];
  const edge = (x: number, up: number, z: number): Point => [c * x - s * z, -up, s * x + c * z];
  const out: Surface[] = [];
  if (faces.top) {
    out.push(rectangle(turn(-w / 2, h, d / 2), edge(w, 0, 0), edge(0, 0, -d), faces.top, style));
  }
  if (faces.sides) {
    const corners: [Point, Point][] = [
      [turn(-w / 2, h, -d / 2), edge(w, 0, 0)],
      [turn(w / 2, h, -d / 2), edge(0, 0, d)],
      [turn(w / 2, h, d / 2), edge(-w, 0, 0)],
      [turn(-w / 2, h, d / 2), edge(0, 0, -d)],
    ];
    for (const [k, [corner, along]] of corners.entries()) {
      out.push(rectangle(corner, along, edge(0, -h, 0), faces.sides[k]!, style));
    }
  }
  // Normals point out: away from the middle, so towards the middle's mirror image in each face.
  const middle = turn(0, h / 2, 0);
  return out.map((face) => {
    const { p } = face.at(0.5, face.vEnd / 2);
    return facing(face, [2 * p[0] - middle[0], 2 * p[1] - middle[1], 2 * p[2] - middle[2]]);
  });
}

/** The same flat surface with its normal on the side of `target`. */
export function facing(surface: Surface, target: Point): Surface {
  const { p, n } = surface.at(0.5, surface.vEnd / 2);
  const towards = [0, 1, 2].reduce((sum, k) => sum + (target[k]! - p[k]!) * n[k]!, 0);
  if (towards >= 0) return surface;
  return {
    ...surface,
    at: (u, v) => {
      const q = surface.at(u, v);
      return { ...q, n: [-q.n[0], -q.n[1], -q.n[2]] };
    },
  };
}

/** Radius and height of a profile's corner, metres. */
export type ProfilePoint = [number, number];

/** A smooth curve through the given points (Catmull-Rom, uniform). */
export function smoothProfile(points: ProfilePoint[], steps = 10): ProfilePoint[] {
  const out: ProfilePoint[] = [];
  const at = (i: number) => points[Math.min(points.length - 1, Math.max(0, i))]!;
  for (let i = 0; i + 1 < points.length; i++) {
    for (let k = 0; k < steps; k++) {
      const t = k / steps;
      const q = [0, 1].map((a) => {
        const [p0, p1, p2, p3] = [at(i - 1)[a]!, at(i)[a]!, at(i + 1)[a]!, at(i + 2)[a]!];
        return (
          0.5 *
          (2 * p1 +
            (p2 - p0) * t +
            (2 * p0 - 5 * p1 + 4 * p2 - p3) * t * t +
            (3 * p1 - p0 - 3 * p2 + p3) * t * t * t)
        );
      });
      out.push([Math.max(0, q[0]!), q[1]!]);
    }
  }
  out.push(at(points.length - 1));
  return out;
}

/**
 * A surface of revolution about the vertical through `base`. The profile runs so that outside is on its
 * right: up along the outer side, over a rim, down inside.
 * @param albedo takes the turn 0..1 and the way along the profile in metres
 */
export function revolve(
  base: Point,
  profile: ProfilePoint[],
  albedo: Texture,
  style: SurfaceStyle,
): Surface {
  const at = [0];
  for (let i = 1; i < profile.length; i++) {
    const [r0, h0] = profile[i - 1]!;
    const [r1, h1] = profile[i]!;
    at.push(at[i - 1]! + Math.hypot(r1 - r0, h1 - h0));
  }
  const vEnd = at[at.length - 1]!;
  return {
    ...style,
    vEnd,
    albedo,
    at: (u, v) => {
      let i = 1;
      while (i < profile.length - 1 && at[i]! < v) i++;
      const [r0, h0] = profile[i - 1]!;
      const [r1, h1] = profile[i]!;
      const span = at[i]! - at[i - 1]! || 1;
      const t = Math.min(1, Math.max(0, (v - at[i - 1]!) / span));
      const r = r0 + (r1 - r0) * t;
      const h = h0 + (h1 - h0) * t;
      const [dr, dh] = [(r1 - r0) / span, (h1 - h0) / span];
      const angle = 2 * Math.PI * u;
      const [c, s] = [Math.cos(angle), Math.sin(angle)];
      return {
        p: [base[0] + r * c, base[1] - h, base[2] + r * s],
        n: [dh * c, dr, dh * s],
        du: [-2 * Math.PI * r * s, 0, 2 * Math.PI * r * c],
        dv: [dr * c, -dh, dr * s],
      };
    },
  };
}

/**
 * A bent tube (a handle): an arc of radius `bend` about `center` in the upright plane of direction `yaw`,
 * from angle `from` to `to` (radians from outwards towards up), of thickness `radius`.
 */
export function tube(
  center: Point,
  yaw: number,
  bend: [number, number],
  radius: number,
  from: number,
  to: number,
  albedo: Texture,
  style: SurfaceStyle,
): Surface {
  const out: Point = [Math.cos(yaw), 0, Math.sin(yaw)];
  const side: Point = [-out[2], 0, out[0]];
  const vEnd = ((bend[0] + bend[1]) / 2) * Math.abs(to - from);
  return {
    ...style,
    vEnd,
    albedo,
    at: (u, v) => {
      const a = from + ((to - from) * v) / vEnd;
      const [ca, sa] = [Math.cos(a), Math.sin(a)];
      const w = 2 * Math.PI * u;
      const [cw, sw] = [Math.cos(w), Math.sin(w)];
      // In the plane: x outwards, y up; `m` is the arc's own normal.
      const m = normalize([ca * bend[1], sa * bend[0], 0]);
      const along = normalize([-sa * bend[0], ca * bend[1], 0]);
      const world = (x: number, y: number, z: number): Point => [
        out[0] * x + side[0] * z,
        -y,
        out[2] * x + side[2] * z,
      ];
      const n = world(m[0] * cw, m[1] * cw, sw);
      const around = world(-m[0] * sw, -m[1] * sw, cw);
      const p = world(bend[0] * ca, bend[1] * sa, 0);
      return {
        p: [
          center[0] + p[0] + radius * n[0],
          center[1] + p[1] + radius * n[1],
          center[2] + p[2] + radius * n[2],
        ],
        n,
        du: around.map((x) => x * 2 * Math.PI * radius) as Point,
        dv: world(along[0], along[1], 0),
      };
    },
  };
}
