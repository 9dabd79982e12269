import type { Mask, RgbImage, ScalarImage } from './image.ts';
import type { OnProgress } from './progress.ts';

export interface InpaintHints {
  /** The same seed gives the same picture; another one is another candidate. */
  seed?: number;
  /** What should stand in the hole, in words. Read where `capabilities.prompt`. */
  prompt?: string;
  /** What should not. Read where `capabilities.negativePrompt`. */
  negativePrompt?: string;
  /** How far the answer may go from what the hole shows now, 0 (as it is) to 1 (anew). Read where `capabilities.strength`. */
  strength?: number;
  /** Pixels that take no part: neither filled nor copied from (nothing rendered there). */
  ignore?: Mask;
  /** What is ignored lies behind everything else: a filler that reads `depth` may carry the outline against it on. */
  ignoredIsFar?: boolean;
  /**
   * Depth along z of the finished picture: known outside the hole, completed inside; not finite or ≤ 0 = unknown.
   * A filler may use it to copy from the same surface only. Any unit: only ratios count.
   */
  depth?: ScalarImage;
}

/** What an inpainter makes of its hints and calls, for what the user is offered and told. */
export interface InpainterCapabilities {
  /** Which hints it reads. The others are ignored, not refused. */
  prompt: boolean;
  negativePrompt: boolean;
  /** Another seed gives another candidate; else every answer is alike. */
  seed: boolean;
  strength: boolean;
  depth: boolean;
  /** `here`: no pixel leaves this computer by it. `elsewhere`: picture and mask are sent to `host`. */
  runs: 'here' | 'elsewhere';
  /** Where pixels go, e.g. `127.0.0.1:8080`; with `elsewhere`. */
  host?: string;
  /** Its progress is measured; else it goes from 0 to 1 in one step. */
  progress: boolean;
  /** A cancel stops the work itself; else only the waiting for it. */
  cancel: boolean;
}

/** Fills the masked pixels of a picture: the built-in exemplar filler, an ONNX model, a server, a person. */
export interface Inpainter {
  /** Stable name for reports, e.g. `exemplar`. */
  id: string;
  capabilities: InpainterCapabilities;
  /**
   * @param image colour 0..1
   * @param mask 1 = fill this pixel
   * @returns a new image; pixels outside the mask are copied bit for bit
   * @throws SplatmendError `bad-option` for sizes that do not fit, `bad-answer` for a picture that cannot be used, `cancelled`
   */
  inpaint(
    image: RgbImage,
    mask: Mask,
    hints?: InpaintHints,
    signal?: AbortSignal,
    onProgress?: OnProgress,
  ): Promise<RgbImage>;
}
