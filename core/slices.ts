import { breathe, throwIfCancelled } from './progress.ts';

/** A slice lasts about this long: short enough that a page draws and answers in between. */
const SLICE_MS = 12;

/**
 * Runs `work` over [0, count) in blocks, with breaths in between so that a page stays alive.
 * @param block numbers between two looks at the clock: well under 10 ms of work
 */
export async function inSlices(
  count: number,
  block: number,
  work: (first: number, end: number) => void,
  signal?: AbortSignal,
): Promise<void> {
  let begun = performance.now();
  for (let first = 0; first < count; first += block) {
    work(first, Math.min(count, first + block));
    if (performance.now() - begun < SLICE_MS) continue;
    await breathe();
    throwIfCancelled(signal);
    begun = performance.now();
  }
}
