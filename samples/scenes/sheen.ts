import { shBasis } from '../../core/cpu/render/sh.ts';
import type { ShDegree } from '../../core/splat-cloud.ts';
import { SH_REST_COUNT } from '../../core/splat-cloud.ts';
import type { Point } from './vectors.ts';

/** Weight of the lobe's Legendre terms P1, P2, P3: a soft highlight. */
const LOBE = [0.06, 0.05, 0.035];
const BASIS = new Float64Array(15);

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
  shBasis(degree, d[0], d[1], d[2], BASIS);
  for (let i = 0; i < k; i++) {
    const l = i < 3 ? 1 : i < 8 ? 2 : 3;
    const value = gloss * LOBE[l - 1]! * ((4 * Math.PI) / (2 * l + 1)) * BASIS[i]!;
    for (let c = 0; c < 3; c++) shRest[at + c * k + i] = value;
  }
}
