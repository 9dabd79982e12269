import { SplatmendError } from './errors.ts';

/** One report of a running job. */
export interface Progress {
  /** The step's name in the user's words, e.g. `complete depth`. */
  step: string;
  /** Share of the whole job that is done, 0 to 1, never falling. */
  fraction: number;
  /** View being worked on, from 1, and how many are planned; absent where a step has no view. */
  view?: number;
  views?: number;
}
export type OnProgress = (progress: Progress) => void;

/** Throws `cancelled` when the signal is aborted. Call between pieces of work of at most some 100 ms. */
export function throwIfCancelled(signal: AbortSignal | undefined): void {
  if (signal?.aborted) {
    throw new SplatmendError('cancelled', 'cancelled; the scene is as it was');
  }
}

/**
 * A place where long synchronous work may be interrupted.
 * @param share of that work which is done, 0 to 1; absent: as before
 */
export type Rest = (share?: number) => Promise<void>;

/** Work goes on for this long between two messages. */
const REST_EVERY_MS = 40;

/**
 * Cheap to call often: reports where a share is given, lets messages in every 40 ms and then throws `cancelled` when the signal is aborted.
 * @param report shares, never falling
 */
export function restful(signal?: AbortSignal, report: (share: number) => void = () => {}): Rest {
  let last = performance.now();
  let most = 0;
  return async (share) => {
    if (share !== undefined && share > most) {
      most = share;
      report(share);
    }
    if (performance.now() - last < REST_EVERY_MS) return;
    await breathe();
    last = performance.now();
    throwIfCancelled(signal);
  };
}

/** Work that nobody waits to interrupt. */
export const restless: Rest = async () => {};

/** Lets messages (a cancel among them) in between two pieces of synchronous work. */
export function breathe(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 0));
}
