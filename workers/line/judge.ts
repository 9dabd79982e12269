import { type Camera, projectPoint, type Vec3 } from '../../core/camera.ts';
import type { Kernels } from '../../core/kernels.ts';
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

export interface Judged extends Candidate {
  look: Look;
  /** Open hole area as this camera sees it, world units². */
  open: number;
  /** How good a place this is to fill from: the open area, by how well it is framed and seen. */
  score: number;
}

/** Looks through a candidate in a small picture. Undefined when the object is behind or around the camera. */
export async function judge(
  candidate: Candidate,
  working: WorkingScene,
  shape: ObjectShape,
  kernels: Kernels,
  clock: StepClock,
  options: Omit<LookOptions, 'localOnly' | 'seamPx'>,
  signal?: AbortSignal,
): Promise<Judged | undefined> {
  const camera = frameObject(candidate.camera, shape, candidate.given ? GIVEN_PX : JUDGE_PX);
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
  const open = openArea(seen);
  const score = open * seen.framed ** 3 * seen.visible ** 2 * (candidate.given ? GIVEN_BONUS : 1);
  return { ...candidate, look: seen, open, score };
}

/** Area of the hole across the line of sight, world units². */
export function openArea(seen: Look): number {
  const { camera, hole } = seen;
  let open = 0;
  for (let i = 0; i < hole.mask.data.length; i++) {
    if (hole.mask.data[i] === 0) continue;
    const z = hole.depth.data[i]!;
    open += (z / camera.fx) * (z / camera.fy);
  }
  return open;
}

/**
 * Whether the object hid a point from every given camera: in each whose picture holds the point, the
 * object is seen there and lies in front of it.
 * @returns undefined when no given camera's picture holds the point
 */
export function hiddenFrom(
  given: readonly Look[],
  point: Vec3,
  shape: ObjectShape,
): boolean | undefined {
  let asked = false;
  for (const { camera, withObject } of given) {
    const at = pixelOf(camera, point);
    if (at === undefined) continue;
    asked = true;
    const object = withObject.depthMedian.data[at.index]!;
    if (
      withObject.marked.data[at.index]! < HIDDEN_SHARE ||
      object > at.depth + HIDDEN_SLACK_RADII * shape.radius
    )
      return false;
  }
  return asked ? true : undefined;
}

function pixelOf(camera: Camera, point: Vec3): { index: number; depth: number } | undefined {
  const { u, v, depth } = projectPoint(camera, point);
  if (!(depth > 0 && u >= 0 && v >= 0 && u < camera.width && v < camera.height)) return undefined;
  return { index: Math.floor(v) * camera.width + Math.floor(u), depth };
}
