import type { ShDegree } from '../../splat-cloud.ts';

// Real spherical harmonics, signs and order as in the 3DGS reference (Kerbl et al. 2023, auxiliary.h).
const C1 = 0.4886025119029199;
const C2 = [
  1.0925484305920792, -1.0925484305920792, 0.31539156525252005, -1.0925484305920792,
  0.5462742152960396,
] as const;
const C3 = [
  -0.5900435899266435, 2.890611442640554, -0.4570457994644658, 0.3731763325901154,
  -0.4570457994644658, 1.445305721320277, -0.5900435899266435,
] as const;

/**
 * Basis values above the zeroth for a unit direction (from the camera's centre to the splat, world frame),
 * in f_rest's order.
 * @param basis written: 3, 8 or 15 values
 */
export function shBasis(
  degree: ShDegree,
  x: number,
  y: number,
  z: number,
  basis: Float64Array,
): void {
  if (degree === 0) return;
  basis[0] = -C1 * y;
  basis[1] = C1 * z;
  basis[2] = -C1 * x;
  if (degree === 1) return;
  const xx = x * x;
  const yy = y * y;
  const zz = z * z;
  basis[3] = C2[0] * x * y;
  basis[4] = C2[1] * y * z;
  basis[5] = C2[2] * (2 * zz - xx - yy);
  basis[6] = C2[3] * x * z;
  basis[7] = C2[4] * (xx - yy);
  if (degree === 2) return;
  basis[8] = C3[0] * y * (3 * xx - yy);
  basis[9] = C3[1] * x * y * z;
  basis[10] = C3[2] * y * (4 * zz - xx - yy);
  basis[11] = C3[3] * z * (2 * zz - 3 * xx - 3 * yy);
  basis[12] = C3[4] * x * (4 * zz - xx - yy);
  basis[13] = C3[5] * z * (xx - yy);
  basis[14] = C3[6] * x * (xx - 3 * yy);
}

/** Σ basis · coefficients of one colour channel. */
export function shChannel(
  shRest: Float32Array,
  offset: number,
  basis: Float64Array,
  terms: number,
): number {
  let sum = 0;
  for (let k = 0; k < terms; k++) sum += basis[k]! * shRest[offset + k]!;
  return sum;
}
