import type { Camera } from '../../camera.ts';
import { PLACE_FLOATS, START, WAY } from './plan.ts';
import { LOG_SCALE, OFFSET, PARAMS, ROTATION } from './state.ts';

/** A camera as the projection reads it, and the same numbers for the WGSL kernels. */
export interface Lens {
  fx: number;
  fy: number;
  cx: number;
  cy: number;
  /** Where x/z and y/z are clamped for the Jacobian (core/cpu/render/project.ts). */
  minTx: number;
  maxTx: number;
  minTy: number;
  maxTy: number;
  /** Rotation, column-major 3 × 3, world to camera. */
  turn: Float64Array;
}

export function lensOf({ width, height, fx, fy, cx, cy, worldToCamera: w }: Camera): Lens {
  const marginX = (0.15 * width) / fx;
  const marginY = (0.15 * height) / fy;
  return {
    fx,
    fy,
    cx,
    cy,
    minTx: -cx / fx - marginX,
    maxTx: (width - cx) / fx + marginX,
    minTy: -cy / fy - marginY,
    maxTy: (height - cy) / fy + marginY,
    turn: Float64Array.of(w[0]!, w[1]!, w[2]!, w[4]!, w[5]!, w[6]!, w[8]!, w[9]!, w[10]!),
  };
}

/** A new splat in a camera's frame: what its record and the way back to its parameters are made from. */
export interface Posed {
  /** Its centre. */
  x: number;
  y: number;
  z: number;
  /** x/z and y/z, clamped, and whether they were not. */
  jx: number;
  jy: number;
  freeX: boolean;
  freeY: boolean;
  /** Its unit axes, one after another. */
  axes: Float64Array;
  /** Standard deviations. */
  sigmas: Float64Array;
  /** The scaled axes through the Jacobian, pixels: x and y of each. */
  spans: Float64Array;
}

export function createPosed(): Posed {
  return {
    x: 0,
    y: 0,
    z: 0,
    jx: 0,
    jy: 0,
    freeX: true,
    freeY: true,
    axes: new Float64Array(9),
    sigmas: new Float64Array(3),
    spans: new Float64Array(6),
  };
}

const rotation = new Float64Array(9);

/** Columns of the rotation of a quaternion w x y z of any length, one after another. */
function turnOf(values: Float64Array, at: number): Float64Array {
  const w = values[at]!;
  const x = values[at + 1]!;
  const y = values[at + 2]!;
  const z = values[at + 3]!;
  const twice = 2 / (w * w + x * x + y * y + z * z);
  rotation[0] = 1 - twice * (y * y + z * z);
  rotation[1] = twice * (x * y + w * z);
  rotation[2] = twice * (x * z - w * y);
  rotation[3] = twice * (x * y - w * z);
  rotation[4] = 1 - twice * (x * x + z * z);
  rotation[5] = twice * (y * z + w * x);
  rotation[6] = twice * (x * z + w * y);
  rotation[7] = twice * (y * z - w * x);
  rotation[8] = 1 - twice * (x * x + y * y);
  return rotation;
}

/**
 * Fills `out` with a splat as a camera has it; the projection is core/cpu/render/project.ts'.
 * @param row its row in `values`
 * @param place its number in `places`
 */
export function poseSplat(
  lens: Lens,
  values: Float64Array,
  row: number,
  places: Float64Array,
  place: number,
  out: Posed,
): Posed {
  const o = row * PARAMS;
  const p = place * PLACE_FLOATS;
  const offset = values[o + OFFSET]!;
  const x = places[p + START]! + offset * places[p + WAY]!;
  const y = places[p + START + 1]! + offset * places[p + WAY + 1]!;
  const z = places[p + START + 2]! + offset * places[p + WAY + 2]!;
  const tx = x / z;
  const ty = y / z;
  out.x = x;
  out.y = y;
  out.z = z;
  out.jx = Math.max(lens.minTx, Math.min(lens.maxTx, tx));
  out.jy = Math.max(lens.minTy, Math.min(lens.maxTy, ty));
  out.freeX = out.jx === tx;
  out.freeY = out.jy === ty;
  const r = turnOf(values, o + ROTATION);
  const t = lens.turn;
  for (let k = 0; k < 3; k++) {
    const [ax, ay, az] = [r[k * 3]!, r[k * 3 + 1]!, r[k * 3 + 2]!];
    const cx = t[0]! * ax + t[3]! * ay + t[6]! * az;
    const cy = t[1]! * ax + t[4]! * ay + t[7]! * az;
    const cz = t[2]! * ax + t[5]! * ay + t[8]! * az;
    const sigma = Math.exp(values[o + LOG_SCALE + k]!);
    out.axes[k * 3] = cx;
    out.axes[k * 3 + 1] = cy;
    out.axes[k * 3 + 2] = cz;
    out.sigmas[k] = sigma;
    out.spans[k * 2] = ((sigma * lens.fx) / z) * (cx - out.jx * cz);
    out.spans[k * 2 + 1] = ((sigma * lens.fy) / z) * (cy - out.jy * cz);
  }
  return out;
}
