import type { SplatCloud } from '../splat-cloud.ts';
import { buildSceneIndex } from './scene-index.ts';
import { splatShapes } from './splat-shapes.ts';

/**
 * Makes what the first click and the first stroke need of a cloud whatever the view, breathing: some 250 ms for a
 * million splats.
 * @throws SplatmendError `cancelled`
 */
export async function prepareSelection(cloud: SplatCloud, signal?: AbortSignal): Promise<void> {
  await buildSceneIndex(cloud, signal);
  await splatShapes(cloud, signal);
}
