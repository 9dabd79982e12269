/** What marks do to the colours a viewer shows: the same on every engine. */
import type { ShownMarks } from '../host.ts';

export interface MarkLooks {
  /** RGB 0..255 that selected splats are mixed with. */
  tint: readonly [number, number, number];
  /** Share of the tint, 0..1. */
  tintAmount: number;
}
export const MARK_LOOKS: MarkLooks = {
  // Magenta: the colour that captured rooms and gardens hold least of.
  tint: [255, 40, 190],
  tintAmount: 0.55,
};
/** Locked splats lose most of their colour and a little of their light. */
const LOCKED_GREY = 0.75;
const LOCKED_LIGHT = 0.8;

/**
 * Marks splats in RGBA8 `colours`, in place: tinted, greyed, or of alpha 0.
 * @param rows row of `colours` for each splat of the marks; default: the same number
 */
export function paintMarks(
  colours: Uint8Array,
  marks: ShownMarks,
  looks: MarkLooks,
  rows?: Uint32Array,
): void {
  const rowOf = (i: number) => 4 * (rows === undefined ? i : rows[i]!);
  const { selected, hidden, locked } = marks;
  for (let i = 0; i < (locked?.length ?? 0); i++) {
    if (locked![i] === 0) continue;
    const at = rowOf(i);
    const grey = (colours[at]! + colours[at + 1]! + colours[at + 2]!) / 3;
    for (let c = at; c < at + 3; c++) {
      colours[c] = LOCKED_LIGHT * (colours[c]! + (grey - colours[c]!) * LOCKED_GREY);
    }
  }
  for (let i = 0; i < (selected?.length ?? 0); i++) {
    if (selected![i] === 0) continue;
    const at = rowOf(i);
    for (let c = 0; c < 3; c++) {
      const v = colours[at + c]!;
      colours[at + c] = Math.round(v + (looks.tint[c]! - v) * looks.tintAmount);
    }
  }
  for (let i = 0; i < (hidden?.length ?? 0); i++) if (hidden![i] !== 0) colours[rowOf(i) + 3] = 0;
}

/** A copy of its own of the marks that mark anything: a host keeps them while the mender may go on changing its arrays. */
export function ownMarks(marks: ShownMarks): ShownMarks {
  const own: ShownMarks = {};
  for (const key of ['selected', 'hidden', 'locked'] as const) {
    const of = marks[key];
    if (of?.some((v) => v !== 0)) own[key] = of.slice();
  }
  return own;
}
