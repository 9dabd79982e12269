import type { SceneFile, SplatFormat } from '../core/formats/index.ts';
import type { RenderedView } from '../core/kernels.ts';
import type { OnProgress } from '../core/progress.ts';
import type { RemoveResult } from '../core/remove-types.ts';
import type { SplatCloud } from '../core/splat-cloud.ts';
import type {
  Backend,
  BackendInfo,
  ObjectSelection,
  RemoveRequest,
  RenderViewRequest,
  SelectObjectRequest,
} from '../workers/api.ts';

export interface ClientOptions {
  /** Kernels to try first. */
  preferred?: Backend;
  /** After a cancel the worker has this long to stop by itself; then it is stopped for it. Milliseconds. */
  cancelDeadlineMs?: number;
  /** A worker that says nothing for this long while it has work counts as dead. Milliseconds. */
  silenceMs?: number;
  /** Makes the worker; the default is the package's own module worker. */
  createWorker?: () => Worker;
}

/**
 * The page's end of the mending worker. Keeps the true cloud; the worker holds a copy that can be lost.
 * Every call settles: with its value, or with a SplatmendError (`cancelled`, `worker-died`, …).
 * After a death the next call starts a fresh worker.
 */
export interface MendClient {
  /** Starts the worker now (else the first call does) and says which kernels it runs. */
  start(): Promise<BackendInfo>;
  /** Kernels of the running worker; undefined before the first start. */
  readonly backend: BackendInfo | undefined;
  /** The cloud that calls work on; setting it costs nothing until the next call, which copies it across. */
  cloud: SplatCloud | undefined;
  readScene(bytes: Uint8Array, fileName: string, signal?: AbortSignal): Promise<SceneFile>;
  writeScene(format: SplatFormat, signal?: AbortSignal): Promise<Uint8Array>;
  selectObject(request: SelectObjectRequest, signal?: AbortSignal): Promise<ObjectSelection>;
  renderView(request: RenderViewRequest, signal?: AbortSignal): Promise<RenderedView>;
  remove(
    request: RemoveRequest,
    onProgress?: OnProgress,
    signal?: AbortSignal,
  ): Promise<RemoveResult>;
  dispose(): void;
}

export function createMendClient(_options: ClientOptions = {}): MendClient {
  throw new Error('under construction');
}
