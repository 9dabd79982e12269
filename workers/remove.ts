/**
 * Removal: deletes the selected splats and mends the hole, and lifts the shadow where that is asked for. What is selected far
 * apart is mended one thing after the other. The line for one thing is `line/mend.ts`; see docs/architecture.md.
 */
import type { Camera } from '../core/camera.ts';
import type { Kernels } from '../core/kernels.ts';
import type { Marks } from '../core/marks.ts';
import { type OnProgress, throwIfCancelled } from '../core/progress.ts';
import type { RemoveOptions, RemoveResult } from '../core/remove-types.ts';
import type { Selection } from '../core/selection.ts';
import type { SplatCloud } from '../core/splat-cloud.ts';
import { checkSelection } from './line/begin.ts';
import { type Models, mend } from './line/mend.ts';
import { mendParts, thingsIn } from './line/mend-parts.ts';
import { liftShadows } from './shadow/lift-shadows.ts';
import { withShadowLifted, withSplatsReplaced } from './shadow/lit-result.ts';

export type { Models } from './line/mend.ts';

export interface RemoveLineOptions extends RemoveOptions {
  /** Locked and hidden splats stay as they are in a shadow that is lifted, too. */
  marks?: Marks | undefined;
}

/**
 * With `liftShadow` the hole is mended in a scene without the object's shadow. With `painted` what is selected counts as one
 * thing, of which the mask is a part.
 * @throws SplatmendError `bad-selection`, `empty-selection`, `everything-selected`, `bad-option`, `camera-sees-nothing`,
 * `cancelled`, and as kernels and models do
 */
export async function remove(
  scene: SplatCloud,
  selection: Selection,
  cameras: readonly Camera[],
  kernels: Kernels,
  models: Models,
  options: RemoveLineOptions = {},
  onProgress: OnProgress = () => {},
  signal?: AbortSignal,
): Promise<RemoveResult> {
  throwIfCancelled(signal);
  checkSelection(scene, selection);
  const things = options.painted ? [selection] : thingsIn(scene, selection);
  const mended = (lit: SplatCloud) =>
    things.length === 1
      ? mend(lit, selection, cameras, kernels, models, options, onProgress, signal)
      : mendParts(lit, things, cameras, kernels, models, options, onProgress, signal);
  if (!options.liftShadow) return mended(scene);
  onProgress({ step: 'lift shadow', fraction: 0 });
  const start = performance.now();
  const lifted = await liftShadows(scene, things, options.marks, signal);
  const seconds = (performance.now() - start) / 1000;
  return withShadowLifted(await mended(withSplatsReplaced(scene, lifted)), lifted, seconds);
}
