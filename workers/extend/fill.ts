/** One view of the path: what is open in it, painted and lifted. */
import type { Camera } from '../../core/camera.ts';
import {
  countMask,
  createMask,
  createScalarImage,
  type Mask,
  type RgbImage,
  type ScalarImage,
} from '../../core/image.ts';
import type { Kernels, RenderedView } from '../../core/kernels.ts';
import { lookOnce } from '../../core/look-once.ts';
import { medianDepth } from '../../core/median-depth.ts';
import { and, dilate, minus, or } from '../../core/morphology.ts';
import { type SplatCloud, takeSplats } from '../../core/splat-cloud.ts';
import type { Surroundings } from '../../core/surroundings.ts';
import { withoutBackground } from '../line/fill-view.ts';
import { guideDepth } from '../line/guide-depth.ts';
import { renderMended, survivorsInView, type WorkingScene } from '../line/render-view.ts';
import type { StepClock } from '../line/step-clock.ts';
import type { Models } from '../remove.ts';
import { coveredPixels } from '../steps/find-hole.ts';
import { liftToSplats } from '../steps/lift.ts';
import { measureSeam, type SeamSteps } from '../steps/measure-seam.ts';
import { solveColours } from '../steps/solve-colours.ts';
import { type Continued, continueDepth } from './continue-depth.ts';
import { paintOnSheets } from './paint-sheets.ts';
import type { Sheet } from './sheets.ts';
import { type Shell, type ShellView, shellView } from './shell.ts';
import { stretchedSplats } from './stretched.ts';

export interface ExtendInputs {
  working: WorkingScene;
  camera: Camera;
  start: Camera;
  shell: Shell;
  /** What is known of the shell's planes; grows. */
  sheets: readonly (Sheet | undefined)[];
  kernels: Kernels;
  models: Models;
  surroundings: Surroundings;
  /** The camera that a splat of the scene (row undefined) or of the added was made for, where it is known. */
  madeFor: (addedRow: number | undefined) => Camera | undefined;
  seed: number;
  prompt: string;
  clock: StepClock;
  onStep: (step: string, done: number) => void;
  signal: AbortSignal | undefined;
}

export interface Extension {
  splats: SplatCloud;
  seam: SeamSteps;
  /** Pixels that were open, and of them those that show a surface now. */
  open: number;
  filled: number;
  /** Pixels that show nothing and were left so: sky, and what lies too far away. */
  left: number;
}

/** Share of the picture that must show something to go on from. */
const LEAST_KNOWN = 0.002;
/** Share of a pixel's light from stretched splats from which it is painted anew. */
const STRETCHED_SHARE = 0.5;
/** What is off the bounds by more than this share of their depth does not lie on them … */
const LYING = 0.04;
/** … nor what lies this near it, share of the picture's width. */
const FOOT = 0.012;
/** The hole reaches this far into the frayed rim of what is there, pixels. */
const SEAM_PX = 2;
/** cos between ray and normal: long walls and floors are seen this flat, and no other view comes to look at them. */
const MIN_COSINE = 0.03;
const COLOUR_ROUNDS = 2;
/** A splat is no finer than one pixel of the view's median depth, and no coarser than so many. */
const MOST_STRIDE = 3;
/** What is painted over a stretched surface lies this many footprints of a pixel before it. */
const BEFORE = 0.5;

/** What is open in a view and can be built on. */
interface Opening {
  hole: Mask;
  known: Mask;
  /** No source of colours: sky, and what is left open. */
  nothing: Mask;
}

function findOpening(view: RenderedView, bounds: ScalarImage, sky: Mask): Opening {
  const { width, height } = view.alpha;
  const covered = coveredPixels(view);
  const stretched = createMask(width, height);
  for (let i = 0; i < stretched.data.length; i++) {
    if (view.marked.data[i]! > STRETCHED_SHARE * view.alpha.data[i]!) stretched.data[i] = 1;
  }
  const solid = minus(covered, and(covered, stretched));
  const hole = createMask(width, height);
  const nothing = createMask(width, height);
  for (let i = 0; i < hole.data.length; i++) {
    if (solid.data[i] !== 0) continue;
    if (sky.data[i] !== 0 || !(bounds.data[i]! > 0)) nothing.data[i] = 1;
    else hole.data[i] = 1;
  }
  // Not into what is sure: the rim's own colour and depth are what is continued.
  const frayed = dilate(hole, SEAM_PX);
  for (let i = 0; i < hole.data.length; i++) {
    const see = frayed.data[i] !== 0 && solid.data[i] !== 0 && view.alpha.data[i]! < SOLID_ALPHA;
    if (see && bounds.data[i]! > 0 && sky.data[i] === 0) hole.data[i] = 1;
  }
  return { hole, known: minus(solid, hole), nothing };
}
const SOLID_ALPHA = 0.9;

/** Over a stretched surface the paint lies just before it; what would lie behind it is left out. */
function beforeStretched(
  { view, hole }: { view: RenderedView; hole: Mask },
  depth: ScalarImage,
  camera: Camera,
): Mask {
  const out = { ...hole, data: hole.data.slice() };
  for (let i = 0; i < out.data.length; i++) {
    const there = view.depthMedian.data[i]!;
    if (out.data[i] === 0 || !(depth.data[i]! > 0)) {
      out.data[i] = 0;
      continue;
    }
    if (view.alpha.data[i]! < SOLID_ALPHA || !(there > 0)) continue;
    const footprint = there / camera.fx;
    if (depth.data[i]! > there + 2 * footprint) out.data[i] = 0;
    else depth.data[i] = Math.min(depth.data[i]!, there - BEFORE * footprint);
  }
  return out;
}

/** Fills what is open in one view. Where nothing is, or nothing to go on from, there are no splats. */
export async function extendView(inputs: ExtendInputs): Promise<Extension> {
  const { working, camera, shell, kernels, models, clock, onStep, signal } = inputs;
  onStep('look', 0);
  const local = survivorsInView(working, camera, Number.POSITIVE_INFINITY);
  const firstAdded = local.count - working.added.count;
  const marked = stretchedSplats(local, camera, (i) =>
    inputs.madeFor(i < firstAdded ? undefined : i - firstAdded),
  );
  const view = await clock.time('render', () =>
    lookOnce(kernels, local, camera, { marked }, signal),
  );
  const seen = shellView(shell, camera);
  const { depth: bounds, sky } = seen;
  const { hole, known, nothing } = findOpening(view, bounds, sky);
  const open = countMask(hole);
  const left = countMask(nothing);
  if (open === 0 || countMask(known) < LEAST_KNOWN * known.data.length) {
    return {
      splats: takeSplats(working.scene, []),
      seam: { depth: [], colour: [], deltaE: [] },
      open,
      filled: 0,
      left,
    };
  }
  onStep('complete depth', 0.1);
  const continued = await clock.time('complete depth', () =>
    continueDepth(
      {
        camera,
        depth: view.depthMedian,
        known,
        hole,
        bounds,
        start: inputs.start,
        seed: inputs.seed,
      },
      kernels,
      signal,
    ),
  );
  let { depth } = continued;
  const mask = beforeStretched({ view, hole }, depth, camera);
  onStep('inpaint', 0.3);
  const painted = await clock.time('inpaint', () =>
    paint(
      { image: withoutBackground(view), mask, known, nothing, continued, seen },
      inputs,
      (fraction) => onStep('inpaint', 0.3 + 0.4 * fraction),
    ),
  );
  const { prior } = models;
  if (prior !== undefined) {
    onStep('guess depth', 0.7);
    const guess = await clock.time('guess depth', () => prior.estimate(painted, signal));
    depth = await clock.time('complete depth', () =>
      guideDepth({ depth, mask, rgb: painted, prior: guess }, kernels, signal),
    );
  }
  onStep('lift', 0.8);
  const sure = createScalarImage(camera.width, camera.height);
  sure.data.fill(1);
  const splats = await clock.time('lift', () =>
    liftToSplats({
      camera,
      mask,
      depth,
      confidence: sure,
      rgb: painted,
      surroundings: fitted(inputs.surroundings, camera, mask, depth),
      like: working.scene,
      minCosine: MIN_COSINE,
    }),
  );
  const mended = () =>
    clock.time('render', () => renderMended(local, splats, camera, kernels, signal));
  onStep('match colours', 0.9);
  for (let round = 0; round < COLOUR_ROUNDS; round++) {
    const now = await mended();
    await clock.time('colours', () => solveColours(splats, camera, painted, now.rgb, mask));
  }
  const done = await mended();
  const filled = countMask(and(coveredPixels(done), hole));
  return { splats, seam: measureSeam(done, mask), open, filled, left };
}

interface Painting {
  image: RgbImage;
  mask: Mask;
  known: Mask;
  nothing: Mask;
  continued: Continued;
  seen: ShellView;
}

/** Pixels that show the bounds themselves: neither what stands before them, nor the foot of it. */
function lyingOn(known: Mask, depth: ScalarImage, bounds: ScalarImage): Mask {
  const off = createMask(known.width, known.height);
  for (let i = 0; i < off.data.length; i++) {
    if (known.data[i] === 0) continue;
    // Also where there are no bounds.
    if (!(Math.abs(depth.data[i]! / bounds.data[i]! - 1) <= LYING)) off.data[i] = 1;
  }
  return minus(known, dilate(off, Math.max(2, Math.round(FOOT * known.width))));
}

/**
 * Paints what is open. A filler that copies by surface (it reads depth) paints each plane of the scene's bounds face on, from what is known of
 * it; then what is left in the view, the bounds from the bounds alone and things from things: else a thing that the picture's border cuts is
 * copied on along the wall behind it, view after view. One that does not is shown the whole picture once.
 */
async function paint(
  { image, mask, known, nothing, continued, seen }: Painting,
  inputs: ExtendInputs,
  onFraction: (fraction: number) => void,
): Promise<RgbImage> {
  const { camera, shell, sheets, seed, prompt, signal } = inputs;
  const { inpainter } = inputs.models;
  const { depth, things, grown } = continued;
  const run = (picture: RgbImage, part: Mask, ignore: Mask, from: number, to: number) =>
    inpainter.inpaint(
      picture,
      part,
      { seed, ignore, depth, ...(prompt !== '' && { prompt }) },
      signal,
      ({ fraction }) => onFraction(from + (to - from) * fraction),
    );
  if (!inpainter.capabilities.depth) return run(image, mask, nothing, 0, 1);
  const open = minus(mask, grown);
  const own = and(mask, grown);
  const bounding = lyingOn(known, depth, seen.depth);
  const work = { camera, shell, sheets, seen, image, bounding, open, inpainter, seed };
  const rest = await paintOnSheets(work, (fraction) => onFraction(0.7 * fraction), signal);
  const first = await run(image, rest, or(nothing, or(things, own)), 0.7, 0.9);
  if (countMask(own) === 0) return first;
  const others = minus(minus({ ...mask, data: mask.data.map(() => 1) }, things), own);
  return run(first, own, others, 0.9, 1);
}

/** The scene's spacing, within what this view's pixels can show. */
function fitted(
  surroundings: Surroundings,
  camera: Camera,
  mask: Mask,
  depth: ScalarImage,
): Surroundings {
  const footprint = medianDepth(depth, mask) / camera.fx;
  const spacing = Math.min(MOST_STRIDE * footprint, Math.max(footprint, surroundings.spacing));
  return { ...surroundings, spacing };
}
