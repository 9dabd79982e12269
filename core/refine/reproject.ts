import { mat4d } from 'wgpu-matrix';
import { type Camera, cameraToWorld } from '../camera.ts';

/**
 * Carries pixels with depth from one camera into another. `to(x, y, z)` takes the pixel's column and row and its depth in the first
 * camera, and leaves u, v (pixels) and the depth in the second one in `u`, `v`, `depth`; a depth ≤ 0 is behind it.
 */
export interface Reprojection {
  u: number;
  v: number;
  depth: number;
  to(x: number, y: number, z: number): void;
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
    to(x, y, z) {
      const px = ((x + 0.5 - cx) / fx) * z;
      const py = ((y + 0.5 - cy) / fy) * z;
      const depth = m2 * px + m6 * py + m10 * z + m14;
      out.depth = depth;
      out.u = (into.fx * (m0 * px + m4 * py + m8 * z + m12)) / depth + into.cx;
      out.v = (into.fy * (m1 * px + m5 * py + m9 * z + m13)) / depth + into.cy;
    },
  };
  return out;
}
