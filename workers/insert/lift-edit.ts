/** Edited pixels as splats of the scene's kind. */
import type { Camera } from '../../core/camera.ts';
import type { Mask, RgbImage, ScalarImage } from '../../core/image.ts';
import { erode } from '../../core/morphology.ts';
import { concatSplats, type SplatCloud, takeSplats } from '../../core/splat-cloud.ts';
import { liftLayers } from '../photo/lift-pixels.ts';

/** A round thing's sides are lifted no steeper: longer discs would stick out of its outline from the side. */
const MOST_SLOPE = 6;
/** Discs of the outline's pixels, of the others' size: whole ones reach out of it. */
const RIM = 0.45;

/** The same splats with the scene's SH degree (rest 0), and its extra properties (0). */
export function likeScene(splats: SplatCloud, scene: SplatCloud): SplatCloud {
  const empty = takeSplats(scene, []);
  const perSplat = scene.count === 0 ? 0 : scene.shRest.length / scene.count;
  const { shDegree } = scene;
  const shRest = new Float32Array(splats.count * perSplat);
  return concatSplats(empty, { ...splats, shDegree, shRest });
}

/**
 * A flat splat a pixel of the mask that has depth, smaller along the mask's outline.
 * @param like a cloud whose SH degree and extra properties they take
 */
export function liftEdit(
  camera: Camera,
  mask: Mask,
  depth: ScalarImage,
  rgb: RgbImage,
  like: SplatCloud,
): SplatCloud {
  const kept = depth.data.map((z, i) => (mask.data[i] !== 0 ? z : 0));
  const splats = liftLayers(camera, [{ rgb, depth: kept }], { mostSlope: MOST_SLOPE });
  const inner = erode(mask, 1);
  const smaller = Math.log(RIM);
  let n = 0;
  for (let i = 0; i < kept.length; i++) {
    if (!(kept[i]! > 0)) continue;
    if (inner.data[i] === 0) {
      for (let k = 0; k < 3; k++) splats.logScales[3 * n + k]! += smaller;
    }
    n++;
  }
  return likeScene(splats, like);
}
