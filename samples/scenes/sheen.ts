import type { ShDegree } from '../../core/splat-cloud.ts';
import { SH_REST_COUNT } from '../../core/splat-cloud.ts';
import type { Point } from './vectors.ts';

/**
 * Real spherical harmonics of degrees 1 to 3 with the signs and order of the reference implementation
 * (Kerbl et al. 2023, `eval_sh`), at a unit direction.
 */
function shBasis([x, y, z]: Point): number[] {
  const [xx, yy, zz] = [x * x, y * y, z * z];
  return [
    -0.4886025119029199 * y,
    0.4886025119029199 * z,
    -0.4886025119029199 * x,
    1.0925484305920792 * x * y,
    -1.0925484305920792 * y * z,
    0.31539156525252005 * (2 * zz - xx - yy),
    -1.0925484305920792 * x * z,
    0.5462742152960396 * (xx - yy),
    -0.5900435899266435 * y * (3 * xx - yy),
    2.890611442640554 * x * y * z,
    -0.4570457994644658 * y * (4 * zz - xx - yy),
    0.3731763325901154 * z * (2 * zz - 3 * xx - 3 * yy),
    -0.4570457994644658 * x * (4 * zz - xx - yy),
    1.445305721320277 * z * (xx - yy),
    -0.5900435899266435 * x * (xx - 3 * yy),
  ];
}

/** Weight of the lobe's Legendre terms P1, P2, P3: a soft highlight. */
const LOBE = [0.06, 0.05, 0.035];

/**
 * Writes a soft highlight around the mirror direction of the light into one splat's SH rest: by the
 * addition theorem Σ a_l P_l(d·r) has the coefficients a_l · 4π / (2l + 1) · Y_lm(r).
 * @param at first index of the splat's rest coefficients (channel-major)
 */
export function writeSheen(
  shRest: Float32Array,
  at: number,
  degree: ShDegree,
  gloss: number,
  n: Point,
  toLight: Point,
): void {
  const k = SH_REST_COUNT[degree];
  if (k === 0 || gloss === 0) return;
  const facing = n[0] * toLight[0] + n[1] * toLight[1] + n[2] * toLight[2];
  if (facing <= 0) return;
  // Seen along d (camera to splat), the highlight is where -d is the light's mirror direction.
  const d = [0, 1, 2].map((a) => toLight[a]! - 2 * facing * n[a]!) as Point;
  const basis = shBasis(d);
  for (let i = 0; i < k; i++) {
    const l = i < 3 ? 1 : i < 8 ? 2 : 3;
    const value = gloss * LOBE[l - 1]! * ((4 * Math.PI) / (2 * l + 1)) * basis[i]!;
    for (let c = 0; c < 3; c++) shRest[at + c * k + i] = value;
  }
}
