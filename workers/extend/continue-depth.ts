/** Depth of what a view leaves open: what bounds the scene goes on by its bounds, and things that the border cuts go on for a short way. */
import { type Camera, projectPoint } from '../../core/camera.ts';
import { distanceTo } from '../../core/distance.ts';
import {
  countMask,
  createMask,
  createScalarImage,
  type Mask,
  type ScalarImage,
} from '../../core/image.ts';
import type { DepthCompleter } from '../../core/kernels.ts';
import { medianDepth } from '../../core/median-depth.ts';
import { and, dilate, minus } from '../../core/morphology.ts';
import { pixelRays } from '../../core/pixel-rays.ts';
import { continueSurface, planeDepth } from '../line/complete-layers.ts';
import { type Surface, segmentSurfaces } from '../steps/segment-surfaces.ts';
import { nearSides } from './near-sides.ts';
import { planeSearch } from './survey.ts';

/** Nearer than this share of the bounds' depth stand things; from here on it is the bounds' relief. */
const THING = 0.8;
/** The relief (ratio to the bounds) goes on nearly first order, and … */
const RELIEF_OPTIONS = { reweightings: 1, alpha: 2, planeEdges: false };
/** … fades within this share of the picture's width: far from what is known the bounds are all there is. */
const FADE = 0.25;
/** The near side of an opening is left out with what lies this near it, pixels. */
const NEAR_SIDE_PX = 2;
/** A thing goes on for half its own size, and for no more than this share of the picture's width. */
const OWN_SIZE = 0.5;
const MOST_REACH = 0.1;
/** From the border of the start camera's picture, and from the hole, pixels. */
const BORDER_PX = 3;
const MOST_THINGS = 12;
const FEWEST_PIXELS = 12;

export interface OpenView {
  camera: Camera;
  /** Median depth of what is seen. */
  depth: ScalarImage;
  /** Where that can be built on. */
  known: Mask;
  /** What is to be filled; no pixel of it known. */
  hole: Mask;
  /** Depth of the scene's bounds, 0 = none. */
  bounds: ScalarImage;
  /** The start camera: its picture's border is what cuts things. */
  start: Camera;
  seed: number;
}

export interface Continued {
  /** Along z: the known pixels' bit for bit, the hole's where it can be said, 0 elsewhere. */
  depth: ScalarImage;
  /** Known pixels that show things before the bounds, and the hole's pixels that such things go on into. */
  things: Mask;
  grown: Mask;
}

const smoothstep = (t: number) => {
  const c = Math.min(1, Math.max(0, t));
  return c * c * (3 - 2 * c);
};

/**
 * Equivariant to the scene's scale.
 */
export async function continueDepth(
  open: OpenView,
  completer: DepthCompleter,
  signal?: AbortSignal,
): Promise<Continued> {
  const { camera, depth, known, hole, bounds, start, seed } = open;
  const { width, height } = depth;
  const n = width * height;
  const ratio = createScalarImage(width, height);
  const bounding = createMask(width, height);
  const standing = createMask(width, height);
  for (let i = 0; i < n; i++) {
    if (known.data[i] === 0) continue;
    // Where nothing bounds the scene everything stands free.
    ratio.data[i] = bounds.data[i]! > 0 ? depth.data[i]! / bounds.data[i]! : Number.NaN;
    if (ratio.data[i]! >= THING) bounding.data[i] = 1;
    else standing.data[i] = 1;
  }
  const nearer = dilate(nearSides(hole, known, ratio), NEAR_SIDE_PX);
  const relief = minus(bounding, nearer);
  const wanted = createMask(width, height);
  const fade = FADE * width;
  const away = distanceTo(relief);
  for (let i = 0; i < n; i++) {
    if (hole.data[i] !== 0 && bounds.data[i]! > 0 && away.data[i]! < fade) wanted.data[i] = 1;
  }
  const done =
    countMask(relief) === 0 || countMask(wanted) === 0
      ? undefined
      : await completer.complete({ depth: ratio, known: relief, wanted }, RELIEF_OPTIONS, signal);
  const out = createScalarImage(width, height);
  for (let i = 0; i < n; i++) {
    if (known.data[i] !== 0) out.data[i] = depth.data[i]!;
    else if (hole.data[i] !== 0 && bounds.data[i]! > 0) {
      const own = wanted.data[i] !== 0 ? (done?.depth.data[i] ?? 1) : 1;
      const say = 1 - smoothstep(away.data[i]! / fade);
      out.data[i] = bounds.data[i]! * (1 + say * ((own > 0 ? own : 1) - 1));
    }
  }
  const grown = createMask(width, height);
  const cut = cutByBorder(standing, depth, camera, start);
  for (const thing of thingsOf(camera, depth, minus(standing, nearer), seed)) {
    await standOn(thing, { out, grown, cut, away, hole, depth, camera }, completer, signal);
  }
  return { depth: out, things: standing, grown };
}

/** Pixels of things that lie at the border of the start camera's picture: what else ends there ends by itself. */
function cutByBorder(standing: Mask, depth: ScalarImage, camera: Camera, start: Camera): Mask {
  const rays = pixelRays(camera);
  const out = createMask(standing.width, standing.height);
  for (let i = 0; i < out.data.length; i++) {
    if (standing.data[i] === 0) continue;
    const place = rays.point(i % out.width, Math.floor(i / out.width), depth.data[i]!);
    const { u, v, depth: z } = projectPoint(start, place);
    const inside = Math.min(u, v, start.width - u, start.height - v);
    if (z > 0 && Math.abs(inside) < BORDER_PX) out.data[i] = 1;
  }
  return out;
}

/** What stands before the bounds, as surfaces; the largest first. */
function thingsOf(camera: Camera, depth: ScalarImage, standing: Mask, seed: number): Surface[] {
  const middle = medianDepth(depth, standing);
  if (middle === 0) return [];
  const { tolerance, reach } = planeSearch(middle, camera);
  return segmentSurfaces(camera, depth, standing, tolerance, reach, seed)
    .sort((a, b) => b.count - a.count)
    .slice(0, MOST_THINGS);
}

interface Standing {
  /** Changed where the thing goes on, and where that is. */
  out: ScalarImage;
  grown: Mask;
  /** Where the start camera's picture ends things. */
  cut: Mask;
  /** Distance to the bounds that are seen, pixels. */
  away: ScalarImage;
  hole: Mask;
  depth: ScalarImage;
  camera: Camera;
}

/** Continues one thing into the hole: as far as it is nearer there than what bounds the scene, and as it is large. */
async function standOn(
  { pixels, plane, count }: Surface,
  { out, grown, cut, away, hole, depth, camera }: Standing,
  completer: DepthCompleter,
  signal: AbortSignal | undefined,
): Promise<void> {
  const reach = Math.min(OWN_SIZE * Math.sqrt(count), MOST_REACH * hole.width);
  const rim = and(pixels, cut);
  if (countMask(and(dilate(rim, BORDER_PX), hole)) === 0) return;
  const near = distanceTo(rim);
  const own = createMask(hole.width, hole.height);
  for (let i = 0; i < own.data.length; i++) {
    const d = near.data[i]!;
    if (hole.data[i] !== 0 && d <= reach && d < away.data[i]!) own.data[i] = 1;
  }
  if (countMask(own) < FEWEST_PIXELS) return;
  const flat = plane === undefined ? undefined : planeDepth(plane, camera);
  const done = await continueSurface(pixels, flat, depth, own, completer, signal);
  for (let i = 0; i < own.data.length; i++) {
    const z = done.depth.data[i]!;
    if (own.data[i] === 0 || !(z > 0)) continue;
    // Behind what is there already (its bounds, a nearer thing) it does not show.
    if (out.data[i]! > 0 && z >= out.data[i]!) continue;
    out.data[i] = z;
    grown.data[i] = 1;
  }
}
