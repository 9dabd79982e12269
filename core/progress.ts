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

/** Lets messages (a cancel among them) in between two pieces of synchronous work. */
export function breathe(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 0));
}
