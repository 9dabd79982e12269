import { type Result, toResult } from '../core/errors.ts';
import { throwIfCancelled } from '../core/progress.ts';

/** Running jobs by the page's number, so that a later message can stop one. */
export interface JobTable {
  /** Runs `work` with a signal that `cancel(job)` aborts; never throws. */
  run<T>(job: number, work: (signal: AbortSignal) => Promise<T> | T): Promise<Result<T>>;
  /** Aborts the job's signal; unknown and finished numbers are ignored. */
  cancel(job: number): void;
}

export function createJobTable(): JobTable {
  const running = new Map<number, AbortController>();
  return {
    async run(job, work) {
      const controller = new AbortController();
      running.set(job, controller);
      try {
        return await toResult(async () => {
          const value = await work(controller.signal);
          // A step that did not look at its signal must not hand over an answer nobody wants any more.
          throwIfCancelled(controller.signal);
          return value;
        });
      } finally {
        running.delete(job);
      }
    },
    cancel(job) {
      running.get(job)?.abort();
    },
  };
}
