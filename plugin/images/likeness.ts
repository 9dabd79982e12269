import { canvasOf, rgbaOf } from './rgb-image.ts';

const GRID = { width: 48, height: 32 };
/** Mean |Δrgb| of a cell, 0..1: encoding and a slight shift change less, another picture more. */
const SAME = 0.06;

/** Share of two pictures' cells that look the same, 0..1, whatever their sizes. */
export function likeness(a: OffscreenCanvas, b: OffscreenCanvas): number {
  const [p, q] = [smallOf(a), smallOf(b)];
  let same = 0;
  for (let i = 0; i < p.length; i += 4) {
    let apart = 0;
    for (let c = 0; c < 3; c++) apart += Math.abs(p[i + c]! - q[i + c]!) / (3 * 255);
    if (apart < SAME) same++;
  }
  return (4 * same) / p.length;
}

/** Halved until it is near the grid: one large step would skip pixels. */
function smallOf(picture: OffscreenCanvas): Uint8ClampedArray {
  let from = picture;
  while (from.width > 2 * GRID.width && from.height > 2 * GRID.height) {
    from = drawn(from, { width: from.width >> 1, height: from.height >> 1 });
  }
  return rgbaOf(drawn(from, GRID));
}

function drawn(from: OffscreenCanvas, size: { width: number; height: number }): OffscreenCanvas {
  const canvas = canvasOf(size);
  const context = canvas.getContext('2d')!;
  context.imageSmoothingQuality = 'high';
  context.drawImage(from, 0, 0, size.width, size.height);
  return canvas;
}
