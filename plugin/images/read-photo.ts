import type { RgbImage } from '../../core/image.ts';
import { PHOTO_MAX_SIDE_PX } from '../../core/photo-types.ts';
import { decodeImage } from './decode-image.ts';
import type { Size } from './placement.ts';
import { rgbImageOf } from './rgb-image.ts';

/** A picture's size, made smaller where its longer side is over `maxSidePx`. */
export function sizeWithin({ width, height }: Size, maxSidePx: number): Size {
  const factor = Math.min(1, maxSidePx / Math.max(width, height));
  return {
    width: Math.max(1, Math.round(width * factor)),
    height: Math.max(1, Math.round(height * factor)),
  };
}

/**
 * A photo's file (PNG, JPEG, WebP and what else the browser reads) for `mender.openPhoto`, turned as its camera says. Its
 * size is known before it is decoded, and bounded.
 * @param maxSidePx longer side that a larger photo is made to: a splat a pixel
 * @throws SplatmendError `too-large`, or `bad-file` for what the browser cannot read
 */
export async function readPhoto(file: File, maxSidePx = PHOTO_MAX_SIDE_PX): Promise<RgbImage> {
  const canvas = await decodeImage(file, maxSidePx);
  return rgbImageOf(canvas, canvas);
}
