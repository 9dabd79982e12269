import {
  createMask,
  createScalarImage,
  type Mask,
  type Rect,
  type RgbImage,
  type ScalarImage,
} from '../../core/image.ts';
import { OPAQUE } from './decode-image.ts';
import { coveredBy, type Placement } from './placement.ts';
import { canvasOf, rgbaOf, rgbImageOf } from './rgb-image.ts';

/** What of an image is there at all, and the rectangle that holds it; undefined where nothing is. */
export function cutToContent(
  image: OffscreenCanvas,
): { content: OffscreenCanvas; rect: Rect } | undefined {
  const { width, height } = image;
  const data = rgbaOf(image);
  const rect = { x0: width, y0: height, x1: 0, y1: 0 };
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      if (data[(y * width + x) * 4 + 3] === 0) continue;
      rect.x0 = Math.min(rect.x0, x);
      rect.x1 = Math.max(rect.x1, x + 1);
      rect.y0 = Math.min(rect.y0, y);
      rect.y1 = y + 1;
    }
  }
  if (rect.x1 <= rect.x0) return undefined;
  const content = canvasOf({ width: rect.x1 - rect.x0, height: rect.y1 - rect.y0 });
  content.getContext('2d')!.drawImage(image, -rect.x0, -rect.y0);
  return { content, rect };
}

/** Less than this is not there, of 255. */
const THERE = 26;
/** With this share of it between the two, an image is see-through on purpose, and not at its soft rim alone. */
const SEE_THROUGH = 0.4;

/**
 * The picture with the image over it, and where the image is. An image's own colours go in, not mixed with what
 * is behind its soft rim: what stands in the scene is seen before other backgrounds, too. One that is see-through for
 * a good part (a stain, a shadow) comes with its alpha, and is mixed with what it lies on.
 */
export function placeImage(
  picture: OffscreenCanvas,
  image: OffscreenCanvas,
  placement: Placement,
): { edited: RgbImage; mask: Mask; alpha?: ScalarImage } {
  const { width, height } = picture;
  const layer = canvasOf(picture);
  const context = layer.getContext('2d')!;
  context.imageSmoothingQuality = 'high';
  const { left, top, width: w, height: h } = coveredBy(placement, image);
  context.drawImage(image, left, top, w, h);
  const data = rgbaOf(layer);
  const edited = rgbImageOf(picture, picture);
  const mask = createMask(width, height);
  const alpha = createScalarImage(width, height);
  const counts = { there: 0, soft: 0 };
  for (let i = 0; i < mask.data.length; i++) {
    const a = data[i * 4 + 3]!;
    alpha.data[i] = a / 255;
    if (a >= THERE) counts.there++;
    if (a >= THERE && a < 255 - THERE) counts.soft++;
  }
  const seeThrough = counts.soft > SEE_THROUGH * counts.there;
  for (let i = 0; i < mask.data.length; i++) {
    if (data[i * 4 + 3]! < (seeThrough ? THERE : OPAQUE)) continue;
    mask.data[i] = 1;
    for (let c = 0; c < 3; c++) edited.data[i * 3 + c] = data[i * 4 + c]! / 255;
  }
  if (!seeThrough) return { edited, mask };
  // The picture's own pixels are whole.
  for (let i = 0; i < mask.data.length; i++) if (mask.data[i] === 0) alpha.data[i] = 1;
  return { edited, mask, alpha };
}

/** An edited picture; where it is transparent, the picture that it was made from shows. */
export function overPicture(picture: OffscreenCanvas, edited: OffscreenCanvas): RgbImage {
  const canvas = canvasOf(edited);
  const context = canvas.getContext('2d')!;
  context.imageSmoothingQuality = 'high';
  context.drawImage(picture, 0, 0, canvas.width, canvas.height);
  context.drawImage(edited, 0, 0);
  return rgbImageOf(canvas, canvas);
}
