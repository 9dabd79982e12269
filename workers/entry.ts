/** The module worker: comlink's inner end. Adds the transfer lists to the session's answers. */
import { expose, releaseProxy, transfer } from 'comlink';
import type { Result } from '../core/errors.ts';
import type { OnProgress } from '../core/progress.ts';
import { splatCloudTransferables } from '../core/splat-cloud.ts';
import {
  extendResultTransferables,
  holePreviewTransferables,
  insertResultTransferables,
  type MendWorker,
  type PageModels,
  removeResultTransferables,
  renderedViewTransferables,
} from './api.ts';
import { holdLock } from './hold-lock.ts';
import { createSession } from './session.ts';

const session = createSession('locks' in navigator ? { holdLock } : {});

function moving<T>(result: Result<T>, buffersOf: (value: T) => Transferable[]): Result<T> {
  return result.ok ? transfer(result, buffersOf(result.value)) : result;
}

/** What is proxied holds a message port open until it is let go. */
function release(remote: OnProgress | PageModels | undefined): void {
  (remote as { [releaseProxy]?: () => void } | undefined)?.[releaseProxy]?.();
}

const worker: MendWorker = {
  ...session,
  readScene: async (job, bytes, fileName) =>
    moving(await session.readScene(job, bytes, fileName), ({ cloud }) =>
      splatCloudTransferables(cloud),
    ),
  readDepth: async (job, bytes, fileName, options) =>
    moving(await session.readDepth(job, bytes, fileName, options), ({ depth }) => [
      depth.data.buffer as ArrayBuffer,
    ]),
  photo: async (job, request, onProgress, page) => {
    try {
      const made = await session.photo(job, request, onProgress, page);
      return moving(made, ({ cloud }) => splatCloudTransferables(cloud));
    } finally {
      release(onProgress);
      release(page);
    }
  },
  writeScene: async (job, format) =>
    moving(await session.writeScene(job, format), (bytes) => [bytes.buffer as ArrayBuffer]),
  select: async (job, request) =>
    moving(await session.select(job, request), ({ selection }) => [
      selection.buffer as ArrayBuffer,
    ]),
  renderView: async (job, request) =>
    moving(await session.renderView(job, request), renderedViewTransferables),
  previewHole: async (job, request, onProgress) => {
    try {
      return moving(await session.previewHole(job, request, onProgress), holePreviewTransferables);
    } finally {
      release(onProgress);
    }
  },
  remove: async (job, request, onProgress, page) => {
    try {
      const removed = await session.remove(job, request, onProgress, page);
      return moving(removed, removeResultTransferables);
    } finally {
      release(onProgress);
      release(page);
    }
  },
  insert: async (job, request, onProgress, page) => {
    try {
      const inserted = await session.insert(job, request, onProgress, page);
      return moving(inserted, insertResultTransferables);
    } finally {
      release(onProgress);
      release(page);
    }
  },
  extend: async (job, request, onProgress, page) => {
    try {
      const extended = await session.extend(job, request, onProgress, page);
      return moving(extended, extendResultTransferables);
    } finally {
      release(onProgress);
      release(page);
    }
  },
};

expose(worker);
