/** A mask that some other program made of the present view, as a selection. */
import { SplatmendError } from '../../core/errors.ts';
import { createMask, type Mask } from '../../core/image.ts';
import type { MendHost } from '../host.ts';
import { decodeImage } from '../images/decode-image.ts';
import type { Size } from '../images/placement.ts';
import { rgbaOf } from '../images/rgb-image.ts';
import type { Mender } from '../mender-types.ts';

/** Rounding a picture's size to whole pixels changes its sides' ratio by less. */
const RATIO_SLACK = 0.02;

export const isImageName = (name: string): boolean => /\.(png|jpe?g|webp|bmp|gif)$/i.test(name);

/**
 * Reads a mask image at the size asked for: where the image has transparency its opaque pixels are set, else
 * its bright ones.
 * @throws SplatmendError `bad-file` when it is no image, `too-large`, `bad-selection` when its sides do not
 *   have the view's ratio or it sets nothing
 */
export async function readMaskImage(
  file: File,
  { width, height }: { width: number; height: number },
): Promise<Mask> {
  const image = await decodeImage(file);
  if (!ofShape(image, { width, height })) {
    throw new SplatmendError(
      'bad-selection',
      `${file.name}: the mask is ${image.width} × ${image.height}, the view ${width} × ${height}; make it from a picture of this view`,
    );
  }
  const context = new OffscreenCanvas(width, height).getContext('2d')!;
  context.drawImage(image, 0, 0, width, height);
  const { data } = context.getImageData(0, 0, width, height);
  const mask = maskOf(data, width, height);
  if (mask.data.includes(1)) return mask;
  throw new SplatmendError(
    'bad-selection',
    `${file.name}: the mask sets nothing; white (or opaque) pixels are what it selects`,
  );
}

/** Whether two pictures are of one shape, whatever their sizes. */
export const ofShape = (a: Size, b: Size): boolean =>
  Math.abs((a.width * b.height) / (a.height * b.width) - 1) <= RATIO_SLACK;

function maskOf(rgba: Uint8ClampedArray, width: number, height: number): Mask {
  const mask = createMask(width, height);
  let seeThrough = false;
  for (let i = 3; i < rgba.length && !seeThrough; i += 4) seeThrough = rgba[i]! < 255;
  for (let i = 0; i < mask.data.length; i++) {
    const at = 4 * i;
    const value = seeThrough ? rgba[at + 3]! : (rgba[at]! + rgba[at + 1]! + rgba[at + 2]!) / 3;
    mask.data[i] = value > 127 ? 1 : 0;
  }
  return mask;
}

/** A mask image is as black and white as this, of 255. */
const MASK_SLACK = 24;
/** Pixels that are neither: soft edges. */
const MOST_GREY = 0.05;

/** Whether an image, dropped without a word, is a mask of the view: of its shape, opaque, in black and white. */
export function looksLikeMask(image: OffscreenCanvas, view: Size): boolean {
  if (!ofShape(image, view)) return false;
  const data = rgbaOf(image);
  let other = 0;
  for (let at = 0; at < data.length; at += 4) {
    const [r, g, b, a] = [data[at]!, data[at + 1]!, data[at + 2]!, data[at + 3]!];
    const [low, high] = [Math.min(r, g, b), Math.max(r, g, b)];
    if (a < 255 || (low > MASK_SLACK && high < 255 - MASK_SLACK) || high - low > MASK_SLACK)
      other++;
  }
  return other <= MOST_GREY * (data.length / 4);
}

/** Selects what a mask image covers in the view that shows now. @returns how many splats */
export async function selectByMaskImage(
  mender: Mender,
  host: MendHost,
  file: File,
): Promise<number> {
  const camera = host.currentCamera();
  const mask = await readMaskImage(file, camera);
  return mender.select({ kind: 'mask', camera, mask });
}
