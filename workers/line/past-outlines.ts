/** What earlier fills have drawn the outlines of: where one saw past a surface's end, no later view carries the surface on. */
import { type Camera, projectPoint, type Vec3 } from '../../core/camera.ts';
import { createScalarImage, type Mask, type ScalarImage } from '../../core/image.ts';

/** A filled view's answer where outlines were joined. */
export interface DrawnOutlines {
  camera: Camera;
  /** Depth of the surface that was drawn there; Infinity where that is the background; 0 where nothing was drawn. */
  depth: ScalarImage;
}

/**
 * @param labels one a pixel, below `layers.length` a layer's; else the background
 * @param drawn the pixels whose label comes from joined outlines
 */
export function drawnOutlines(
  camera: Camera,
  labels: Uint8Array,
  drawn: Mask,
  layers: readonly { depth: ScalarImage }[],
): DrawnOutlines {
  const depth = createScalarImage(camera.width, camera.height);
  for (let i = 0; i < depth.data.length; i++) {
    if (drawn.data[i] === 0) continue;
    const layer = layers[labels[i]!];
    depth.data[i] = layer === undefined ? Number.POSITIVE_INFINITY : layer.depth.data[i]!;
  }
  return { camera, depth };
}

/** Whether one of the views has drawn something behind a world point, by more than `tolerance`: then nothing is there. */
export function isPastOutline(
  views: readonly DrawnOutlines[],
  point: Vec3,
  tolerance: number,
): boolean {
  return views.some(({ camera, depth }) => {
    const at = projectPoint(camera, point);
    if (!(at.depth > 0)) return false;
    const [x, y] = [Math.floor(at.u), Math.floor(at.v)];
    if (x < 0 || y < 0 || x >= camera.width || y >= camera.height) return false;
    return depth.data[y * camera.width + x]! > at.depth + tolerance;
  });
}
