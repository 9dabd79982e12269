/** Pictures turned as EXIF's orientation says. */

/** From this orientation on width and height are exchanged. */
const EXCHANGED_FROM = 5;

/** Of a stored pixel, by where it is shown; w and h are the stored picture's. EXIF 2.32, tag 0x0112. */
const STORED: ((x: number, y: number, w: number, h: number) => [number, number])[] = [
  (x, y) => [x, y],
  (x, y, w) => [w - 1 - x, y],
  (x, y, w, h) => [w - 1 - x, h - 1 - y],
  (x, y, _, h) => [x, h - 1 - y],
  (x, y) => [y, x],
  (x, y, _, h) => [y, h - 1 - x],
  (x, y, w, h) => [w - 1 - y, h - 1 - x],
  (x, y, w) => [w - 1 - y, x],
];

interface Size {
  width: number;
  height: number;
}

/** Whether a picture of this orientation is shown with its stored width as its height. */
export const exchangesSides = (orientation: number): boolean => orientation >= EXCHANGED_FROM;

/** A stored picture's size as it is to be seen. */
export const seenSize = ({ width, height }: Size, orientation: number): Size =>
  exchangesSides(orientation) ? { width: height, height: width } : { width, height };

/**
 * The picture as it is to be seen; itself where it is stored so.
 * @param channels values a pixel
 * @param orientation EXIF's, 1 to 8; 1 is as stored
 */
export function turnedPicture<T extends Size & { data: Float32Array }>(
  picture: T,
  channels: number,
  orientation: number,
): Size & { data: Float32Array } {
  if (orientation === 1) return picture;
  const { width: w, height: h, data } = picture;
  const { width, height } = seenSize(picture, orientation);
  const out = new Float32Array(data.length);
  const stored = STORED[orientation - 1]!;
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const [sx, sy] = stored(x, y, w, h);
      const from = (sy * w + sx) * channels;
      for (let c = 0; c < channels; c++) out[(y * width + x) * channels + c] = data[from + c]!;
    }
  }
  return { width, height, data: out };
}
