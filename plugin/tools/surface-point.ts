import type { Camera, Vec3 } from '../../core/camera.ts';
import type { Marks } from '../../core/marks.ts';
import { pickSplat } from '../../core/select/pick-splat.ts';
import type { SplatCloud } from '../../core/splat-cloud.ts';

/** The place on the surface that one sees at a pixel; undefined where there is nothing. World units. */
export function surfacePoint(
  cloud: SplatCloud,
  camera: Camera,
  pixel: { x: number; y: number },
  marks?: Marks,
): { point: Vec3; depth: number } | undefined {
  const pick = pickSplat(cloud, camera, pixel, marks);
  return pick && { point: pick.point, depth: pick.depth };
}
