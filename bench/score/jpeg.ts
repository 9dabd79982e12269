import jpeg from 'jpeg-js';
import type { Picture } from '../../core/pictures.ts';

const QUALITY = 88;

/** A picture for the docs as a JPEG's bytes. */
export function jpegOf({ width, height, data }: Picture): Uint8Array {
  const rgba = Uint8Array.from({ length: 4 * width * height }, (_, k) =>
    k % 4 === 3 ? 255 : data[3 * Math.floor(k / 4) + (k % 4)]!,
  );
  return jpeg.encode({ width, height, data: rgba }, QUALITY).data;
}
