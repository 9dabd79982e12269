/** Depth of a standing thing: an upright plane, gently rounded, or a round front with a level top. */
import type { Camera, Vec3 } from '../../core/camera.ts';
import { distanceTo } from '../../core/distance.ts';
import { createMask, createScalarImage, type Mask, type ScalarImage } from '../../core/image.ts';
import { type PixelRays, pixelRays } from '../../core/pixel-rays.ts';
import { dot } from '../../core/vec3.ts';
import type { Plane } from '../steps/segment-surfaces.ts';
import type { Stand } from './contact.ts';
import type { Mirror } from './mirror.ts';

export interface StandingDepth {
  /** 0 where the ray does not meet it. */
  front: ScalarImage;
  /** Where its back comes from. */
  mirror: Mirror;
}

/** How far the front comes forward in the middle, of the widest place's half width; nothing at the outline, so that the outline stays. */
const ROUNDED = 0.3;
/** How far the back goes back, of how far the front comes forward: a thin one, and under a level lid as far as the lid. */
const BACK = 0.4;
/** In front of what it stands on, of a pixel's footprint. */
const CLEAR = 0.2;

/** So many of its columns must end where a level lid's far rim does, to within so many pixels. */
const LID_SHARE = 0.75;
const LID_PX = 2.5;

/**
 * Height of a thing's level top over the camera, undefined where it has none that the camera looks down on: the top of its
 * outline is then the far rim of its footprint, raised.
 */
function lidHeight(camera: Camera, mask: Mask, stand: Stand, rays: PixelRays): number | undefined {
  const { frame, footprint } = stand;
  if (footprint === undefined) return undefined;
  const columns = new Map<number, { rise: number; x: number; y: number }>();
  for (let i = 0; i < mask.data.length; i++) {
    if (mask.data[i] === 0) continue;
    const d = rays.direction(i % mask.width, Math.floor(i / mask.width));
    const [x, y, z] = [dot(d, frame.right), dot(d, frame.ahead), dot(d, frame.up)];
    if (footprint(x, y) === undefined) continue;
    const l = Math.hypot(x, y);
    const column = Math.round(Math.atan2(x, y) * camera.fx);
    const there = columns.get(column);
    if (there === undefined || z / l > there.rise) {
      columns.set(column, { rise: z / l, x: x / l, y: y / l });
    }
  }
  const heights: number[] = [];
  for (const { rise, x, y } of columns.values()) {
    const ends = footprint(x, y);
    if (ends) heights.push(rise * ends[1]);
  }
  if (heights.length < 6) return undefined;
  const height = heights.sort((a, b) => a - b)[heights.length >> 1]!;
  if (!(height < 0)) return undefined;
  let fits = 0;
  for (const { rise, x, y } of columns.values()) {
    const ends = footprint(x, y);
    if (ends && Math.abs(rise - height / ends[1]) * camera.fx < LID_PX) fits++;
  }
  return fits >= LID_SHARE * columns.size ? height : undefined;
}

/** A level top over the ground by this share of its footprint's breadth makes a body; what lies flat has its far rim on the ground. */
const BODY = 0.15;

/** Whether the outline is that of a body with a level top on its footprint: what lies flat is its own footprint. */
export function hasBody(camera: Camera, mask: Mask, stand: Stand, support: Plane): boolean {
  const rays = pixelRays(camera);
  const lid = lidHeight(camera, mask, stand, rays);
  const ends = stand.footprint?.(...stand.at);
  if (lid === undefined || ends === undefined) return false;
  const broad = (ends[1] - ends[0]) * Math.hypot(...stand.at);
  return lid + dot(support.normal, rays.origin) - support.offset > BODY * broad;
}

/** Distance of every pixel of the mask to its outline, pixels; the picture's border is no outline. */
export function depthInside(mask: Mask): ScalarImage {
  const outside = createMask(mask.width, mask.height);
  for (let i = 0; i < mask.data.length; i++) outside.data[i] = mask.data[i] === 0 ? 1 : 0;
  return distanceTo(outside);
}

/** @param support what lies under it keeps it from sinking in; undefined: nothing */
export function standingDepth(
  camera: Camera,
  mask: Mask,
  stand: Stand,
  support: Plane | undefined,
): StandingDepth {
  const { width, height } = mask;
  const { frame, at, along } = stand;
  const rays = pixelRays(camera);
  const inside = depthInside(mask);
  let widest = 1;
  for (let i = 0; i < mask.data.length; i++) {
    if (mask.data[i] !== 0 && Number.isFinite(inside.data[i]!)) {
      widest = Math.max(widest, inside.data[i]!);
    }
  }
  const front = createScalarImage(width, height);
  const camHeight = support && dot(support.normal, rays.origin) - support.offset;
  const lid = lidHeight(camera, mask, stand, rays);
  // Level normal of the plane.
  const [nx, ny] = [-along[1], along[0]];
  const toPlane = nx * at[0] + ny * at[1];
  for (let i = 0; i < mask.data.length; i++) {
    if (mask.data[i] === 0) continue;
    const d = rays.direction(i % width, Math.floor(i / width));
    const [x, y] = [dot(d, frame.right), dot(d, frame.ahead)];
    const sheet = toPlane / (nx * x + ny * y);
    if (!(sheet > 0 && Number.isFinite(sheet))) continue;
    const share = Math.min(1, inside.data[i]! / widest);
    let forward = ROUNDED * ((widest * sheet) / camera.fx) * share * (2 - share);
    const ends = stand.footprint?.(x, y);
    if (ends !== undefined) forward = Math.max(0, sheet - ends[0]);
    if (ends !== undefined && lid !== undefined) {
      const top = lid / dot(d, frame.up);
      if (top > ends[0]) {
        front.data[i] = Math.min(top, ends[1]);
        continue;
      }
    }
    let least = Infinity;
    if (support !== undefined) {
      const t = -camHeight! / dot(support.normal, d);
      if (t > 0) least = t * (1 - CLEAR / camera.fx);
    }
    front.data[i] = Math.min(sheet - forward, least);
  }
  const normal = [0, 1, 2].map(
    (k) => nx * frame.right[k]! + ny * frame.ahead[k]!,
  ) as unknown as Vec3;
  const offset = toPlane + dot(normal, rays.origin);
  return { front, mirror: { normal, offset, depth: lid === undefined ? BACK : 1 } };
}
