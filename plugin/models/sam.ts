import { type Result, SplatmendError, unwrap } from '../../core/errors.ts';
import type { Mask, RgbImage } from '../../core/image.ts';
import { type OnProgress, throwIfCancelled } from '../../core/progress.ts';
import type { Segmenter, SegmentPrompts } from '../../core/segmenter.ts';
import type {
  ModelFile,
  ModelProvider,
  ModelWorker,
  SamInfo,
  SamManifest,
} from '../../workers/models/api.ts';
import { createWorkerLink, type WorkerLink } from '../worker-link.ts';
import { type ModelSource, readModel } from './model-file.ts';

export interface SamOptions {
  encoder: ModelSource;
  decoder: ModelSource;
  /** How the models want their tensors; default: the known kind whose names fit (docs/models.md). */
  manifest?: SamManifest;
  /** Tried first; default `webgpu`, unless it is made of software. */
  preferred?: ModelProvider;
  /** Most bytes of one model. */
  mostBytes?: number;
  /** After a cancel the worker has this long to stop by itself; then it is stopped for it. Milliseconds. */
  cancelDeadlineMs?: number;
  /** A worker that says nothing for this long counts as dead; an encoder on WASM is silent for long. Milliseconds. */
  silenceMs?: number;
  /** Makes the worker; the default is the package's own. */
  createWorker?: () => Worker;
}
export const SAM_DEFAULTS = {
  mostBytes: 1_000_000_000,
  cancelDeadlineMs: 1000,
  silenceMs: 300_000,
};

/** A segmenter of two models that the user gives. Nothing is loaded before the first `open` or `segment`. */
export interface SamSegmenter extends Segmenter {
  /** What runs; undefined before the models are read. */
  readonly info: SamInfo | undefined;
  /** Reads the models now. @throws SplatmendError as `segment` does for models that cannot be used */
  open(signal?: AbortSignal, onProgress?: OnProgress): Promise<SamInfo>;
}

const defaultWorker = () =>
  new Worker(new URL('../../workers/models/model-entry.ts', import.meta.url), {
    type: 'module',
    name: 'splatmend-models',
  });

export function createSamSegmenter(options: SamOptions): SamSegmenter {
  return new SamClient(options);
}

/** A worker with the models open in it. */
interface Opened {
  link: WorkerLink<ModelWorker>;
  /** The picture that it looked at last. */
  picture: { image: RgbImage; key: number } | undefined;
}

class SamClient implements SamSegmenter {
  readonly #options: SamOptions & typeof SAM_DEFAULTS;
  #files: { encoder: ModelFile; decoder: ModelFile } | undefined;
  #opened: Opened | undefined;
  /** One call after the other. */
  #tail: Promise<unknown> = Promise.resolve();
  #info: SamInfo | undefined;
  #job = 0;
  #disposed = false;

  constructor(options: SamOptions) {
    this.#options = { ...SAM_DEFAULTS, ...options };
  }

  get id(): string {
    return this.#info?.id ?? 'sam';
  }

  get info(): SamInfo | undefined {
    return this.#info;
  }

  open(signal?: AbortSignal, onProgress?: OnProgress): Promise<SamInfo> {
    return this.#inTurn(async () => {
      await this.#ready(signal, onProgress);
      return this.#info!;
    });
  }

  segment(
    image: RgbImage,
    prompts: SegmentPrompts,
    signal?: AbortSignal,
    onProgress?: OnProgress,
  ): Promise<Mask> {
    return this.#inTurn(async () => {
      const opened = await this.#ready(signal, onProgress);
      const known = opened.picture?.image === image ? opened.picture : undefined;
      const picture = known ?? { image, key: ++this.#job };
      // Whether it saw this picture is not known again before it answers.
      opened.picture = undefined;
      const mask = await this.#call(opened.link, signal, onProgress, (to, job, port) =>
        to.segment(job, known ? { key: known.key } : picture, prompts, port),
      );
      opened.picture = picture;
      return mask;
    });
  }

  dispose(): void {
    this.#disposed = true;
    this.#opened?.link.kill('cancelled', 'segmenter: disposed');
    this.#opened = undefined;
    this.#files = undefined;
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.#tail.then(work);
    this.#tail = turn.catch(() => undefined);
    return turn;
  }

  /** The worker with the models in it: the one there is, or a new one. */
  async #ready(signal?: AbortSignal, onProgress?: OnProgress): Promise<Opened> {
    this.#checkUsable(signal);
    if (this.#opened && !this.#opened.link.dead) return this.#opened;
    const { encoder, decoder, mostBytes, manifest, preferred } = this.#options;
    onProgress?.({ step: 'read the models', fraction: 0 });
    this.#files ??= {
      encoder: await readModel(encoder, mostBytes, signal),
      decoder: await readModel(decoder, mostBytes, signal),
    };
    this.#checkUsable(signal);
    const { createWorker = defaultWorker, silenceMs } = this.#options;
    const link = createWorkerLink<ModelWorker>(createWorker, silenceMs);
    const opened: Opened = { link, picture: undefined };
    this.#opened = opened;
    const request = {
      ...this.#files,
      ...(manifest && { manifest }),
      ...(preferred && { preferred }),
    };
    try {
      await link.start({});
      this.#info = await this.#call(link, signal, onProgress, (to, job, port) =>
        to.open(job, request, port),
      );
    } catch (error) {
      link.kill('worker-died', 'segmenter: its models could not be opened');
      throw error;
    }
    return opened;
  }

  #checkUsable(signal: AbortSignal | undefined): void {
    throwIfCancelled(signal);
    if (this.#disposed) {
      throw new SplatmendError('internal', 'segmenter: it was disposed; make a new one');
    }
  }

  async #call<T>(
    link: WorkerLink<ModelWorker>,
    signal: AbortSignal | undefined,
    onProgress: OnProgress | undefined,
    send: (to: ModelWorker, job: number, port: OnProgress | undefined) => Promise<Result<T>>,
  ): Promise<T> {
    throwIfCancelled(signal);
    const job = ++this.#job;
    let deadline: ReturnType<typeof setTimeout> | undefined;
    const cancel = () => {
      link.post((to) => to.cancel(job));
      // A model that runs hears nothing.
      deadline = setTimeout(
        () => link.kill('cancelled', 'cancelled; the scene is as it was'),
        this.#options.cancelDeadlineMs,
      );
    };
    signal?.addEventListener('abort', cancel, { once: true });
    try {
      const port = link.progressPort(onProgress);
      const answer = await link.settle((to) => send(to, job, port));
      // What failed inside the runtime may have left it broken: the next call begins with a fresh one.
      if (!answer.ok && answer.code !== 'cancelled' && answer.code !== 'bad-option') {
        link.kill('worker-died', 'segmenter: it failed before; try again');
      }
      return unwrap(answer);
    } finally {
      clearTimeout(deadline);
      signal?.removeEventListener('abort', cancel);
    }
  }
}
