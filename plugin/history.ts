import { SH_REST_COUNT, type SplatCloud } from '../core/splat-cloud.ts';
import type { Step } from './history-types.ts';
import { packedBytes } from './packed-marks.ts';

const floatsPerSplat = (cloud: SplatCloud) => 14 + 3 * SH_REST_COUNT[cloud.shDegree];

function cloudBytes(cloud: SplatCloud): number {
  const extras = cloud.extras.reduce((sum, e) => sum + e.data.BYTES_PER_ELEMENT, 0);
  return cloud.count * (4 * floatsPerSplat(cloud) + extras);
}

/** Bytes that a step keeps alive. What it shares with its neighbours counts once, as its `after`. */
export function stepBytes(step: Step): number {
  const edit = step.patch
    ? step.patch.removed.byteLength +
      cloudBytes(step.patch.added) +
      (step.removedSplats ? cloudBytes(step.removedSplats) : 0)
    : 0;
  return edit + packedBytes(step.after);
}

/**
 * The steps that can be undone and redone, and nothing else: the mender does them. Holds at most
 * `maxBytes`: the oldest fall out first, but the newest stays whatever its size, so that the last step
 * can always be undone.
 */
export interface History {
  /** The step that undo would take back. */
  readonly last: Step | undefined;
  /** The step that redo would do again. */
  readonly next: Step | undefined;
  /** Bytes held now. */
  readonly bytes: number;
  /** Steps done since the scene was opened, those that fell out included. */
  readonly done: number;
  /** Whether one of the steps done, those that fell out included, changed the splats themselves. */
  readonly edited: boolean;
  /** Adds a step that was done, and drops what could have been redone. */
  record(step: Step): void;
  /** Says that `last` was taken back. */
  stepBack(): void;
  /** Says that `next` was done again. */
  stepForward(): void;
  /** Takes over saved steps, of which the first `done` are done. */
  load(steps: readonly Step[], done: number): void;
  clear(): void;
}

export const HISTORY_BYTES = 256 * 1024 * 1024;

export function createHistory(maxBytes = HISTORY_BYTES): History {
  let done: Step[] = [];
  let undone: Step[] = [];
  let fellOut = 0;
  let editFellOut = false;
  const total = () => [...done, ...undone].reduce((sum, step) => sum + stepBytes(step), 0);

  function bound(): void {
    let held = total();
    while (held > maxBytes && done.length > 1) {
      const oldest = done.shift()!;
      held -= stepBytes(oldest);
      fellOut++;
      editFellOut ||= oldest.patch !== undefined;
    }
  }

  return {
    get last() {
      return done.at(-1);
    },
    get next() {
      return undone.at(-1);
    },
    get bytes() {
      return total();
    },
    get done() {
      return fellOut + done.length;
    },
    get edited() {
      return editFellOut || done.some((step) => step.patch !== undefined);
    },
    record(step) {
      undone = [];
      done.push(step);
      bound();
    },
    stepBack() {
      const step = done.pop();
      if (step) undone.push(step);
    },
    stepForward() {
      const step = undone.pop();
      if (step) done.push(step);
    },
    load(steps, count) {
      fellOut = 0;
      editFellOut = false;
      done = steps.slice(0, count);
      undone = steps.slice(count).reverse();
      bound();
    },
    clear() {
      done = [];
      undone = [];
      fellOut = 0;
      editFellOut = false;
    },
  };
}
