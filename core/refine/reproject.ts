import { mat4d } from 'wgpu-matrix';
import { type Camera, cameraToWorld } from '../camera.ts';

/** Carries pixels with depth from one camera into another. */
export interface Reprojection {
  /** Where the last one went, in the second camera: pixels, and depth along z (≤ 0 is behind it). */
  u: number;
  v: number;
  depth: number;
  /**
   * @param i index of the pixel in the first camera
   * @param z its depth there
   * @returns index of the pixel that it falls on in the second, −1 outside the picture and behind the camera
   */
  to(i: number, z: number): number;
}

export function reprojection(from: Camera, into: Camera): Reprojection {
  const m = mat4d.multiply(into.worldToCamera, cameraToWorld(from)) as Float64Array;
  const [m0, m1, m2, m4, m5, m6] = [m[0]!, m[1]!, m[2]!, m[4]!, m[5]!, m[6]!];
  const [m8, m9, m10, m12, m13, m14] = [m[8]!, m[9]!, m[10]!, m[12]!, m[13]!, m[14]!];
  const { fx, fy, cx, cy } = from;
  const out: Reprojection = {
    u: 0,
    v: 0,
    depth: 0,
    to(i, z) {
      const px = (((i % from.width) + 0.5 - cx) / fx) * z;
      const py = ((Math.floor(i / from.width) + 0.5 - cy) / fy) * z;
      const depth = m2 * px + m6 * py + m10 * z + m14;
      const u = (into.fx * (m0 * px + m4 * py + m8 * z + m12)) / depth + into.cx;
      const v = (into.fy * (m1 * px + m5 * py + m9 * z + m13)) / depth + into.cy;
      out.depth = depth;
      out.u = u;
      out.v = v;
      const inside = depth > 0 && u >= 0 && v >= 0 && u < into.width && v < into.height;
      return inside ? Math.floor(v) * into.width + Math.floor(u) : -1;
    },
  };
  return out;
}
