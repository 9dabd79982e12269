/** The removal line's options and results: plain data that crosses the worker and is read by the plugin and the CLI. */
import type { Camera } from './camera.ts';
import type { Mask, RgbImage, ScalarImage } from './image.ts';
import type { SplatCloud } from './splat-cloud.ts';

/** A mask that the user brushed over a camera's picture: filled first, and taken as it is. */
export interface PaintedMask {
  camera: Camera;
  /** Of the camera's size. 1 = fill. */
  mask: Mask;
}

export interface RemoveOptions {
  /** At most this many cameras are filled from. */
  views?: number;
  /** Seed of everything random. */
  seed?: number;
  /** Stop adding views when this share of the hole is filled, 0..1. */
  coverageGoal?: number;
  /** Side of the pictures that fills are made in, pixels (longer side). */
  resolution?: number;
  /** The mask is grown by this much into the surroundings, pixels of the fill picture. */
  seamPx?: number;
  /** Keep the pictures of every view in the result (the report wants them). */
  keepViews?: boolean;
  /** A brushed mask in place of the found one, for its camera; the other views go on by themselves. */
  painted?: PaintedMask | null;
  /** Steps that bend the new splats towards the painted pictures when all views are filled; 0 = none. */
  polish?: number;
  /** Give what the object stands on the light back that its cast shadow takes: those splats come back brighter, in the patch. */
  liftShadow?: boolean;
}
export const REMOVE_DEFAULTS: Required<RemoveOptions> = {
  views: 6,
  seed: 1,
  coverageGoal: 0.995,
  resolution: 512,
  seamPx: 2,
  keepViews: false,
  painted: null,
  polish: 0,
  liftShadow: false,
};

/** What one camera's fill saw and made. */
export interface FilledView {
  camera: Camera;
  /** Survivors and earlier fills as seen before this view's fill. */
  rgbBefore: RgbImage;
  rgbInpainted: RgbImage;
  /** Median depth before, 0 = none. */
  depthBefore: ScalarImage;
  depthCompleted: ScalarImage;
  confidence: ScalarImage;
  /** Where the removed object was seen. */
  footprint: Mask;
  /** What was filled. */
  mask: Mask;
  added: number;
}

/** One view with its hole found and nothing filled yet: what the user checks and paints on. */
export interface HolePreview {
  /** The view that a removal with `painted` for this camera would fill; sized by `resolution`. */
  camera: Camera;
  /** The survivors as seen now, hole and all. */
  rgb: RgbImage;
  /** Median depth of the survivors, 0 = none. */
  depth: ScalarImage;
  /** Where the selected splats are seen. */
  footprint: Mask;
  /** The hole as found. */
  mask: Mask;
}

/** One view that was filled from. */
export interface ViewFigures {
  /** Its camera's id, where it has one. */
  id?: string;
  /** Share of this view's hole, as it was found or painted, that shows a surface after its fill, 0..1. */
  filled: number;
  added: number;
}

export interface RemoveFigures {
  selected: number;
  /** New splats that fill the hole. */
  added: number;
  /** Splats of a cast shadow that got their light back; present with `liftShadow`. */
  lit?: number;
  /** Share of the hole's pixels, over all checked cameras, that show a surface after the fill, 0..1. */
  coverage: number;
  /** Share of the openings that border on nothing captured from wherever they are seen, 0..1: left open. */
  unseen: number;
  /** Median relative depth step across the fill's rim (0.01 = 1 % of the depth). */
  seamDepth: number;
  /** The step that 90 % of the rim stays under. */
  seamDepth90: number;
  /** The same step in footprints of a pixel of the fill's picture: what one sees of it from half the side. */
  seamPx: number;
  /** Median colour step across the fill's rim, mean |Δrgb| 0..1. */
  seamColour: number;
  /** The same as a perceived difference: median ΔE (CIEDE2000); about 1 is the least that one sees side by side. */
  seamDeltaE: number;
  /** Views that were filled from. */
  views: number;
  /** The same, one by one, in the order they were filled. */
  perView: ViewFigures[];
  /** Present with `polish`: mean difference from the painted pictures (core/polish-types.ts), before and after. */
  polish?: { before: number; after: number };
  /** Seconds a step, in the order they ran, summed over views. */
  seconds: Record<string, number>;
  /** Plain sentences for the user: what was filled, what could not be. */
  notes: string[];
}

/** The edit: these rows go, these splats come. Survivors are not touched. */
export interface SplatPatch {
  /** Rows of the input cloud that are deleted, ascending. */
  removed: Uint32Array;
  /** New splats, in the input's SH degree and with its extra properties. */
  added: SplatCloud;
}

export interface RemoveResult {
  patch: SplatPatch;
  /**
   * With `liftShadow`, those of `patch.removed` that were not selected: the shadow's. They come back lit as the first of
   * `patch.added`, in this order. Ascending.
   */
  lit?: Uint32Array;
  figures: RemoveFigures;
  /** Present with `keepViews`. */
  filledViews: FilledView[];
  /** Which kernels ran. */
  backend: 'webgpu' | 'cpu';
}
