/** Pictures side by side in one PNG, for looking at. */
import { encode } from 'fast-png';
import type { RgbImage } from '../../core/image.ts';

/** Rows of pictures of one size. */
export function pictureStrip(rows: readonly (readonly RgbImage[])[]): Uint8Array {
  const { width, height } = rows[0]![0]!;
  const columns = rows[0]!.length;
  const data = new Uint8Array(width * columns * height * rows.length * 3);
  for (const [r, row] of rows.entries()) {
    for (const [c, image] of row.entries()) {
      for (let y = 0; y < height; y++) {
        const to = ((r * height + y) * columns + c) * width * 3;
        for (let k = 0; k < width * 3; k++) {
          const v = image.data[y * width * 3 + k]!;
          data[to + k] = Math.round(255 * Math.min(1, Math.max(0, v)));
        }
      }
    }
  }
  return encode({ width: width * columns, height: height * rows.length, data, channels: 3 });
}
