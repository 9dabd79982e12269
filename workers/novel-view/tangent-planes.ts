import { mat4d } from 'wgpu-matrix';
import { type Camera, cameraToWorld } from '../../core/camera.ts';
import { principalAngle } from '../../core/disc-axes.ts';
import { slopeOf } from '../photo/lift-pixels.ts';

/** A source pixel's piece of surface as another camera sees it. Lengths of offsets are source pixels, places are target pixels. */
export interface Footprint {
  /** Where its centre falls. */
  u: number;
  v: number;
  /** Half sides of the box around it: the tent that interpolates between source pixels ends there. */
  halfWidth: number;
  halfHeight: number;
  /** The target looks at the surface's other side. */
  back: boolean;
  /** The longest it is drawn out over what distance and lenses alone would make of it: far over 1, the source saw it at a glance. */
  stretch: number;
  /** Results of `at`: weight 0..1 of the tent, and the surface's inverse depth in the target, 1 / world unit. */
  tent: number;
  inverse: number;
  /** Sets `tent` and `inverse` for the target's place (u, v). */
  at(u: number, v: number): void;
}

/** Under this magnification, along any direction, a footprint is widened to a target pixel: a mean, where wider ones interpolate exactly. */
const MINIFIED = 0.999;
/** Source pixels from its centre at which a widened footprint's depth is still read off its plane. */
const MOST_AWAY = 2;
/** The thinnest footprint that is still told from a line. */
const THINNEST = 1e-3;
/** Depth in the target may change by this share within a footprint; a piece nearer than that to the target is left out. */
const MOST_CHANGE = 0.7;

/**
 * Source pixels as pieces of their tangent planes. Inverse depth of a plane is affine in the picture, so what the target sees of it is a
 * homography: R r + ρ t, with the ray r and ρ both affine in the source pixel, and no error but that of the slopes. These come from the
 * neighbours on the same surface (`slopeOf`), so that no piece reaches across a depth edge.
 * @param inverse 1/z of the source's pixels; 0 = nothing there
 * @returns reads pixel i into the footprint; false where nothing of it is seen
 */
export function tangentPlanes(
  source: Camera,
  inverse: Float32Array,
  target: Camera,
): { footprint: Footprint; read(i: number): boolean } {
  const { width, height } = source;
  const m = mat4d.multiply(target.worldToCamera, cameraToWorld(source)) as Float64Array;
  const [m0, m1, m2, m4, m5, m6] = [m[0]!, m[1]!, m[2]!, m[4]!, m[5]!, m[6]!];
  const [m8, m9, m10, m12, m13, m14] = [m[8]!, m[9]!, m[10]!, m[12]!, m[13]!, m[14]!];
  const { fx, fy, cx, cy } = target;
  // Homogeneous place at the pixel's centre and its steps along x and y; the same of ρ.
  let [x0, y0, w0, xu, yu, wu, xv, yv, wv] = [0, 0, 0, 0, 0, 0, 0, 0, 0];
  let [rho, rhoU, rhoV] = [0, 0, 0];
  // Target pixels a source pixel, and of widened footprints the way back.
  let [jxu, jxv, jyu, jyv] = [0, 0, 0, 0];
  let wide = false;
  let [ixu, ixv, iyu, iyv] = [0, 0, 0, 0];

  /** The tent's own step, J with singular values of at least 1, and its inverse; the SVD by the eigenvectors of JᵀJ. */
  function widen(): void {
    const [a, b, c] = [jxu * jxu + jyu * jyu, jxu * jxv + jyu * jyv, jxv * jxv + jyv * jyv];
    const mean = (a + c) / 2;
    const spread = Math.hypot((a - c) / 2, b);
    const least = Math.sqrt(Math.max(0, mean - spread));
    const most = Math.sqrt(mean + spread);
    footprint.stretch = (most * w0 * source.fx) / fx;
    wide = least < MINIFIED;
    if (!wide) return;
    const angle = principalAngle(a, b, c);
    const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
    // Columns of U: where the two directions of V go, each of length 1.
    const long = Math.max(most, THINNEST);
    const [ux, uy] =
      most > THINNEST
        ? [(jxu * cos + jxv * sin) / long, (jyu * cos + jyv * sin) / long]
        : [cos, sin];
    const sign = jxu * jyv - jxv * jyu < 0 ? -1 : 1;
    const [s1, s2] = [Math.max(1, most), Math.max(1, least)];
    const [nx, ny] = [-uy * sign, ux * sign];
    jxu = ux * s1 * cos - nx * s2 * sin;
    jxv = ux * s1 * sin + nx * s2 * cos;
    jyu = uy * s1 * cos - ny * s2 * sin;
    jyv = uy * s1 * sin + ny * s2 * cos;
    const det = jxu * jyv - jxv * jyu;
    [ixu, ixv, iyu, iyv] = [jyv / det, -jxv / det, -jyu / det, jxu / det];
  }

  const footprint: Footprint = {
    ...{ u: 0, v: 0, halfWidth: 0, halfHeight: 0, back: false, stretch: 1, tent: 0, inverse: 0 },
    at(u, v) {
      // Exact on the plane: where the target's ray meets it, in source pixels from the centre.
      const a = (u - cx) / fx;
      const b = (v - cy) / fy;
      const [p, q, r] = [xu - a * wu, xv - a * wv, a * w0 - x0];
      const [s, t, o] = [yu - b * wu, yv - b * wv, b * w0 - y0];
      const det = p * t - q * s;
      let du = (r * t - q * o) / det;
      let dv = (p * o - r * s) / det;
      let [tu, tv] = [du, dv];
      if (wide) {
        const [x, y] = [u - footprint.u, v - footprint.v];
        tu = ixu * x + ixv * y;
        tv = iyu * x + iyv * y;
        // Edge on, the plane runs away within a target pixel.
        const far = Math.max(Math.abs(du), Math.abs(dv));
        if (!(far <= MOST_AWAY)) {
          const back = MOST_AWAY / far;
          [du, dv] = Number.isFinite(far) ? [du * back, dv * back] : [0, 0];
        }
      }
      const [x, y] = [1 - Math.abs(tu), 1 - Math.abs(tv)];
      footprint.tent = x > 0 && y > 0 ? x * y : 0;
      footprint.inverse = (rho + rhoU * du + rhoV * dv) / (w0 + wu * du + wv * dv);
    },
  };

  function read(i: number): boolean {
    rho = inverse[i]!;
    if (!(rho > 0)) return false;
    const x = i % width;
    const y = (i - x) / width;
    rhoU = slopeOf(inverse, i, 1, x > 0, x < width - 1);
    rhoV = slopeOf(inverse, i, width, y > 0, y < height - 1);
    const kx = (x + 0.5 - source.cx) / source.fx;
    const ky = (y + 0.5 - source.cy) / source.fy;
    x0 = m0 * kx + m4 * ky + m8 + rho * m12;
    y0 = m1 * kx + m5 * ky + m9 + rho * m13;
    w0 = m2 * kx + m6 * ky + m10 + rho * m14;
    if (!(w0 > 0)) return false;
    xu = m0 / source.fx + rhoU * m12;
    yu = m1 / source.fx + rhoU * m13;
    wu = m2 / source.fx + rhoU * m14;
    xv = m4 / source.fy + rhoV * m12;
    yv = m5 / source.fy + rhoV * m13;
    wv = m6 / source.fy + rhoV * m14;
    const change = (Math.abs(wu) + Math.abs(wv)) / w0;
    if (change > MOST_CHANGE) return false;
    const [a, b] = [x0 / w0, y0 / w0];
    footprint.u = fx * a + cx;
    footprint.v = fy * b + cy;
    jxu = (fx * (xu - a * wu)) / w0;
    jxv = (fx * (xv - a * wv)) / w0;
    jyu = (fy * (yu - b * wu)) / w0;
    jyv = (fy * (yv - b * wv)) / w0;
    footprint.back = jxu * jyv - jxv * jyu < 0;
    widen();
    // A projective step is the linear one over 1 + the change of depth.
    const grow = wide ? 1 : 1 / (1 - change);
    footprint.halfWidth = (Math.abs(jxu) + Math.abs(jxv)) * grow;
    footprint.halfHeight = (Math.abs(jyu) + Math.abs(jyv)) * grow;
    return true;
  }
  return { footprint, read };
}
