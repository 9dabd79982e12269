import type { Mask } from '../../core/image.ts';
import type { Picture } from '../../core/pictures.ts';
import { toRgba } from './canvas.ts';

/**
 * The picture as PNG bytes. With `clear` what is set there is transparent and keeps its colour under it: an
 * image editor then has the mask as the layer's alpha. A canvas would lose the colour, so it does not encode.
 */
export async function pngOf(picture: Picture, clear?: Mask): Promise<Uint8Array> {
  const { width, height } = picture;
  const { encode } = await import('fast-png');
  if (clear === undefined) {
    return encode({ width, height, data: picture.data, channels: 3, depth: 8 });
  }
  const alpha = clear.data.map((set) => (set === 0 ? 255 : 0));
  const data = new Uint8Array(toRgba(picture, alpha).buffer);
  return encode({ width, height, data, channels: 4, depth: 8 });
}
