import { createRgbImage, type RgbImage } from '../../core/image.ts';

type Size = { width: number; height: number };

/** An empty canvas that can be drawn on. */
export function canvasOf({ width, height }: Size): OffscreenCanvas {
  return new OffscreenCanvas(width, height);
}

/** Its pixels, RGBA, not premultiplied. */
export function rgbaOf(canvas: OffscreenCanvas): Uint8ClampedArray {
  return canvas.getContext('2d')!.getImageData(0, 0, canvas.width, canvas.height).data;
}

/** What is drawn, at this size, as the line takes it; transparent pixels are black. */
export function rgbImageOf(source: CanvasImageSource, { width, height }: Size): RgbImage {
  const canvas = canvasOf({ width, height });
  const context = canvas.getContext('2d')!;
  context.imageSmoothingQuality = 'high';
  context.drawImage(source, 0, 0, width, height);
  const data = rgbaOf(canvas);
  const image = createRgbImage(width, height);
  for (let i = 0; i < width * height; i++) {
    for (let c = 0; c < 3; c++) image.data[i * 3 + c] = data[i * 4 + c]! / 255;
  }
  return image;
}

/** The image, drawn: opaque, so that the canvas keeps its bytes. */
export function canvasFrom({ width, height, data }: RgbImage): OffscreenCanvas {
  const pixels = new ImageData(width, height);
  for (let i = 0; i < width * height; i++) {
    for (let c = 0; c < 3; c++) pixels.data[i * 4 + c] = data[i * 3 + c]! * 255;
    pixels.data[i * 4 + 3] = 255;
  }
  const canvas = canvasOf({ width, height });
  canvas.getContext('2d')!.putImageData(pixels, 0, 0);
  return canvas;
}
