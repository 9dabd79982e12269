import type { DepthFileOptions } from '../core/depth-files/depth-of.ts';
import type { ExtendResult } from '../core/extend-types.ts';
import type { SceneFile, SplatFormat } from '../core/formats/index.ts';
import type { InsertResult } from '../core/insert-types.ts';
import type { RenderedView } from '../core/kernels.ts';
import type { DepthFile, PhotoScene } from '../core/photo-types.ts';
import type { OnProgress } from '../core/progress.ts';
import type { HolePreview, RemoveResult } from '../core/remove-types.ts';
import type { SelectRequest } from '../core/select-types.ts';
import type { SplatCloud } from '../core/splat-cloud.ts';
import type {
  Backend,
  BackendInfo,
  ExtendRequest,
  HolePreviewRequest,
  InsertRequest,
  PhotoRequest,
  RemoveRequest,
  RenderViewRequest,
  SelectAnswer,
} from '../workers/api.ts';
import type { ReadyDepth, ReadyFiller } from './filler.ts';
import type { CloudDerivation } from './scene-sync.ts';

export interface ClientOptions {
  /** Kernels to try first, software adapters too. Default: WebGPU on a real GPU, else the CPU. */
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
  /** Reads a depth map. `bytes` are moved as `readScene` moves them. */
  readDepth(
    bytes: Uint8Array,
    fileName: string,
    options?: DepthFileOptions,
    signal?: AbortSignal,
  ): Promise<DepthFile>;
  /** Runs the photo line; `cloud` stays as it is. @param models run in the page, for a request that names them */
  photo(
    request: PhotoRequest,
    onProgress?: OnProgress,
    signal?: AbortSignal,
    models?: RunningModels,
  ): Promise<PhotoScene>;
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
  /** Runs the removal line; `cloud` stays as it is. @param models run in the page, for a request that names them */
  remove(
    request: RemoveRequest,
    onProgress?: OnProgress,
    signal?: AbortSignal,
    models?: RunningModels,
  ): Promise<RemoveResult>;
  /** Runs the insertion line; `cloud` stays as it is. @param models run in the page, for a request that names one */
  insert(
    request: InsertRequest,
    onProgress?: OnProgress,
    signal?: AbortSignal,
    models?: RunningModels,
  ): Promise<InsertResult>;
  /** Runs the extension line; `cloud` stays as it is. @param models run in the page, for a request that names them */
  extend(
    request: ExtendRequest,
    onProgress?: OnProgress,
    signal?: AbortSignal,
    models?: RunningModels,
  ): Promise<ExtendResult>;
  /** Stops the worker; running calls reject with `worker-died`, and so do later ones. */
  dispose(): void;
}

/** Models that the page runs beside the mending worker. */
export interface RunningModels {
  paint?: ReadyFiller['paint'];
  estimateDepth?: ReadyDepth['estimate'];
}
