/** Depth of a standing thing: an upright plane, gently rounded, or a round front with a level top. */
import type { Camera, Vec3 } from '../../core/camera.ts';
import { distanceTo } from '../../core/distance.ts';
import { createMask, createScalarImage, type Mask, type ScalarImage } from '../../core/image.ts';
import { type PixelRays, pixelRays } from '../../core/pixel-rays.ts';
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

const dot = (a: ArrayLike<number>, b: ArrayLike<number>) =>
  a[0]! * b[0]! + a[1]! * b[1]! + a[2]! * b[2]!;

/** Where a level direction of length one crosses the round front's circle: near and far, undefined where it passes. */
function crossings({ at, radius }: Stand, x: number, y: number): [number, number] | undefined {
  if (radius === undefined) return undefined;
  const [a, b] = [x * x + y * y, x * at[0] + y * at[1]];
  const root = b * b - a * (at[0] ** 2 + at[1] ** 2 - radius * radius);
  if (!(root > 0)) return undefined;
  return [(b - Math.sqrt(root)) / a, (b + Math.sqrt(root)) / a];
}

/** So many of its columns must end where a level lid's far rim does, to within so many pixels. */
const LID_SHARE = 0.75;
const LID_PX = 2.5;

/**
 * Height of a round thing's level top over the camera, undefined where it has none that the camera looks down on: the top of its
 * outline is then the far rim of a disc.
 */
function lidHeight(camera: Camera, mask: Mask, stand: Stand, rays: PixelRays): number | undefined {
  if (stand.radius === undefined) return undefined;
  const { frame, at, radius } = stand;
  const half = Math.asin(Math.min(1, radius / Math.hypot(...at)));
  const middle = Math.atan2(at[0], at[1]);
  const columns = new Map<number, { rise: number; x: number; y: number }>();
  for (let i = 0; i < mask.data.length; i++) {
    if (mask.data[i] === 0) continue;
    const d = rays.direction(i % mask.width, Math.floor(i / mask.width));
    const [x, y, z] = [dot(d, frame.right), dot(d, frame.ahead), dot(d, frame.up)];
    const share = (Math.atan2(x, y) - middle) / half;
    if (!(Math.abs(share) < 1)) continue;
    const l = Math.hypot(x, y);
    const column = Math.round(share * half * camera.fx);
    const there = columns.get(column);
    if (there === undefined || z / l > there.rise) {
      columns.set(column, { rise: z / l, x: x / l, y: y / l });
    }
  }
  const heights: number[] = [];
  for (const { rise, x, y } of columns.values()) {
    const ends = crossings(stand, x, y);
    if (ends) heights.push(rise * ends[1]);
  }
  if (heights.length < 6) return undefined;
  const height = heights.sort((a, b) => a - b)[heights.length >> 1]!;
  if (!(height < 0)) return undefined;
  let fits = 0;
  for (const { rise, x, y } of columns.values()) {
    const ends = crossings(stand, x, y);
    if (ends && Math.abs(rise - height / ends[1]) * camera.fx < LID_PX) fits++;
  }
  return fits >= LID_SHARE * columns.size ? height : undefined;
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
    const ends = crossings(stand, x, y);
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
