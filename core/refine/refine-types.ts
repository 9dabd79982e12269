import type { Camera } from '../camera.ts';
import type { SplatCloud } from '../splat-cloud.ts';
import type { Agreement } from './agree.ts';
import type { SurfacePoints } from './fuse.ts';

/** The least sure share of a view's pixels, or a value of the source's own measure. */
export type ConfidenceLimit = { share: number } | { value: number };

export interface RefineOptions {
  /** Depth of less confidence is unknown. Default: the least sure fifth of each view, where the source has confidences. */
  minConfidence?: ConfidenceLimit;
  /** Longest side of the views that are worked on, pixels; larger ones are made smaller. */
  maxSidePx?: number;
  /** How many other views each is compared with, and takes depth from. */
  neighbours?: number;
  /** A point every so many pixels of the closest view. */
  spacingPx?: number;
  /** Completed pixels of less confidence (0..1) are not fused. */
  keepConfidence?: number;
}

export const REFINE_DEFAULTS: Required<Omit<RefineOptions, 'minConfidence'>> = {
  maxSidePx: 640,
  neighbours: 8,
  spacingPx: 2,
  keepConfidence: 0.3,
};

/** A view after completion. Arrays have the camera's size. */
export interface RefinedView {
  id: string;
  camera: Camera;
  /** Interleaved, 0..255. */
  rgb: Uint8Array;
  /** World units along z: the view's own where it was known, bit for bit, and completed elsewhere; 0 where nothing could be said. */
  depth: Float32Array;
  /** 0..1: 1 where measured, by this view or another; 0 where rejected. */
  confidence: Float32Array;
  /** 2 = the view's own depth, 1 = another view's, 0 = completed. */
  from: Uint8Array;
  /** 1 = other views see through this completed pixel: it is not fused. */
  rejected: Uint8Array;
}

export interface RefineFigures {
  views: number;
  /** Of all views together. */
  pixels: number;
  /** Shares of them by where their depth is from; sum 1. */
  known: number;
  fromOthers: number;
  filled: number;
  /** Measured pixels that two and more other views measured past, taken out before. */
  contradicted: number;
  /** Completed pixels that others see through, taken out after. */
  rejected: number;
  /** What the capture's views differ by, share of depth: 3 σ. */
  tolerance: number;
  /** Of the depth as given; completed; and after rejection. */
  agreement: { before: Agreement; completed: Agreement; after: Agreement };
  points: number;
  /** Pixels too far away to be fused. */
  outside: number;
  seconds: { read: number; check: number; complete: number; agree: number; fuse: number };
}

export interface RefineResult {
  /** For a trainer. */
  points: SurfacePoints;
  /** The same as flat splats. */
  cloud: SplatCloud;
  views: RefinedView[];
  figures: RefineFigures;
}
