import { SH_C0 } from '../../splat-cloud.ts';
import { BLUE, GREEN, OPACITY, RECORD_FLOATS, RED } from '../render/records.ts';
import {
  SUM_COLOUR,
  SUM_LIGHT,
  SUM_U,
  SUM_V,
  SUM_XX,
  SUM_XY,
  SUM_YY,
  SUM_Z,
  SUMS,
} from './blend.ts';
import { createPosed, type Lens, poseSplat } from './lens.ts';
import { PLACE_FLOATS, type PolishPlan, WAY } from './plan.ts';
import { DC, LOG_SCALE, OFFSET, OPACITY_LOGIT, PARAMS, ROTATION } from './state.ts';

const posed = createPosed();
/** The loss' derivative by the axes in the world, one after another. */
const byAxes = new Float64Array(9);

/**
 * From what the records gathered to the parameters: back through the covariance Σ pₖ pₖᵀ of the scaled axes (EWA's Jacobian
 * at the centre included: it moves with the centre, as in gsplat, Ye et al. 2024, appendix), the camera and the rotation.
 * @param gradient PARAMS a splat of the state, added to
 */
export function chainBack(
  plan: PolishPlan,
  lens: Lens,
  values: Float64Array,
  sums: Float64Array,
  gradient: Float64Array,
): void {
  const { records, places, rows, newCount } = plan;
  const { fx, fy, turn } = lens;
  const add = (at: number, value: number) => {
    gradient[at] = gradient[at]! + value;
  };
  for (let k = 0; k < newCount; k++) {
    const s = k * SUMS;
    const o = k * RECORD_FLOATS;
    const g = rows[k]! * PARAMS;
    const { x, y, z, jx, jy, freeX, freeY, axes, sigmas, spans } = poseSplat(
      lens,
      values,
      rows[k]!,
      places,
      k,
      posed,
    );
    if (records[o + RED]! > 0) add(g + DC, SH_C0 * sums[s + SUM_COLOUR]!);
    if (records[o + GREEN]! > 0) add(g + DC + 1, SH_C0 * sums[s + SUM_COLOUR + 1]!);
    if (records[o + BLUE]! > 0) add(g + DC + 2, SH_C0 * sums[s + SUM_COLOUR + 2]!);
    add(g + OPACITY_LOGIT, (1 - records[o + OPACITY]!) * sums[s + SUM_LIGHT]!);

    const [xx, xy, yy] = [sums[s + SUM_XX]!, sums[s + SUM_XY]!, sums[s + SUM_YY]!];
    let byJx = 0;
    let byJy = 0;
    let byLogZ = 0;
    for (let a = 0; a < 3; a++) {
      const px = spans[a * 2]!;
      const py = spans[a * 2 + 1]!;
      const gx = 2 * xx * px + xy * py;
      const gy = xy * px + 2 * yy * py;
      const along = gx * px + gy * py;
      add(g + LOG_SCALE + a, along);
      byLogZ -= along;
      const wx = (gx * sigmas[a]! * fx) / z;
      const wy = (gy * sigmas[a]! * fy) / z;
      byJx -= wx * axes[a * 3 + 2]!;
      byJy -= wy * axes[a * 3 + 2]!;
      const wz = -(wx * jx + wy * jy);
      // Back into the world: the camera's rotation, transposed.
      for (let c = 0; c < 3; c++) {
        byAxes[a * 3 + c] = turn[c * 3]! * wx + turn[c * 3 + 1]! * wy + turn[c * 3 + 2]! * wz;
      }
    }
    const byTx = fx * sums[s + SUM_U]! + (freeX ? byJx : 0);
    const byTy = fy * sums[s + SUM_V]! + (freeY ? byJy : 0);
    const byX = byTx / z;
    const byY = byTy / z;
    const byZ = sums[s + SUM_Z]! + (byLogZ - byX * x - byY * y) / z;
    const p = k * PLACE_FLOATS + WAY;
    add(g + OFFSET, byX * places[p]! + byY * places[p + 1]! + byZ * places[p + 2]!);
    chainRotation(values, g + ROTATION, byAxes, gradient);
  }
}

/** Through R = I + 2 M(q) / |q|² for a quaternion w x y z of any length. */
function chainRotation(
  values: Float64Array,
  at: number,
  m: Float64Array,
  gradient: Float64Array,
): void {
  const w = values[at]!;
  const x = values[at + 1]!;
  const y = values[at + 2]!;
  const z = values[at + 3]!;
  const inv = 1 / (w * w + x * x + y * y + z * z);
  // m[3 c + r] is the derivative by row r of column c.
  const [m00, m10, m20] = [m[0]!, m[1]!, m[2]!];
  const [m01, m11, m21] = [m[3]!, m[4]!, m[5]!];
  const [m02, m12, m22] = [m[6]!, m[7]!, m[8]!];
  const byW = z * (m10 - m01) + y * (m02 - m20) + x * (m21 - m12);
  const byX = y * (m10 + m01) + z * (m20 + m02) + w * (m21 - m12) - 2 * x * (m11 + m22);
  const byY = x * (m10 + m01) + z * (m21 + m12) + w * (m02 - m20) - 2 * y * (m00 + m22);
  const byZ = x * (m20 + m02) + y * (m21 + m12) + w * (m10 - m01) - 2 * z * (m00 + m11);
  // M is of second degree: q · ∂M/∂q = 2 M, so the length's part takes away what points along q.
  const along = (w * byW + x * byX + y * byY + z * byZ) * inv;
  const each = [byW, byX, byY, byZ];
  for (let k = 0; k < 4; k++) {
    gradient[at + k] = gradient[at + k]! + 2 * inv * (each[k]! - along * values[at + k]!);
  }
}
