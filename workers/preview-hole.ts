/** The removal line's first half for one view: the hole is found and shown, and nothing is filled. */
import type { Camera } from '../core/camera.ts';
import { countMask } from '../core/image.ts';
import type { Kernels } from '../core/kernels.ts';
import { type OnProgress, throwIfCancelled } from '../core/progress.ts';
import type { HolePreview, RemoveOptions } from '../core/remove-types.ts';
import type { Selection } from '../core/selection.ts';
import type { SplatCloud } from '../core/splat-cloud.ts';
import { begin, cameraSeesNothing } from './line/begin.ts';
import { lookToFill } from './line/fill-view.ts';
import { judge } from './line/judge.ts';

/**
 * What a removal would fill first from this camera. Its camera and a mask painted over it are what
 * `RemoveOptions.painted` takes.
 * @throws SplatmendError as `remove` does; `camera-sees-nothing` where this camera does not see the selection
 */
export async function previewHole(
  scene: SplatCloud,
  selection: Selection,
  camera: Camera,
  kernels: Kernels,
  options: RemoveOptions = {},
  onProgress: OnProgress = () => {},
  signal?: AbortSignal,
): Promise<HolePreview> {
  throwIfCancelled(signal);
  const removal = begin(scene, selection, { ...options, painted: null });
  const { working, shape, clock, settings, hidden } = removal;
  onProgress({ step: 'choose cameras', fraction: 0 });
  const given = { camera, given: true };
  const coarse = await judge(
    given,
    working,
    shape,
    kernels,
    clock,
    { seed: settings.seed, hidden },
    signal,
  );
  if (coarse !== undefined) removal.givenLooks = [coarse.look];
  const fillCamera = removal.fillCamera(camera);
  if (fillCamera === undefined) throw cameraSeesNothing();
  throwIfCancelled(signal);
  onProgress({ step: 'find hole', fraction: 0.3 });
  const seen = await lookToFill({
    ...removal,
    camera: fillCamera,
    kernels,
    localOnly: false,
    signal,
  });
  if (countMask(seen.footprint) === 0) throw cameraSeesNothing();
  onProgress({ step: 'find hole', fraction: 1 });
  return {
    camera: fillCamera,
    rgb: seen.view.rgb,
    depth: seen.view.depthMedian,
    footprint: seen.footprint,
    mask: seen.hole.mask,
  };
}
