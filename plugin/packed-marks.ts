/** Selection and marks as bits: an eighth of their size, for the history and for storage. */
import { HIDDEN, LOCKED, type Marks } from '../core/marks.ts';
import type { Selection } from '../core/selection.ts';
import type { PackedMarks } from './history-types.ts';

/** Bit i % 8 of byte i / 8 is set where `(bytes[i] & bit) ≠ 0`; undefined where nowhere. */
function packBits(bytes: Uint8Array | undefined, bit: number): Uint8Array | undefined {
  if (bytes === undefined) return undefined;
  const out = new Uint8Array(Math.ceil(bytes.length / 8));
  let any = 0;
  for (let i = 0; i < bytes.length; i++) {
    if ((bytes[i]! & bit) === 0) continue;
    out[i >> 3]! |= 1 << (i & 7);
    any = 1;
  }
  return any ? out : undefined;
}

function unpackInto(out: Uint8Array, bits: Uint8Array, value: number): Uint8Array {
  for (let i = 0; i < out.length; i++) if ((bits[i >> 3]! >> (i & 7)) & 1) out[i]! |= value;
  return out;
}

/** @param count splats of the cloud */
export function packMarks(
  selection: Selection | undefined,
  marks: Marks | undefined,
  count: number,
): PackedMarks {
  const packed: PackedMarks = { count };
  const selected = packBits(selection, 0xff);
  const hidden = packBits(marks, HIDDEN);
  const locked = packBits(marks, LOCKED);
  if (selected) packed.selected = selected;
  if (hidden) packed.hidden = hidden;
  if (locked) packed.locked = locked;
  return packed;
}

export function unpackMarks(packed: PackedMarks): {
  selection: Selection | undefined;
  marks: Marks | undefined;
} {
  const { count, selected, hidden, locked } = packed;
  const selection = selected && unpackInto(new Uint8Array(count), selected, 1);
  let marks: Marks | undefined;
  if (hidden || locked) {
    marks = new Uint8Array(count);
    if (hidden) unpackInto(marks, hidden, HIDDEN);
    if (locked) unpackInto(marks, locked, LOCKED);
  }
  return { selection, marks };
}

const sameBits = (a: Uint8Array | undefined, b: Uint8Array | undefined) =>
  a === b ||
  (a !== undefined && b !== undefined && a.length === b.length && a.every((v, i) => v === b[i]));

export function samePackedMarks(a: PackedMarks, b: PackedMarks): boolean {
  return (
    a.count === b.count &&
    sameBits(a.selected, b.selected) &&
    sameBits(a.hidden, b.hidden) &&
    sameBits(a.locked, b.locked)
  );
}

/** The survivors' marks in their new rows, then `added` unmarked splats. `removed` is ascending. */
export function marksAfterPatch(
  marks: Marks | undefined,
  removed: Uint32Array,
  added: number,
): Marks | undefined {
  if (marks === undefined) return undefined;
  const out = new Uint8Array(marks.length - removed.length + added);
  let n = 0;
  let r = 0;
  for (let row = 0; row < marks.length; row++) {
    if (removed[r] === row) r++;
    else out[n++] = marks[row]!;
  }
  return out;
}

/** Bytes held, for the history's bound. */
export function packedBytes(packed: PackedMarks): number {
  const size = (bits: Uint8Array | undefined) => bits?.byteLength ?? 0;
  return size(packed.selected) + size(packed.hidden) + size(packed.locked);
}
