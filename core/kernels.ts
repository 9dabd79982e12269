/**
 * The heavy kernels as one interface with two makers: `createCpuKernels` (core/cpu) and
 * `createGpuKernels` (workers/gpu). Chosen once at the start; no step asks which one it has.
 */
import type { Camera } from './camera.ts';
import type { Mask, Rect, RgbImage, ScalarImage } from './image.ts';
import type { Polisher } from './polish-types.ts';
import type { SplatCloud } from './splat-cloud.ts';

export interface RenderOptions {
  /** Only these pixels are rendered; the others stay 0. Default: the whole picture. */
  region?: Rect;
  /** One byte a splat: 0 leaves the splat out of this render. Default: all are drawn. */
  visible?: Uint8Array;
  /** One byte a splat: 1 counts towards `marked`. Default: none. */
  marked?: Uint8Array;
  /** Colour behind the splats, 0..1. Default black. */
  background?: readonly [number, number, number];
}

/** A picture of a cloud with its geometry. All images have the camera's size. */
export interface RenderedView {
  camera: Camera;
  /** Blended colour over the background, not clamped above 1. */
  rgb: RgbImage;
  /** Accumulated opacity, 0..1. */
  alpha: ScalarImage;
  /** Mean depth, weighted by contribution and divided by alpha; 0 where alpha < 1e-3. World units along z. */
  depthMean: ScalarImage;
  /** Depth where transmittance crosses 0.5; 0 where it never does (alpha < 0.5). */
  depthMedian: ScalarImage;
  /** Share of the picture's light that comes from marked splats, Σ of their weights, 0..1. */
  marked: ScalarImage;
}

/** Holds one cloud (uploaded once) and renders it from any camera. */
export interface SplatRenderer {
  render(camera: Camera, options?: RenderOptions, signal?: AbortSignal): Promise<RenderedView>;
  destroy(): void;
}

/**
 * What is thought of depth's steps from pixel to pixel: what a guidance network delivers, and what a prior depth is turned
 * into. Arrays are width × height; entry i is of the edge from pixel i to its right (X) or lower (Y) neighbour. Entries of
 * edges that leave the picture are not read.
 */
export interface DepthField {
  width: number;
  height: number;
  /**
   * Target step of inverse depth, 1/z of the neighbour − 1/z of pixel i, over the median 1/z of all known pixels
   * (`medianInverseDepth`): free of the scene's unit. Not finite: no opinion, taken as 0.
   */
  qX: Float32Array;
  qY: Float32Array;
  /** Coupling, 0 (depth may jump here) to 1, in place of the image's. Not finite: the image's. Both or none. */
  gX?: Float32Array;
  gY?: Float32Array;
}

/** What depth completion works on. All images of one size. */
export interface DepthProblem {
  /** Depth along z; values at pixels with known = 1 are kept bit for bit. Non-finite or ≤ 0 counts as unknown. */
  depth: ScalarImage;
  /** 1 = depth is known. */
  known: Mask;
  /** 1 = depth is wanted. Pixels that are neither known nor wanted take no part. Default: every unknown pixel. */
  wanted?: Mask;
  /** Registered image that guides the edges. Without it the problem is unguided. */
  rgb?: RgbImage;
  /** Steps that the answer should take; the rest stays as smooth as without. */
  field?: DepthField;
  /**
   * A monocular model's relative inverse depth: larger is nearer, scale and shift unknown and varying slowly over the picture.
   * Only its gradients are used, and only as far as they explain the known depth. Not finite: no opinion. Where
   * `field` has a finite q or g, that counts.
   */
  prior?: ScalarImage;
}

export interface DepthCompletionOptions {
  /** Colour difference (Σ |Δrgb| of two neighbouring pixels, colours 0..1) at which an edge halves the coupling. */
  edgeScale?: number;
  /** Robust-norm threshold, relative to the median known inverse depth. */
  epsilon?: number;
  /** Robust re-weightings. */
  reweightings?: number;
  /** Weight of the second-order term, in pixels. */
  alpha?: number;
  /**
   * Whether planes around a hole whose creases and straight outlines its rim foretells are parted there, though the image shows nothing.
   * Default true; false for what is no scene's depth.
   */
  planeEdges?: boolean;
}

export interface CompletedDepth {
  /** Depth along z: known pixels bit for bit, wanted pixels filled, others 0. */
  depth: ScalarImage;
  /** 0..1: 1 on known pixels, falling with distance from them and with residual; 0 where nothing could be said. */
  confidence: ScalarImage;
}

export interface DepthCompleter {
  /** @param onFraction told the share of the work that is done, rising to 1, once a re-weighting of each hole */
  complete(
    problem: DepthProblem,
    options?: DepthCompletionOptions,
    signal?: AbortSignal,
    onFraction?: (fraction: number) => void,
  ): Promise<CompletedDepth>;
}

export interface Kernels extends DepthCompleter, Polisher {
  kind: 'webgpu' | 'cpu';
  /** For people: adapter's name, or `CPU (1 thread)`. */
  description: string;
  /** Uploads a cloud and gives its renderer. */
  createRenderer(cloud: SplatCloud): Promise<SplatRenderer>;
  destroy(): void;
}
