/**
 * A cloud before and after an edit in one display table: the rows of before, then the new ones. Which of the two
 * shows is a matter of alpha alone, so that holding a key to compare costs one colour upload and no sorting.
 */
import { applyPatchSliced } from '../../core/patch.ts';
import { type SplatCloud, takeSplats } from '../../core/splat-cloud.ts';
import type { ShownMarks } from '../host.ts';
import { type MarkLooks, paintMarks } from './mark-colours.ts';

export interface CloudPair {
  before: SplatCloud;
  after: SplatCloud;
  /** before.count + added rows. */
  table: SplatCloud;
  /** Row of the table for each row of `after`. */
  rowsOfAfter: Uint32Array;
}

/**
 * @param removed rows of `before` that are gone in `after`, ascending
 * @param added how many rows at the end of `after` are new
 * @returns undefined where the counts or the SH degrees do not fit together
 */
export async function pairClouds(
  before: SplatCloud,
  after: SplatCloud,
  removed: Uint32Array,
  added: number,
): Promise<CloudPair | undefined> {
  const kept = before.count - removed.length;
  if (kept + added !== after.count || before.shDegree !== after.shDegree) return undefined;
  const rowsOfAfter = new Uint32Array(after.count);
  let n = 0;
  for (let row = 0, r = 0; row < before.count; row++) {
    if (removed[r] === row) r++;
    else rowsOfAfter[n++] = row;
  }
  if (n !== kept) return undefined;
  const fresh = Uint32Array.from({ length: added }, (_, i) => kept + i);
  for (let i = 0; i < added; i++) rowsOfAfter[kept + i] = before.count + i;
  const bare = (cloud: SplatCloud): SplatCloud => ({ ...cloud, extras: [] });
  const table = await applyPatchSliced(bare(before), {
    removed: new Uint32Array(0),
    added: takeSplats(bare(after), fresh),
  });
  return { before, after, table, rowsOfAfter };
}

/**
 * The pair with new splats that have only moved: `after` has the very colours, turns and opacities of the side after.
 * Costs a copy of positions and sizes alone. Undefined where it is another edit.
 */
export function movedPair(pair: CloudPair, after: SplatCloud): CloudPair | undefined {
  const was = pair.after;
  const same = (['dc', 'shRest', 'rotations', 'opacityLogits'] as const).every(
    (column) => after[column] === was[column],
  );
  if (!same || after.count !== was.count) return undefined;
  const { before, table } = pair;
  const kept = 3 * (after.count - (table.count - before.count));
  const positions = table.positions.slice();
  positions.set(after.positions.subarray(kept), 3 * before.count);
  const logScales = table.logScales.slice();
  logScales.set(after.logScales.subarray(kept), 3 * before.count);
  return { ...pair, after, table: { ...table, positions, logScales } };
}

/** Table rows of one side: undefined stands for "row i is row i" (the side before). */
export function rowsOf(pair: CloudPair, side: SplatCloud): Uint32Array | undefined {
  return side === pair.after ? pair.rowsOfAfter : undefined;
}

/** Rows of the whole table that do not belong to `side`. */
export function foreignRows(pair: CloudPair, side: SplatCloud): Uint32Array {
  const { before, table, rowsOfAfter } = pair;
  if (side === before) {
    return Uint32Array.from({ length: table.count - before.count }, (_, i) => before.count + i);
  }
  const shown = new Uint8Array(table.count);
  for (const row of rowsOfAfter) shown[row] = 1;
  const foreign: number[] = [];
  for (let row = 0; row < shown.length; row++) if (shown[row] === 0) foreign.push(row);
  return Uint32Array.from(foreign);
}

/**
 * RGBA8 of the table in a viewer as `cloud` with its marks looks: the other side of a pair has alpha 0. A copy,
 * unless there is nothing to change.
 */
export function markedColours(
  colours: Uint8Array,
  cloud: SplatCloud | undefined,
  pair: CloudPair | undefined,
  marks: ShownMarks,
  looks: MarkLooks,
): Uint8Array {
  if (cloud === undefined || (pair === undefined && Object.keys(marks).length === 0))
    return colours;
  const out = colours.slice();
  paintMarks(out, marks, looks, pair && rowsOf(pair, cloud));
  if (pair !== undefined) for (const row of foreignRows(pair, cloud)) out[row * 4 + 3] = 0;
  return out;
}
