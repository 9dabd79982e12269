import type { Camera } from '../camera.ts';
import type { Mask, RgbImage, ScalarImage } from '../image.ts';

/** One posed picture with what is known of its depth. Images have the camera's size. */
export interface PosedView {
  id: string;
  camera: Camera;
  /** Absent where the source has none: completion is then unguided. */
  rgb?: RgbImage;
  /**
   * Where `rgb` has the picture's colour: single pixels (a structure-from-motion point's, say). It is spread to the others, says which
   * surface a pixel is of, and guides no completion. Absent: a whole picture.
   */
  coloured?: Mask;
  /** World units along z; 0 = unknown. */
  depth: ScalarImage;
  /** Larger is surer, in the source's own measure. */
  confidence?: ScalarImage;
}

/** Views that are read one by one: a capture need not fit in memory at its full size. */
export interface ViewSource {
  /** What it is, for people: `COLMAP, dense depth maps`. */
  kind: string;
  ids: readonly string[];
  /** Plain sentences about what was left out or assumed. */
  notes: readonly string[];
  /** @throws SplatmendError as reading a file does */
  load(index: number): Promise<PosedView>;
}
