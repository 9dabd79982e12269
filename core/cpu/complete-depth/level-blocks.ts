/** The 3×3 blocks of coarse levels: moved to their parents' centres, added up, inverted. */
import type { Level } from './level.ts';

/** Adds a finer node's diagonal block (uu, ux, uy, xx, xy, yy at `k`) to its parent's, moved to the parent's centre. */
export function addDiagonal(level: Level, node: number, block: Float64Array, k: number): void {
  const dx = level.offsetX[node]!;
  const dy = level.offsetY[node]!;
  const into = level.diagonal;
  const t = 6 * level.parent[node]!;
  const uu = block[k]!;
  const ux = block[k + 1]!;
  const uy = block[k + 2]!;
  into[t]! += uu;
  into[t + 1]! += ux + dx * uu;
  into[t + 2]! += uy + dy * uu;
  into[t + 3]! += block[k + 3]! + 2 * dx * ux + dx * dx * uu;
  into[t + 4]! += block[k + 4]! + dx * uy + dy * ux + dx * dy * uu;
  into[t + 5]! += block[k + 5]! + 2 * dy * uy + dy * dy * uu;
}

const moved = new Float64Array(9);

/** T_fromᵀ M T_to with T the plane prolongation to a finer node; M 9 numbers at `k`. Valid until the next call. */
export function moveBlock(
  level: Level,
  from: number,
  to: number,
  m: Float64Array,
  k: number,
): Float64Array {
  const cx = level.offsetX[from]!;
  const cy = level.offsetY[from]!;
  const dx = level.offsetX[to]!;
  const dy = level.offsetY[to]!;
  const a00 = m[k]!;
  const a10 = m[k + 3]!;
  const a20 = m[k + 6]!;
  const a01 = m[k + 1]! + dx * a00;
  const a02 = m[k + 2]! + dy * a00;
  moved[0] = a00;
  moved[1] = a01;
  moved[2] = a02;
  moved[3] = a10 + cx * a00;
  moved[4] = m[k + 4]! + dx * a10 + cx * a01;
  moved[5] = m[k + 5]! + dy * a10 + cx * a02;
  moved[6] = a20 + cy * a00;
  moved[7] = m[k + 7]! + dx * a20 + cy * a01;
  moved[8] = m[k + 8]! + dy * a20 + cy * a02;
  return moved;
}

/** Adds a coupling between two nodes of one parent, M + Mᵀ, to the parent's diagonal. */
export function addInside({ diagonal }: Level, parent: number, m: Float64Array): void {
  const t = 6 * parent;
  diagonal[t]! += 2 * m[0]!;
  diagonal[t + 1]! += m[1]! + m[3]!;
  diagonal[t + 2]! += m[2]! + m[6]!;
  diagonal[t + 3]! += 2 * m[4]!;
  diagonal[t + 4]! += m[5]! + m[7]!;
  diagonal[t + 5]! += 2 * m[8]!;
}

/** Adds a coupling between nodes of two parents to their edge; `turned` where the edge runs the other way. */
export function addAcross({ across }: Level, edge: number, turned: boolean, m: Float64Array): void {
  const t = 9 * edge;
  for (let r = 0; r < 3; r++) {
    for (let c = 0; c < 3; c++) across[t + 3 * r + c]! += m[turned ? 3 * c + r : 3 * r + c]!;
  }
}

/** Inverse of a symmetric 3×3 block; where u takes no part (uu = 0) only its w part; 0 for an empty block. */
export function invertDiagonals({ diagonal: d, inverse }: Level): void {
  for (let k = 0; k < d.length; k += 6) {
    const uu = d[k]!;
    const ux = d[k + 1]!;
    const uy = d[k + 2]!;
    const xx = d[k + 3]!;
    const xy = d[k + 4]!;
    const yy = d[k + 5]!;
    const m = xx * yy - xy * xy;
    if (!(m > 0)) continue;
    if (uu <= 0) {
      inverse[k + 3] = yy / m;
      inverse[k + 4] = -xy / m;
      inverse[k + 5] = xx / m;
      continue;
    }
    const c1 = xy * uy - ux * yy;
    const c2 = ux * xy - xx * uy;
    const det = uu * m + ux * c1 + uy * c2;
    if (!(det > 0)) continue;
    inverse[k] = m / det;
    inverse[k + 1] = c1 / det;
    inverse[k + 2] = c2 / det;
    inverse[k + 3] = (uu * yy - uy * uy) / det;
    inverse[k + 4] = (ux * uy - uu * xy) / det;
    inverse[k + 5] = (uu * xx - ux * ux) / det;
  }
}
