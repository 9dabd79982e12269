import { breathe, throwIfCancelled } from '../progress.ts';
import type { SplatCloud } from '../splat-cloud.ts';
import { cloudMeasure } from './light-shares.ts';
import { neighbourGrid } from './neighbour-grid.ts';
import { buildSceneIndex } from './scene-index.ts';
import { splatShapes } from './splat-shapes.ts';

/**
 * Makes what the first click, the first stroke and the first mask need of a cloud whatever the view, breathing: some
 * 600 ms and 90 bytes a splat for a million splats.
 * @throws SplatmendError `cancelled`
 */
export async function prepareSelection(cloud: SplatCloud, signal?: AbortSignal): Promise<void> {
  await buildSceneIndex(cloud, signal);
  await splatShapes(cloud, signal);
  await breathe();
  throwIfCancelled(signal);
  cloudMeasure(cloud);
  await breathe();
  throwIfCancelled(signal);
  neighbourGrid(cloud);
}
