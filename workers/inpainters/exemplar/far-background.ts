import {
  createScalarImage,
  type Mask,
  type RgbImage,
  type ScalarImage,
} from '../../../core/image.ts';

/** Nothing is farther than anything: what shows nothing gets this many times the largest depth. */
const NOTHING_DEPTHS = 100;

/**
 * What shows nothing as a black surface far behind all others: the outline against it is then one that is carried on
 * into the hole, as the dark strip along a table's edge, and nothing of it is copied onto a surface.
 */
export function withFarBackground(
  image: RgbImage,
  depth: ScalarImage,
  nothing: Mask,
): { image: RgbImage; depth: ScalarImage } {
  const { width, height } = image;
  let largest = 0;
  for (const z of depth.data) if (z > largest) largest = z;
  const far = createScalarImage(width, height);
  const rgb = image.data.slice();
  for (let i = 0; i < far.data.length; i++) {
    far.data[i] = nothing.data[i] === 0 ? depth.data[i]! : NOTHING_DEPTHS * largest;
    if (nothing.data[i] !== 0) rgb.fill(0, 3 * i, 3 * i + 3);
  }
  return { image: { width, height, data: rgb }, depth: far };
}
