import { projectPoint, type Vec3 } from '../../core/camera.ts';
import type { Mask } from '../../core/image.ts';
import type { Kernels } from '../../core/kernels.ts';
import { or } from '../../core/morphology.ts';
import type { ObjectShape } from '../../core/object-shape.ts';
import { type Candidate, frameObject } from '../steps/choose-cameras.ts';
import { type Look, type LookOptions, look } from './look.ts';
import type { WorkingScene } from './render-view.ts';
import type { StepClock } from './step-clock.ts';

/** Side of the small pictures that candidates are judged by, pixels. */
const JUDGE_PX = 60;
/** Given cameras also say what the object hid: a finer picture. */
const GIVEN_PX = 128;
/** A given camera is where the user looks from: worth this much more than one of ours. */
const GIVEN_BONUS = 1.2;

/** A contact line's points lie as deep as the object's foot: this much before it still counts as behind. */
const HIDDEN_SLACK_RADII = 0.2;

/** Share of a pixel's light from the object from which it hides what is behind. */
const HIDDEN_SHARE = 0.1;

/** From where the hole's surface lies before this share of the object, one looks at the surface's back. */
const BEFORE_SHARE = 0.5;
/** Nearer to the camera than the object by this many object radii is before it. */
const BEFORE_RADII = 0.1;

export interface Judged extends Candidate {
  look: Look;
  /** Area of the hole that could be filled from here, world units². */
  open: number;
  /** The same with what is empty but cannot be filled from here: what a viewer sees missing. */
  missing: number;
  /** How good a place this is to fill from: the open area, by how well it is framed and seen. */
  score: number;
}

/** Looks through a candidate, for the first time or again, in a small picture. Undefined when the object is behind or around the camera. */
export async function judge(
  candidate: Candidate | Judged,
  working: WorkingScene,
  shape: ObjectShape,
  kernels: Kernels,
  clock: StepClock,
  options: Omit<LookOptions, 'localOnly' | 'seamPx'>,
  signal?: AbortSignal,
): Promise<Judged | undefined> {
  // The same camera object as before, where there is one: its picture of the original scene is kept.
  const camera =
    'look' in candidate
      ? candidate.look.camera
      : frameObject(candidate.camera, shape, candidate.given ? GIVEN_PX : JUDGE_PX);
  if (camera === undefined) return undefined;
  const seen = await look(
    working,
    camera,
    shape,
    kernels,
    clock,
    { ...options, seamPx: 1, localOnly: !candidate.given },
    signal,
  );
  if (beforeShare(seen, shape) > BEFORE_SHARE) return undefined;
  const open = areaOf(seen, seen.hole.mask);
  const missing = areaOf(seen, or(seen.hole.mask, seen.hole.refused));
  const score = open * seen.framed ** 3 * seen.visible ** 2 * (candidate.given ? GIVEN_BONUS : 1);
  return { ...candidate, look: seen, open, missing, score };
}

/** Share of the object's pixels at which the continued surface lies before it: from under its support nearly all. */
function beforeShare({ hole, withObject }: Look, shape: ObjectShape): number {
  let before = 0;
  let judged = 0;
  for (let i = 0; i < hole.depth.data.length; i++) {
    const surface = hole.depth.data[i]!;
    const object = withObject.depthMedian.data[i]!;
    if (!(surface > 0) || !(object > 0) || withObject.marked.data[i]! < 0.4) continue;
    judged++;
    if (surface < object - BEFORE_RADII * shape.radius) before++;
  }
  return judged === 0 ? 0 : before / judged;
}

/** Area of some of the hole's pixels across the line of sight, world units². */
function areaOf({ camera, hole }: Look, mask: Mask): number {
  let area = 0;
  for (let i = 0; i < mask.data.length; i++) {
    if (mask.data[i] === 0) continue;
    const z = hole.depth.data[i]!;
    area += (z / camera.fx) * (z / camera.fy);
  }
  return area;
}

/**
 * Whether the object hid a point from every given camera: in each whose picture holds the point, the
 * object is seen there and lies in front of it. A camera before which something else stands cannot tell: a table's leg
 * before the object left a slit of its own shape in the fill.
 * @returns undefined when no given camera can tell
 */
export function hiddenFrom(
  given: readonly Look[],
  point: Vec3,
  shape: ObjectShape,
): boolean | undefined {
  let asked = false;
  const slack = HIDDEN_SLACK_RADII * shape.radius;
  for (const seen of given) {
    const { u, v, depth } = projectPoint(seen.camera, point);
    const inside = u >= 0 && v >= 0 && u < seen.camera.width && v < seen.camera.height;
    if (!(depth > 0) || !inside) continue;
    const [x, y] = [Math.floor(u), Math.floor(v)];
    if (objectHides(seen, x, y, depth + slack)) asked = true;
    else if (!othersHide(seen, x, y, depth - slack)) return false;
  }
  return asked ? true : undefined;
}

/** Whether what is seen at a pixel or right beside it lies nearer than `depth`. */
function othersHide({ withObject }: Look, x: number, y: number, depth: number): boolean {
  const { width, height, data } = withObject.depthMedian;
  for (let ny = Math.max(0, y - 1); ny <= Math.min(height - 1, y + 1); ny++) {
    for (let nx = Math.max(0, x - 1); nx <= Math.min(width - 1, x + 1); nx++) {
      const z = data[ny * width + nx]!;
      if (z > 0 && z < depth) return true;
    }
  }
  return false;
}

/** Whether the object is seen at (or right beside) a pixel, nearer than `depth`. */
function objectHides({ withObject }: Look, x: number, y: number, depth: number): boolean {
  const { width, height, data } = withObject.marked;
  for (let ny = Math.max(0, y - 1); ny <= Math.min(height - 1, y + 1); ny++) {
    for (let nx = Math.max(0, x - 1); nx <= Math.min(width - 1, x + 1); nx++) {
      const i = ny * width + nx;
      if (data[i]! >= HIDDEN_SHARE && withObject.depthMedian.data[i]! <= depth) return true;
    }
  }
  return false;
}
