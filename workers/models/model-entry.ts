/** The model worker: comlink's inner end. */
import { expose, releaseProxy, transfer } from 'comlink';
import { SplatmendError, toResult } from '../../core/errors.ts';
import type { OnProgress } from '../../core/progress.ts';
import { holdLock } from '../hold-lock.ts';
import { createJobTable } from '../jobs.ts';
import type { ModelWorker } from './api.ts';
import { type DepthSession, openDepth } from './depth-session.ts';
import { type InpaintSession, openInpaint } from './inpaint-session.ts';
import { openSam, type SamSession } from './sam-session.ts';

const jobs = createJobTable();
/** What is open: one of them. */
let segmenter: SamSession | undefined;
let inpainter: InpaintSession | undefined;
let depth: DepthSession | undefined;

async function letGo(): Promise<void> {
  await segmenter?.release();
  await inpainter?.release();
  await depth?.release();
  segmenter = undefined;
  inpainter = undefined;
  depth = undefined;
}

function opened<T>(session: T | undefined, what: string): T {
  if (session !== undefined) return session;
  throw new SplatmendError('internal', `${what}: no model is open; open one first`);
}

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
      await letGo();
      segmenter = await openSam(request, signal, onProgress);
      return segmenter.info;
    });
    release(onProgress);
    return opened;
  },
  async segment(job, picture, prompts, onProgress) {
    const found = await jobs.run(job, (signal) =>
      opened(segmenter, 'segmenter').segment(picture, prompts, signal, onProgress),
    );
    release(onProgress);
    return found.ok ? transfer(found, [found.value.data.buffer as ArrayBuffer]) : found;
  },
  openInpainter: (job, request) =>
    jobs.run(job, async () => {
      await letGo();
      inpainter = await openInpaint(request);
      return inpainter.info;
    }),
  async paint(job, image, mask) {
    const painted = await jobs.run(job, async () => {
      const session = opened(inpainter, 'inpainter');
      const picture = await session.paint(image, mask);
      return { ...picture, provider: session.info.provider };
    });
    return painted.ok ? transfer(painted, [painted.value.data.buffer as ArrayBuffer]) : painted;
  },
  openDepth: (job, request) =>
    jobs.run(job, async () => {
      await letGo();
      depth = await openDepth(request);
      return depth.info;
    }),
  async estimateDepth(job, image) {
    const given = await jobs.run(job, () => opened(depth, 'depth').estimate(image));
    return given.ok ? transfer(given, [given.value.data.buffer as ArrayBuffer]) : given;
  },
};

expose(worker);
