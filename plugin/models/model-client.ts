import { type Result, SplatmendError, unwrap } from '../../core/errors.ts';
import { type OnProgress, throwIfCancelled } from '../../core/progress.ts';
import type { ModelWorker } from '../../workers/models/api.ts';
import { createWorkerLink, type WorkerLink } from '../worker-link.ts';

export interface ModelClientOptions {
  /** After a cancel the worker has this long to stop by itself; then it is stopped for it. Milliseconds. */
  cancelDeadlineMs?: number;
  /** A worker that says nothing for this long counts as dead; a model on WASM is silent for long. Milliseconds. */
  silenceMs?: number;
  /** Makes the worker; the default is the package's own. */
  createWorker?: () => Worker;
}
export const MODEL_CLIENT_DEFAULTS = { cancelDeadlineMs: 1000, silenceMs: 300_000 };

/** A call on the model worker. */
export type Send<T> = (
  to: ModelWorker,
  job: number,
  port: OnProgress | undefined,
) => Promise<Result<T>>;

/** A worker with models open in it; another object after it died. */
export interface OpenModels {
  /** @throws SplatmendError `worker-died`, `cancelled`, or as the worker answers */
  ask<T>(
    send: Send<T>,
    signal: AbortSignal | undefined,
    onProgress: OnProgress | undefined,
  ): Promise<T>;
}

const defaultWorker = () =>
  new Worker(new URL('../../workers/models/model-entry.ts', import.meta.url), {
    type: 'module',
    name: 'splatmend-models',
  });

/** The page's end of a model worker: made when it is first used, made anew after it died, one call after the other. */
export class ModelClient<Info> {
  readonly #who: string;
  readonly #options: ModelClientOptions & typeof MODEL_CLIENT_DEFAULTS;
  readonly #prepare: (signal?: AbortSignal, onProgress?: OnProgress) => Promise<Send<Info>>;
  #opened: (OpenModels & { link: WorkerLink<ModelWorker> }) | undefined;
  #tail: Promise<unknown> = Promise.resolve();
  #info: Info | undefined;
  #job = 0;
  #disposed = false;

  /**
   * @param who as messages begin
   * @param prepare reads what is to be opened, and says how
   */
  constructor(
    who: string,
    options: ModelClientOptions,
    prepare: (signal?: AbortSignal, onProgress?: OnProgress) => Promise<Send<Info>>,
  ) {
    this.#who = who;
    this.#options = { ...MODEL_CLIENT_DEFAULTS, ...options };
    this.#prepare = prepare;
  }

  /** What runs; undefined before the models are read. */
  get info(): Info | undefined {
    return this.#info;
  }

  /** Reads the models now. */
  open(signal?: AbortSignal, onProgress?: OnProgress): Promise<Info> {
    return this.use(async () => this.#info!, signal, onProgress);
  }

  /** Work with the models, when what was asked before is done. */
  use<T>(
    work: (models: OpenModels) => Promise<T>,
    signal?: AbortSignal,
    onProgress?: OnProgress,
  ): Promise<T> {
    const turn = this.#tail.then(async () => work(await this.#ready(signal, onProgress)));
    this.#tail = turn.catch(() => undefined);
    return turn;
  }

  dispose(): void {
    this.#disposed = true;
    this.#opened?.link.kill('cancelled', `${this.#who}: disposed`);
    this.#opened = undefined;
  }

  /** The worker with the models in it: the one there is, or a new one. */
  async #ready(signal?: AbortSignal, onProgress?: OnProgress): Promise<OpenModels> {
    this.#checkUsable(signal);
    if (this.#opened && !this.#opened.link.dead) return this.#opened;
    onProgress?.({ step: 'read the model', fraction: 0 });
    const open = await this.#prepare(signal, onProgress);
    this.#checkUsable(signal);
    const { createWorker = defaultWorker, silenceMs } = this.#options;
    const link = createWorkerLink<ModelWorker>(createWorker, silenceMs);
    const opened = {
      link,
      ask: <T>(send: Send<T>, stop: AbortSignal | undefined, tell: OnProgress | undefined) =>
        this.#call(link, send, stop, tell),
    };
    this.#opened = opened;
    try {
      await link.start({});
      this.#info = await opened.ask(open, signal, onProgress);
    } catch (error) {
      link.kill('worker-died', `${this.#who}: its model could not be opened`);
      throw error;
    }
    return opened;
  }

  #checkUsable(signal: AbortSignal | undefined): void {
    throwIfCancelled(signal);
    if (this.#disposed) {
      throw new SplatmendError('internal', `${this.#who}: it was disposed; make a new one`);
    }
  }

  async #call<T>(
    link: WorkerLink<ModelWorker>,
    send: Send<T>,
    signal: AbortSignal | undefined,
    onProgress: OnProgress | undefined,
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
        link.kill('worker-died', `${this.#who}: it failed before; try again`);
      }
      return unwrap(answer);
    } finally {
      clearTimeout(deadline);
      signal?.removeEventListener('abort', cancel);
    }
  }
}
