import type { Camera } from '../core/camera.ts';
import type { Inpainter } from '../core/inpainter.ts';
import type { Kernels } from '../core/kernels.ts';
import type { OnProgress } from '../core/progress.ts';
import type { RemoveOptions, RemoveResult } from '../core/remove-types.ts';
import type { Selection } from '../core/selection.ts';
import type { SplatCloud } from '../core/splat-cloud.ts';

export interface Models {
  inpainter: Inpainter;
}

export async function remove(
  _scene: SplatCloud,
  _selection: Selection,
  _cameras: readonly Camera[],
  _kernels: Kernels,
  _models: Models,
  _options?: RemoveOptions,
  _onProgress?: OnProgress,
  _signal?: AbortSignal,
): Promise<RemoveResult> {
  throw new Error('under construction');
}
