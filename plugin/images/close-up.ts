import { type Camera, projectPoint } from '../../core/camera.ts';
import type { Rect } from '../../core/image.ts';
import { growRect } from '../../core/pictures.ts';
import type { SplatCloud } from '../../core/splat-cloud.ts';

/** More rows say no more about where the place lies. */
const MOST_ROWS = 4000;
/** The place takes this share of the close-up. */
const SHARE = 0.5;
/** A close-up of less of the picture has too few pixels to judge by. */
const SMALLEST = 0.2;

/**
 * The part of a view's picture that shows these splats with what is around them, of the given width a height;
 * undefined when they are out of it. Pixels of the camera.
 */
export function closeUpOf(
  cloud: SplatCloud,
  rows: Uint32Array,
  camera: Camera,
  aspect: number,
): Rect | undefined {
  const step = Math.max(1, Math.ceil(rows.length / MOST_ROWS));
  const rect = { x0: camera.width, y0: camera.height, x1: 0, y1: 0 };
  for (let k = 0; k < rows.length; k += step) {
    const i = rows[k]! * 3;
    const [x, y, z] = cloud.positions.subarray(i, i + 3);
    const { u, v, depth } = projectPoint(camera, [x!, y!, z!]);
    if (!(depth > 0) || u < 0 || v < 0 || u >= camera.width || v >= camera.height) continue;
    rect.x0 = Math.min(rect.x0, Math.floor(u));
    rect.y0 = Math.min(rect.y0, Math.floor(v));
    rect.x1 = Math.max(rect.x1, Math.floor(u) + 1);
    rect.y1 = Math.max(rect.y1, Math.floor(v) + 1);
  }
  if (rect.x1 <= rect.x0) return undefined;
  const width = Math.ceil(
    Math.max(
      (rect.x1 - rect.x0) / SHARE,
      ((rect.y1 - rect.y0) / SHARE) * aspect,
      camera.width * SMALLEST,
    ),
  );
  return growRect(rect, width, Math.ceil(width / aspect), camera);
}
