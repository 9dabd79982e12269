/** Depth of a standing thing that a solid explains, and of what sticks out of the solid. */
import { components } from '../../core/components.ts';
import { distanceTo } from '../../core/distance.ts';
import {
  countMask,
  createMask,
  createScalarImage,
  type Mask,
  type ScalarImage,
} from '../../core/image.ts';
import { dilate } from '../../core/morphology.ts';
import { neighbours } from '../../core/neighbours.ts';
import { type Rest, restless } from '../../core/progress.ts';
import { dot } from '../../core/vec3.ts';
import type { Body } from './body.ts';
import { handlePlane } from './handle.ts';
import type { LevelView } from './level-view.ts';
import type { Mirror } from './mirror.ts';
import { depthInside } from './standing.ts';

export interface BodyDepth {
  /** 0 where the ray meets nothing of it. */
  front: ScalarImage;
  /** Pixels of the solid, with those of the thing's own that lie along its outline. */
  solid: Mask;
  /** What sticks out of the solid: a handle. */
  beside?: {
    mask: Mask;
    /** Where its back comes from. */
    mirror: Mirror;
    /** It goes on into the solid: depth of that, 0 elsewhere. */
    joint: ScalarImage;
  };
}

/** Pixels this near the solid's outline are its own: the outline is no sharper. */
const RIM_PX = 3;
/** What reaches this far out of it, pixels and of its breadth, sticks out; less is the outline's noise, and left out. */
const STICKS_OUT_PX = 4;
const STICKS_OUT = 0.05;
/** How thick what sticks out is, of its breadth. */
const THICK = 0.5;
/** In front of what it stands on, of a pixel's footprint. */
const CLEAR = 0.2;
/** A handle's ends go on by no more than this share of the solid's breadth. */
const MOST_JOINT = 0.25;

/** Depth of a solid along every ray of these pixels; 0 where they pass. */
export async function solidDepth(
  view: LevelView,
  body: Body,
  within: Mask,
  rest: Rest,
): Promise<ScalarImage> {
  const { width, height } = within;
  const out = createScalarImage(width, height);
  for (let i = 0; i < within.data.length; i++) {
    if (i % width === 0) await rest();
    if (within.data[i] === 0) continue;
    const d = view.direction((i % width) + 0.5, Math.floor(i / width) + 0.5);
    out.data[i] = body.enter(d) ?? 0;
  }
  return out;
}

/** The parts of the mask that reach well out of the solid. */
function stickingOut(mask: Mask, solid: Mask, far: number): Mask {
  const out = createMask(mask.width, mask.height);
  for (let i = 0; i < mask.data.length; i++) {
    if (mask.data[i] !== 0 && solid.data[i] === 0) out.data[i] = 1;
  }
  const away = distanceTo(solid);
  for (const { pixels } of components(out, undefined, true)) {
    if (pixels.some((i) => away.data[i]! > far)) continue;
    for (const i of pixels) out.data[i] = 0;
  }
  return out;
}

/**
 * @param rest called between pieces of the work
 * @param mask the thing's own pixels; what sticks out of the solid lies in an upright plane through its middle, rounded
 * @param solidFront of the solid, 0 outside; its pixels may reach beyond the mask
 */
export async function bodyDepth(
  view: LevelView,
  body: Body,
  mask: Mask,
  solidFront: ScalarImage,
  rest: Rest = restless,
): Promise<BodyDepth> {
  const { width, height } = mask;
  const front = { width, height, data: solidFront.data.slice() };
  for (let round = 0; round < RIM_PX; round++) {
    await rest();
    const before = front.data.slice();
    for (let i = 0; i < before.length; i++) {
      if (mask.data[i] === 0 || before[i]! > 0) continue;
      const near = neighbours(i, width, before.length).filter((j) => before[j]! > 0);
      if (near.length > 0) front.data[i] = near.reduce((s, j) => s + before[j]!, 0) / near.length;
    }
  }
  const solid = { width, height, data: Uint8Array.from(front.data, (z) => (z > 0 ? 1 : 0)) };
  const { fx } = view.camera;
  const breadthPx = (body.breadth * fx) / Math.hypot(body.at[0], body.at[1], view.height);
  await rest();
  const beside = stickingOut(mask, solid, Math.max(STICKS_OUT_PX, STICKS_OUT * breadthPx));
  const {
    normal: level,
    offset: toPlane,
    turn,
  } = await handlePlane(view, body, beside, solid, rest);
  const more = Math.min(
    MOST_JOINT * breadthPx,
    (breadthPx / 2) * (1 / Math.cos(turn) - 1) + RIM_PX + 1,
  );
  const reach = dilate(beside, Math.ceil(more));
  const inside = depthInside(beside);
  const joint = createScalarImage(width, height);
  for (let i = 0; i < mask.data.length; i++) {
    if (i % width === 0) await rest();
    if (solid.data[i] === 0 && beside.data[i] === 0) continue;
    const d = view.direction((i % width) + 0.5, Math.floor(i / width) + 0.5);
    const ground = d[2] < 0 ? (-view.height / d[2]) * (1 - CLEAR / fx) : Infinity;
    const sheet = toPlane / (level[0] * d[0] + level[1] * d[1]);
    const met = sheet > 0 && Number.isFinite(sheet);
    if (beside.data[i] !== 0) {
      const z = met ? sheet - (THICK * inside.data[i]! * sheet) / fx : 0;
      front.data[i] = Math.min(z, ground);
    } else {
      front.data[i] = Math.min(front.data[i]!, ground);
      if (reach.data[i] !== 0 && met && sheet < ground) {
        joint.data[i] = Math.max(sheet, front.data[i]!);
      }
    }
  }
  if (countMask(beside) === 0) return { front, solid };
  const normal = view.turned([level[0], level[1], 0]);
  const { origin } = view.frame;
  const offset = toPlane + dot(normal, origin);
  return { front, solid, beside: { mask: beside, mirror: { normal, offset, depth: 1 }, joint } };
}
