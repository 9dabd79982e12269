import { cullRows } from '../../core/cpu/render/cull.ts';
import { type CloudMeasure, measureCloud } from '../../core/cpu/render/measure.ts';
import {
  createMask,
  createRgbImage,
  createScalarImage,
  type Mask,
  maskBounds,
  type RgbImage,
  type ScalarImage,
} from '../../core/image.ts';
import type { Kernels } from '../../core/kernels.ts';
import { dilate } from '../../core/morphology.ts';
import type { Polished, PolishView } from '../../core/polish-types.ts';
import type { FilledView } from '../../core/remove-types.ts';
import { type SplatCloud, takeSplats } from '../../core/splat-cloud.ts';
import { measureSeam, type SeamSteps } from '../steps/measure-seam.ts';
import { renderMended, type WorkingScene } from './render-view.ts';
import type { StepClock } from './step-clock.ts';

/** A view that was filled, and how far its picture reached. */
export interface FilledFrom {
  view: FilledView;
  /** World units along z; Infinity where all of the scene was in it. */
  maxDepth: number;
}

export interface PolishFillsInputs {
  working: WorkingScene;
  filled: readonly FilledFrom[];
  kernels: Kernels;
  clock: StepClock;
  steps: number;
  /** Survivors this far outside the mask are compared too, pixels. */
  bandPx: number;
  onStep: (done: number) => void;
  signal: AbortSignal | undefined;
}

/** The fills bent until their blend equals the pictures they were made from; the seam as it is then. */
export async function polishFills(
  inputs: PolishFillsInputs,
): Promise<Polished & { seams: SeamSteps[] }> {
  const { working, filled, kernels, clock, steps, bandPx, onStep, signal } = inputs;
  const views: PolishView[] = [];
  const polished = await clock.time('polish', () => {
    const measure = measureCloud(working.scene);
    const survivors = working.selection.map((selected) => (selected === 0 ? 1 : 0));
    for (const { view, maxDepth } of filled) {
      const mask = comparedPixels(view, bandPx);
      views.push({
        camera: view.camera,
        frozen: survivorsBehind(working, measure, survivors, view, mask, maxDepth),
        rgb: wantedColours(view),
        depth: depthInside(view),
        mask,
      });
    }
    return kernels.polish(working.added, views, { steps }, onStep, signal);
  });
  const seams: SeamSteps[] = [];
  for (const [k, { camera, frozen }] of views.entries()) {
    const done = await clock.time('render', () =>
      renderMended(frozen, polished.splats, camera, kernels, signal),
    );
    seams.push(measureSeam(done, filled[k]!.view.mask));
  }
  return { ...polished, seams };
}

/** Pixels beside the mask that are not compared. */
const GAP_PX = 2;

/**
 * What was filled, and a band of captured surface around it. Between the two is a gap: there the survivors alone were
 * seen with the hole's light coming through, which no fill should show.
 */
function comparedPixels(view: FilledView, bandPx: number): Mask {
  const { mask, confidence, depthCompleted, depthBefore } = view;
  const gap = dilate(mask, GAP_PX);
  const around = dilate(mask, GAP_PX + bandPx);
  const out = createMask(mask.width, mask.height);
  for (let i = 0; i < out.data.length; i++) {
    const compared =
      mask.data[i] !== 0
        ? depthCompleted.data[i]! > 0 && confidence.data[i]! > 0
        : around.data[i] !== 0 && gap.data[i] === 0 && depthBefore.data[i]! > 0;
    if (compared) out.data[i] = 1;
  }
  return out;
}

/** The painted picture inside the mask, the survivors as they were seen outside. */
function wantedColours({ mask, rgbInpainted, rgbBefore }: FilledView): RgbImage {
  const out = createRgbImage(mask.width, mask.height);
  for (let i = 0; i < mask.data.length; i++) {
    const { data } = mask.data[i] !== 0 ? rgbInpainted : rgbBefore;
    for (let k = 0; k < 3; k++) out.data[i * 3 + k] = data[i * 3 + k]!;
  }
  return out;
}

/** The wanted depth inside the mask alone: outside, a blend's mean depth is not the median that was rendered. */
function depthInside({ mask, depthCompleted }: FilledView): ScalarImage {
  const out = createScalarImage(mask.width, mask.height);
  for (let i = 0; i < out.data.length; i++) {
    if (mask.data[i] !== 0) out.data[i] = depthCompleted.data[i]!;
  }
  return out;
}

/** The survivors that the view's compared pixels can hold. */
function survivorsBehind(
  { scene, nearRows }: WorkingScene,
  measure: CloudMeasure,
  survivors: Uint8Array,
  { camera }: FilledView,
  mask: Mask,
  maxDepth: number,
): SplatCloud {
  const region = maskBounds(mask);
  if (region === undefined) return takeSplats(scene, []);
  const rows = new Uint32Array(scene.count);
  let visible = survivors;
  if (Number.isFinite(maxDepth)) {
    visible = new Uint8Array(scene.count);
    for (const row of nearRows) visible[row] = survivors[row]!;
  }
  const count = cullRows(scene, measure, camera, region, visible, 0, scene.count, rows, 0);
  const [, , m2, , , , m6, , , , m10, , , , m14] = camera.worldToCamera;
  const p = scene.positions;
  const near = rows
    .subarray(0, count)
    .filter((i) => m2! * p[i * 3]! + m6! * p[i * 3 + 1]! + m10! * p[i * 3 + 2]! + m14! < maxDepth);
  return takeSplats(scene, near);
}
