import { FREE, OUT } from './classify.ts';
import type { Quadratic } from './operator.ts';

/**
 * Multigrid preconditioner for a Quadratic: Galerkin coarsening over 2×2 aggregates that carry (u, w_x, w_y) at
 * their centre and prolong as the plane u + w·(p − centre), w. Planes are the energy's near-nullspace, so that the
 * coarse space holds them exactly (as rigid bodies in elasticity); and 2×2 aggregates of a 5-point stencil give a
 * 5-point stencil again, of 3×3 blocks. Used as one V-cycle within conjugate gradients: on real frames a K-cycle
 * (Notay & Vassilevski 2008) took within 10 % of the same number of steps, each several times as long, because the
 * image's weights, not the grid, set the pace.
 */
export interface Multigrid {
  fine: Quadratic;
  levels: BlockLevel[];
  fineResidual: Float64Array;
}

/** Blocks are row-major 3×3. */
export interface BlockLevel {
  width: number;
  height: number;
  /** Offset of a child's centre from its parent's, in finest pixels. */
  childOffset: number;
  /** Symmetric diagonal block: uu, ux, uy, xx, xy, yy; and its inverse. */
  diagonal: Float64Array;
  inverse: Float64Array;
  /** Coupling of cell i (rows) to its right and its lower neighbour (columns). */
  right: Float64Array;
  down: Float64Array;
  b: Float64Array;
  x: Float64Array;
  r: Float64Array;
}

export function createMultigrid(fine: Quadratic): Multigrid {
  const levels: BlockLevel[] = [];
  let { width, height } = fine;
  let childOffset = 0.5;
  while (width > 1 || height > 1) {
    width = (width + 1) >> 1;
    height = (height + 1) >> 1;
    const n = width * height;
    const field = () => new Float64Array(3 * n);
    levels.push({
      width,
      height,
      childOffset,
      diagonal: new Float64Array(6 * n),
      inverse: new Float64Array(6 * n),
      right: new Float64Array(9 * n),
      down: new Float64Array(9 * n),
      b: field(),
      x: field(),
      r: field(),
    });
    childOffset *= 2;
  }
  return { fine, levels, fineResidual: new Float64Array(3 * fine.role.length) };
}

/** Adds Tcᵀ M Td to `into` (9 numbers at k), T = the plane prolongation to a child at (dx, dy). */
function addCoupling(
  into: Float64Array,
  k: number,
  m: Float64Array,
  cx: number,
  cy: number,
  dx: number,
  dy: number,
): void {
  const a00 = m[0]!;
  const a10 = m[3]!;
  const a20 = m[6]!;
  const a01 = m[1]! + dx * a00;
  const a02 = m[2]! + dy * a00;
  const a11 = m[4]! + dx * a10;
  const a12 = m[5]! + dy * a10;
  const a21 = m[7]! + dx * a20;
  const a22 = m[8]! + dy * a20;
  into[k]! += a00;
  into[k + 1]! += a01;
  into[k + 2]! += a02;
  into[k + 3]! += a10 + cx * a00;
  into[k + 4]! += a11 + cx * a01;
  into[k + 5]! += a12 + cx * a02;
  into[k + 6]! += a20 + cy * a00;
  into[k + 7]! += a21 + cy * a01;
  into[k + 8]! += a22 + cy * a02;
}

const block = new Float64Array(9);
const folded = new Float64Array(9);

/** Adds a child's diagonal block (6 numbers) to its parent's. */
function addDiagonal(
  into: Float64Array,
  k: number,
  uu: number,
  ux: number,
  uy: number,
  xx: number,
  xy: number,
  yy: number,
  dx: number,
  dy: number,
): void {
  into[k]! += uu;
  into[k + 1]! += ux + dx * uu;
  into[k + 2]! += uy + dy * uu;
  into[k + 3]! += xx + 2 * dx * ux + dx * dx * uu;
  into[k + 4]! += xy + dx * uy + dy * ux + dx * dy * uu;
  into[k + 5]! += yy + 2 * dy * uy + dy * dy * uu;
}

/** Adds a coupling inside one aggregate, M + Mᵀ after prolongation, to its diagonal. */
function addInner(
  into: Float64Array,
  k: number,
  m: Float64Array,
  cx: number,
  cy: number,
  dx: number,
  dy: number,
): void {
  folded.fill(0);
  addCoupling(folded, 0, m, cx, cy, dx, dy);
  into[k]! += 2 * folded[0]!;
  into[k + 1]! += folded[1]! + folded[3]!;
  into[k + 2]! += folded[2]! + folded[6]!;
  into[k + 3]! += 2 * folded[4]!;
  into[k + 4]! += folded[5]! + folded[7]!;
  into[k + 5]! += 2 * folded[8]!;
}

/** The finest level's coupling block along an axis; u of known pixels is fixed: its row and column are 0. */
function fineBlock(a: number, b: number, axis: 0 | 1, rowFree: boolean, colFree: boolean): void {
  block.fill(0);
  const slope = 0.25 * a - b;
  block[4] = axis === 0 ? slope : -b;
  block[8] = axis === 1 ? slope : -b;
  if (rowFree && colFree) block[0] = -a;
  if (rowFree) block[1 + axis] = 0.5 * a;
  if (colFree) block[3 + 3 * axis] = -0.5 * a;
}

/** Diagonal of the finest level at pixel i into `out`: uu, ux, uy, xx, yy (xy is 0). */
function fineDiagonal(q: Quadratic, i: number, out: Float64Array): void {
  const { width, role, aX, aY, bX, bY, lean } = q;
  const px = i % width;
  const right = aX[i]!;
  const down = aY[i]!;
  const left = px > 0 ? aX[i - 1]! : 0;
  const up = i >= width ? aY[i - width]! : 0;
  const bend =
    bX[i]! + bY[i]! + (px > 0 ? bX[i - 1]! : 0) + (i >= width ? bY[i - width]! : 0) + lean[i]!;
  const free = role[i] === FREE;
  out[0] = free ? right + left + down + up : 0;
  out[1] = free ? 0.5 * (right - left) : 0;
  out[2] = free ? 0.5 * (down - up) : 0;
  out[3] = 0.25 * (right + left) + bend;
  out[4] = 0.25 * (down + up) + bend;
}

/** Inverse of a symmetric 3×3 block; where u takes no part (uu = 0) only its w part; 0 for an empty block. */
function invertDiagonals(level: BlockLevel): void {
  const { diagonal: d, inverse } = level;
  for (let k = 0; k < d.length; k += 6) {
    const uu = d[k]!;
    const ux = d[k + 1]!;
    const uy = d[k + 2]!;
    const xx = d[k + 3]!;
    const xy = d[k + 4]!;
    const yy = d[k + 5]!;
    if (xx <= 0 || yy <= 0) {
      inverse.fill(0, k, k + 6);
      continue;
    }
    const m = xx * yy - xy * xy;
    if (uu <= 0) {
      inverse[k] = 0;
      inverse[k + 1] = 0;
      inverse[k + 2] = 0;
      inverse[k + 3] = yy / m;
      inverse[k + 4] = -xy / m;
      inverse[k + 5] = xx / m;
      continue;
    }
    const c1 = xy * uy - ux * yy;
    const c2 = ux * xy - xx * uy;
    const det = uu * m + ux * c1 + uy * c2;
    inverse[k] = m / det;
    inverse[k + 1] = c1 / det;
    inverse[k + 2] = c2 / det;
    inverse[k + 3] = (uu * yy - uy * uy) / det;
    inverse[k + 4] = (ux * uy - uu * xy) / det;
    inverse[k + 5] = (uu * xx - ux * ux) / det;
  }
}

/** Rebuilds every coarse operator from the finest one's present coefficients. */
export function setUp(mg: Multigrid): void {
  const q = mg.fine;
  const first = mg.levels[0];
  if (first === undefined) return;
  first.diagonal.fill(0);
  first.right.fill(0);
  first.down.fill(0);
  const diag = new Float64Array(5);
  for (let i = 0; i < q.role.length; i++) {
    if (q.role[i] === OUT) continue;
    const x = i % q.width;
    const y = Math.floor(i / q.width);
    const parent = (y >> 1) * first.width + (x >> 1);
    const ox = (x & 1) - 0.5;
    const oy = (y & 1) - 0.5;
    fineDiagonal(q, i, diag);
    addDiagonal(
      first.diagonal,
      6 * parent,
      diag[0]!,
      diag[1]!,
      diag[2]!,
      diag[3]!,
      0,
      diag[4]!,
      ox,
      oy,
    );
    const rowFree = q.role[i] === FREE;
    if (q.aX[i] !== 0) {
      fineBlock(q.aX[i]!, q.bX[i]!, 0, rowFree, q.role[i + 1] === FREE);
      if ((x & 1) === 0) addInner(first.diagonal, 6 * parent, block, ox, oy, -ox, oy);
      else addCoupling(first.right, 9 * parent, block, ox, oy, -ox, oy);
    }
    if (q.aY[i] !== 0) {
      fineBlock(q.aY[i]!, q.bY[i]!, 1, rowFree, q.role[i + q.width] === FREE);
      if ((y & 1) === 0) addInner(first.diagonal, 6 * parent, block, ox, oy, ox, -oy);
      else addCoupling(first.down, 9 * parent, block, ox, oy, ox, -oy);
    }
  }
  invertDiagonals(first);
  for (let l = 1; l < mg.levels.length; l++) coarsenBlocks(mg.levels[l - 1]!, mg.levels[l]!);
}

function coarsenBlocks(fine: BlockLevel, coarse: BlockLevel): void {
  coarse.diagonal.fill(0);
  coarse.right.fill(0);
  coarse.down.fill(0);
  const { childOffset: h } = coarse;
  const d = fine.diagonal;
  const n = fine.width * fine.height;
  for (let i = 0; i < n; i++) {
    const x = i % fine.width;
    const y = Math.floor(i / fine.width);
    const parent = (y >> 1) * coarse.width + (x >> 1);
    const ox = (x & 1) === 0 ? -h : h;
    const oy = (y & 1) === 0 ? -h : h;
    const k = 6 * i;
    addDiagonal(
      coarse.diagonal,
      6 * parent,
      d[k]!,
      d[k + 1]!,
      d[k + 2]!,
      d[k + 3]!,
      d[k + 4]!,
      d[k + 5]!,
      ox,
      oy,
    );
    if (x + 1 < fine.width) {
      for (let c = 0; c < 9; c++) block[c] = fine.right[9 * i + c]!;
      if ((x & 1) === 0) addInner(coarse.diagonal, 6 * parent, block, ox, oy, -ox, oy);
      else addCoupling(coarse.right, 9 * parent, block, ox, oy, -ox, oy);
    }
    if (y + 1 < fine.height) {
      for (let c = 0; c < 9; c++) block[c] = fine.down[9 * i + c]!;
      if ((y & 1) === 0) addInner(coarse.diagonal, 6 * parent, block, ox, oy, ox, -oy);
      else addCoupling(coarse.down, 9 * parent, block, ox, oy, ox, -oy);
    }
  }
  invertDiagonals(coarse);
}
