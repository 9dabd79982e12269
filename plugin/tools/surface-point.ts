import type { Camera, Vec3 } from '../../core/camera.ts';
import type { Marks } from '../../core/marks.ts';
import { pickSplat } from '../../core/select/pick-splat.ts';
import { buildSceneIndex } from '../../core/select/scene-index.ts';
import type { SplatCloud } from '../../core/splat-cloud.ts';

/**
 * The place on the surface that one sees at a pixel, and its depth along z; undefined where there is nothing.
 * World units. The first call for a cloud sorts its splats, in slices that do not hold the page.
 */
export async function surfacePoint(
  cloud: SplatCloud,
  camera: Camera,
  pixel: { x: number; y: number },
  marks?: Marks,
): Promise<{ point: Vec3; depth: number } | undefined> {
  await buildSceneIndex(cloud);
  const pick = pickSplat(cloud, camera, pixel, marks);
  return pick && { point: pick.point, depth: pick.depth };
}
