/**
 * What an editor may say about a splat besides its selection, one byte of bits a splat. A scene in which
 * nothing is marked has no array at all (undefined).
 */
export type Marks = Uint8Array;

/** Not drawn, not selectable, and left out of every picture a removal works from; never changed by an edit. */
export const HIDDEN = 1;
/** Drawn, but no tool selects it. */
export const LOCKED = 2;

/** One byte a splat, 1 where the bit is set; undefined where nowhere. */
export function markedWith(marks: Marks | undefined, bit: number): Uint8Array | undefined {
  if (marks === undefined) return undefined;
  const out = new Uint8Array(marks.length);
  let any = false;
  for (let i = 0; i < out.length; i++) {
    if ((marks[i]! & bit) === 0) continue;
    out[i] = 1;
    any = true;
  }
  return any ? out : undefined;
}

/** How many splats carry the bit. */
export function countMarked(marks: Marks | undefined, bit: number): number {
  let n = 0;
  if (marks) for (const m of marks) if ((m & bit) !== 0) n++;
  return n;
}

/** Takes hidden and locked splats out of a selection, in place. */
export function dropUnselectable(selection: Uint8Array, marks: Marks | undefined): void {
  if (marks === undefined) return;
  for (let i = 0; i < selection.length; i++) if (marks[i] !== 0) selection[i] = 0;
}
