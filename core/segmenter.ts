import type { Mask, Rect, RgbImage } from './image.ts';
import type { OnProgress } from './progress.ts';

/** A place in the picture, pixels (the first pixel's centre is 0.5, 0.5). */
export interface PromptPoint {
  x: number;
  y: number;
  /** 1: on the object that is meant; 0: on something else. */
  label: 1 | 0;
}

/** What is meant in a picture: points, a box around it, or both. */
export interface SegmentPrompts {
  points: readonly PromptPoint[];
  box?: Rect;
}

/** Finds the pixels of one thing in a picture. Of a model given by the user, or of the page's own. */
export interface Segmenter {
  /** Stable name for people and reports, e.g. `slimsam`. */
  readonly id: string;
  /**
   * @param image colour 0..1; not to be changed afterwards: the same object again is known to be the same picture
   * @returns a mask of the picture's size, 1 = on the thing that is meant
   * @throws SplatmendError `bad-option` for prompts it cannot use, `cancelled`; a failed call changes nothing
   */
  segment(
    image: RgbImage,
    prompts: SegmentPrompts,
    signal?: AbortSignal,
    onProgress?: OnProgress,
  ): Promise<Mask>;
  dispose(): void;
}
