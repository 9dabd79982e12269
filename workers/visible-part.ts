import { SplatmendError } from '../core/errors.ts';
import { HIDDEN, type Marks, markedWith } from '../core/marks.ts';
import type { SplatPatch } from '../core/remove-types.ts';
import type { Selection } from '../core/selection.ts';
import { selectedRows } from '../core/selection.ts';
import { type SplatCloud, takeSplats } from '../core/splat-cloud.ts';

/** A scene without its hidden splats: what an edit works on. */
export interface VisiblePart {
  cloud: SplatCloud;
  /** One byte a splat of `cloud`. */
  selection: Selection;
  /** Of `cloud`'s splats. */
  marks: Marks | undefined;
  /** Rows of `cloud` as rows of the whole scene. */
  rowsInWhole(rows: Uint32Array): Uint32Array;
  /** A patch of `cloud` as a patch of the whole scene: the hidden splats stay, bit for bit. */
  inWholeScene(patch: SplatPatch): SplatPatch;
}

/**
 * @param selection one byte a splat of the whole scene; hidden splats in it are left out
 * @throws SplatmendError `bad-selection` where the selection or the marks are for another scene
 */
export function visiblePart(
  scene: SplatCloud,
  selection: Selection,
  marks: Marks | undefined,
): VisiblePart {
  refuseOtherLength('selection', selection, scene);
  if (marks !== undefined) refuseOtherLength('marks', marks, scene);
  const hidden = markedWith(marks, HIDDEN);
  if (hidden === undefined) {
    const same = <T>(it: T) => it;
    return { cloud: scene, selection, marks, rowsInWhole: same, inWholeScene: same };
  }
  const rows = selectedRows(hidden, 0);
  const rowsInWhole = (part: Uint32Array) => part.map((row) => rows[row]!);
  return {
    marks: Uint8Array.from(rows, (row) => marks![row]!),
    rowsInWhole,
    cloud: takeSplats(scene, rows),
    selection: Uint8Array.from(rows, (row) => selection[row]!),
    inWholeScene: ({ removed, added }) => ({ removed: rowsInWhole(removed), added }),
  };
}

function refuseOtherLength(what: string, bytes: Uint8Array, scene: SplatCloud): void {
  if (bytes.length === scene.count) return;
  throw new SplatmendError(
    'bad-selection',
    `remove: the ${what} ${what === 'marks' ? 'are' : 'is'} for ${bytes.length} splats, the scene has ${scene.count}; select again`,
  );
}
