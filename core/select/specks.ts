import { HIDDEN, type Marks } from '../marks.ts';
import type { Selection } from '../selection.ts';
import type { SplatCloud } from '../splat-cloud.ts';
import { neighbourGrid } from './neighbour-grid.ts';

/** A part of at most this share of the object's splats, and at least of so many, is a speck of it and no thing of its own. */
const MOST_SHARE = 0.02;
const MOST = 8;
/** Specks hang on to specks: how often to look again. */
const ROUNDS = 3;

const FLOODED = 1;
const TOO_LARGE = 2;

/**
 * Takes the small parts that nothing but the object holds: a capture has loose splats around everything, finer than the
 * voxels that an object is found in, and once it is gone they hang in the air. A speck is a group of splats that are
 * each other's neighbours (`neighbourGrid`) and otherwise only the selection's.
 * @param selection one byte a row; read again after every `take`
 * @param edge selected rows whose neighbours are looked at
 * @param count how many are selected
 * @param marks hidden splats are not there
 * @param take selects a row
 */
export function claimSpecks(
  cloud: SplatCloud,
  selection: Selection,
  edge: number[],
  count: number,
  marks: Marks | undefined,
  take: (row: number) => void,
): void {
  const grid = neighbourGrid(cloud);
  const most = Math.max(MOST, Math.round(MOST_SHARE * count));
  const seen = new Uint8Array(cloud.count);
  const isOther = (row: number) => selection[row] === 0 && ((marks?.[row] ?? 0) & HIDDEN) === 0;
  /** The group around a splat that is not selected; undefined where it goes on. */
  const groupAround = (start: number): number[] | undefined => {
    const group = [start];
    seen[start] = FLOODED;
    const reached = (row: number): boolean => {
      if (!isOther(row) || seen[row] === FLOODED) return false;
      if (seen[row] === TOO_LARGE || group.length === most) return true;
      seen[row] = FLOODED;
      group.push(row);
      return false;
    };
    for (let k = 0; k < group.length; k++) {
      if (!grid.some(group[k]!, reached)) continue;
      for (const row of group) seen[row] = TOO_LARGE;
      return undefined;
    }
    return group;
  };
  let from = edge;
  for (let round = 0; round < ROUNDS && from.length > 0; round++) {
    const taken: number[] = [];
    for (const row of from) {
      grid.some(row, (other) => {
        if (isOther(other) && seen[other] === 0) taken.push(...(groupAround(other) ?? []));
        return false;
      });
    }
    for (const row of taken) take(row);
    from = taken;
  }
}
