import { breathe, throwIfCancelled } from '../progress.ts';
import type { Selection } from '../selection.ts';
import type { SplatCloud } from '../splat-cloud.ts';
import { BLOCKS, type NeighbourGrid, neighbourGrid } from './neighbour-grid.ts';

/** Splats between two breaths: under 100 ms where all have neighbours to look at. */
const SLICE = 1 << 15;

/** 1 where a block and those that touch it hold splats of both kinds. */
function mixedBlocks(grid: NeighbourGrid, selection: Selection, absent?: Uint8Array): Uint8Array {
  const kinds = new Uint8Array(BLOCKS ** 3);
  const { blocks } = grid;
  for (let i = 0; i < selection.length; i++) {
    const b = blocks[i]!;
    if (b >= 0 && !absent?.[i]) kinds[b]! |= selection[i] !== 0 ? 2 : 1;
  }
  // A sum over 3 × 3 × 3 as three sums over 3.
  let from = kinds;
  for (const stride of [1, BLOCKS, BLOCKS * BLOCKS]) {
    const to = from.slice();
    for (let b = 0; b < to.length; b++) {
      const at = Math.floor(b / stride) % BLOCKS;
      if (at > 0) to[b]! |= from[b - stride]!;
      if (at < BLOCKS - 1) to[b]! |= from[b + stride]!;
    }
    from = to;
  }
  return from.map((kind) => (kind === 3 ? 1 : 0));
}

/**
 * The selection and its neighbours (see NeighbourGrid). Spreading what is not selected shrinks it.
 * @param absent one byte a splat: 1 neither spreads nor is reached, and keeps its own byte
 * @throws SplatmendError `cancelled`
 */
export async function spreadSelection(
  cloud: SplatCloud,
  selection: Selection,
  absent?: Uint8Array,
  signal?: AbortSignal,
): Promise<Selection> {
  const grid = neighbourGrid(cloud);
  const mixed = mixedBlocks(grid, selection, absent);
  const out = new Uint8Array(selection.length);
  let selected = 0;
  for (let i = 0; i < out.length; i++) {
    if (selection[i] === 0) continue;
    out[i] = 1;
    selected++;
  }
  // The relation is symmetric: the smaller side asks.
  const asker = 2 * selected <= cloud.count ? 1 : 0;
  const give = (other: number): boolean => {
    if (!absent?.[other]) out[other] = 1;
    return false;
  };
  const take = (other: number): boolean => selection[other] !== 0 && !absent?.[other];
  let asked = 0;
  for (let i = 0; i < cloud.count; i++) {
    if ((selection[i] !== 0 ? 1 : 0) !== asker || absent?.[i]) continue;
    const block = grid.blocks[i]!;
    if (block < 0 || (mixed[block] === 0 && !grid.reachesFar(i))) continue;
    if (asker === 1) grid.some(i, give);
    else if (grid.some(i, take)) out[i] = 1;
    if (++asked % SLICE !== 0) continue;
    await breathe();
    throwIfCancelled(signal);
  }
  return out;
}
