/** Rectangle, lasso, polygon and brush: a shape on the picture, and the splats it means. */
import type { Camera } from '../../core/camera.ts';
import { SplatmendError } from '../../core/errors.ts';
import type { Mask } from '../../core/image.ts';
import type { Marks } from '../../core/marks.ts';
import { maskOfPolygon, maskOfRectangle, maskOfStrokes } from '../../core/select/shape-mask.ts';
import { centresUnder, surfaceUnder } from '../../core/select/under-shape.ts';
import { checkCamera, viewSurface } from '../../core/select/view-surface.ts';
import type { SelectShape } from '../../core/select-types.ts';
import type { Selection } from '../../core/selection.ts';
import type { SplatCloud } from '../../core/splat-cloud.ts';

type PictureShape = Extract<SelectShape, { kind: 'rectangle' | 'polygon' | 'brush' }>;

function checkPoints(kind: string, points: ArrayLike<number>): void {
  if (points.length % 2 !== 0) {
    throw new SplatmendError(
      'bad-option',
      `${kind}: ${points.length} coordinates are not pairs; give x, y, x, y …`,
    );
  }
  for (let k = 0; k < points.length; k++) {
    if (Number.isFinite(points[k]!)) continue;
    throw new SplatmendError('bad-option', `${kind}: point ${k >> 1} is not finite; give pixels`);
  }
}

function maskOf(camera: Camera, shape: PictureShape): Mask {
  switch (shape.kind) {
    case 'rectangle':
      checkPoints('rectangle', [shape.x0, shape.y0, shape.x1, shape.y1]);
      return maskOfRectangle(camera, shape);
    case 'polygon':
      checkPoints('polygon', shape.points);
      return maskOfPolygon(camera, shape.points);
    case 'brush':
      for (const { points, radiusPx } of shape.strokes) {
        checkPoints('brush', points);
        if (radiusPx >= 0 && Number.isFinite(radiusPx)) continue;
        throw new SplatmendError(
          'bad-option',
          `brush: radius ${radiusPx} is not a number of pixels; give 0 or more`,
        );
      }
      return maskOfStrokes(camera, shape.strokes);
  }
}

/**
 * @param marks what is hidden neither hides others nor is selected
 * @returns nothing selected where the shape holds no pixel
 * @throws SplatmendError `bad-option` for a shape that is not finite; `bad-camera`; `cancelled`
 */
export async function selectShape(
  cloud: SplatCloud,
  shape: PictureShape,
  marks?: Marks,
  signal?: AbortSignal,
): Promise<Selection> {
  checkCamera(shape.camera);
  const mask = maskOf(shape.camera, shape);
  if (shape.depth === 'through') return centresUnder(cloud, shape.camera, mask);
  return surfaceUnder(cloud, await viewSurface(cloud, shape.camera, { marks }, signal), mask);
}
