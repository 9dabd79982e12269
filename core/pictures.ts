/** Images of the line as 8-bit pictures for people. */
import { type ColourMap, colourAt, UNKNOWN_GREY, type ValueRange } from './colour-map.ts';
import type { Mask, Rect, RgbImage, ScalarImage } from './image.ts';

/** 8-bit colour, interleaved rgb, row-major from the top left. */
export interface Picture {
  width: number;
  height: number;
  data: Uint8Array;
}

export const fullRect = (image: { width: number; height: number }): Rect => ({
  x0: 0,
  y0: 0,
  x1: image.width,
  y1: image.height,
});

/** Calls `pixel(source index)` for every pixel of the rectangle and gathers the bytes it gives. */
function paint(
  width: number,
  rect: Rect,
  pixel: (i: number, x: number, y: number) => readonly [number, number, number],
): Picture {
  const w = rect.x1 - rect.x0;
  const h = rect.y1 - rect.y0;
  const data = new Uint8Array(w * h * 3);
  let to = 0;
  for (let y = rect.y0; y < rect.y1; y++) {
    for (let x = rect.x0; x < rect.x1; x++) {
      const [r, g, b] = pixel(y * width + x, x, y);
      data[to++] = r;
      data[to++] = g;
      data[to++] = b;
    }
  }
  return { width: w, height: h, data };
}

const toByte = (v: number) => (v > 0 ? Math.min(255, Math.round(v * 255)) : 0);

/** Colour 0..1 to bytes, clamped. */
export function rgbPicture(image: RgbImage, rect: Rect = fullRect(image)): Picture {
  const d = image.data;
  return paint(image.width, rect, (i) => [
    toByte(d[i * 3]!),
    toByte(d[i * 3 + 1]!),
    toByte(d[i * 3 + 2]!),
  ]);
}

/** Values through a colour map; what is not above `unknownBelow` is grey. */
export function mappedPicture(
  image: ScalarImage,
  map: ColourMap,
  range: ValueRange,
  rect: Rect = fullRect(image),
  unknownBelow = Number.NEGATIVE_INFINITY,
): Picture {
  const grey = [UNKNOWN_GREY, UNKNOWN_GREY, UNKNOWN_GREY] as const;
  const span = range.high - range.low;
  return paint(image.width, rect, (i) => {
    const v = image.data[i]!;
    if (!(v > unknownBelow) || !Number.isFinite(v)) return grey;
    return colourAt(map, (v - range.low) / span);
  });
}

/** Orange and blue of Okabe and Ito's colour-blind safe set. */
export const MASK_COLOUR = [230, 159, 0] as const;
export const FOOTPRINT_COLOUR = [86, 180, 233] as const;

/** The view in faded grey, the mask over it in orange, the rim of the removed object's footprint in blue. */
export function maskPicture(
  rgb: RgbImage,
  mask: Mask,
  footprint: Mask,
  rect: Rect = fullRect(rgb),
): Picture {
  const { width, height } = rgb;
  const inFootprint = (x: number, y: number) =>
    x >= 0 && y >= 0 && x < width && y < height && footprint.data[y * width + x] !== 0;
  return paint(width, rect, (i, x, y) => {
    const rim =
      inFootprint(x, y) &&
      !(
        inFootprint(x - 1, y) &&
        inFootprint(x + 1, y) &&
        inFootprint(x, y - 1) &&
        inFootprint(x, y + 1)
      );
    if (rim) return FOOTPRINT_COLOUR;
    const d = rgb.data;
    const grey = toByte(0.2126 * d[i * 3]! + 0.7152 * d[i * 3 + 1]! + 0.0722 * d[i * 3 + 2]!);
    if (mask.data[i] === 0) return [grey, grey, grey];
    return [
      Math.round(0.3 * grey + 0.7 * MASK_COLOUR[0]),
      Math.round(0.3 * grey + 0.7 * MASK_COLOUR[1]),
      Math.round(0.3 * grey + 0.7 * MASK_COLOUR[2]),
    ];
  });
}

/** Rows of pictures in one, from the left; each row is as high as its first picture. White between and where nothing is. */
export function picturesInRows(rows: readonly (readonly Picture[])[], gapPx = 0): Picture {
  const widthOf = (row: readonly Picture[]) => row.reduce((w, p) => w + p.width + gapPx, -gapPx);
  const width = Math.max(...rows.map(widthOf));
  const height = rows.reduce((h, row) => h + row[0]!.height + gapPx, -gapPx);
  const data = new Uint8Array(3 * width * height).fill(255);
  let top = 0;
  for (const row of rows) {
    let left = 0;
    for (const panel of row) {
      for (let y = 0; y < panel.height; y++) {
        const line = panel.data.subarray(3 * y * panel.width, 3 * (y + 1) * panel.width);
        data.set(line, 3 * ((top + y) * width + left));
      }
      left += panel.width + gapPx;
    }
    top += row[0]!.height + gapPx;
  }
  return { width, height, data };
}

/** The rectangle grown around its middle to at least this size, and moved to lie in the image. */
export function growRect(
  rect: Rect,
  minWidth: number,
  minHeight: number,
  image: { width: number; height: number },
): Rect {
  const axis = (a: number, b: number, min: number, size: number): [number, number] => {
    const length = Math.min(size, Math.max(b - a, min));
    const start = Math.min(size - length, Math.max(0, Math.round((a + b - length) / 2)));
    return [start, start + length];
  };
  const [x0, x1] = axis(rect.x0, rect.x1, minWidth, image.width);
  const [y0, y1] = axis(rect.y0, rect.y1, minHeight, image.height);
  return { x0, y0, x1, y1 };
}
