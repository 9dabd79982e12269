import { SplatmendError } from '../core/errors.ts';
import type { MenderTask } from './mender-types.ts';

/** One job at a time, each with a signal that `cancel` aborts. */
export interface TaskRunner {
  readonly task: MenderTask | undefined;
  /** @throws SplatmendError `busy` while another job runs */
  run<T>(task: MenderTask, work: (signal: AbortSignal) => Promise<T>): Promise<T>;
  /** @throws SplatmendError `busy` while a job runs, `internal` after `close` */
  refuseWhileBusy(): void;
  cancel(): void;
  /** Cancels, and refuses every later job. */
  close(): void;
}

/** @param onChange called when a job began or ended, after `task` says so */
export function createTaskRunner(onChange: () => void): TaskRunner {
  let task: MenderTask | undefined;
  let abort: AbortController | undefined;
  let closed = false;
  const runner: TaskRunner = {
    get task() {
      return task;
    },
    async run(wanted, work) {
      runner.refuseWhileBusy();
      const own = new AbortController();
      abort = own;
      task = wanted;
      onChange();
      try {
        return await work(own.signal);
      } finally {
        abort = undefined;
        task = undefined;
        onChange();
      }
    },
    refuseWhileBusy() {
      if (closed) {
        throw new SplatmendError('internal', 'mender: it was disposed of; make a new one');
      }
      if (task === undefined) return;
      throw new SplatmendError(
        'busy',
        `mender: still busy (${task}); wait for it or cancel it first`,
      );
    },
    cancel: () => abort?.abort(),
    close() {
      closed = true;
      abort?.abort();
    },
  };
  return runner;
}
