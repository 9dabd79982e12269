import type { RgbImage, ScalarImage } from './image.ts';

/** Guesses the depth of a picture: a monocular model. */
export interface DepthPrior {
  /** For reports, e.g. `depth-anything-v2`. */
  id: string;
  /**
   * @param image colour 0..1
   * @returns of the image's size: inverse depth, larger is nearer, up to an unknown scale and shift. Not finite: no opinion
   * @throws SplatmendError; `cancelled` when the signal was aborted
   */
  estimate(image: RgbImage, signal?: AbortSignal): Promise<ScalarImage>;
}
