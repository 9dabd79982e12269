import { KNOWN, OUT } from './classify.ts';
import type { Level } from './level.ts';
import { apply, type Quadratic } from './operator.ts';

/**
 * Damping of the block Jacobi smoother. Every edge ties two nodes, so that D⁻¹A has no eigenvalue over 2 and any
 * damping under 1 is safe. Gauss–Seidel in its place saved no step on the finest level and one in ten on coarse ones,
 * and would be another one on a GPU.
 */
export const DAMPING = 0.85;

/** x += damping · D⁻¹ r on the finest level. */
export function stepFine(q: Quadratic, r: Float64Array, x: Float64Array): void {
  const { width, role, aX, aY, bX, bY, lean } = q;
  for (let i = 0; i < role.length; i++) {
    const kind = role[i]!;
    if (kind === OUT) continue;
    const s = 3 * i;
    const inRow = i % width > 0;
    const right = aX[i]!;
    const down = aY[i]!;
    const left = inRow ? aX[i - 1]! : 0;
    const up = i >= width ? aY[i - width]! : 0;
    const bend =
      bX[i]! + bY[i]! + (inRow ? bX[i - 1]! : 0) + (i >= width ? bY[i - width]! : 0) + lean[i]!;
    const ix = 1 / (0.25 * (right + left) + bend);
    const iy = 1 / (0.25 * (down + up) + bend);
    const rx = r[s + 1]!;
    const ry = r[s + 2]!;
    let u = 0;
    const uu = right + left + down + up;
    const ux = 0.5 * (right - left);
    const uy = 0.5 * (down - up);
    // The block is an arrow (xy = 0): eliminate both slopes, then u. A known pixel's u stays.
    if (kind !== KNOWN && uu > 0) {
      u = (r[s]! - ux * rx * ix - uy * ry * iy) / (uu - ux * ux * ix - uy * uy * iy);
    }
    const tied = kind === KNOWN ? 0 : u;
    x[s]! += DAMPING * u;
    x[s + 1]! += DAMPING * (rx - ux * tied) * ix;
    x[s + 2]! += DAMPING * (ry - uy * tied) * iy;
  }
}

/** out = b − A x on the finest level. */
export function remainderFine(
  q: Quadratic,
  b: Float64Array,
  x: Float64Array,
  out: Float64Array,
): void {
  apply(q, x, out);
  for (let i = 0; i < out.length; i++) out[i] = b[i]! - out[i]!;
}

/** x += damping · D⁻¹ r on a coarse level. */
export function stepLevel({ inverse: v, count }: Level, r: Float64Array, x: Float64Array): void {
  for (let i = 0; i < count; i++) {
    const s = 3 * i;
    const k = 6 * i;
    const u = r[s]!;
    const p = r[s + 1]!;
    const q = r[s + 2]!;
    x[s]! += DAMPING * (v[k]! * u + v[k + 1]! * p + v[k + 2]! * q);
    x[s + 1]! += DAMPING * (v[k + 1]! * u + v[k + 3]! * p + v[k + 4]! * q);
    x[s + 2]! += DAMPING * (v[k + 2]! * u + v[k + 4]! * p + v[k + 5]! * q);
  }
}

/** out = b − A x on a coarse level. */
export function remainderLevel(
  { diagonal: d, across: m, from, to, count }: Level,
  b: Float64Array,
  x: Float64Array,
  out: Float64Array,
): void {
  for (let i = 0; i < count; i++) {
    const s = 3 * i;
    const k = 6 * i;
    const u = x[s]!;
    const p = x[s + 1]!;
    const q = x[s + 2]!;
    out[s] = b[s]! - d[k]! * u - d[k + 1]! * p - d[k + 2]! * q;
    out[s + 1] = b[s + 1]! - d[k + 1]! * u - d[k + 3]! * p - d[k + 4]! * q;
    out[s + 2] = b[s + 2]! - d[k + 2]! * u - d[k + 4]! * p - d[k + 5]! * q;
  }
  for (let e = 0; e < from.length; e++) {
    const s = 3 * from[e]!;
    const t = 3 * to[e]!;
    const k = 9 * e;
    const u = x[s]!;
    const p = x[s + 1]!;
    const q = x[s + 2]!;
    const a = x[t]!;
    const b1 = x[t + 1]!;
    const c = x[t + 2]!;
    out[s]! -= m[k]! * a + m[k + 1]! * b1 + m[k + 2]! * c;
    out[s + 1]! -= m[k + 3]! * a + m[k + 4]! * b1 + m[k + 5]! * c;
    out[s + 2]! -= m[k + 6]! * a + m[k + 7]! * b1 + m[k + 8]! * c;
    out[t]! -= m[k]! * u + m[k + 3]! * p + m[k + 6]! * q;
    out[t + 1]! -= m[k + 1]! * u + m[k + 4]! * p + m[k + 7]! * q;
    out[t + 2]! -= m[k + 2]! * u + m[k + 5]! * p + m[k + 8]! * q;
  }
}
