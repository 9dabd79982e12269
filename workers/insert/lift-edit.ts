/** Edited pixels as splats of the scene's kind. */
import { type Camera, unprojectPoint } from '../../core/camera.ts';
import type { Mask, RgbImage, ScalarImage } from '../../core/image.ts';
import { erode } from '../../core/morphology.ts';
import { type Rest, restless } from '../../core/progress.ts';
import { concatSplats, type SplatCloud, takeSplats } from '../../core/splat-cloud.ts';
import { liftLayersResting } from '../photo/lift-pixels.ts';

/** A round thing's sides are lifted no steeper: longer discs would stick out of its outline from the side. */
const MOST_SLOPE = 6;
/** Discs of the outline's pixels, of the others' size: whole ones reach out of it. */
const RIM = 0.45;
/** And moved this far inwards, pixels: what a renderer adds to a splat (0.3 px²) reaches out as well. */
const INWARDS_PX = 0.25;

/** A step to a neighbour of over this share of depth is an edge. */
const EDGE = 0.04;

/** The same splats with the scene's SH degree (rest 0), and its extra properties (0). */
export function likeScene(splats: SplatCloud, scene: SplatCloud): SplatCloud {
  const empty = takeSplats(scene, []);
  const perSplat = scene.count === 0 ? 0 : scene.shRest.length / scene.count;
  const { shDegree } = scene;
  const shRest = new Float32Array(splats.count * perSplat);
  return concatSplats(empty, { ...splats, shDegree, shRest });
}

/** From an outline's pixel to the mask's inside, unit length; 0 where it has none. */
function inwards({ width, height, data }: Mask, i: number): [number, number] {
  const [x, y] = [i % width, Math.floor(i / width)];
  let [gx, gy] = [0, 0];
  for (let dy = -1; dy <= 1; dy++) {
    for (let dx = -1; dx <= 1; dx++) {
      const inside = x + dx >= 0 && y + dy >= 0 && x + dx < width && y + dy < height;
      if (!inside || data[i + dy * width + dx] === 0) continue;
      gx += dx;
      gy += dy;
    }
  }
  const l = Math.hypot(gx, gy);
  return l > 0 ? [gx / l, gy / l] : [0, 0];
}

/** Depth a part of a pixel beside another, on the same surface. */
function depthBeside(depth: Float32Array, width: number, i: number, x: number, y: number): number {
  const z = depth[i]!;
  const step = (by: number, j: number) => {
    const other = depth[j];
    const same = other !== undefined && other > 0 && Math.abs(other - z) < EDGE * z;
    return same ? Math.abs(by) * (other - z) : 0;
  };
  return z + step(x, i + Math.sign(x)) + step(y, i + Math.sign(y) * width);
}

/**
 * A flat splat a pixel of the mask that has depth, smaller along the mask's outline.
 * @param like a cloud whose SH degree and extra properties they take
 * @param goesOn pixels of the outline where it does not end but goes on behind something; absent: none
 * @param rest called between pieces of the work
 */
export async function liftEdit(
  camera: Camera,
  mask: Mask,
  depth: ScalarImage,
  rgb: RgbImage,
  like: SplatCloud,
  goesOn?: Mask,
  rest: Rest = restless,
): Promise<SplatCloud> {
  const kept = depth.data.map((z, i) => (mask.data[i] !== 0 ? z : 0));
  await rest();
  const layers = [{ rgb, depth: kept }];
  const splats = await liftLayersResting(camera, layers, { mostSlope: MOST_SLOPE }, rest);
  await rest();
  const inner = erode(mask, 1);
  const smaller = Math.log(RIM);
  let n = 0;
  for (let i = 0; i < kept.length; i++) {
    if (i % mask.width === 0) await rest();
    if (!(kept[i]! > 0)) continue;
    if (inner.data[i] === 0 && !(goesOn !== undefined && goesOn.data[i] !== 0)) {
      for (let k = 0; k < 3; k++) splats.logScales[3 * n + k]! += smaller;
      const [x, y] = inwards(mask, i).map((v) => INWARDS_PX * v) as [number, number];
      const z = depthBeside(kept, mask.width, i, x, y);
      const [u, v] = [(i % mask.width) + 0.5 + x, Math.floor(i / mask.width) + 0.5 + y];
      splats.positions.set(unprojectPoint(camera, u, v, z), 3 * n);
    }
    n++;
  }
  return likeScene(splats, like);
}
