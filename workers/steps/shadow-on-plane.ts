import { components } from '../../core/components.ts';
import { createMask, type Mask, type ScalarImage } from '../../core/image.ts';
import type { RenderedView } from '../../core/kernels.ts';
import { dilate } from '../../core/morphology.ts';
import { slantCosine } from '../../core/slant-cosine.ts';

/**
 * What the object hid of a plane beside its own picture: pixels outside the footprint whose place on the plane it hid
 * from every given camera, and where nothing shows but what lies behind the plane. What is seen there is seen through
 * the hole. Like the empty ones, such regions are no larger than the footprint and beside it.
 * @param plane the plane's depth; 0 where rays do not meet it
 * @param hides whether the object hid a pixel's place on the plane from every given camera
 */
export function shadowOnPlane(
  plane: ScalarImage,
  {
    view,
    covered,
    unseen,
    limit,
  }: { view: RenderedView; covered: Mask; unseen: Mask; limit: number },
  agreement: number,
  hides: (x: number, y: number, depth: number) => boolean,
): Mask {
  const { width, height } = covered;
  const out = createMask(width, height);
  const candidates = createMask(width, height);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const i = y * width + x;
      const z = plane.data[i]!;
      if (unseen.data[i] !== 0 || !(z > 0)) continue;
      const behind = (view.depthMedian.data[i]! - z) * slantCosine(plane, view.camera, i);
      if (covered.data[i] !== 0 && behind <= agreement) continue;
      if (hides(x, y, z)) candidates.data[i] = 1;
    }
  }
  const touching = dilate(unseen, 1);
  for (const part of components(candidates)) {
    if (part.touchesBorder || part.pixels.length > limit) continue;
    if (!part.pixels.some((i) => touching.data[i] !== 0)) continue;
    for (const i of part.pixels) out.data[i] = 1;
  }
  return out;
}
