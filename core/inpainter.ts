import type { Mask, RgbImage, ScalarImage } from './image.ts';
import type { OnProgress } from './progress.ts';

export interface InpaintHints {
  /** The same seed gives the same picture. */
  seed?: number;
  /** Pixels that take no part: neither filled nor copied from (nothing rendered there). */
  ignore?: Mask;
  /**
   * Depth along z of the finished picture: known outside the hole, completed inside; not finite or ≤ 0 = unknown.
   * A filler may use it to copy from the same surface only. Any unit: only ratios count.
   */
  depth?: ScalarImage;
}

/** Fills the masked pixels of a picture. Built in: the exemplar filler; later: ONNX models and servers. */
export interface Inpainter {
  /** Stable name for reports, e.g. `exemplar`. */
  id: string;
  /**
   * @param image colour 0..1
   * @param mask 1 = fill this pixel
   * @returns a new image; pixels outside the mask are copied bit for bit
   */
  inpaint(
    image: RgbImage,
    mask: Mask,
    hints?: InpaintHints,
    signal?: AbortSignal,
    onProgress?: OnProgress,
  ): Promise<RgbImage>;
}
