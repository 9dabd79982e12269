/** Pictures side by side in one PNG, for looking at. */
import { encodePng } from '../../cli/report/png.ts';
import type { RgbImage } from '../../core/image.ts';
import { picturesInRows, rgbPicture } from '../../core/pictures.ts';

/** Rows of pictures of one size. */
export function pictureStrip(rows: readonly (readonly RgbImage[])[]): Uint8Array {
  return encodePng(picturesInRows(rows.map((row) => row.map((image) => rgbPicture(image)))));
}
