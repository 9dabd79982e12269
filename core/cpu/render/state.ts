import type { Camera } from '../../camera.ts';
import type { Rect } from '../../image.ts';
import type { RenderedView } from '../../kernels.ts';
import { createRenderedView, MIN_MEAN_ALPHA } from './rendered-view.ts';

/**
 * A pixel's blending state as 8 floats, held between batches: transmittance, red, green, blue, Σ w·z,
 * Σ w of marked splats, median depth, spare. The WGSL kernel keeps the same two vec4s.
 */
export const STATE_FLOATS = 8;
export const TRANSMITTANCE = 0;
export const SUM_RED = 1;
export const SUM_DEPTH = 4;
export const SUM_MARKED = 5;
export const MEDIAN_DEPTH = 6;

/** The region's pixels before the first splat. */
export function createState(region: Rect): Float32Array {
  const pixels = (region.x1 - region.x0) * (region.y1 - region.y0);
  const state = new Float32Array(pixels * STATE_FLOATS);
  for (let p = 0; p < pixels; p++) state[p * STATE_FLOATS + TRANSMITTANCE] = 1;
  return state;
}

/** The finished picture; pixels outside the region stay 0. */
export function stateToView(
  camera: Camera,
  region: Rect,
  background: readonly [number, number, number],
  state: Float32Array,
): RenderedView {
  const { width } = camera;
  const view = createRenderedView(camera);
  const columns = region.x1 - region.x0;
  for (let y = region.y0; y < region.y1; y++) {
    for (let x = region.x0; x < region.x1; x++) {
      const o = ((y - region.y0) * columns + x - region.x0) * STATE_FLOATS;
      const p = y * width + x;
      const through = state[o + TRANSMITTANCE]!;
      const alpha = 1 - through;
      for (let c = 0; c < 3; c++) {
        view.rgb.data[p * 3 + c] = state[o + SUM_RED + c]! + through * background[c]!;
      }
      view.alpha.data[p] = alpha;
      view.depthMean.data[p] = alpha < MIN_MEAN_ALPHA ? 0 : state[o + SUM_DEPTH]! / alpha;
      view.depthMedian.data[p] = state[o + MEDIAN_DEPTH]!;
      view.marked.data[p] = state[o + SUM_MARKED]!;
    }
  }
  return view;
}
