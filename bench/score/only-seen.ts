import { type Camera, projectPoint } from '../../core/camera.ts';
import type { Kernels } from '../../core/kernels.ts';
import { lookOnce } from '../../core/look-once.ts';
import { type SplatCloud, takeSplats } from '../../core/splat-cloud.ts';

/** Splats this much farther than what is seen of the scene are hidden, share of the depth. */
const BEHIND = 0.03;

/** The splats of a scene that one camera sees: their centres lie in its picture and at its surface. */
export async function onlySeen(
  cloud: SplatCloud,
  camera: Camera,
  kernels: Kernels,
): Promise<SplatCloud> {
  const { depthMedian } = await lookOnce(kernels, cloud, camera);
  const rows: number[] = [];
  for (let i = 0; i < cloud.count; i++) {
    const [x, y, z] = cloud.positions.subarray(3 * i, 3 * i + 3);
    const { u, v, depth } = projectPoint(camera, [x!, y!, z!]);
    if (!(depth > 0 && u >= 0 && v >= 0 && u < camera.width && v < camera.height)) continue;
    const seen = depthMedian.data[Math.floor(v) * camera.width + Math.floor(u)]!;
    if (seen > 0 && depth <= (1 + BEHIND) * seen) rows.push(i);
  }
  return takeSplats(cloud, rows);
}
