import { SplatmendError } from './errors.ts';
import type { RemoveResult, SplatPatch } from './remove-types.ts';
import { inSlices } from './slices.ts';
import { bitsOf, createSplatCloud, type ExtraData, type SplatCloud } from './splat-cloud.ts';

/** Rows that are copied between two looks at the clock. */
const BLOCK_ROWS = 4096;

/** Rows of `[cloud, added]` that the patched cloud has, in its order. */
function rowsAfter(count: number, { removed, added }: SplatPatch): Uint32Array {
  const rows = new Uint32Array(count - removed.length + added.count);
  let n = 0;
  let r = 0;
  for (let row = 0; row < count; row++) {
    if (removed[r] === row) r++;
    else rows[n++] = row;
  }
  for (let k = 0; k < added.count; k++) rows[n++] = count + k;
  return rows;
}

/** Rows of `[after, deleted splats]` that the cloud before had: the deleted fall back between the survivors. */
function rowsBefore(afterCount: number, { removed, added }: SplatPatch): Uint32Array {
  const rows = new Uint32Array(afterCount - added.count + removed.length);
  let survivor = 0;
  let r = 0;
  for (let row = 0; row < rows.length; row++) {
    rows[row] = removed[r] === row ? afterCount + r++ : survivor++;
  }
  return rows;
}

type Bits = Uint8Array | Uint16Array | Uint32Array;

interface Column {
  a: Bits;
  b: Bits;
  out: Bits;
  /** Numbers a splat. */
  words: number;
}

/** The columns of two clouds and of the one to be filled from them, as bits. `b`'s lacking extras are 0. */
function prepareColumns(a: SplatCloud, b: SplatCloud, count: number) {
  if (a.shDegree !== b.shDegree) {
    throw new SplatmendError('internal', `patch: SH degree ${a.shDegree} and ${b.shDegree} differ`);
  }
  const extras = a.extras.map(({ name, data }) => ({
    name,
    data: new (data.constructor as new (n: number) => ExtraData)(count),
  }));
  const out = createSplatCloud(count, a.shDegree, extras);
  if (a.columnOrder !== undefined) out.columnOrder = a.columnOrder;
  const column = (from: ExtraData, more: ExtraData, to: ExtraData): Column => {
    const bits = bitsOf(to);
    return {
      a: bitsOf(from),
      b: bitsOf(more),
      out: bits,
      words: count === 0 ? 0 : bits.length / count,
    };
  };
  const columns = [
    column(a.positions, b.positions, out.positions),
    column(a.logScales, b.logScales, out.logScales),
    column(a.rotations, b.rotations, out.rotations),
    column(a.opacityLogits, b.opacityLogits, out.opacityLogits),
    column(a.dc, b.dc, out.dc),
    column(a.shRest, b.shRest, out.shRest),
    ...a.extras.map(({ name, data }, k) => {
      const others = b.extras.find((e) => e.name === name)?.data;
      const same = others?.constructor === data.constructor ? others : undefined;
      const zeros = new (data.constructor as new (n: number) => ExtraData)(b.count);
      if (same === undefined && others !== undefined) zeros.set(others);
      return column(data, same ?? zeros, extras[k]!.data);
    }),
  ];
  return { out, columns };
}

function copyRows(
  columns: readonly Column[],
  rows: Uint32Array,
  aCount: number,
  first: number,
  end: number,
): void {
  for (const { a, b, out, words } of columns) {
    for (let i = first; i < end; i++) {
      const row = rows[i]!;
      const from = row < aCount ? a : b;
      const at = (row < aCount ? row : row - aCount) * words;
      for (let k = 0; k < words; k++) out[i * words + k] = from[at + k]!;
    }
  }
}

/** A cloud of rows of `[a, b]`, every attribute bit for bit, made in slices. */
async function gatherSliced(
  a: SplatCloud,
  b: SplatCloud,
  rows: Uint32Array,
  signal: AbortSignal | undefined,
): Promise<SplatCloud> {
  const { out, columns } = prepareColumns(a, b, rows.length);
  const copy = (first: number, end: number) => copyRows(columns, rows, a.count, first, end);
  await inSlices(rows.length, BLOCK_ROWS, copy, signal);
  return out;
}

/** The cloud after the edit: survivors bit for bit in their order, then the new splats. The input is not changed. */
export function applyPatch(cloud: SplatCloud, patch: SplatPatch): SplatCloud {
  const rows = rowsAfter(cloud.count, patch);
  const { out, columns } = prepareColumns(cloud, patch.added, rows.length);
  copyRows(columns, rows, cloud.count, 0, rows.length);
  return out;
}

/** The same, with breaths in between so that a page stays alive. */
export function applyPatchSliced(
  cloud: SplatCloud,
  patch: SplatPatch,
  signal?: AbortSignal,
): Promise<SplatCloud> {
  return gatherSliced(cloud, patch.added, rowsAfter(cloud.count, patch), signal);
}

/** The cloud before the edit, bit for bit, from the cloud after it. Neither input is changed. */
export function revertPatch(
  after: SplatCloud,
  patch: SplatPatch,
  removedSplats: SplatCloud,
): SplatCloud {
  const rows = rowsBefore(after.count, patch);
  const { out, columns } = prepareColumns(after, removedSplats, rows.length);
  copyRows(columns, rows, after.count, 0, rows.length);
  return out;
}

/** The same, with breaths in between so that a page stays alive. */
export function revertPatchSliced(
  after: SplatCloud,
  patch: SplatPatch,
  removedSplats: SplatCloud,
  signal?: AbortSignal,
): Promise<SplatCloud> {
  return gatherSliced(after, removedSplats, rowsBefore(after.count, patch), signal);
}

/** Rows that a removal deletes for good: those of its patch but the lifted shadow's, which come back lit. */
export function deletedRows({ patch, lit }: Pick<RemoveResult, 'patch' | 'lit'>): Uint32Array {
  if (lit === undefined) return patch.removed;
  const back = new Set(lit);
  return patch.removed.filter((row) => !back.has(row));
}
