import type { Camera } from '../../camera.ts';
import { createRgbImage, createScalarImage } from '../../image.ts';
import type { RenderedView } from '../../kernels.ts';

/** Below this alpha a mean depth is noise. */
export const MIN_MEAN_ALPHA = 1e-3;

/** A camera's picture before anything is written to it: all 0. */
export function createRenderedView(camera: Camera): RenderedView {
  const { width, height } = camera;
  return {
    camera,
    rgb: createRgbImage(width, height),
    alpha: createScalarImage(width, height),
    depthMean: createScalarImage(width, height),
    depthMedian: createScalarImage(width, height),
    marked: createScalarImage(width, height),
  };
}
