import { FREE } from './classify.ts';
import type { Hierarchy } from './hierarchy.ts';
import type { Level } from './level.ts';
import type { Quadratic } from './operator.ts';
import { remainderFine, remainderLevel, stepFine, stepLevel } from './smooth.ts';

/**
 * Coarse levels from this one on are gone through twice a visit (a W-cycle), as long as they have this many nodes:
 * pieces that are constant or plane a node overrate the energy of what they stand for, the more the deeper the
 * level. In a 300×300 hole that halves the steps and costs a tenth more work each; the first two levels cost too much.
 */
const FIRST_TWICE = 2;
const FEWEST_TWICE = 500;

/** Whether a level is gone through twice a visit. */
export const isTwice = (levels: readonly Level[], l: number): boolean =>
  l >= FIRST_TWICE && levels[l]!.count > FEWEST_TWICE && l < levels.length - 1;

interface Scratch {
  b: Float64Array;
  x: Float64Array;
  r: Float64Array;
}

/** z = a symmetric positive approximation of A⁻¹ r on the finest level. */
export type Preconditioner = (r: Float64Array, z: Float64Array) => void;

/** One cycle over the hierarchy: smooth, correct from below, smooth. */
export function createPreconditioner(q: Quadratic, hierarchy: Hierarchy): Preconditioner {
  const { pixels, levels, bottom } = hierarchy;
  const scratch: Scratch[] = levels.map(({ count }) => ({
    b: new Float64Array(3 * count),
    x: new Float64Array(3 * count),
    r: new Float64Array(3 * count),
  }));
  const remainder = new Float64Array(3 * q.role.length);

  /** scratch[l].x ≈ A⁻¹ scratch[l].b; `again`: going on from what it is. */
  function cycle(l: number, again: boolean): void {
    const level = levels[l]!;
    const { b, x, r } = scratch[l]!;
    if (l === levels.length - 1 && bottom !== undefined) {
      solveBottom(bottom.inverse, b, x);
      return;
    }
    if (again) {
      remainderLevel(level, b, x, r);
      stepLevel(level, r, x);
    } else {
      x.fill(0);
      stepLevel(level, b, x);
    }
    remainderLevel(level, b, x, r);
    const coarser = levels[l + 1];
    if (coarser !== undefined) {
      const below = scratch[l + 1]!;
      restrict(coarser, r, below.b);
      cycle(l + 1, false);
      if (isTwice(levels, l + 1)) cycle(l + 1, true);
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
      cycle(0, false);
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

/** x += P coarse. On the finest level, u of pixels that are not free stays. */
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
    const wx = coarse[t + 1]!;
    const wy = coarse[t + 2]!;
    if (role === undefined || role[pixel] === FREE) {
      x[s]! += coarse[t]! + offsetX[i]! * wx + offsetY[i]! * wy;
    }
    x[s + 1]! += wx;
    x[s + 2]! += wy;
  }
}
