import { breathe, throwIfCancelled } from '../../progress.ts';

/** Between two breaths of a long synchronous job; a cancel waits at most about this long. */
const BREATH_MS = 60;

/**
 * Gives a long job its pauses: call the returned function between pieces of work of a few ms. It lets
 * messages in when enough time has passed and throws `cancelled` when the signal is aborted.
 */
export function createPacer(signal: AbortSignal | undefined): () => Promise<void> | undefined {
  let last = performance.now();
  return () => {
    throwIfCancelled(signal);
    if (performance.now() - last < BREATH_MS) return undefined;
    return breathe().then(() => {
      last = performance.now();
      throwIfCancelled(signal);
    });
  };
}
