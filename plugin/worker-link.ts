import { proxy, wrap } from 'comlink';
import { type ErrorCode, type Result, SplatmendError, unwrap } from '../core/errors.ts';
import type { OnProgress, Progress } from '../core/progress.ts';
import type { MendWorker, StartOptions } from '../workers/api.ts';

/** What a worker of any kind answers to, for its page to watch over it. */
export interface WatchedWorker {
  start(options?: StartOptions): Promise<Result<unknown>>;
  ping(): Promise<true>;
}
type Started<W extends WatchedWorker> =
  Awaited<ReturnType<W['start']>> extends Result<infer T> ? T : never;

/** One running worker, from its birth to its death. Every promise that it gives settles by then. */
export interface WorkerLink<W extends WatchedWorker = MendWorker> {
  readonly dead: boolean;
  start(options: StartOptions): Promise<Started<W>>;
  /** Sends a call and waits for its answer or for the worker's death. */
  settle<T>(send: (remote: W) => Promise<T>): Promise<T>;
  /** Sends a message nobody waits for. */
  post(send: (remote: W) => Promise<unknown>): void;
  /** A callback that the worker can call; silent once the worker is dead. */
  progressPort(onProgress: OnProgress | undefined): OnProgress | undefined;
  /** Ends the worker; waiting calls reject with this code and message. */
  kill(code: ErrorCode, message: string): void;
}

const TICK_MS = 1000;
let lockNumber = 0;

/**
 * Starts a worker and watches over it. Its death shows in three ways: an `error` or `messageerror`
 * event; its Web Lock coming free, which happens the moment it ends, however it ends; and, where
 * there are no Web Locks or it hangs, `silenceMs` without an answer to a ping while a call waits.
 */
export function createWorkerLink<W extends WatchedWorker = MendWorker>(
  createWorker: () => Worker,
  silenceMs: number,
): WorkerLink<W> {
  const worker = createWorker();
  // The contract is asynchronous throughout, so the remote has the very same type.
  const remote = wrap(worker) as unknown as W;
  const waiting = new Set<(error: SplatmendError) => void>();
  let deathReason: SplatmendError | undefined;
  let ticker: ReturnType<typeof setInterval> | undefined;

  function kill(code: ErrorCode, message: string): void {
    if (deathReason) return;
    deathReason = new SplatmendError(code, message);
    worker.terminate();
    clearInterval(ticker);
    for (const reject of waiting) reject(deathReason);
    waiting.clear();
  }
  const die = (why: string) =>
    kill('worker-died', `worker: ${why}; the scene is as it was, try again`);

  worker.addEventListener('error', (event) => {
    event.preventDefault();
    die(event.message ? `it failed (${event.message})` : 'it could not be loaded');
  });
  worker.addEventListener('messageerror', () => die('a message could not be read'));

  // Counts timer ticks, not clock time: a sleeping laptop makes no ticks, so it kills no worker.
  let pingWaits = false;
  let silentTicks = 0;
  function watch(): void {
    if (ticker !== undefined) return;
    silentTicks = 0;
    ticker = setInterval(() => {
      if (waiting.size === 0) {
        clearInterval(ticker);
        ticker = undefined;
        return;
      }
      if (pingWaits) silentTicks++;
      if (silentTicks * TICK_MS >= silenceMs) {
        die(`no answer for ${Math.round(silenceMs / 1000)} s`);
        return;
      }
      if (pingWaits) return;
      pingWaits = true;
      silentTicks = 0;
      remote.ping().then(
        () => {
          pingWaits = false;
        },
        () => undefined,
      );
    }, TICK_MS);
  }

  function settle<T>(send: (remote: W) => Promise<T>): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      if (deathReason) {
        reject(deathReason);
        return;
      }
      waiting.add(reject);
      watch();
      send(remote)
        .then(resolve, reject)
        .finally(() => waiting.delete(reject));
    });
  }

  return {
    get dead() {
      return deathReason !== undefined;
    },
    async start(options) {
      const locks = globalThis.navigator?.locks;
      const lockName = `splatmend-worker-${Date.now()}-${lockNumber++}`;
      const info = unwrap(
        await settle((to) => to.start(locks ? { ...options, lockName } : options)),
      ) as Started<W>;
      locks?.request(lockName, () => die('it ended unexpectedly')).catch(() => undefined);
      return info;
    },
    settle,
    post(send) {
      if (!deathReason) send(remote).catch(() => undefined);
    },
    progressPort(onProgress) {
      if (!onProgress) return undefined;
      return proxy((progress: Progress) => {
        if (!deathReason) onProgress(progress);
      });
    },
    kill,
  };
}
