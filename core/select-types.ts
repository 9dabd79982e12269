/** What the selection tools ask for: plain data that crosses the worker. */
import type { Camera } from './camera.ts';
import type { Mask } from './image.ts';
import type { Marks } from './marks.ts';
import type { Selection, SelectionVolume } from './selection.ts';

/** Which splats a shape on the picture means. */
export type SelectDepth =
  /** Only those that contribute to the visible surface under the shape. */
  | 'visible'
  /** All whose centres lie under the shape, however deep. */
  | 'through';

/** A brushed line over the picture. */
export interface Stroke {
  /** x, y, x, y … in pixels of the request's camera. One point is a dab. */
  points: Float32Array;
  /** Half the line's width, pixels. */
  radiusPx: number;
}

/** A tool's wish. Pixels are the camera's; the camera is in the cloud's frame. */
export type SelectShape =
  /** The object seen at a pixel (seeded segmentation); see SELECT_OBJECT_DEFAULTS for `strength`. */
  | { kind: 'object'; camera: Camera; x: number; y: number; strength?: number }
  /**
   * `base` corrected: `strokes` of one sign, over what belongs to the object (`add`) or does not
   * (`remove`). Each means the part it lies on, not only the splats under it.
   */
  | {
      kind: 'refine';
      camera: Camera;
      base: Selection;
      strokes: Stroke[];
      sign: 'add' | 'remove';
      strength?: number;
    }
  | {
      kind: 'rectangle';
      camera: Camera;
      x0: number;
      y0: number;
      x1: number;
      y1: number;
      depth: SelectDepth;
    }
  /** Lasso and polygon. x, y, x, y …; closed from the last point to the first, even-odd. */
  | { kind: 'polygon'; camera: Camera; points: Float32Array; depth: SelectDepth }
  | { kind: 'brush'; camera: Camera; strokes: Stroke[]; depth: SelectDepth }
  /** Any mask of the camera's size (a segmenter's): splats that put more than `share` of their light into it. */
  | { kind: 'mask'; camera: Camera; mask: Mask; share?: number }
  /** The connected patch of like colour around a pixel of the rendered picture. `tolerance` 0..1: root mean square of the three differences. */
  | { kind: 'flood'; camera: Camera; x: number; y: number; tolerance: number }
  /** All splats of the colour of the splat seen at a pixel, anywhere in the scene (eyedropper). */
  | { kind: 'colour'; camera: Camera; x: number; y: number; tolerance: number }
  | { kind: 'volume'; volume: SelectionVolume }
  /** `base` and its neighbours within a splat's spacing, `steps` times; `shrink` is its counterpart. */
  | { kind: 'grow' | 'shrink'; base: Selection; steps?: number }
  /** `base` with what carries its contact shadow or its colour on the surfaces around it. */
  | { kind: 'halo'; base: Selection };

/** Hidden splats are not there for a tool; locked ones are, but never come out selected. */
export type SelectRequest = SelectShape & { marks?: Marks };
