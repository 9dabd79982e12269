// Seeded generated pictures for the exemplar inpainter's tests, all colours 0..1.
import { createMask, createRgbImage, type Mask, type RgbImage } from '../../core/image.ts';
import { createRandom } from '../../core/random.ts';

/** One colour a pixel from its coordinates. */
export function paint(
  width: number,
  height: number,
  colour: (x: number, y: number) => [number, number, number],
): RgbImage {
  const image = createRgbImage(width, height);
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) image.data.set(colour(x, y), (y * width + x) * 3);
  return image;
}

/** Diagonal stripes, period 11 px across, soft edges. */
export function stripes(width: number, height: number): RgbImage {
  return paint(width, height, (x, y) => {
    const s = 0.5 + 0.5 * Math.sin((2 * Math.PI * (0.8 * x + 0.6 * y)) / 11);
    return [0.2 + 0.6 * s, 0.3 + 0.3 * s, 0.6 - 0.4 * s];
  });
}

/** Checkerboard of 12 px squares. */
export function checker(width: number, height: number): RgbImage {
  return paint(width, height, (x, y) =>
    (((x / 12) | 0) + ((y / 12) | 0)) % 2 === 0 ? [0.85, 0.8, 0.7] : [0.2, 0.25, 0.3],
  );
}

/** Brick wall: 24 × 12 px bricks, every second row shifted, 2 px mortar, each brick a little different. */
export function bricks(width: number, height: number, seed: number): RgbImage {
  const random = createRandom(seed);
  const tints = Array.from({ length: 4096 }, () => 0.06 * (random() - 0.5));
  return paint(width, height, (x, y) => {
    const row = (y / 12) | 0;
    const u = x + (row % 2) * 12;
    if (y % 12 < 2 || u % 24 < 2) return [0.75, 0.73, 0.7];
    const t = tints[(row * 64 + ((u / 24) | 0)) & 4095]!;
    return [0.6 + t, 0.28 + t, 0.2 + t];
  });
}

/** Fine noise on a brightness gradient from left to right: a table lit unevenly. */
export function shadedNoise(width: number, height: number, seed: number): RgbImage {
  const random = createRandom(seed);
  return paint(width, height, (x) => {
    const light = 0.35 + (0.4 * x) / width;
    const n = 0.08 * (random() - 0.5);
    return [light * 1.1 + n, light + n, light * 0.8 + n];
  });
}

/** Rectangle mask. */
export function rectMask(
  width: number,
  height: number,
  x0: number,
  y0: number,
  w: number,
  h: number,
): Mask {
  const mask = createMask(width, height);
  for (let y = y0; y < y0 + h; y++) mask.data.fill(1, y * width + x0, y * width + x0 + w);
  return mask;
}

/** The picture with the mask's pixels overwritten by magenta: nothing of the truth is left to peek at. */
export function punch(image: RgbImage, mask: Mask): RgbImage {
  const out = { ...image, data: image.data.slice() };
  for (let i = 0; i < mask.data.length; i++) if (mask.data[i]) out.data.set([1, 0, 1], i * 3);
  return out;
}

/** PSNR over the mask's pixels, dB. */
export function psnrIn(mask: Mask, a: RgbImage, b: RgbImage): number {
  let sum = 0;
  let n = 0;
  for (let i = 0; i < mask.data.length; i++) {
    if (!mask.data[i]) continue;
    for (let c = 0; c < 3; c++) sum += (a.data[i * 3 + c]! - b.data[i * 3 + c]!) ** 2;
    n += 3;
  }
  return -10 * Math.log10(sum / n + 1e-12);
}

/** Mean |Δ green| between horizontal neighbours inside the mask: how much texture there is. */
export function textureIn(mask: Mask, image: RgbImage): number {
  let sum = 0;
  let n = 0;
  for (let i = 0; i + 1 < mask.data.length; i++) {
    if (!mask.data[i] || !mask.data[i + 1]) continue;
    sum += Math.abs(image.data[i * 3 + 4]! - image.data[i * 3 + 1]!);
    n++;
  }
  return sum / n;
}
