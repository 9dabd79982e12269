/** How well a view frames the hole and shows the object. */
import type { Camera } from '../../core/camera.ts';
import { countMask, type Mask } from '../../core/image.ts';
import type { RenderedView } from '../../core/kernels.ts';
import { and, dilate, minus } from '../../core/morphology.ts';
import type { ObjectShape } from '../../core/object-shape.ts';
import { pixelRays } from '../../core/pixel-rays.ts';

/** Share of the outline (pixels just outside the mask) that is `known`. */
export function framedShare(mask: Mask, known: Mask): number {
  const rim = minus(dilate(mask, 2), mask);
  const total = countMask(rim);
  return total === 0 ? 0 : countMask(and(rim, known)) / total;
}

/** Seen part of the object against its hull's whole silhouette: from under a table it is small. */
export function visibleShare(withObject: RenderedView, camera: Camera, shape: ObjectShape): number {
  const rays = pixelRays(camera);
  let seen = 0;
  let silhouette = 0;
  for (let y = 0; y < camera.height; y += 2) {
    for (let x = 0; x < camera.width; x += 2) {
      if (shape.exit(rays.origin, rays.direction(x, y)) === undefined) continue;
      silhouette++;
      if (withObject.marked.data[y * camera.width + x]! > 0.3) seen++;
    }
  }
  return silhouette === 0 ? 0 : seen / silhouette;
}
