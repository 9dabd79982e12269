import { SplatmendError } from '../../core/errors.ts';
import type { Mask, RgbImage } from '../../core/image.ts';
import type { InpaintHints } from '../../core/inpainter.ts';

/** @param who names the inpainter in messages. @throws bad-option when picture, mask and hints are not of one size */
export function checkInpaintSizes(
  who: string,
  image: RgbImage,
  mask: Mask,
  hints: InpaintHints,
): void {
  const { width, height } = image;
  const n = width * height;
  const fits = (other: { width: number; height: number; data: ArrayLike<number> } | undefined) =>
    other === undefined ||
    (other.width === width && other.height === height && other.data.length === n);
  const whole = Number.isInteger(width) && Number.isInteger(height) && width > 0 && height > 0;
  if (!whole || image.data.length !== 3 * n) {
    throw new SplatmendError(
      'bad-option',
      `${who}: image is ${width} × ${height} with ${image.data.length} values; give width × height × 3`,
    );
  }
  if (!fits(mask) || !fits(hints.ignore) || !fits(hints.depth)) {
    throw new SplatmendError(
      'bad-option',
      `${who}: mask, ignore and depth must have the image's size, ${width} × ${height}`,
    );
  }
}
