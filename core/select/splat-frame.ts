import type { SplatCloud } from '../splat-cloud.ts';

/** A splat's axes in the world, longest first, with its standard deviations along them. */
export interface SplatFrame {
  /** Three unit axes, flat: longest, middle, thinnest. The thinnest is a flat splat's normal. */
  axes: Float64Array;
  /** Standard deviations, world units, falling. */
  sigmas: Float64Array;
}

export function createSplatFrame(): SplatFrame {
  return { axes: new Float64Array(9), sigmas: new Float64Array(3) };
}

const rotation = new Float64Array(9);

/** Rotation matrix (row-major) of a quaternion w x y z of any length. */
function rotationOf(q: Float32Array, at: number): Float64Array {
  let w = q[at]!;
  let x = q[at + 1]!;
  let y = q[at + 2]!;
  let z = q[at + 3]!;
  // Not Math.hypot, which is several times slower and guards against overflow, of which float32 is no danger.
  const l = Math.sqrt(w * w + x * x + y * y + z * z) || 1;
  w /= l;
  x /= l;
  y /= l;
  z /= l;
  rotation[0] = 1 - 2 * (y * y + z * z);
  rotation[1] = 2 * (x * y - w * z);
  rotation[2] = 2 * (x * z + w * y);
  rotation[3] = 2 * (x * y + w * z);
  rotation[4] = 1 - 2 * (x * x + z * z);
  rotation[5] = 2 * (y * z - w * x);
  rotation[6] = 2 * (x * z - w * y);
  rotation[7] = 2 * (y * z + w * x);
  rotation[8] = 1 - 2 * (x * x + y * y);
  return rotation;
}

/** Fills `out` with splat i's frame. */
export function splatFrame(cloud: SplatCloud, i: number, out: SplatFrame): SplatFrame {
  const r = rotationOf(cloud.rotations, i * 4);
  const s = cloud.logScales;
  let [a, b, c] = [0, 1, 2];
  if (s[i * 3 + a]! < s[i * 3 + b]!) [a, b] = [b, a];
  if (s[i * 3 + b]! < s[i * 3 + c]!) [b, c] = [c, b];
  if (s[i * 3 + a]! < s[i * 3 + b]!) [a, b] = [b, a];
  for (let k = 0; k < 3; k++) {
    const local = k === 0 ? a : k === 1 ? b : c;
    out.sigmas[k] = Math.exp(s[i * 3 + local]!);
    for (let row = 0; row < 3; row++) out.axes[k * 3 + row] = r[row * 3 + local]!;
  }
  return out;
}
