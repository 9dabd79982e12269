/** A camera over a level surface: its pixels as level directions, and back. */
import { type Camera, cameraAxes, type Vec3 } from '../../core/camera.ts';
import { pixelRays } from '../../core/pixel-rays.ts';
import { dot } from '../../core/vec3.ts';
import type { Plane } from '../steps/segment-surfaces.ts';
import { type LevelFrame, levelFrame } from './contact.ts';

/** To the right, ahead and up of the camera's centre; world units. */
export type Level = readonly [number, number, number];

export interface LevelView {
  camera: Camera;
  frame: LevelFrame;
  /** Of the camera over the support, world units. */
  height: number;
  /** A ray's level direction at a place of the picture (the first pixel's centre is at 0.5), scaled to 1 along the camera's z. */
  direction(u: number, v: number): Level;
  /** Where a level point or direction shows; depth ≤ 0 behind the camera. */
  place(p: Level): { u: number; v: number; depth: number };
  world(p: Level): Vec3;
  /** Turns a level direction to the world. */
  turned(p: Level): Vec3;
}

/** @param towards pixel in the thing's middle; undefined is returned where it is straight below */
export function levelView(
  camera: Camera,
  support: Plane,
  towards: readonly [number, number],
): LevelView | undefined {
  const rays = pixelRays(camera);
  const to = rays.direction(towards[0] - 0.5, towards[1] - 0.5);
  const frame = levelFrame(rays.origin, support.normal, to);
  if (!frame.ahead.every(Number.isFinite)) return undefined;
  const { right, down, forward } = cameraAxes(camera);
  const axes = [frame.right, frame.ahead, frame.up] as const;
  // Camera axes in level coordinates.
  const [cr, cd, cf] = [right, down, forward].map(
    (a) => axes.map((b) => dot(a, b)) as unknown as Level,
  ) as [Level, Level, Level];
  const turned = (p: Level): Vec3 =>
    [0, 1, 2].map(
      (k) => p[0] * frame.right[k]! + p[1] * frame.ahead[k]! + p[2] * frame.up[k]!,
    ) as unknown as Vec3;
  return {
    camera,
    frame,
    height: dot(support.normal, rays.origin) - support.offset,
    direction(u, v) {
      const kx = (u - camera.cx) / camera.fx;
      const ky = (v - camera.cy) / camera.fy;
      return [
        kx * cr[0] + ky * cd[0] + cf[0],
        kx * cr[1] + ky * cd[1] + cf[1],
        kx * cr[2] + ky * cd[2] + cf[2],
      ];
    },
    place(p) {
      const depth = dot(p, cf);
      return {
        u: (camera.fx * dot(p, cr)) / depth + camera.cx,
        v: (camera.fy * dot(p, cd)) / depth + camera.cy,
        depth,
      };
    },
    world(p) {
      const q = turned(p);
      return [q[0] + rays.origin[0], q[1] + rays.origin[1], q[2] + rays.origin[2]];
    },
    turned,
  };
}
