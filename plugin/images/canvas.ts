import type { Mask } from '../../core/image.ts';
import type { Picture } from '../../core/pictures.ts';

/** The picture's bytes as a canvas takes them. Alpha 255, or `alpha` (one byte a pixel, 0..255). */
export function toRgba(picture: Picture, alpha?: Uint8Array): Uint8ClampedArray<ArrayBuffer> {
  const { width, height, data } = picture;
  const out = new Uint8ClampedArray(width * height * 4);
  for (let i = 0; i < width * height; i++) {
    out[i * 4] = data[i * 3]!;
    out[i * 4 + 1] = data[i * 3 + 1]!;
    out[i * 4 + 2] = data[i * 3 + 2]!;
    out[i * 4 + 3] = alpha === undefined ? 255 : alpha[i]!;
  }
  return out;
}

/** Draws it pixel by pixel; the canvas takes the picture's size. */
export function drawPicture(canvas: HTMLCanvasElement, picture: Picture): void {
  canvas.width = picture.width;
  canvas.height = picture.height;
  const pixels = new ImageData(toRgba(picture), picture.width, picture.height);
  canvas.getContext('2d')!.putImageData(pixels, 0, 0);
}

/** Bytes of a see-through layer: what is set in this colour, its rim opaque so that its edge is found on any picture. */
export function maskLayer(
  mask: Mask,
  [r, g, b]: readonly [number, number, number],
  opacity = 0.5,
): Uint8ClampedArray<ArrayBuffer> {
  const { width, height, data } = mask;
  const out = new Uint8ClampedArray(width * height * 4);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const i = y * width + x;
      if (data[i] === 0) continue;
      const inside =
        x > 0 &&
        y > 0 &&
        x < width - 1 &&
        y < height - 1 &&
        data[i - 1] !== 0 &&
        data[i + 1] !== 0 &&
        data[i - width] !== 0 &&
        data[i + width] !== 0;
      out[i * 4] = r;
      out[i * 4 + 1] = g;
      out[i * 4 + 2] = b;
      out[i * 4 + 3] = inside ? opacity * 255 : 255;
    }
  }
  return out;
}
