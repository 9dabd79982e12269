/**
 * What the mending worker answers to, as types: the contract between `workers/entry.ts` (comlink's
 * inner end) and `plugin/client.ts` (its outer end). Every answer is a `Result`, because an error
 * thrown across the worker loses its code. Nothing here runs in the page: it imports types only.
 */
import type { Camera } from '../core/camera.ts';
import type { DepthFileOptions } from '../core/depth-files/depth-of.ts';
import type { Result } from '../core/errors.ts';
import type { ExtendOptions, ExtendPath, ExtendResult } from '../core/extend-types.ts';
import type { SceneFile, SplatFormat } from '../core/formats/index.ts';
import type { Mask, RgbImage, ScalarImage } from '../core/image.ts';
import type { ModelsSpec } from '../core/inpainter-spec.ts';
import type { EditedReference, InsertOptions, InsertResult } from '../core/insert-types.ts';
import type { RenderedView } from '../core/kernels.ts';
import type { Marks } from '../core/marks.ts';
import type { DepthFile, Photo, PhotoScene, PhotoSceneOptions } from '../core/photo-types.ts';
import type { OnProgress } from '../core/progress.ts';
import type { HolePreview, RemoveOptions, RemoveResult, SplatPatch } from '../core/remove-types.ts';
import type { SelectRequest } from '../core/select-types.ts';
import type { Selection } from '../core/selection.ts';
import { type SplatCloud, splatCloudTransferables } from '../core/splat-cloud.ts';

export type Backend = 'webgpu' | 'cpu';

/** Which kernels a worker runs. */
export interface BackendInfo {
  backend: Backend;
  /** For people: the adapter's name, or `CPU (1 thread)`. */
  description: string;
  /** Why it is not what was asked for (no adapter, device lost twice …); a plain sentence. */
  reason?: string;
}

export interface StartOptions {
  /** Kernels to try first, software adapters too. Default: WebGPU on a real GPU, else the CPU. */
  preferred?: Backend;
  /**
   * Name of a Web Lock that the worker takes and never gives back: the page sees it freed at the
   * moment the worker dies. Without Web Locks the worker answers `ping` only.
   */
  lockName?: string;
}

export interface SelectAnswer {
  /** One byte a splat of the worker's scene. */
  selection: Selection;
  /** Selected splats; 0 when there was nothing. */
  count: number;
  /** True when the click landed on a big surface, of which a limited round patch was taken. */
  onSurface: boolean;
}

export interface RenderViewRequest {
  camera: Camera;
  /** One byte a splat: 0 leaves it out. */
  visible?: Uint8Array;
  /** One byte a splat: 1 counts towards the view's `marked` image. */
  marked?: Uint8Array;
  background?: readonly [number, number, number];
}

export interface RemoveRequest {
  selection: Selection;
  /** First the view the user looks through; more help the choice of views. In the scene's frame. */
  cameras: Camera[];
  options?: RemoveOptions;
  /** Hidden splats take no part: they stay, unseen. */
  marks?: Marks;
  /** Who fills and who guesses depth; default: the built-in filler, nobody. */
  models?: ModelsSpec;
}

export interface PhotoRequest {
  /** Copied, not moved: other options are tried on the same photo. */
  photo: Photo;
  options?: PhotoSceneOptions;
  /** Who fills what is hidden, and who guesses depth where the photo has none; default: the built-in filler, nobody. */
  models?: ModelsSpec;
}

/** Models that the page runs for the mending worker, in a worker of their own: asked in the middle of a job. */
export interface PageModels {
  /** Fills one picture of the model's size (`PaintModel`). */
  paint?(image: RgbImage, mask: Mask): Promise<Result<RgbImage>>;
  /** As `DepthPrior.estimate`. */
  estimateDepth?(image: RgbImage): Promise<Result<ScalarImage>>;
}

export interface InsertRequest {
  /** In the scene's frame. Copied, not moved: another attachment is tried on the same picture. */
  reference: EditedReference;
  options?: InsertOptions;
  /** Hidden splats take no part: they stay, unseen. */
  marks?: Marks;
  /** Who guesses depth; default: nobody. */
  models?: Pick<ModelsSpec, 'depth'>;
}

export interface ExtendRequest {
  /** Where the path starts, in the scene's frame. */
  camera: Camera;
  path: ExtendPath;
  options?: ExtendOptions;
  /** Hidden splats take no part: they stay, unseen. */
  marks?: Marks;
  /** Who fills and who guesses depth; default: the built-in filler, nobody. */
  models?: ModelsSpec;
}

export interface HolePreviewRequest {
  selection: Selection;
  /** The view to look for the hole in, in the scene's frame. */
  camera: Camera;
  options?: RemoveOptions;
  marks?: Marks;
}

/**
 * The worker. `job` numbers are the page's: any number not used before, by which `cancel` names the
 * call. One job runs at a time; the page queues. `ping` and `cancel` are answered in between, as
 * soon as the running step breathes.
 */
export interface MendWorker {
  start(options?: StartOptions): Promise<Result<BackendInfo>>;
  /** Answers as soon as the running step lets messages in. */
  ping(): Promise<true>;
  /** Asks the job to stop: its call then settles with `cancelled`. Unknown numbers are ignored. */
  cancel(job: number): Promise<void>;

  /** Reads a file and keeps a copy of its cloud under the job's number. `bytes` should be transferred. */
  readScene(job: number, bytes: Uint8Array, fileName: string): Promise<Result<SceneFile>>;
  /** Reads a depth map: along z with 0 = unknown, or relative as stored. `bytes` should be transferred. */
  readDepth(
    job: number,
    bytes: Uint8Array,
    fileName: string,
    options?: DepthFileOptions,
  ): Promise<Result<DepthFile>>;
  /** The photo line. Keeps a copy of its cloud under the job's number, as `readScene` does; the scene stays as it is. */
  photo(
    job: number,
    request: PhotoRequest,
    onProgress?: OnProgress,
    page?: PageModels,
  ): Promise<Result<PhotoScene>>;
  /** Writes the worker's scene. */
  writeScene(job: number, format: SplatFormat): Promise<Result<Uint8Array>>;
  /** Sets the cloud that the calls below work on. Transfer a copy of it (`splatCloudTransferables`). */
  setScene(cloud: SplatCloud): Promise<Result<{ count: number }>>;
  /** Makes the cloud that job `read` read the scene, if it was the last that was read: the page need not send it back. */
  keepRead(read: number): Promise<Result<boolean>>;
  /** Changes the scene as the page changed its own, bit for bit: by a patch, or back (with `removedSplats`). */
  patchScene(patch: SplatPatch, removedSplats?: SplatCloud): Promise<Result<{ count: number }>>;

  /** Any tool's selection; see core/select-types.ts. */
  select(job: number, request: SelectRequest): Promise<Result<SelectAnswer>>;
  renderView(job: number, request: RenderViewRequest): Promise<Result<RenderedView>>;
  /** What a removal would fill in one view, for the user to look at and to paint on. */
  previewHole(
    job: number,
    request: HolePreviewRequest,
    onProgress?: OnProgress,
  ): Promise<Result<HolePreview>>;
  /** The removal line. The scene stays as it is: the page applies the patch and sets the scene anew. */
  remove(
    job: number,
    request: RemoveRequest,
    onProgress?: OnProgress,
    page?: PageModels,
  ): Promise<Result<RemoveResult>>;
  /** The insertion line, on the same terms. */
  insert(
    job: number,
    request: InsertRequest,
    onProgress?: OnProgress,
    page?: PageModels,
  ): Promise<Result<InsertResult>>;
  /** The extension line, on the same terms. */
  extend(
    job: number,
    request: ExtendRequest,
    onProgress?: OnProgress,
    page?: PageModels,
  ): Promise<Result<ExtendResult>>;
  /** The kernels that run now: they change when a lost device is replaced. */
  backend(): Promise<BackendInfo | undefined>;
}

const buffersOf = (arrays: readonly ArrayBufferView[]): ArrayBuffer[] =>
  [...new Set(arrays.map((a) => a.buffer))].filter(
    (b): b is ArrayBuffer => b instanceof ArrayBuffer,
  );

/** The buffers of a rendered view, for a transfer list: the sender's arrays are detached. */
export function renderedViewTransferables(view: RenderedView): ArrayBuffer[] {
  const images = [view.rgb, view.alpha, view.depthMean, view.depthMedian, view.marked];
  return buffersOf(images.map((image) => image.data));
}

/** The buffers of a hole preview, for a transfer list. */
export function holePreviewTransferables(preview: HolePreview): ArrayBuffer[] {
  return buffersOf([
    preview.rgb.data,
    preview.depth.data,
    preview.footprint.data,
    preview.mask.data,
  ]);
}

/** The buffers of a removal's result, kept views included, for a transfer list. */
export function removeResultTransferables(result: RemoveResult): ArrayBuffer[] {
  const arrays: ArrayBufferView[] = [result.patch.removed];
  if (result.lit) arrays.push(result.lit);
  for (const view of result.filledViews) {
    arrays.push(
      view.rgbBefore.data,
      view.rgbInpainted.data,
      view.depthBefore.data,
      view.depthCompleted.data,
      view.confidence.data,
      view.footprint.data,
      view.mask.data,
    );
  }
  return [...new Set([...splatCloudTransferables(result.patch.added), ...buffersOf(arrays)])];
}

/** The buffers of an insertion's result, for a transfer list. */
export function insertResultTransferables({ patch, mask }: InsertResult): ArrayBuffer[] {
  return [
    ...new Set([...splatCloudTransferables(patch.added), ...buffersOf([patch.removed, mask.data])]),
  ];
}

/** The buffers of an extension's result, for a transfer list. */
export function extendResultTransferables({ patch }: ExtendResult): ArrayBuffer[] {
  return [...new Set([...splatCloudTransferables(patch.added), ...buffersOf([patch.removed])])];
}
