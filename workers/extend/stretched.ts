/** Which splats a view shows much larger, or much more from the side, than they were made for. */
import { type Camera, cameraCenter, projectPoint, type Vec3 } from '../../core/camera.ts';
import type { SplatCloud } from '../../core/splat-cloud.ts';

/** So many times as many pixels as in the picture that they were made for … */
const LARGER = 4;
/** … and no fewer than these (standard deviation, pixels): smaller ones are no blobs. */
const LEAST_PX = 4;
/** cos of the angle between ray and normal: seen flatter than this … */
const GRAZING = 0.12;
/** … where they were made for over so many times that. */
const FLATTER = 3;

interface Seen {
  /** Standard deviation along the larger of the two axes of the disc, pixels; 0 = not in the picture. */
  sizePx: number;
  cosine: number;
}

function seenBy(cloud: SplatCloud, i: number, camera: Camera, center: Vec3): Seen {
  const p = cloud.positions.subarray(3 * i, 3 * i + 3) as unknown as Vec3;
  const at = projectPoint(camera, [p[0], p[1], p[2]]);
  if (!(at.depth > 0 && at.u >= 0 && at.v >= 0 && at.u < camera.width && at.v < camera.height)) {
    return { sizePx: 0, cosine: 0 };
  }
  const s = cloud.logScales.subarray(3 * i, 3 * i + 3);
  const thin = s[0]! <= s[1]! && s[0]! <= s[2]! ? 0 : s[1]! <= s[2]! ? 1 : 2;
  const [w, x, y, z] = cloud.rotations.subarray(4 * i, 4 * i + 4) as unknown as number[];
  const length2 = w! * w! + x! * x! + y! * y! + z! * z!;
  // The rotation's column of the thinnest axis.
  const normal = [
    [w! * w! + x! * x! - y! * y! - z! * z!, 2 * (x! * y! + w! * z!), 2 * (x! * z! - w! * y!)],
    [2 * (x! * y! - w! * z!), w! * w! - x! * x! + y! * y! - z! * z!, 2 * (y! * z! + w! * x!)],
    [2 * (x! * z! + w! * y!), 2 * (y! * z! - w! * x!), w! * w! - x! * x! - y! * y! + z! * z!],
  ][thin]!;
  const ray = [p[0] - center[0], p[1] - center[1], p[2] - center[2]];
  const along = normal[0]! * ray[0]! + normal[1]! * ray[1]! + normal[2]! * ray[2]!;
  return {
    sizePx: (Math.exp(Math.max(s[0]!, s[1]!, s[2]!)) * camera.fx) / at.depth,
    cosine: Math.abs(along) / (length2 * Math.hypot(...ray)),
  };
}

/**
 * One byte a splat, for a render's `marked`.
 * @param madeFor the camera whose picture a splat was made for; the scene's own are taken as made for the start camera, where it sees them.
 * undefined: nothing is known of it, and it is not stretched
 */
export function stretchedSplats(
  cloud: SplatCloud,
  camera: Camera,
  madeFor: (i: number) => Camera | undefined,
): Uint8Array {
  const out = new Uint8Array(cloud.count);
  const here = cameraCenter(camera);
  const centers = new Map<Camera, Vec3>();
  for (let i = 0; i < cloud.count; i++) {
    const maker = madeFor(i);
    if (maker === undefined || maker === camera) continue;
    const now = seenBy(cloud, i, camera, here);
    if (now.sizePx === 0) continue;
    let center = centers.get(maker);
    if (center === undefined) {
      center = cameraCenter(maker);
      centers.set(maker, center);
    }
    const then = seenBy(cloud, i, maker, center);
    if (then.sizePx === 0) continue;
    const larger = now.sizePx > LEAST_PX && now.sizePx > LARGER * then.sizePx;
    const flatter = now.cosine < GRAZING && then.cosine > FLATTER * GRAZING;
    if (larger || flatter) out[i] = 1;
  }
  return out;
}
