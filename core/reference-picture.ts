/** The picture that goes to an image editor and comes back: the hole is what is transparent in it. */
import { SplatmendError } from './errors.ts';
import type { Mask, RgbImage } from './image.ts';

/** More of the hole than this transparent: nobody has painted it yet. What is left over at its rim is closed. */
const MOST_OPEN = 0.1;
const OPAQUE = 0.5;

export interface PictureWithAlpha {
  width: number;
  height: number;
  /** width × height × 3, 0..1. */
  rgb: Float32Array;
  /** width × height, 0..1; absent: opaque. */
  alpha?: Float32Array;
}

/**
 * What a person made of the reference picture. Still transparent pixels take the colour of the nearest painted ones.
 * @param hole what was transparent when it was saved; of any size of the same shape
 * @throws SplatmendError `bad-answer` when the hole is not painted
 */
export function editedPicture(edited: PictureWithAlpha, hole: Mask, name: string): RgbImage {
  const { width, height, rgb, alpha } = edited;
  const image: RgbImage = { width, height, data: rgb.slice() };
  if (alpha === undefined) return image;
  let wanted = 0;
  let open = 0;
  for (let y = 0; y < height; y++) {
    const v = Math.min(hole.height - 1, Math.floor(((y + 0.5) * hole.height) / height));
    for (let x = 0; x < width; x++) {
      const u = Math.min(hole.width - 1, Math.floor(((x + 0.5) * hole.width) / width));
      if (hole.data[v * hole.width + u] === 0) continue;
      wanted++;
      if (alpha[y * width + x]! < OPAQUE) open++;
    }
  }
  if (open > MOST_OPEN * wanted) {
    throw new SplatmendError(
      'bad-answer',
      `${name}: ${Math.round((100 * open) / wanted)} % of the hole is still transparent; paint over it, and save it again`,
    );
  }
  closeOpen(image, alpha);
  return image;
}

/** Transparent pixels take the mean of their coloured neighbours, layer after layer. */
function closeOpen({ width, height, data }: RgbImage, alpha: Float32Array): void {
  const done = Uint8Array.from(alpha, (a) => (a < OPAQUE ? 0 : 1));
  let rest: number[] = [];
  for (let i = 0; i < done.length; i++) if (done[i] === 0) rest.push(i);
  while (rest.length > 0) {
    const filled: number[] = [];
    const later: number[] = [];
    for (const i of rest) {
      const x = i % width;
      const near = [
        x > 0 ? i - 1 : -1,
        x + 1 < width ? i + 1 : -1,
        i - width,
        i + width < width * height ? i + width : -1,
      ].filter((k) => k >= 0 && done[k] === 1);
      if (near.length === 0) {
        later.push(i);
        continue;
      }
      filled.push(i);
      for (let c = 0; c < 3; c++) {
        data[i * 3 + c] = near.reduce((sum, k) => sum + data[k * 3 + c]!, 0) / near.length;
      }
    }
    // Nothing is opaque at all.
    if (filled.length === 0) return;
    for (const i of filled) done[i] = 1;
    rest = later;
  }
}
