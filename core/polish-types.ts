/** Polish: new splats bent until their blend equals the pictures that they were made from. Plain data. */
import type { Camera } from './camera.ts';
import type { Mask, RgbImage, ScalarImage } from './image.ts';
import type { SplatCloud } from './splat-cloud.ts';

/** A picture that the new splats should show. Images of the camera's size. */
export interface PolishView {
  camera: Camera;
  /** What stands in the picture beside the new splats: blended with them, never changed. */
  frozen: SplatCloud;
  /** Wanted colour over black, 0..1. */
  rgb: RgbImage;
  /** Wanted depth along z, world units; 0 = no opinion. */
  depth: ScalarImage;
  /** 1 = the pixel is compared. */
  mask: Mask;
}

export interface PolishOptions {
  /** Adam steps, each against one view, in turn. */
  steps?: number;
  /** Weight of a relative depth error against a colour error (mean |Δrgb|, 0..1); 0 where no splat is seen by two views. */
  depthWeight?: number;
}
export const POLISH_DEFAULTS: Required<PolishOptions> = { steps: 100, depthWeight: 0.1 };

export interface Polished {
  /** The new splats, row for row; the given ones where no step made them better. */
  splats: SplatCloud;
  /** Mean loss over the views' compared pixels: mean |Δrgb| + depthWeight · relative depth error. */
  before: number;
  after: number;
}

export interface Polisher {
  /**
   * Moves colour (dc), opacity, scales, rotation and the position along the normal (the thinnest axis) of all `splats`,
   * each within bounds around what it is; rotation and position only of those that two views see. The rest coefficients of SH must be 0.
   * @param onStep told the share that is done, 0..1
   * @throws SplatmendError `bad-option`, `cancelled`, and on a GPU `out-of-memory`, `device-lost`
   */
  polish(
    splats: SplatCloud,
    views: readonly PolishView[],
    options?: PolishOptions,
    onStep?: (done: number) => void,
    signal?: AbortSignal,
  ): Promise<Polished>;
}
