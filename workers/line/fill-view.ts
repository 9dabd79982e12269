import type { Camera } from '../../core/camera.ts';
import { countMask, createMask, type Mask } from '../../core/image.ts';
import type { Kernels } from '../../core/kernels.ts';
import type { ObjectShape } from '../../core/object-shape.ts';
import type { FilledView, RemoveOptions } from '../../core/remove-types.ts';
import type { SplatCloud } from '../../core/splat-cloud.ts';
import type { Surroundings } from '../../core/surroundings.ts';
import type { Models } from '../remove.ts';
import { coveredPixels } from '../steps/find-hole.ts';
import { liftToSplats } from '../steps/lift.ts';
import { and, look, minus, type WorkingScene } from './look.ts';
import type { StepClock } from './step-clock.ts';

export interface FillInputs {
  working: WorkingScene;
  camera: Camera;
  shape: ObjectShape;
  surroundings: Surroundings;
  kernels: Kernels;
  models: Models;
  settings: Required<RemoveOptions>;
  clock: StepClock;
  signal: AbortSignal | undefined;
}

/** Fills what is open in one view. Undefined when nothing is. */
export async function fillView(
  inputs: FillInputs,
): Promise<{ splats: SplatCloud; view: FilledView } | undefined> {
  const { working, camera, shape, kernels, models, settings, clock, signal } = inputs;
  const seen = await clock.time('find hole', () =>
    look(working, camera, shape, kernels, { seamPx: settings.seamPx }, signal),
  );
  if (countMask(seen.hole) === 0) return undefined;
  const covered = coveredPixels(seen.view);
  const known = minus(and(covered, seen.near), seen.hole);
  const ignore = nothingThere(seen.hole, covered);
  const inpainted = await clock.time('inpaint', () =>
    models.inpainter.inpaint(seen.view.rgb, seen.hole, { seed: settings.seed, ignore }, signal),
  );
  const completed = await clock.time('complete depth', () =>
    kernels.complete(
      { depth: seen.view.depthMedian, known, wanted: seen.hole, rgb: inpainted },
      undefined,
      signal,
    ),
  );
  const splats = await clock.time('lift', () =>
    liftToSplats({
      camera,
      mask: seen.hole,
      depth: completed.depth,
      confidence: completed.confidence,
      rgb: inpainted,
      surroundings: inputs.surroundings,
      like: working.scene,
    }),
  );
  return {
    splats,
    view: {
      camera,
      rgbBefore: seen.view.rgb,
      rgbInpainted: inpainted,
      depthBefore: seen.view.depthMedian,
      depthCompleted: completed.depth,
      confidence: completed.confidence,
      footprint: seen.footprint,
      mask: seen.hole,
      added: splats.count,
    },
  };
}

/** Pixels that show no surface and are not to be filled: no source for the inpainter. */
function nothingThere(hole: Mask, covered: Mask): Mask {
  const out = createMask(hole.width, hole.height);
  for (let i = 0; i < out.data.length; i++)
    out.data[i] = hole.data[i] === 0 && covered.data[i] === 0 ? 1 : 0;
  return out;
}
