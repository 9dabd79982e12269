import { applyPatch } from '../core/patch.ts';
import type { SplatPatch } from '../core/remove-types.ts';
import { concatSplats, SH_REST_COUNT, type SplatCloud, takeSplats } from '../core/splat-cloud.ts';

/** One edit with what its undoing needs. */
export interface Edit {
  /** For people, e.g. `Remove 1,203 splats`. */
  label: string;
  patch: SplatPatch;
  /** The deleted splats, every attribute, in the order of `patch.removed`. */
  removedSplats: SplatCloud;
}

/** The cloud of an edit's other side and the edit itself. */
export interface Step {
  cloud: SplatCloud;
  edit: Edit;
}

const floatsPerSplat = (cloud: SplatCloud) => 14 + 3 * SH_REST_COUNT[cloud.shDegree];

function cloudBytes(cloud: SplatCloud): number {
  const extras = cloud.extras.reduce((sum, e) => sum + e.data.BYTES_PER_ELEMENT, 0);
  return cloud.count * (4 * floatsPerSplat(cloud) + extras);
}

/** Bytes that an edit keeps alive. */
export function editBytes(edit: Edit): number {
  return (
    edit.patch.removed.byteLength + cloudBytes(edit.patch.added) + cloudBytes(edit.removedSplats)
  );
}

/** The cloud before the edit, bit for bit, from the cloud after it. Neither input is changed. */
export function revertEdit(after: SplatCloud, edit: Edit): SplatCloud {
  const { patch, removedSplats } = edit;
  const count = after.count - patch.added.count + patch.removed.length;
  // Rows of [after, deleted splats]: the deleted fall back into their old places between the survivors.
  const order = new Uint32Array(count);
  let survivor = 0;
  let removed = 0;
  for (let row = 0; row < count; row++) {
    order[row] = patch.removed[removed] === row ? after.count + removed++ : survivor++;
  }
  return takeSplats(concatSplats(after, removedSplats), order);
}

/**
 * Undo and redo of edits to one cloud. An edit is one step or absent. Holds at most `maxBytes`: the
 * oldest edits fall out first, but the newest stays whatever its size, so that the last edit can
 * always be undone.
 */
export interface History {
  readonly canUndo: boolean;
  readonly canRedo: boolean;
  /** Bytes held now. */
  readonly bytes: number;
  /** Applies a patch, records it, and drops what could have been redone. @returns the cloud after it */
  apply(cloud: SplatCloud, patch: SplatPatch, label: string): SplatCloud;
  /** Records a patch whose outcome is there already. */
  record(before: SplatCloud, patch: SplatPatch, label: string): void;
  /** The cloud before the newest edit; undefined when there is none. */
  undo(cloud: SplatCloud): Step | undefined;
  /** The cloud with the edit undone last done again; undefined when there is none. */
  redo(cloud: SplatCloud): Step | undefined;
  clear(): void;
}

export const HISTORY_BYTES = 256 * 1024 * 1024;

export function createHistory(maxBytes = HISTORY_BYTES): History {
  let done: Edit[] = [];
  let undone: Edit[] = [];
  const total = () => [...done, ...undone].reduce((sum, edit) => sum + editBytes(edit), 0);

  function record(before: SplatCloud, patch: SplatPatch, label: string): void {
    undone = [];
    done.push({ label, patch, removedSplats: takeSplats(before, patch.removed) });
    let held = total();
    while (held > maxBytes && done.length > 1) held -= editBytes(done.shift()!);
  }

  return {
    get canUndo() {
      return done.length > 0;
    },
    get canRedo() {
      return undone.length > 0;
    },
    get bytes() {
      return total();
    },
    apply(cloud, patch, label) {
      const after = applyPatch(cloud, patch);
      record(cloud, patch, label);
      return after;
    },
    record,
    undo(cloud) {
      const edit = done.at(-1);
      if (!edit) return undefined;
      const before = revertEdit(cloud, edit);
      done.pop();
      undone.push(edit);
      return { cloud: before, edit };
    },
    redo(cloud) {
      const edit = undone.at(-1);
      if (!edit) return undefined;
      const after = applyPatch(cloud, edit.patch);
      undone.pop();
      done.push(edit);
      return { cloud: after, edit };
    },
    clear() {
      done = [];
      undone = [];
    },
  };
}
