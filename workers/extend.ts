/** Grows a scene along a path of cameras: what each sees open is painted and lifted, and the next one sees it. */
import { type Camera, cameraCenter, fieldOfView, unprojectPoint } from '../core/camera.ts';
import { SplatmendError } from '../core/errors.ts';
import {
  EXTEND_DEFAULTS,
  type ExtendedView,
  type ExtendOptions,
  type ExtendPath,
  type ExtendResult,
} from '../core/extend-types.ts';
import { countMask } from '../core/image.ts';
import type { Kernels } from '../core/kernels.ts';
import { medianDepth } from '../core/median-depth.ts';
import { orbitCamera } from '../core/orbit.ts';
import { type OnProgress, throwIfCancelled } from '../core/progress.ts';
import { quantile } from '../core/quantile.ts';
import { concatSplats, type SplatCloud } from '../core/splat-cloud.ts';
import { extendView } from './extend/fill.ts';
import { measureSplats } from './extend/measure-splats.ts';
import { atMost, orbitAngles, ringAngles } from './extend/path.ts';
import { createSheets, type Sheet } from './extend/sheets.ts';
import { buildShell, type Shell } from './extend/shell.ts';
import { findSkyline } from './extend/skyline.ts';
import {
  allPoints,
  boundingPlanes,
  findAhead,
  findUp,
  type Surveyed,
  survey,
} from './extend/survey.ts';
import { wholeWorkingScene } from './line/render-view.ts';
import { StepClock } from './line/step-clock.ts';
import type { Models } from './remove.ts';

export const ORBIT_DEG = 30;
export const RING_DEG = 360;
/** Of the picture: with less of the scene in the start camera there is nothing to go on from. */
const LEAST_SEEN = 0.005;
/** Share of the job that looking around takes. */
const SURVEY = 0.08;

/** The path's cameras without the start, in the order they are filled. */
function camerasOf(
  path: ExtendPath,
  start: Camera,
  { up, middle }: { up: Shell['up']; middle: number },
  options: Required<ExtendOptions>,
): Camera[] {
  const { steps, angleDeg, maxSidePx } = options;
  if (path.kind === 'view') return [];
  if (path.kind === 'cameras') return path.cameras.map((camera) => atMost(camera, maxSidePx));
  const fov = fieldOfView(start);
  const eye = cameraCenter(start);
  if (path.kind === 'ring') {
    return ringAngles(fov, angleDeg || RING_DEG, steps, path.oneWay).map((degrees) =>
      orbitCamera(start, eye, up, -degrees),
    );
  }
  const pivot = unprojectPoint(start, start.width / 2, start.height / 2, middle);
  return orbitAngles(fov, angleDeg || ORBIT_DEG, steps).map((degrees) =>
    orbitCamera(start, pivot, up, degrees),
  );
}

function checkOptions({ angleDeg, steps, maxSidePx }: Required<ExtendOptions>, path: ExtendPath) {
  const bad = (what: string) => new SplatmendError('bad-option', `extend: ${what}`);
  const most = path.kind === 'orbit' ? 180 : 360;
  if (!(angleDeg >= 0 && angleDeg <= most)) throw bad(`angle is ${angleDeg}; give 0 to ${most}`);
  if (!(Number.isInteger(steps) && steps >= 0)) throw bad(`steps is ${steps}; give a whole number`);
  if (!(maxSidePx >= 16 && maxSidePx <= 4096)) {
    throw bad(`pictures of ${maxSidePx} pixels; give 16 to 4096`);
  }
  if (path.kind === 'cameras' && path.cameras.length === 0) {
    throw new SplatmendError('bad-camera', 'extend: the path has no cameras; give at least one');
  }
}

/**
 * Extends a scene beyond what it shows. Its splats stay as they are, bit for bit; equivariant to its scale.
 * @param start where the scene is looked at from: it says what is up, what bounds the scene and what is sky
 * @throws SplatmendError `bad-option`, `bad-camera`, `camera-sees-nothing` (nothing to extend from), `cancelled`, and as kernels and models do
 */
export async function extend(
  scene: SplatCloud,
  start: Camera,
  path: ExtendPath,
  kernels: Kernels,
  models: Models,
  asked: ExtendOptions = {},
  onProgress: OnProgress = () => {},
  signal?: AbortSignal,
): Promise<ExtendResult> {
  const options = { ...EXTEND_DEFAULTS, ...asked };
  checkOptions(options, path);
  throwIfCancelled(signal);
  const clock = new StepClock();
  const first = atMost(start, options.maxSidePx);
  onProgress({ step: 'look around', fraction: 0 });
  const { shell, sheets, cameras } = await clock.time('look around', () =>
    lookAround(scene, first, path, kernels, options, signal),
  );
  const surroundings = measureSplats(scene, first);
  const working = wholeWorkingScene(scene);
  const makers: { end: number; camera: Camera }[] = [];
  const views: ExtendedView[] = [];
  const seams: { depth: number[]; colour: number[] } = { depth: [], colour: [] };
  let [openPixels, filledPixels] = [0, 0];
  for (const [k, camera] of cameras.entries()) {
    throwIfCancelled(signal);
    const base = { view: k + 1, views: cameras.length };
    const done = await extendView({
      working,
      camera,
      start: first,
      shell,
      sheets,
      kernels,
      models,
      surroundings,
      madeFor: (row) => (row === undefined ? first : makers.find(({ end }) => row < end)?.camera),
      seed: options.seed,
      prompt: options.prompt,
      clock,
      onStep: (step, share) =>
        onProgress({
          step,
          fraction: SURVEY + ((1 - SURVEY) * (k + share)) / cameras.length,
          ...base,
        }),
      signal,
    });
    const pixels = camera.width * camera.height;
    const { open } = done;
    views.push({
      camera,
      open: open / pixels,
      filled: open === 0 ? 1 : done.filled / open,
      left: done.left / pixels,
      first: working.added.count,
      count: done.splats.count,
    });
    if (open === 0) continue;
    working.added = concatSplats(working.added, done.splats);
    makers.push({ end: working.added.count, camera });
    openPixels += open;
    filledPixels += done.filled;
    for (const v of done.seam.depth) seams.depth.push(v);
    for (const v of done.seam.colour) seams.colour.push(v);
  }
  onProgress({ step: 'done', fraction: 1 });
  const coverage = openPixels === 0 ? 1 : filledPixels / openPixels;
  const seen = shell.facets.filter((facet) => facet.seen > 0).length;
  const { added } = working;
  return {
    patch: { removed: new Uint32Array(0), added },
    views,
    figures: {
      added: added.count,
      coverage,
      seamDepth: quantile(seams.depth, 0.5),
      seamDepth90: quantile(seams.depth, 0.9),
      seamColour: quantile(seams.colour, 0.5),
      up: shell.up,
      planes: { seen, closing: shell.facets.length - seen },
      sky: shell.skyline !== undefined,
      seconds: clock.seconds,
      notes: notesOn(views, shell, coverage),
    },
    backend: kernels.kind,
  };
}

/** What the scene is bound by, and from where it is looked at. */
async function lookAround(
  scene: SplatCloud,
  first: Camera,
  path: ExtendPath,
  kernels: Kernels,
  options: Required<ExtendOptions>,
  signal: AbortSignal | undefined,
): Promise<{ shell: Shell; sheets: readonly (Sheet | undefined)[]; cameras: Camera[] }> {
  const { seed, sky } = options;
  const renderer = await kernels.createRenderer(scene);
  try {
    const start = await survey(renderer, first, signal);
    if (countMask(start.covered) < LEAST_SEEN * start.covered.data.length) {
      throw new SplatmendError(
        'camera-sees-nothing',
        'extend: the camera sees nothing of the scene: nothing to extend from; move it so that the scene is in its picture',
      );
    }
    const up = findUp(start, seed);
    const cameras = camerasOf(path, first, { up, middle: middleDepth(start) }, options);
    const views: Surveyed[] = [start];
    for (const camera of cameras) {
      throwIfCancelled(signal);
      views.push(await survey(renderer, camera, signal));
    }
    const origin = cameraCenter(first);
    const planes = boundingPlanes(views, origin, up, seed);
    const ahead = findAhead(first, up);
    const closed = buildShell({ origin, up, ahead, planes, points: allPoints(views) });
    const skyline =
      sky === 'leave' ? findSkyline(closed, ahead, start.camera, start.covered) : undefined;
    const shell = skyline === undefined ? closed : { ...closed, skyline };
    const small = views.map((view) => view.camera);
    // The start's own gaps first: all others go on from it.
    return {
      shell,
      sheets: createSheets(shell, ahead, small, first.fx),
      cameras: [first, ...cameras],
    };
  } finally {
    renderer.destroy();
  }
}

/** Median depth of the picture's middle ninth; of the whole where nothing is there. */
function middleDepth(seen: Surveyed): number {
  const { width, height } = seen.camera;
  const covered = { width, height, data: seen.covered.data.slice() };
  for (let i = 0; i < covered.data.length; i++) {
    const [x, y] = [i % width, Math.floor(i / width)];
    const inside = x > width / 3 && x < (2 * width) / 3 && y > height / 3 && y < (2 * height) / 3;
    if (!inside) covered.data[i] = 0;
  }
  const { depthMedian } = seen.view;
  return medianDepth(depthMedian, covered) || medianDepth(depthMedian, seen.covered);
}

const percent = (share: number) => `${Math.min(share === 1 ? 100 : 99, Math.round(100 * share))} %`;

function boundsNote({ facets }: Shell): string {
  const seen = facets.filter((facet) => facet.seen > 0).length;
  const planes = facets.length === 1 ? 'the plane that bounds' : 'all planes that bound';
  if (seen === facets.length) return `the scene shows ${planes} it`;
  const rest =
    seen === 0
      ? 'none, they are'
      : `${seen}, ${seen + 1 === facets.length ? 'the other is' : 'the others are'}`;
  return `of the ${facets.length} planes that bound the scene it shows ${rest} a guess`;
}

function notesOn(views: readonly ExtendedView[], shell: Shell, coverage: number): string[] {
  const opened = views.filter(({ open }) => open > 0);
  if (opened.length === 0) return ['Nothing was open along the path: the scene is as it was.'];
  const where = views.length === 1 ? 'the view' : `${opened.length} of ${views.length} views`;
  const notes = [`Filled ${percent(coverage)} of what was open in ${where}; ${boundsNote(shell)}.`];
  const blind = opened.filter(({ filled, count }) => filled === 0 && count === 0).length;
  if (blind > 0) {
    notes.push(
      `${blind} ${blind === 1 ? 'view' : 'views'} saw nothing of what was there and ${blind === 1 ? 'was' : 'were'} skipped; let the path's views overlap.`,
    );
  }
  if (shell.skyline !== undefined) {
    notes.push('What is empty above the scene was taken for sky and left empty.');
  }
  return notes;
}
