/** Ctrl-C as an AbortSignal. */
import { EXIT_FORCED } from './exit-codes.ts';

/**
 * The first SIGINT or SIGTERM aborts the signal: the work stops at its next pause and nothing is
 * written. The second ends the process at once.
 */
export function cancelOnInterrupt(say: (line: string) => void): AbortSignal {
  const controller = new AbortController();
  const stop = () => {
    if (controller.signal.aborted) process.exit(EXIT_FORCED);
    say('Stopping; press Ctrl-C again to stop at once.');
    controller.abort();
  };
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
  return controller.signal;
}
