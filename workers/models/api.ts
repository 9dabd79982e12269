/**
 * What the model worker answers to, as types: between `workers/models/model-entry.ts` and `plugin/models/`.
 * A worker of its own, so that the mending worker neither weighs more nor waits while a model thinks.
 */
import type { Result } from '../../core/errors.ts';
import type { Mask, RgbImage, ScalarImage } from '../../core/image.ts';
import type { OnProgress } from '../../core/progress.ts';
import type { SegmentPrompts } from '../../core/segmenter.ts';
import type { DepthModelInfo, DepthModelRequest } from './depth-session.ts';
import type { InpaintModelInfo, InpaintModelRequest } from './inpaint-session.ts';
import type { SamManifest } from './sam-manifest.ts';

export type { DepthManifest } from './depth-manifest.ts';
export type { DepthModelInfo, DepthModelRequest } from './depth-session.ts';
export type { InpaintManifest } from './inpaint-manifest.ts';
export type { InpaintModelInfo, InpaintModelRequest } from './inpaint-session.ts';
export type { SamManifest } from './sam-manifest.ts';

/** Where a model runs. */
export type ModelProvider = 'webgpu' | 'wasm';

/** A model's bytes, and what to call them in messages. */
export interface ModelFile {
  name: string;
  blob: Blob;
}

/** What a file was found to be, to compare with what its maker publishes. */
export interface ModelFacts {
  name: string;
  bytes: number;
  /** Hexadecimal; absent where the page is not a secure context. */
  sha256?: string;
}

export interface SamRequest {
  encoder: ModelFile;
  decoder: ModelFile;
  /** Default: the known one whose tensor names fit. */
  manifest?: SamManifest;
  /** Tried first, a GPU made of software too; default `webgpu` on a real GPU. */
  preferred?: ModelProvider;
}

export interface SamInfo {
  /** The manifest's. */
  id: string;
  provider: ModelProvider;
  encoder: ModelFacts;
  decoder: ModelFacts;
}

/** What a model painted, and where it ran: WebGPU may have failed meanwhile. */
export interface PaintedPicture extends RgbImage {
  provider: ModelProvider;
}

/** A picture by the page's number for it; `image` only when the worker has not seen it yet. */
export interface NumberedPicture {
  key: number;
  image?: RgbImage;
}

/** `job` numbers are the page's, as in the mending worker (workers/api.ts). One call at a time. */
export interface ModelWorker {
  /** @param options `lockName`: a Web Lock to take and never give back, by which the page sees a death */
  start(options?: { lockName?: string }): Promise<Result<true>>;
  ping(): Promise<true>;
  cancel(job: number): Promise<void>;
  /** Reads both models of a segmenter; what was open before is let go. */
  open(job: number, request: SamRequest, onProgress?: OnProgress): Promise<Result<SamInfo>>;
  segment(
    job: number,
    picture: NumberedPicture,
    prompts: SegmentPrompts,
    onProgress?: OnProgress,
  ): Promise<Result<Mask>>;
  /** Reads an inpainting model; what was open before is let go. */
  openInpainter(job: number, request: InpaintModelRequest): Promise<Result<InpaintModelInfo>>;
  /** Fills the hole of a picture of a size that the model allows. */
  paint(job: number, image: RgbImage, mask: Mask): Promise<Result<PaintedPicture>>;
  /** Reads a depth model; what was open before is let go. */
  openDepth(job: number, request: DepthModelRequest): Promise<Result<DepthModelInfo>>;
  /** Inverse depth of a picture, up to scale and shift. */
  estimateDepth(job: number, image: RgbImage): Promise<Result<ScalarImage>>;
}
