/** The model worker: comlink's inner end. */
import { expose, releaseProxy, transfer } from 'comlink';
import { SplatmendError, toResult } from '../../core/errors.ts';
import type { OnProgress } from '../../core/progress.ts';
import { holdLock } from '../hold-lock.ts';
import { createJobTable } from '../jobs.ts';
import type { ModelWorker } from './api.ts';
import { openSam, type SamSession } from './sam-session.ts';

const jobs = createJobTable();
let session: SamSession | undefined;

/** A proxied callback holds a message port open until it is let go. */
function release(onProgress: OnProgress | undefined): void {
  (onProgress as { [releaseProxy]?: () => void } | undefined)?.[releaseProxy]?.();
}

const worker: ModelWorker = {
  start: (options) =>
    toResult(async () => {
      if (options?.lockName !== undefined) await holdLock(options.lockName);
      return true as const;
    }),
  ping: async () => true,
  cancel: async (job) => jobs.cancel(job),
  async open(job, request, onProgress) {
    const opened = await jobs.run(job, async (signal) => {
      await session?.release();
      session = undefined;
      session = await openSam(request, signal, onProgress);
      return session.info;
    });
    release(onProgress);
    return opened;
  },
  async segment(job, picture, prompts, onProgress) {
    const found = await jobs.run(job, (signal) => {
      if (session === undefined) {
        throw new SplatmendError('internal', 'segmenter: no models are open; open them first');
      }
      return session.segment(picture, prompts, signal, onProgress);
    });
    release(onProgress);
    return found.ok ? transfer(found, [found.value.data.buffer as ArrayBuffer]) : found;
  },
};

expose(worker);
