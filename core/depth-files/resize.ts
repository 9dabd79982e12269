import {
  createRgbImage,
  createScalarImage,
  type Mask,
  type RgbImage,
  type ScalarImage,
} from '../image.ts';

/** The picture at another size; where it gets smaller, each pixel is the mean of the area that it covers. */
export function resizeRgb(image: RgbImage, width: number, height: number): RgbImage {
  if (image.width === width && image.height === height) return image;
  const columns = spans(image.width, width);
  const rows = spans(image.height, height);
  const out = createRgbImage(width, height);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const to = 3 * (y * width + x);
      for (const [sy, wy] of rows[y]!) {
        for (const [sx, wx] of columns[x]!) {
          const from = 3 * (sy * image.width + sx);
          for (let c = 0; c < 3; c++) out.data[to + c]! += wx * wy * image.data[from + c]!;
        }
      }
    }
  }
  return out;
}

/** The same of one number a pixel. */
export function resizeScalar(image: ScalarImage, width: number, height: number): ScalarImage {
  if (image.width === width && image.height === height) return image;
  const columns = spans(image.width, width);
  const rows = spans(image.height, height);
  const out = createScalarImage(width, height);
  for (let i = 0; i < out.data.length; i++) {
    for (const [sy, wy] of rows[Math.floor(i / width)]!) {
      for (const [sx, wx] of columns[i % width]!) {
        out.data[i]! += wx * wy * image.data[sy * image.width + sx]!;
      }
    }
  }
  return out;
}

/** The nearest pixel's value at another size: a mean would put depth between two surfaces. The same image where nothing changes. */
export function resizeNearest<T extends ScalarImage | Mask>(
  image: T,
  width: number,
  height: number,
): T {
  if (image.width === width && image.height === height) return image;
  const out = new (image.data.constructor as new (n: number) => T['data'])(width * height);
  for (let i = 0; i < out.length; i++) {
    const x = Math.floor((((i % width) + 0.5) * image.width) / width);
    const y = Math.floor(((Math.floor(i / width) + 0.5) * image.height) / height);
    out[i] = image.data[y * image.width + x]!;
  }
  return { ...image, width, height, data: out };
}

/** Of each new pixel, the old ones that it takes from, with weights of sum 1. */
function spans(from: number, to: number): [number, number][][] {
  const step = from / to;
  return Array.from({ length: to }, (_, k) => {
    // Growing: linear between the two nearest centres. Shrinking: the area covered.
    if (step <= 1) {
      const at = Math.min(from - 1, Math.max(0, (k + 0.5) * step - 0.5));
      const low = Math.floor(at);
      const high = Math.min(from - 1, low + 1);
      return [
        [low, 1 - (at - low)],
        [high, at - low],
      ];
    }
    const [start, end] = [k * step, Math.min(from, (k + 1) * step)];
    const out: [number, number][] = [];
    for (let s = Math.floor(start); s < end; s++) {
      out.push([s, (Math.min(end, s + 1) - Math.max(start, s)) / (end - start)]);
    }
    return out;
  });
}
