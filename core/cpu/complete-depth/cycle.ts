import { FREE, OUT } from './classify.ts';
import type { BlockLevel, Multigrid } from './hierarchy.ts';
import { apply } from './operator.ts';
import { relaxBlocks, relaxFine } from './relax.ts';

export function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}

/** out = A x on a coarse level. */
function applyBlocks(level: BlockLevel, x: Float64Array, out: Float64Array): void {
  const { width, diagonal: d, right, down } = level;
  const n = level.width * level.height;
  out.fill(0);
  for (let i = 0; i < n; i++) {
    const s = 3 * i;
    const v = 6 * i;
    const u = x[s]!;
    const p = x[s + 1]!;
    const q = x[s + 2]!;
    out[s]! += d[v]! * u + d[v + 1]! * p + d[v + 2]! * q;
    out[s + 1]! += d[v + 1]! * u + d[v + 3]! * p + d[v + 4]! * q;
    out[s + 2]! += d[v + 2]! * u + d[v + 4]! * p + d[v + 5]! * q;
    for (let axis = 0; axis < 2; axis++) {
      if (axis === 0 ? i % width === width - 1 : i + width >= n) continue;
      const m = axis === 0 ? right : down;
      const k = 9 * i;
      const t = axis === 0 ? s + 3 : s + 3 * width;
      const a = x[t]!;
      const b = x[t + 1]!;
      const c = x[t + 2]!;
      out[s]! += m[k]! * a + m[k + 1]! * b + m[k + 2]! * c;
      out[s + 1]! += m[k + 3]! * a + m[k + 4]! * b + m[k + 5]! * c;
      out[s + 2]! += m[k + 6]! * a + m[k + 7]! * b + m[k + 8]! * c;
      out[t]! += m[k]! * u + m[k + 3]! * p + m[k + 6]! * q;
      out[t + 1]! += m[k + 1]! * u + m[k + 4]! * p + m[k + 7]! * q;
      out[t + 2]! += m[k + 2]! * u + m[k + 5]! * p + m[k + 8]! * q;
    }
  }
}

/** coarse.b = Pᵀ residual. */
function restrict(residual: Float64Array, width: number, coarse: BlockLevel): void {
  const { b, childOffset: h } = coarse;
  b.fill(0);
  const n = residual.length / 3;
  for (let i = 0; i < n; i++) {
    const x = i % width;
    const y = (i - x) / width;
    const t = 3 * ((y >> 1) * coarse.width + (x >> 1));
    const r = residual[3 * i]!;
    b[t]! += r;
    b[t + 1]! += residual[3 * i + 1]! + ((x & 1) === 0 ? -h : h) * r;
    b[t + 2]! += residual[3 * i + 2]! + ((y & 1) === 0 ? -h : h) * r;
  }
}

/** x += P coarse. `role`: of the finest level, whose fixed values take no correction. */
function prolong(
  from: Float64Array,
  coarse: BlockLevel,
  x: Float64Array,
  width: number,
  role?: Uint8Array,
): void {
  const h = coarse.childOffset;
  const n = x.length / 3;
  for (let i = 0; i < n; i++) {
    if (role !== undefined && role[i] === OUT) continue;
    const px = i % width;
    const py = (i - px) / width;
    const t = 3 * ((py >> 1) * coarse.width + (px >> 1));
    const wx = from[t + 1]!;
    const wy = from[t + 2]!;
    if (role === undefined || role[i] === FREE) {
      x[3 * i]! += from[t]! + ((px & 1) === 0 ? -h : h) * wx + ((py & 1) === 0 ? -h : h) * wy;
    }
    x[3 * i + 1]! += wx;
    x[3 * i + 2]! += wy;
  }
}

/** level.x ≈ A⁻¹ level.b by one V-cycle: relax, correct from below, relax backwards (so that it is symmetric). */
function cycle(mg: Multigrid, l: number): Float64Array {
  const level = mg.levels[l]!;
  const { b, x, r } = level;
  x.fill(0);
  relaxBlocks(level, b, x, true);
  const coarse = mg.levels[l + 1];
  if (coarse !== undefined) {
    applyBlocks(level, x, r);
    for (let i = 0; i < r.length; i++) r[i] = b[i]! - r[i]!;
    restrict(r, level.width, coarse);
    prolong(cycle(mg, l + 1), coarse, x, level.width);
    relaxBlocks(level, b, x, false);
  }
  return x;
}

/** z = a symmetric approximation of A⁻¹ r on the finest level. */
export function precondition(mg: Multigrid, r: Float64Array, z: Float64Array): void {
  const { fine, levels, fineResidual } = mg;
  z.fill(0);
  relaxFine(fine, r, z, true);
  const coarse = levels[0];
  if (coarse === undefined) return;
  apply(fine, z, fineResidual);
  for (let i = 0; i < r.length; i++) fineResidual[i] = r[i]! - fineResidual[i]!;
  restrict(fineResidual, fine.width, coarse);
  prolong(cycle(mg, 0), coarse, z, fine.width, fine.role);
  relaxFine(fine, r, z, false);
}
