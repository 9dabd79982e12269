/** A mask that some other program made of the present view, as a selection. */
import { SplatmendError } from '../../core/errors.ts';
import { createMask, type Mask } from '../../core/image.ts';
import type { MendHost } from '../host.ts';
import type { Mender } from '../mender-types.ts';
import { byteSize } from './figures.ts';

const MOST_BYTES = 64_000_000;
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
  if (file.size > MOST_BYTES) {
    throw new SplatmendError(
      'too-large',
      `${file.name}: ${byteSize(file.size)} is too much for a mask; is it the right file?`,
    );
  }
  const image = await createImageBitmap(file).catch((error: unknown) => {
    throw new SplatmendError('bad-file', `${file.name}: not an image that the browser can read`, {
      cause: error,
    });
  });
  try {
    const ratio = (image.width * height) / (image.height * width);
    if (Math.abs(ratio - 1) > RATIO_SLACK) {
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
  } finally {
    image.close();
  }
}

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
