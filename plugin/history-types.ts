import type { Marks } from '../core/marks.ts';
import type { SplatPatch } from '../core/remove-types.ts';
import type { Selection } from '../core/selection.ts';
import type { SplatCloud } from '../core/splat-cloud.ts';

/** What undo brings back. */
export interface HistoryState {
  cloud: SplatCloud;
  selection: Selection | undefined;
  marks: Marks | undefined;
}

/** Selection and marks of one state, packed: one bit a splat each, absent where none is set. */
export interface PackedMarks {
  count: number;
  selected?: Uint8Array;
  hidden?: Uint8Array;
  locked?: Uint8Array;
}

/**
 * One undo step. Plain data: it can be stored (structured clone) and brought back. An edit has `patch` and
 * `removedSplats`; a step without them changes selection and marks alone.
 */
export interface Step {
  /** For people, e.g. `Remove 1,203 splats`. */
  label: string;
  before: PackedMarks;
  after: PackedMarks;
  patch?: SplatPatch;
  /** The deleted splats, every attribute, in the order of `patch.removed`. */
  removedSplats?: SplatCloud;
}

/**
 * Hears what is needed to bring a session back. Calls come in order and must not throw; the arrays are
 * never changed afterwards.
 */
export interface Journal {
  /** A scene was opened: earlier steps are gone. */
  opened(base: SplatCloud, fileName: string): void;
  /** A step was done: steps undone before it are gone. */
  recorded(step: Step): void;
  /** Undo or redo: so many of the recorded steps are done now. */
  moved(done: number): void;
}
