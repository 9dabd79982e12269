import { type Camera, projectPoint, type Vec3 } from '../../core/camera.ts';
import { countMask, createMask, type Mask, type ScalarImage } from '../../core/image.ts';
import type { Kernels, RenderedView } from '../../core/kernels.ts';
import { and, minus, or } from '../../core/morphology.ts';
import type { ObjectShape } from '../../core/object-shape.ts';
import { joinOutlines } from '../../core/outlines/join-outlines.ts';
import { pixelRays, unprojectImage } from '../../core/pixel-rays.ts';
import { cutAtCreases } from '../steps/creases.ts';
import {
  classifyEmpties,
  coveredPixels,
  filledPixels,
  findHole,
  footprintOf,
  type Hole,
  labelPixels,
  nearPixels,
  SHADOW_RADII,
  UNKNOWN,
} from '../steps/find-hole.ts';
import { forgetIslands } from '../steps/forget-islands.ts';
import {
  depthContinuity,
  growSurfaces,
  type Surface,
  segmentSurfaces,
} from '../steps/segment-surfaces.ts';
import { shadowOnPlane } from '../steps/shadow-on-plane.ts';
import { continueLabels, continueSurface, planeDepth } from './complete-layers.ts';
import { framedShare, visibleShare } from './frame.ts';
import { framingSurfaces } from './framing-surfaces.ts';
import { giveBackStrips } from './give-back-strips.ts';
import { type DrawnOutlines, drawnOutlines, isPastOutline } from './past-outlines.ts';
import { planePixels, takeFarPixels } from './plane-pixels.ts';
import { renderPair, type WorkingScene } from './render-view.ts';
import type { StepClock } from './step-clock.ts';

/** What one camera sees of the hole. */
export interface Look {
  camera: Camera;
  /** Survivors and fills. */
  view: RenderedView;
  /** The original scene, the object marked. */
  withObject: RenderedView;
  covered: Mask;
  footprint: Mask;
  hole: Hole;
  /** Share of the footprint's outline along which a surface near the object is seen, 0..1: how well the hole is framed. */
  framed: number;
  /** The outlines that were joined in this view. */
  drawn: DrawnOutlines;
  /** Share of the object's hull that no survivor covers in this view, 0..1. */
  visible: number;
}

export interface LookOptions {
  seamPx: number;
  seed: number;
  /** Leave out what lies far behind the object (views of our own need only its neighbourhood). */
  localOnly: boolean;
  /** Whether the object hid a world point from every capture camera; undefined where no camera can tell. */
  hidden: (point: Vec3) => boolean | undefined;
  /** Of the views that were filled. */
  drawn?: readonly DrawnOutlines[];
  /** What the user brushed, in this camera's pixels: taken as the hole in place of the found one. */
  painted?: Mask;
}

/** Surfaces within this many object radii of its hull say how the hole continues; what is farther is background. */
const NEAR_RADII = 0.8;
/** A plane's parts within this many object radii of its hull may be cut off from the rest by the hole. */
const BESIDE_RADII = 2;
/** Depths within this many object radii of each other are one surface. */
const AGREEMENT_RADII = 0.1;
const REACH_RADII = 0.3;
const BACK_RADII = 0.35;
const PLANE_TOLERANCE_RADII = 0.05;
/** Two planes' seen pixels speak for a crease between them where the planes are this near each other. */
const CREASE_RADII = 0.5;

/** Made cameras stand close: what lies this many object radii behind the object is left out of their pictures. */
const DEPTH_RADII = 6;

/** Depth beyond which a view leaves splats out, world units. */
export function farthest(camera: Camera, shape: ObjectShape, localOnly: boolean): number {
  return localOnly
    ? projectPoint(camera, shape.center).depth + DEPTH_RADII * shape.radius
    : Number.POSITIVE_INFINITY;
}

/** Renders one camera's view of the scene without the object, continues its surfaces and finds the hole in it. */
export async function look(
  working: WorkingScene,
  camera: Camera,
  shape: ObjectShape,
  kernels: Kernels,
  clock: StepClock,
  options: LookOptions,
  signal?: AbortSignal,
): Promise<Look> {
  const center = projectPoint(camera, shape.center).depth;
  const maxDepth = farthest(camera, shape, options.localOnly);
  const { view, withObject } = await clock.time('render', () =>
    renderPair(working, camera, maxDepth, kernels, signal),
  );
  const { painted } = options;
  const seenFootprint = footprintOf(withObject, options.seamPx);
  const footprint = painted === undefined ? seenFootprint : or(seenFootprint, painted);
  const covered = coveredPixels(view);
  const filled = filledPixels(view);
  const near = nearPixels(covered, view.depthMedian, camera, shape, NEAR_RADII * shape.radius);
  const empties = classifyEmpties(covered, footprint);
  let unseen = or(footprint, empties.shadow);
  const believed = and(near, or(minus(covered, unseen), filled));
  const pixel = center / camera.fx;
  const tolerance = Math.max(PLANE_TOLERANCE_RADII * shape.radius, 1.5 * pixel);
  const segmented = segmentSurfaces(
    camera,
    view.depthMedian,
    believed,
    tolerance,
    0.7 * shape.radius,
    options.seed,
  );
  const framing = framingSurfaces(
    segmented.map((surface) => ({
      surface,
      plane: surface.plane && planeDepth(surface.plane, camera),
    })),
    { unseen, footprint, view, withObject, shape },
  );
  const surfaces = framing.map(({ surface }) => surface);
  const planes = framing.map(({ plane }) => plane);
  const agreement = Math.max(AGREEMENT_RADII * shape.radius, 2 * pixel);
  const rays = pixelRays(camera);
  const limit = countMask(footprint);
  for (const plane of planes) {
    if (plane === undefined) continue;
    const more = shadowOnPlane(plane, { view, covered, unseen, limit }, agreement, (x, y, z) => {
      const point = rays.point(x, y, z);
      return (
        shape.outside(...point) <= SHADOW_RADII * shape.radius && options.hidden(point) === true
      );
    });
    empties.shadow = or(empties.shadow, more);
    empties.gaps = minus(empties.gaps, more);
    empties.background = minus(empties.background, more);
    unseen = or(unseen, more);
  }
  const { shadow } = empties;
  // A plane goes on beyond what is near: its far pixels are no background.
  const points = unprojectImage(camera, view.depthMedian);
  takeFarPixels(
    surfaces,
    minus(covered, unseen),
    points,
    tolerance,
    (i) =>
      shape.outside(points[3 * i]!, points[3 * i + 1]!, points[3 * i + 2]!) <=
      BESIDE_RADII * shape.radius,
  );
  giveBackStrips(surfaces, minus(covered, unseen), points, tolerance, camera, view.depthMedian);
  // Not continued, yet where survivors show them in the unseen region they are no see-through.
  const among = and(covered, unseen);
  const alongPlanes = (some: readonly Surface[]): Mask =>
    some.reduce(
      (mask, { plane }) =>
        plane === undefined ? mask : or(mask, planePixels(plane, among, points, 2 * tolerance)),
      createMask(camera.width, camera.height),
    );
  const shown = alongPlanes(
    segmented.filter(
      (surface) => !surfaces.includes(surface) && surface.count >= 0.2 * countMask(among),
    ),
  );
  // What lies along a plane in the unseen region is that plane's, or its underside's: no other surface grows there.
  const grown = growSurfaces(
    surfaces,
    minus(among, alongPlanes(segmented)),
    depthContinuity(camera, view.depthMedian, tolerance),
  );
  const layers = await clock.time('complete depth', async () => {
    const out = [];
    for (const [k, pixels] of grown.entries()) {
      const { depth, confidence } = await continueSurface(
        pixels,
        planes[k],
        view.depthMedian,
        or(unseen, empties.gaps),
        kernels,
        signal,
      );
      out.push({ pixels, kin: surfaces[k]!.kin ?? pixels, depth, confidence });
    }
    return out;
  });
  const { labels, real } = labelPixels({
    view,
    covered,
    near,
    filled: or(filled, shown),
    empties,
    unseen,
    layers,
    agreement,
    objectFront: center - shape.radius,
  });
  forgetIslands(labels, layers.length, UNKNOWN, camera.width);
  const asked = createMask(camera.width, camera.height);
  for (let i = 0; i < asked.data.length; i++) {
    if (unseen.data[i] !== 0 && labels[i] === UNKNOWN && real.data[i] === 0) asked.data[i] = 1;
  }
  const { drawn = [] } = options;
  const possible = (k: number, i: number) => {
    if (k === layers.length) return true;
    const z = layers[k]!.depth.data[i]!;
    if (!(z > 0)) return false;
    if (drawn.length === 0) return true;
    const y = Math.floor(i / camera.width);
    return !isPastOutline(drawn, rays.point(i - y * camera.width, y, z), agreement);
  };
  let open = asked;
  const continued = await clock.time('find hole', () => {
    const joined = joinOutlines(labels, UNKNOWN, layers.length, asked, possible);
    open = joined.open;
    return continueLabels(
      labels,
      layers.length + 1,
      open,
      kernels,
      signal,
      (k, i) => joined.barred[i] !== k && possible(k, i),
    );
  });
  cutAtCreases(
    continued,
    asked,
    layers.map(({ depth }, k) => ({ depth, plane: planes[k] })),
    CREASE_RADII * shape.radius,
  );

  const hole = findHole({
    view,
    covered,
    footprint,
    shadow,
    real,
    filled,
    labels: continued,
    layers,
    shape,
    agreement,
    reach: Math.max(REACH_RADII * shape.radius, 2 * pixel),
    beforeBack: Math.max(BACK_RADII * shape.radius, 2 * pixel),
    seamPx: options.seamPx,
    hidden: options.hidden,
  });
  if (painted !== undefined) {
    // Where no surface could be continued there is nothing to fill with.
    hole.mask = keepWhere(painted, hole.depth);
  }
  return {
    camera,
    view,
    withObject,
    covered,
    footprint,
    hole,
    drawn: drawnOutlines(camera, continued, minus(asked, open), layers),
    framed: framedShare(footprint, and(covered, near)),
    visible: visibleShare(withObject, camera, shape),
  };
}

/** The mask's pixels that have a depth. */
function keepWhere(mask: Mask, depth: ScalarImage): Mask {
  const out = createMask(mask.width, mask.height);
  for (let i = 0; i < out.data.length; i++) {
    if (mask.data[i] !== 0 && depth.data[i]! > 0) out.data[i] = 1;
  }
  return out;
}
