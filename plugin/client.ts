import { proxy, transfer } from 'comlink';
import { type Result, SplatmendError, toResult, unwrap } from '../core/errors.ts';
import type { Mask, RgbImage } from '../core/image.ts';
import { type OnProgress, throwIfCancelled } from '../core/progress.ts';
import { type SplatCloud, splatCloudTransferables } from '../core/splat-cloud.ts';
import type { BackendInfo, MendWorker, PageModels } from '../workers/api.ts';
import type { ClientOptions, MendClient, RunningModels } from './client-types.ts';
import { SceneSync } from './scene-sync.ts';
import { createWorkerLink, type WorkerLink } from './worker-link.ts';

export const CLIENT_DEFAULTS = { cancelDeadlineMs: 3000, silenceMs: 120_000 };

/** What the mending worker can call: failures go over as values. */
function portFor(models: RunningModels, signal: AbortSignal | undefined): PageModels {
  const { paint, estimateDepth } = models;
  return proxy({
    ...(paint && {
      paint: (image: RgbImage, mask: Mask) => toResult(() => paint(image, mask, signal)),
    }),
    ...(estimateDepth && {
      estimateDepth: (image: RgbImage) => toResult(() => estimateDepth(image, signal)),
    }),
  });
}

/** The bytes for a transfer: themselves where they fill their buffer, else a copy. */
function moved(bytes: Uint8Array): Uint8Array {
  const whole = bytes.buffer instanceof ArrayBuffer && bytes.byteLength === bytes.buffer.byteLength;
  const own = whole ? bytes : bytes.slice();
  return transfer(own, [own.buffer]);
}

const defaultWorker = () =>
  new Worker(new URL('../workers/entry.ts', import.meta.url), { type: 'module' });

export function createMendClient(options: ClientOptions = {}): MendClient {
  const cancelDeadlineMs = options.cancelDeadlineMs ?? CLIENT_DEFAULTS.cancelDeadlineMs;
  const silenceMs = options.silenceMs ?? CLIENT_DEFAULTS.silenceMs;
  let link: WorkerLink | undefined;
  let backend: BackendInfo | undefined;
  const scene = new SceneSync((to, copy) =>
    to.settle((remote) =>
      remote.setScene(transfer(copy, splatCloudTransferables(copy)) as SplatCloud),
    ),
  );
  let disposed = false;
  let nextJob = 1;
  let tail: Promise<unknown> = Promise.resolve();

  async function ensureLink(): Promise<WorkerLink> {
    if (disposed) {
      throw new SplatmendError('worker-died', 'client: it was disposed of; make a new one');
    }
    if (link && !link.dead) return link;
    scene.forget();
    backend = undefined;
    const created = createWorkerLink(options.createWorker ?? defaultWorker, silenceMs);
    link = created;
    try {
      backend = await created.start(
        options.preferred === undefined ? {} : { preferred: options.preferred },
      );
    } catch (error) {
      created.kill('worker-died', 'the worker could not be started');
      throw error;
    }
    return created;
  }

  /** Runs one call to its end on a live worker, within the cancel deadline once `signal` is aborted. */
  async function perform<T>(
    needsScene: boolean,
    work: (to: WorkerLink, job: number) => Promise<Result<T>>,
    signal: AbortSignal | undefined,
    onSent: () => void,
  ): Promise<T> {
    throwIfCancelled(signal);
    const to = await ensureLink();
    if (needsScene) await scene.bring(to);
    throwIfCancelled(signal);
    const job = nextJob++;
    let deadline: ReturnType<typeof setTimeout> | undefined;
    const onAbort = () => {
      to.post((remote) => remote.cancel(job));
      deadline = setTimeout(
        () => to.kill('cancelled', 'cancelled; the scene is as it was'),
        cancelDeadlineMs,
      );
    };
    signal?.addEventListener('abort', onAbort, { once: true });
    try {
      onSent();
      const value = unwrap(await work(to, job));
      // The answer may have been on its way already.
      throwIfCancelled(signal);
      return value;
    } finally {
      clearTimeout(deadline);
      signal?.removeEventListener('abort', onAbort);
    }
  }

  /** Queues a call behind the ones before it; a cancel while it waits settles it at once. */
  function call<T>(
    needsScene: boolean,
    work: (to: WorkerLink, job: number) => Promise<Result<T>>,
    signal?: AbortSignal,
  ): Promise<T> {
    let sent = false;
    const turn = tail.then(() =>
      perform(needsScene, work, signal, () => {
        sent = true;
      }),
    );
    tail = turn.catch(() => undefined);
    if (!signal) return turn;
    return new Promise((resolve, reject) => {
      const leaveQueue = () => {
        if (!sent) reject(new SplatmendError('cancelled', 'cancelled; the scene is as it was'));
      };
      turn.then(resolve, reject).finally(() => signal.removeEventListener('abort', leaveQueue));
      signal.addEventListener('abort', leaveQueue, { once: true });
    });
  }

  async function refreshBackend(to: WorkerLink): Promise<void> {
    backend = (await to.settle((remote) => remote.backend())) ?? backend;
  }

  /** A line's whole run, with the page's models at its side. */
  function runLine<T>(
    send: (
      remote: MendWorker,
      job: number,
      report: OnProgress | undefined,
      port: PageModels | undefined,
    ) => Promise<Result<T>>,
    onProgress: OnProgress | undefined,
    signal: AbortSignal | undefined,
    models: RunningModels | undefined,
  ): Promise<T> {
    return call(
      true,
      async (to, job) => {
        const report = to.progressPort(onProgress);
        const port = models && portFor(models, signal);
        const result = await to.settle((remote) => send(remote, job, report, port));
        await refreshBackend(to);
        return result;
      },
      signal,
    );
  }

  return {
    get backend() {
      return link?.dead ? undefined : backend;
    },
    get cloud() {
      return scene.cloud;
    },
    setCloud: (cloud, derivation) => scene.set(cloud, derivation),
    prepare() {
      const turn = tail.then(async () => {
        const to = link;
        if (to && !to.dead && scene.isNear(to)) await scene.bring(to);
      });
      tail = turn.catch(() => undefined);
    },
    start() {
      const started = tail.then(async () => {
        await ensureLink();
        return backend!;
      });
      tail = started.catch(() => undefined);
      return started;
    },
    readScene(bytes, fileName, signal) {
      return call(
        false,
        (to, job) =>
          to
            .settle((remote) => remote.readScene(job, moved(bytes), fileName))
            .then((result) => {
              if (result.ok) scene.wasRead(result.value.cloud, to, job);
              return result;
            }),
        signal,
      );
    },
    readDepth(bytes, fileName, wanted, signal) {
      return call(
        false,
        (to, job) => to.settle((remote) => remote.readDepth(job, moved(bytes), fileName, wanted)),
        signal,
      );
    },
    photo(request, onProgress, signal, models) {
      return call(
        false,
        async (to, job) => {
          const report = to.progressPort(onProgress);
          const port = models && portFor(models, signal);
          const result = await to.settle((remote) => remote.photo(job, request, report, port));
          if (result.ok) scene.wasRead(result.value.cloud, to, job);
          await refreshBackend(to);
          return result;
        },
        signal,
      );
    },
    writeScene(format, signal) {
      return call(true, (to, job) => to.settle((remote) => remote.writeScene(job, format)), signal);
    },
    select(request, signal) {
      return call(true, (to, job) => to.settle((remote) => remote.select(job, request)), signal);
    },
    previewHole(request, onProgress, signal) {
      return call(
        true,
        async (to, job) => {
          const report = to.progressPort(onProgress);
          const result = await to.settle((remote) => remote.previewHole(job, request, report));
          await refreshBackend(to);
          return result;
        },
        signal,
      );
    },
    renderView(request, signal) {
      return call(
        true,
        async (to, job) => {
          const result = await to.settle((remote) => remote.renderView(job, request));
          await refreshBackend(to);
          return result;
        },
        signal,
      );
    },
    remove(request, onProgress, signal, models) {
      return runLine(
        (remote, job, report, port) => remote.remove(job, request, report, port),
        onProgress,
        signal,
        models,
      );
    },
    insert(request, onProgress, signal, models) {
      return runLine(
        (remote, job, report, port) => remote.insert(job, request, report, port),
        onProgress,
        signal,
        models,
      );
    },
    extend(request, onProgress, signal, models) {
      return runLine(
        (remote, job, report, port) => remote.extend(job, request, report, port),
        onProgress,
        signal,
        models,
      );
    },
    dispose() {
      disposed = true;
      link?.kill('worker-died', 'client: it was disposed of');
      link = undefined;
      scene.set(undefined);
    },
  };
}
