/** What the path's cameras see of the scene before anything is added, in small pictures: its points, and the planes that bound it. */
import { type Camera, cameraAxes, cameraCenter, type Vec3 } from '../../core/camera.ts';
import { countMask, type Mask } from '../../core/image.ts';
import type { RenderedView, SplatRenderer } from '../../core/kernels.ts';
import { medianDepth } from '../../core/median-depth.ts';
import { minus } from '../../core/morphology.ts';
import { unprojectImage } from '../../core/pixel-rays.ts';
import { dot } from '../../core/vec3.ts';
import { planePixels } from '../line/plane-pixels.ts';
import { coveredPixels } from '../steps/find-hole.ts';
import { segmentSurfaces } from '../steps/segment-surfaces.ts';
import { levelled } from './frame.ts';
import { atMost } from './path.ts';
import type { Facet } from './shell.ts';

/** Longer side of the small pictures, pixels. */
const SIDE_PX = 128;
/** A plane's pixels lie this near it, share of the median depth; and within some footprints of a pixel. */
const TOLERANCE = 0.01;
const TOLERANCE_PX = 1.5;
/** Triples for planes are drawn this near each other, share of the median depth. */
const REACH = 0.5;
/** Searches for planes in what the ones before left over, and what is too little for one. */
const ROUNDS = 3;
const FEWEST_PIXELS = 150;
/** A view that shows less of the scene says nothing of its planes. */
const LEAST_COVERED = 0.25;
/** A plane bounds the scene where no more than this share of all that is seen lies beyond it … */
const MOST_BEYOND = 0.03;
/** … by over this share of its distance. */
const BEYOND = 0.04;
/** |cos| to the up direction: over the first a floor or a ceiling, under the second a wall. What is between bounds nothing. */
const LEVEL = 0.9;
const UPRIGHT = 0.2;
/** The floor's normal is within 50° of the camera's up direction: who turns the camera further turns what is up. */
const UP_COSINE = 0.643;
/** Two planes this parallel (cos 15°) and this near each other, share of their distance, are one that two views saw. */
const SAME_NORMAL = 0.966;
const SAME_OFFSET = 0.15;

export interface Surveyed {
  /** Small. */
  camera: Camera;
  view: RenderedView;
  covered: Mask;
  /** World points of all pixels, 3 each; and of the covered ones alone. */
  places: Float64Array;
  points: Float64Array;
}

export async function survey(
  renderer: SplatRenderer,
  camera: Camera,
  signal?: AbortSignal,
): Promise<Surveyed> {
  const small = atMost(camera, SIDE_PX);
  const view = await renderer.render(small, {}, signal);
  const covered = coveredPixels(view);
  const places = unprojectImage(small, view.depthMedian);
  const points = new Float64Array(3 * countMask(covered));
  let n = 0;
  for (let i = 0; i < covered.data.length; i++) {
    if (covered.data[i] === 0) continue;
    points.set(places.subarray(3 * i, 3 * i + 3), 3 * n++);
  }
  return { camera: small, view, covered, places, points };
}

/** All points of several views. */
export function allPoints(views: readonly Surveyed[]): Float64Array {
  const out = new Float64Array(views.reduce((sum, { points }) => sum + points.length, 0));
  let at = 0;
  for (const { points } of views) {
    out.set(points, at);
    at += points.length;
  }
  return out;
}

/** How near a plane its pixels lie, and how near each other the triples for planes, at a depth; world units. */
export const planeSearch = (depth: number, { fx }: Camera) => ({
  tolerance: Math.max(TOLERANCE * depth, (TOLERANCE_PX * depth) / fx),
  reach: REACH * depth,
});

/**
 * Planes that a view shows and beyond which next to nothing lies. Normals point away from `origin`. What lies on the found ones is taken out
 * and the rest searched again: a strip of floor under a wide wall is a small share of the picture.
 */
function planesOf(seen: Surveyed, origin: Vec3, points: Float64Array, seed: number): Facet[] {
  const { camera, view, covered, places } = seen;
  if (countMask(covered) < LEAST_COVERED * covered.data.length) return [];
  const depth = medianDepth(view.depthMedian, covered);
  const { tolerance, reach } = planeSearch(depth, camera);
  const out: Facet[] = [];
  let rest = covered;
  for (let round = 0; round < ROUNDS; round++) {
    if (countMask(rest) < FEWEST_PIXELS) break;
    let left = rest;
    for (const { plane, count } of segmentSurfaces(
      camera,
      view.depthMedian,
      rest,
      tolerance,
      reach,
      seed,
    )) {
      if (plane === undefined) continue;
      left = minus(left, planePixels(plane, left, places, 2 * tolerance));
      const from = plane.offset - dot(plane.normal, origin);
      const sign = from < 0 ? -1 : 1;
      const normal = plane.normal.map((v) => sign * v) as unknown as Vec3;
      const facet = { normal, offset: sign * plane.offset, seen: count };
      if (Math.abs(from) > tolerance && bounds(facet, origin, points, tolerance)) out.push(facet);
    }
    if (countMask(left) === countMask(rest)) break;
    rest = left;
  }
  return out;
}

function bounds({ normal, offset }: Facet, origin: Vec3, points: Float64Array, tolerance: number) {
  let beyond = 0;
  for (let i = 0; i < points.length; i += 3) {
    const p: Vec3 = [points[i]!, points[i + 1]!, points[i + 2]!];
    const distance = Math.hypot(p[0] - origin[0], p[1] - origin[1], p[2] - origin[2]);
    if (dot(normal, p) - offset > tolerance + BEYOND * distance) beyond++;
  }
  return beyond <= (MOST_BEYOND * points.length) / 3;
}

/** Upwards in the world: the normal of the largest plane under the camera that bounds what it sees, else the camera's own. */
export function findUp(start: Surveyed, seed: number): Vec3 {
  const { down } = cameraAxes(start.camera);
  const origin = cameraCenter(start.camera);
  const floor = planesOf(start, origin, start.points, seed)
    .filter(({ normal }) => dot(normal, down) > UP_COSINE)
    .sort((a, b) => b.seen - a.seen)[0];
  const [x, y, z] = floor?.normal ?? down;
  // −0 is no number for people.
  return [0 - x, 0 - y, 0 - z];
}

/** Horizontal, where the camera looks; where it looks straight up or down, where its picture's top points. */
export function findAhead(camera: Camera, up: Vec3): Vec3 {
  const { forward, down, right } = cameraAxes(camera);
  const level = Math.abs(dot(forward, up)) < 0.99 ? levelled(forward, up) : undefined;
  return level ?? levelled([-down[0], -down[1], -down[2]], up) ?? levelled(right, up)!;
}

/** The planes that bound all that the views see: floor, ceiling, walls; the largest first, each once. */
export function boundingPlanes(
  views: readonly Surveyed[],
  origin: Vec3,
  up: Vec3,
  seed: number,
): Facet[] {
  const points = allPoints(views);
  const found = views
    .flatMap((seen) => planesOf(seen, origin, points, seed))
    .filter(({ normal }) => {
      const cosine = Math.abs(dot(normal, up));
      return cosine > LEVEL || cosine < UPRIGHT;
    })
    .sort((a, b) => b.seen - a.seen);
  const kept: Facet[] = [];
  for (const facet of found) {
    const from = facet.offset - dot(facet.normal, origin);
    const twin = kept.some(({ normal, offset }) => {
      const other = offset - dot(normal, origin);
      return (
        dot(normal, facet.normal) > SAME_NORMAL &&
        Math.abs(other - from) < SAME_OFFSET * Math.max(other, from)
      );
    });
    if (!twin) kept.push(facet);
  }
  return kept;
}
