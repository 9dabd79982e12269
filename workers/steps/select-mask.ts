/** A mask of the view, from any segmenter, lifted to splats by their light. */
import type { Camera } from '../../core/camera.ts';
import { SplatmendError } from '../../core/errors.ts';
import type { Mask } from '../../core/image.ts';
import { HIDDEN, type Marks } from '../../core/marks.ts';
import { lightShares } from '../../core/select/light-shares.ts';
import { checkCamera } from '../../core/select/view-surface.ts';
import type { Selection } from '../../core/selection.ts';
import type { SplatCloud } from '../../core/splat-cloud.ts';

/** What gets less than this of its light past what is before it is hidden: the little that leaks says nothing. */
const LEAST_PASSED = 0.05;

export interface MaskPick {
  camera: Camera;
  mask: Mask;
  /** Splats with more than this share of their light in the mask are meant, 0..1. Default 0.5. */
  share?: number;
}

/**
 * Some seconds for a million splats under a mask of the whole picture, less for a smaller one.
 * @param marks what is hidden gives no light
 * @throws SplatmendError `bad-selection` for a mask that is not of the camera's size; `bad-option`; `bad-camera`; `cancelled`
 */
export async function selectMask(
  cloud: SplatCloud,
  { camera, mask, share = 0.5 }: MaskPick,
  marks?: Marks,
  signal?: AbortSignal,
): Promise<Selection> {
  checkCamera(camera);
  const { width, height, data } = mask;
  if (width !== camera.width || height !== camera.height || data.length !== width * height) {
    throw new SplatmendError(
      'bad-selection',
      `mask: ${width} × ${height} with ${data.length} bytes for a view of ${camera.width} × ${camera.height}; give one byte a pixel of the view`,
    );
  }
  if (!(share >= 0 && share < 1)) {
    throw new SplatmendError('bad-option', `mask: share ${share}; give 0 to less than 1`);
  }
  const visible = marks && Uint8Array.from(marks, (m) => ((m & HIDDEN) === 0 ? 1 : 0));
  const { shares, passed } = await lightShares(cloud, camera, mask, visible, signal);
  const selection = new Uint8Array(cloud.count);
  for (let i = 0; i < cloud.count; i++) {
    if (shares[i]! > share && passed[i]! >= LEAST_PASSED) selection[i] = 1;
  }
  return selection;
}
