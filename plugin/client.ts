import { transfer } from 'comlink';
import { type Result, SplatmendError, toResult, unwrap } from '../core/errors.ts';
import type { SceneFile, SplatFormat } from '../core/formats/index.ts';
import type { RenderedView } from '../core/kernels.ts';
import { breathe, type OnProgress, throwIfCancelled } from '../core/progress.ts';
import type { HolePreview, RemoveResult, SplatPatch } from '../core/remove-types.ts';
import type { SelectRequest } from '../core/select-types.ts';
import { type ExtraData, type SplatCloud, splatCloudTransferables } from '../core/splat-cloud.ts';
import type {
  Backend,
  BackendInfo,
  HolePreviewRequest,
  RemoveRequest,
  RenderViewRequest,
  SelectAnswer,
} from '../workers/api.ts';
import { createWorkerLink, type WorkerLink } from './worker-link.ts';

export interface ClientOptions {
  /** Kernels to try first; default `webgpu`. */
  preferred?: Backend;
  /** After a cancel the worker has this long to stop by itself; then it is stopped for it. Milliseconds. */
  cancelDeadlineMs?: number;
  /** A worker that says nothing for this long while it has work counts as dead. Milliseconds. */
  silenceMs?: number;
  /** Makes the worker; the default is the package's own module worker. */
  createWorker?: () => Worker;
}
export const CLIENT_DEFAULTS = { preferred: 'webgpu', cancelDeadlineMs: 3000, silenceMs: 120_000 };

/** How a cloud came from another: by a patch, or (with `removedSplats`) by a patch taken back. */
export interface CloudDerivation {
  from: SplatCloud;
  patch: SplatPatch;
  removedSplats?: SplatCloud;
}

/**
 * The page's end of the mending worker. Keeps the true cloud; the worker holds a copy that can be lost.
 * Every call settles: with its value, or with a SplatmendError (`cancelled`, `worker-died`, …).
 * Calls run one after another. After a death the next call starts a fresh worker.
 */
export interface MendClient {
  /** Starts the worker now (else the first call does) and says which kernels it runs. */
  start(): Promise<BackendInfo>;
  /** Kernels of the running worker; undefined before the first start and after a death. */
  readonly backend: BackendInfo | undefined;
  /** The cloud that calls work on. */
  readonly cloud: SplatCloud | undefined;
  /** Sets it. Costs nothing until the next call: that sends the derivation where the worker has its start, else a copy. */
  setCloud(cloud: SplatCloud | undefined, derivation?: CloudDerivation): void;
  /**
   * Brings a running worker to the cloud ahead of the next call, where that costs no copy: it then gets ready for
   * a selection while the user looks. Nobody waits for it; what fails, fails again in the next call.
   */
  prepare(): void;
  /** Reads a file. `bytes` are moved to the worker when they fill their buffer: do not use them afterwards. */
  readScene(bytes: Uint8Array, fileName: string, signal?: AbortSignal): Promise<SceneFile>;
  /** The cloud as a file's bytes. */
  writeScene(format: SplatFormat, signal?: AbortSignal): Promise<Uint8Array>;
  select(request: SelectRequest, signal?: AbortSignal): Promise<SelectAnswer>;
  /** What a removal would fill in one view; fills nothing. */
  previewHole(
    request: HolePreviewRequest,
    onProgress?: OnProgress,
    signal?: AbortSignal,
  ): Promise<HolePreview>;
  renderView(request: RenderViewRequest, signal?: AbortSignal): Promise<RenderedView>;
  /** Runs the removal line; `cloud` stays as it is. */
  remove(
    request: RemoveRequest,
    onProgress?: OnProgress,
    signal?: AbortSignal,
  ): Promise<RemoveResult>;
  /** Stops the worker; running calls reject with `worker-died`, and so do later ones. */
  dispose(): void;
}

const defaultWorker = () =>
  new Worker(new URL('../workers/entry.ts', import.meta.url), { type: 'module' });

/** Bytes copied between two breaths: some 10 ms. */
const COPY_BYTES = 8 * 1024 * 1024;

/** A copy whose buffers can be transferred, made with breaths in between so that the page stays alive. */
async function copyForTransfer(cloud: SplatCloud): Promise<SplatCloud> {
  async function copied<T extends ExtraData>(from: T): Promise<T> {
    const out = new (from.constructor as new (n: number) => T)(from.length);
    const step = COPY_BYTES / from.BYTES_PER_ELEMENT;
    for (let first = 0; first < from.length; first += step) {
      out.set(from.subarray(first, first + step), first);
      await breathe();
    }
    return out;
  }
  const extras: SplatCloud['extras'] = [];
  for (const { name, data } of cloud.extras) extras.push({ name, data: await copied(data) });
  return {
    ...cloud,
    positions: await copied(cloud.positions),
    logScales: await copied(cloud.logScales),
    rotations: await copied(cloud.rotations),
    opacityLogits: await copied(cloud.opacityLogits),
    dc: await copied(cloud.dc),
    shRest: await copied(cloud.shRest),
    extras,
  };
}

/** Past so many a copy of the whole is quicker. */
const MOST_CHANGES = 16;

const NO_SCENE = () =>
  new SplatmendError('no-scene', 'client: there is no scene; open a file first');

export function createMendClient(options: ClientOptions = {}): MendClient {
  const cancelDeadlineMs = options.cancelDeadlineMs ?? CLIENT_DEFAULTS.cancelDeadlineMs;
  const silenceMs = options.silenceMs ?? CLIENT_DEFAULTS.silenceMs;
  let link: WorkerLink | undefined;
  /** The cloud that the running worker holds a copy of. */
  let synced: SplatCloud | undefined;
  let backend: BackendInfo | undefined;
  let cloud: SplatCloud | undefined;
  /** What leads from the worker's cloud to the page's; undefined where only a whole copy does. */
  let changes: Omit<CloudDerivation, 'from'>[] | undefined;
  /** Which worker read a cloud, in which job: it may still have it. */
  const readBy = new WeakMap<SplatCloud, { link: WorkerLink; job: number }>();
  let disposed = false;
  let nextJob = 1;
  let tail: Promise<unknown> = Promise.resolve();

  async function ensureLink(): Promise<WorkerLink> {
    if (disposed) {
      throw new SplatmendError('worker-died', 'client: it was disposed of; make a new one');
    }
    if (link && !link.dead) return link;
    synced = undefined;
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

  /** Brings the worker's copy to the page's cloud: by what was changed where it can, else all of it. */
  async function syncScene(to: WorkerLink): Promise<void> {
    const wanted = cloud;
    if (wanted === undefined) throw NO_SCENE();
    if (synced === wanted) return;
    const way = changes;
    const read = readBy.get(wanted);
    if (synced && way) {
      synced = undefined;
      for (const { patch, removedSplats } of way) {
        unwrap(await to.settle((remote) => remote.patchScene(patch, removedSplats)));
      }
    } else if (
      read?.link !== to ||
      !unwrap(await to.settle((remote) => remote.keepRead(read.job)))
    ) {
      const copy = unwrap(await toResult(() => copyForTransfer(wanted)));
      unwrap(
        await to.settle((remote) =>
          remote.setScene(transfer(copy, splatCloudTransferables(copy)) as SplatCloud),
        ),
      );
    }
    synced = wanted;
    changes = cloud === wanted ? [] : undefined;
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
    if (needsScene) await syncScene(to);
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

  return {
    get backend() {
      return link?.dead ? undefined : backend;
    },
    get cloud() {
      return cloud;
    },
    setCloud(value, derivation) {
      const follows = derivation !== undefined && derivation.from === cloud;
      if (value === cloud) return;
      if (follows && changes && changes.length < MOST_CHANGES) {
        const { from: _, ...change } = derivation;
        changes = [...changes, change];
      } else changes = undefined;
      cloud = value;
    },
    prepare() {
      const turn = tail.then(async () => {
        const to = link;
        if (!to || to.dead || cloud === undefined) return;
        const follows = synced !== undefined && changes !== undefined;
        if (follows || readBy.get(cloud)?.link === to) await syncScene(to);
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
      const whole =
        bytes.buffer instanceof ArrayBuffer && bytes.byteLength === bytes.buffer.byteLength;
      return call(
        false,
        (to, job) =>
          to
            .settle((remote) => {
              const own = whole ? bytes : bytes.slice();
              return remote.readScene(job, transfer(own, [own.buffer]), fileName);
            })
            .then((result) => {
              if (result.ok) readBy.set(result.value.cloud, { link: to, job });
              return result;
            }),
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
    remove(request, onProgress, signal) {
      return call(
        true,
        async (to, job) => {
          const report = to.progressPort(onProgress);
          const result = await to.settle((remote) => remote.remove(job, request, report));
          await refreshBackend(to);
          return result;
        },
        signal,
      );
    },
    dispose() {
      disposed = true;
      link?.kill('worker-died', 'client: it was disposed of');
      link = undefined;
      cloud = undefined;
    },
  };
}
