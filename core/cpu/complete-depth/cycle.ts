import { FREE } from './classify.ts';
import type { Hierarchy } from './hierarchy.ts';
import type { Level } from './level.ts';
import type { Quadratic } from './operator.ts';
import { remainderFine, remainderLevel, stepFine, stepLevel } from './smooth.ts';

/**
 * Coarse corrections are taken a little longer than they come: pieces that are constant or plane a node overrate
 * the energy of what they stand for (Braess, Towards algebraic multigrid for elliptic problems of second order, 1995).
 * 1.2 saves three steps of ten in large smooth holes and costs one of ten on real frames; 1.4 costs those every second.
 */
export const OVERCORRECTION = 1.2;

interface Scratch {
  b: Float64Array;
  x: Float64Array;
  r: Float64Array;
}

/** z = a symmetric positive approximation of A⁻¹ r on the finest level. */
export type Preconditioner = (r: Float64Array, z: Float64Array) => void;

/** One V-cycle over the hierarchy: smooth, correct from below, smooth. */
export function createPreconditioner(q: Quadratic, hierarchy: Hierarchy): Preconditioner {
  const { pixels, levels, bottom } = hierarchy;
  const scratch: Scratch[] = levels.map(({ count }) => ({
    b: new Float64Array(3 * count),
    x: new Float64Array(3 * count),
    r: new Float64Array(3 * count),
  }));
  const remainder = new Float64Array(3 * q.role.length);

  /** scratch[l].x ≈ A⁻¹ scratch[l].b */
  function cycle(l: number): void {
    const level = levels[l]!;
    const { b, x, r } = scratch[l]!;
    if (l === levels.length - 1 && bottom !== undefined) {
      solveBottom(bottom.inverse, b, x);
      return;
    }
    x.fill(0);
    stepLevel(level, b, x);
    remainderLevel(level, b, x, r);
    const coarser = levels[l + 1];
    if (coarser !== undefined) {
      const below = scratch[l + 1]!;
      restrict(coarser, r, below.b);
      cycle(l + 1);
      prolong(coarser, below.x, x);
      remainderLevel(level, b, x, r);
    }
    stepLevel(level, r, x);
  }

  return (r, z) => {
    z.fill(0);
    stepFine(q, r, z);
    const [first] = levels;
    if (first !== undefined) {
      remainderFine(q, r, z, remainder);
      restrict(first, remainder, scratch[0]!.b, pixels);
      cycle(0);
      prolong(first, scratch[0]!.x, z, pixels, q.role);
    }
    remainderFine(q, r, z, remainder);
    stepFine(q, remainder, z);
  };
}

function solveBottom(inverse: Float64Array, b: Float64Array, x: Float64Array): void {
  const size = b.length;
  for (let i = 0; i < size; i++) {
    let v = 0;
    for (let k = 0; k < size; k++) v += inverse[i * size + k]! * b[k]!;
    x[i] = v;
  }
}

/** b = Pᵀ r. `at`: where in r each finer node is; default its own number. */
function restrict(
  { parent, offsetX, offsetY }: Level,
  r: Float64Array,
  b: Float64Array,
  at?: Int32Array,
): void {
  b.fill(0);
  for (let i = 0; i < parent.length; i++) {
    const s = 3 * (at === undefined ? i : at[i]!);
    const t = 3 * parent[i]!;
    const u = r[s]!;
    b[t]! += u;
    b[t + 1]! += r[s + 1]! + offsetX[i]! * u;
    b[t + 2]! += r[s + 2]! + offsetY[i]! * u;
  }
}

/** x += overcorrection · P coarse. On the finest level, u of pixels that are not free stays. */
function prolong(
  { parent, offsetX, offsetY }: Level,
  coarse: Float64Array,
  x: Float64Array,
  at?: Int32Array,
  role?: Uint8Array,
): void {
  for (let i = 0; i < parent.length; i++) {
    const pixel = at === undefined ? i : at[i]!;
    const s = 3 * pixel;
    const t = 3 * parent[i]!;
    const wx = OVERCORRECTION * coarse[t + 1]!;
    const wy = OVERCORRECTION * coarse[t + 2]!;
    if (role === undefined || role[pixel] === FREE) {
      x[s]! += OVERCORRECTION * coarse[t]! + offsetX[i]! * wx + offsetY[i]! * wy;
    }
    x[s + 1]! += wx;
    x[s + 2]! += wy;
  }
}
