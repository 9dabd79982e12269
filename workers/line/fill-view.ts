import type { Camera } from '../../core/camera.ts';
import {
  countMask,
  createMask,
  createRgbImage,
  createScalarImage,
  type Mask,
  type RgbImage,
  type ScalarImage,
} from '../../core/image.ts';
import type { Kernels, RenderedView } from '../../core/kernels.ts';
import { and, dilate, minus } from '../../core/morphology.ts';
import type { ObjectShape } from '../../core/object-shape.ts';
import type { FilledView, RemoveOptions } from '../../core/remove-types.ts';
import type { SplatCloud } from '../../core/splat-cloud.ts';
import type { Surroundings } from '../../core/surroundings.ts';
import type { Models } from '../remove.ts';
import { coveredPixels } from '../steps/find-hole.ts';
import { liftToSplats, SIGMA_PER_SPACING } from '../steps/lift.ts';
import { measureSeam, type SeamSteps } from '../steps/measure-seam.ts';
import { solveColours } from '../steps/solve-colours.ts';
import { measureBody, thicken } from '../steps/thicken.ts';
import { guideDepth } from './guide-depth.ts';
import { farthest, type Look, type LookOptions, look } from './look.ts';
import type { DrawnOutlines } from './past-outlines.ts';
import { renderMended, survivorsInView, type WorkingScene } from './render-view.ts';
import type { StepClock } from './step-clock.ts';

export interface LookInputs {
  working: WorkingScene;
  camera: Camera;
  shape: ObjectShape;
  kernels: Kernels;
  settings: Required<RemoveOptions>;
  clock: StepClock;
  localOnly: boolean;
  hidden: LookOptions['hidden'];
  /** Outlines that earlier fills have drawn. */
  drawn: readonly DrawnOutlines[];
  /** A brushed mask of the camera's size, in place of the found one. */
  painted?: Mask | undefined;
  signal: AbortSignal | undefined;
}

export interface FillInputs extends LookInputs {
  surroundings: Surroundings;
  models: Models;
  /** Told as each step begins, with the share of this view's work that is done. */
  onStep?: (step: string, done: number) => void;
}

export interface FilledPatch {
  /** What is seen of the fill. */
  splats: SplatCloud;
  /** What lies behind that, for who looks from the side. */
  body: SplatCloud;
  seam: SeamSteps;
  drawn: DrawnOutlines;
  view: FilledView;
  /** Share of the hole's pixels that show a surface now, 0..1. */
  filled: number;
}

/** Rounds of the colour solve. Two take the blend's error to about a tenth; more change nothing one sees. */
const COLOUR_ROUNDS = 2;

/** The surfaces' thickness is measured within this share of the picture's width around the hole. */
const RING_SHARE = 0.12;
/** A surface's body reaches at most this many object radii behind what is seen of it. */
const BODY_RADII = 0.3;

/** Looks at one view with the hole in it, in full: what is filled next, or shown to the user. */
export function lookToFill(inputs: LookInputs): Promise<Look> {
  const { settings, localOnly, hidden, drawn, painted } = inputs;
  return look(
    inputs.working,
    inputs.camera,
    inputs.shape,
    inputs.kernels,
    inputs.clock,
    {
      seamPx: settings.seamPx,
      seed: settings.seed,
      localOnly,
      hidden,
      drawn,
      ...(painted === undefined ? {} : { painted }),
    },
    inputs.signal,
  );
}

/** Fills what is open in one view. Undefined when nothing is. */
export async function fillView(inputs: FillInputs): Promise<FilledPatch | undefined> {
  const { working, camera, shape, kernels, models, settings, clock, signal } = inputs;
  const onStep = inputs.onStep ?? (() => {});
  onStep('find hole', 0);
  const seen = await lookToFill(inputs);
  const { mask, depth, confidence } = seen.hole;
  if (countMask(mask) === 0) return undefined;
  const continued = merged(depth, seen.view.depthMedian, mask);
  onStep('inpaint', 0.4);
  const inpainted = await clock.time('inpaint', () =>
    models.inpainter.inpaint(
      withoutBackground(seen.view),
      mask,
      {
        seed: settings.seed,
        ignore: nothingThere(mask, seen.covered),
        ignoredIsFar: true,
        depth: continued,
      },
      signal,
      ({ fraction }) => onStep('inpaint', 0.4 + 0.25 * fraction),
    ),
  );
  let whole = continued;
  if (models.prior !== undefined) {
    const { prior } = models;
    onStep('guess depth', 0.65);
    const guess = await clock.time('guess depth', () => prior.estimate(inpainted, signal));
    whole = await clock.time('complete depth', () =>
      guideDepth({ depth: continued, mask, rgb: inpainted, prior: guess }, kernels, signal),
    );
  }
  onStep('lift', 0.7);
  const splats = await clock.time('lift', () =>
    liftToSplats({
      camera,
      mask,
      depth: whole,
      confidence,
      rgb: inpainted,
      surroundings: inputs.surroundings,
      like: working.scene,
    }),
  );
  const survivors = survivorsInView(working, camera, farthest(camera, shape, inputs.localOnly));
  const mended = () =>
    clock.time('render', () => renderMended(survivors, splats, camera, kernels, signal));
  onStep('match colours', 0.75);
  for (let round = 0; round < COLOUR_ROUNDS; round++) {
    const now = await mended();
    await clock.time('colours', () => solveColours(splats, camera, inpainted, now.rgb, mask));
  }
  const done = await mended();
  const body = await clock.time('lift', () => {
    const { width } = camera;
    const around = dilate(mask, Math.round(RING_SHARE * width));
    const ring = and(minus(around, dilate(seen.footprint, settings.seamPx)), seen.covered);
    const inside = measureBody(
      survivors,
      camera,
      { rgb: withoutBackground(seen.view), depth: seen.view.depthMedian },
      ring,
      inputs.surroundings.spacing,
      BODY_RADII * shape.radius,
      settings.seed,
    );
    return thicken(splats, camera, inside, SIGMA_PER_SPACING, settings.seed, signal);
  });
  return {
    splats,
    body,
    seam: measureSeam(done, mask),
    drawn: seen.drawn,
    filled: countMask(and(coveredPixels(done), mask)) / countMask(mask),
    view: {
      camera,
      rgbBefore: seen.view.rgb,
      rgbInpainted: inpainted,
      depthBefore: seen.view.depthMedian,
      depthCompleted: whole,
      confidence,
      footprint: seen.footprint,
      mask,
      added: splats.count + body.count,
    },
  };
}

/** The hole's depth inside the mask, the rendered depth outside it. */
function merged(hole: ScalarImage, rendered: ScalarImage, mask: Mask): ScalarImage {
  const out = createScalarImage(hole.width, hole.height);
  for (let i = 0; i < out.data.length; i++) {
    out.data[i] = mask.data[i] !== 0 ? hole.data[i]! : rendered.data[i]!;
  }
  return out;
}

/** Pixels that show no surface and are not to be filled: no source for the inpainter. */
function nothingThere(hole: Mask, covered: Mask): Mask {
  const out = createMask(hole.width, hole.height);
  for (let i = 0; i < out.data.length; i++)
    out.data[i] = hole.data[i] === 0 && covered.data[i] === 0 ? 1 : 0;
  return out;
}

/** Colour without the black background's share, so that frayed edges are no dark source for the inpainter. */
export function withoutBackground(view: RenderedView): RgbImage {
  const { width, height, data } = view.rgb;
  const out = createRgbImage(width, height);
  for (let i = 0; i < width * height; i++) {
    const alpha = view.alpha.data[i]!;
    const gain = alpha > 0.3 ? 1 / alpha : 1;
    for (let k = 0; k < 3; k++) out.data[i * 3 + k] = data[i * 3 + k]! * gain;
  }
  return out;
}
