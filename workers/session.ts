import { createCpuKernels } from '../core/cpu/kernels.ts';
import { SplatmendError, toResult } from '../core/errors.ts';
import { readSplats, writeSplats } from '../core/formats/index.ts';
import type { Kernels, SplatRenderer } from '../core/kernels.ts';
import { applyPatch, revertPatch } from '../core/patch.ts';
import { throwIfCancelled } from '../core/progress.ts';
import { prepareSelection } from '../core/select/prepare.ts';
import { copySplats, type SplatCloud } from '../core/splat-cloud.ts';
import type { Backend, BackendInfo, MendWorker } from './api.ts';
import { byHandNotes } from './inpainters/by-hand.ts';
import { createJobTable } from './jobs.ts';
import { type KernelSource, keepKernels } from './kernels.ts';
import { modelsFor } from './models-for.ts';
import { previewHole } from './preview-hole.ts';
import { remove } from './remove.ts';
import { select } from './select.ts';
import { visiblePart } from './visible-part.ts';

export interface SessionOptions {
  /** Where kernels come from; default: a real GPU, else the CPU. */
  source?: KernelSource;
  /** Takes a Web Lock for the session's life; default: none is taken. */
  holdLock?: (name: string) => Promise<void>;
}

const noScene = (where: string) =>
  new SplatmendError('internal', `${where}: the worker has no scene; set one first`);

/**
 * The worker's state behind its messages: one scene, one set of kernels, the running jobs. Knows
 * nothing of comlink, so it runs in Node too.
 */
export function createSession(options: SessionOptions = {}): MendWorker {
  const jobs = createJobTable();
  let preferred: Backend | undefined;
  let scene: SplatCloud | undefined;
  let preparing = new AbortController();
  let lastRead: { job: number; cloud: SplatCloud } | undefined;
  const keeper = keepKernels(options.source);
  let renderer: { of: SplatCloud; by: Kernels; it: SplatRenderer } | undefined;

  function dropRenderer(): void {
    renderer?.it.destroy();
    renderer = undefined;
  }

  async function rendererFor(cloud: SplatCloud, kernels: Kernels): Promise<SplatRenderer> {
    if (renderer?.of === cloud && renderer.by === kernels) return renderer.it;
    dropRenderer();
    const it = await kernels.createRenderer(cloud);
    renderer = { of: cloud, by: kernels, it };
    return it;
  }

  /** Runs on the kernels; on the CPU's when the GPU's memory is too small for this scene or picture. */
  async function onKernels<T>(
    work: (kernels: Kernels) => Promise<T>,
    signal: AbortSignal,
  ): Promise<T> {
    try {
      return await keeper.use(work, signal);
    } catch (error) {
      const full =
        error instanceof SplatmendError &&
        (error.code === 'out-of-memory' || error.code === 'too-large');
      if (!full || keeper.info?.backend !== 'webgpu') throw error;
      throwIfCancelled(signal);
      return work(createCpuKernels());
    }
  }

  function setScene(cloud: SplatCloud): void {
    dropRenderer();
    scene = cloud;
    preparing.abort();
    preparing = new AbortController();
    // Ahead of the first click. What stops it is a newer scene or that click, or tells itself again on it.
    prepareSelection(cloud, preparing.signal).catch(() => {});
  }

  /** The answer's buffers are moved to the page; without room for two the page sends them back. */
  function keepRead(job: number, cloud: SplatCloud): void {
    try {
      lastRead = { job, cloud: copySplats(cloud) };
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
    }
  }

  function sceneFor(where: string): SplatCloud {
    if (scene === undefined) throw noScene(where);
    return scene;
  }

  return {
    start: ({ preferred: wanted, lockName } = {}) =>
      toResult(async (): Promise<BackendInfo> => {
        if (lockName !== undefined) await options.holdLock?.(lockName);
        preferred = wanted ?? preferred;
        return keeper.start(preferred);
      }),
    ping: async () => true,
    cancel: async (job) => jobs.cancel(job),
    backend: async () => keeper.info,

    readScene: (job, bytes, fileName) =>
      jobs.run(job, async (signal) => {
        lastRead = undefined;
        const file = await readSplats(bytes, fileName, signal);
        keepRead(job, file.cloud);
        return file;
      }),
    readDepth: (job, bytes, fileName, wanted) =>
      jobs.run(job, async () => {
        // The readers load when first used, and so do the lines that not every session runs.
        const { readDepthOf } = await import('../core/depth-files/depth-of.ts');
        return readDepthOf(bytes, fileName, wanted);
      }),
    photo: (job, { photo, options: wanted, models }, onProgress, page) =>
      jobs.run(job, async (signal) => {
        lastRead = undefined;
        const { photoScene } = await import('./photo-scene.ts');
        const made = await onKernels(
          (kernels) =>
            photoScene(photo, kernels, modelsFor(models, page), wanted, onProgress, signal),
          signal,
        );
        keepRead(job, made.cloud);
        return made;
      }),
    keepRead: (read) =>
      toResult(() => {
        if (lastRead?.job !== read) return false;
        setScene(lastRead.cloud);
        lastRead = undefined;
        return true;
      }),
    patchScene: (patch, removedSplats) =>
      toResult(() => {
        const now = sceneFor('patch');
        const next = removedSplats
          ? revertPatch(now, patch, removedSplats)
          : applyPatch(now, patch);
        setScene(next);
        return { count: next.count };
      }),
    writeScene: (job, format) =>
      jobs.run(job, (signal) => writeSplats(sceneFor('write'), format, signal)),
    setScene: (cloud) =>
      toResult(() => {
        lastRead = undefined;
        setScene(cloud);
        return { count: cloud.count };
      }),

    select: (job, request) =>
      jobs.run(job, (signal) => {
        // A tool makes what it needs, no more: it does not share the thread.
        preparing.abort();
        return select(sceneFor('select'), request, signal);
      }),
    renderView: (job, { camera, ...renderOptions }) =>
      jobs.run(job, (signal) =>
        onKernels(async (kernels) => {
          const view = await rendererFor(sceneFor('render'), kernels);
          return view.render(camera, renderOptions, signal);
        }, signal),
      ),
    previewHole: (job, { selection, camera, options: wanted, marks }, onProgress) =>
      jobs.run(job, (signal) => {
        const part = visiblePart(sceneFor('preview'), selection, marks);
        return onKernels(
          (kernels) =>
            previewHole(part.cloud, part.selection, camera, kernels, wanted, onProgress, signal),
          signal,
        );
      }),
    remove: (job, { selection, cameras, options: wanted, marks, models }, onProgress, page) =>
      jobs.run(job, async (signal) => {
        const part = visiblePart(sceneFor('remove'), selection, marks);
        const result = await onKernels(async (kernels) => {
          const used = modelsFor(models, page);
          const done = await remove(
            part.cloud,
            part.selection,
            cameras,
            kernels,
            used,
            { ...wanted, marks: part.marks },
            onProgress,
            signal,
          );
          done.figures.notes.push(...byHandNotes(used.inpainter));
          return done;
        }, signal);
        const { patch, lit } = result;
        return {
          ...result,
          patch: part.inWholeScene(patch),
          ...(lit && { lit: part.rowsInWhole(lit) }),
        };
      }),
    insert: (job, { reference, options: wanted, marks, models }, onProgress, page) =>
      jobs.run(job, async (signal) => {
        const cloud = sceneFor('insert');
        const { insert } = await import('./insert.ts');
        const part = visiblePart(cloud, new Uint8Array(cloud.count), marks);
        const { prior } = modelsFor(models, page);
        const result = await onKernels(
          (kernels) =>
            insert(
              part.cloud,
              reference,
              kernels,
              prior ? { prior } : {},
              wanted,
              onProgress,
              signal,
            ),
          signal,
        );
        return { ...result, patch: part.inWholeScene(result.patch) };
      }),
    extend: (job, { camera, path, options: wanted, marks, models }, onProgress, page) =>
      jobs.run(job, async (signal) => {
        const cloud = sceneFor('extend');
        const { extend } = await import('./extend.ts');
        const part = visiblePart(cloud, new Uint8Array(cloud.count), marks);
        const result = await onKernels((kernels) => {
          const used = modelsFor(models, page);
          return extend(part.cloud, camera, path, kernels, used, wanted, onProgress, signal);
        }, signal);
        return { ...result, patch: part.inWholeScene(result.patch) };
      }),
  };
}
