/** A picture as a SAM-style encoder's input, and a decoder's logits as a mask of the picture. */
import { SplatmendError } from '../../core/errors.ts';
import { createMask, type Mask, type RgbImage } from '../../core/image.ts';
import { checkFinite } from './picture-tensors.ts';
import type { SamManifest } from './sam-manifest.ts';

/** A picture's place in the model's square: its top left part. */
export interface Placed {
  /** The picture itself, pixels. */
  width: number;
  height: number;
  /** Its part of the square, model pixels. */
  placedWidth: number;
  placedHeight: number;
}

export function place({ width, height }: RgbImage, size: number): Placed {
  const scale = size / Math.max(width, height);
  const whole = (length: number) => Math.max(1, Math.min(size, Math.round(length * scale)));
  return { width, height, placedWidth: whole(width), placedHeight: whole(height) };
}

/** A pixel of the picture in the model's coordinates, whose whole numbers are pixel centres. */
export function toModel(placed: Placed, x: number, y: number): [number, number] {
  return [
    (x * placed.placedWidth) / placed.width - 0.5,
    (y * placed.placedHeight) / placed.height - 0.5,
  ];
}

/** Weights by which one axis of `from` pixels becomes `to`. */
interface Axis {
  start: Int32Array;
  weights: Float32Array[];
}

/** Linear between pixels; where it shrinks, the triangle is as wide as what falls into a pixel, so nothing is skipped. */
function axis(from: number, to: number): Axis {
  const ratio = from / to;
  const reach = Math.max(1, ratio);
  const start = new Int32Array(to);
  const weights: Float32Array[] = [];
  for (let i = 0; i < to; i++) {
    const middle = (i + 0.5) * ratio;
    const first = Math.max(0, Math.floor(middle - reach));
    const last = Math.min(from - 1, Math.ceil(middle + reach));
    const row = new Float32Array(last - first + 1);
    let sum = 0;
    for (let k = first; k <= last; k++) {
      const w = Math.max(0, 1 - Math.abs(k + 0.5 - middle) / reach);
      row[k - first] = w;
      sum += w;
    }
    start[i] = first;
    weights.push(row.map((w) => w / sum));
  }
  return { start, weights };
}

/** @returns placedWidth × placedHeight × 3, interleaved, 0..1 */
function resample(image: RgbImage, placed: Placed): Float32Array {
  const { width, height, data } = image;
  const { placedWidth, placedHeight } = placed;
  const across = axis(width, placedWidth);
  const down = axis(height, placedHeight);
  const narrow = new Float32Array(placedWidth * height * 3);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < placedWidth; x++) {
      const weights = across.weights[x]!;
      const from = (y * width + across.start[x]!) * 3;
      const to = (y * placedWidth + x) * 3;
      for (let k = 0; k < weights.length; k++) {
        const w = weights[k]!;
        const at = from + k * 3;
        narrow[to] = narrow[to]! + w * data[at]!;
        narrow[to + 1] = narrow[to + 1]! + w * data[at + 1]!;
        narrow[to + 2] = narrow[to + 2]! + w * data[at + 2]!;
      }
    }
  }
  const out = new Float32Array(placedWidth * placedHeight * 3);
  const row = placedWidth * 3;
  for (let y = 0; y < placedHeight; y++) {
    const weights = down.weights[y]!;
    for (let k = 0; k < weights.length; k++) {
      const w = weights[k]!;
      const from = (down.start[y]! + k) * row;
      for (let i = 0; i < row; i++) out[y * row + i] = out[y * row + i]! + w * narrow[from + i]!;
    }
  }
  return out;
}

/** The encoder's input. */
export function encoderInput(
  image: RgbImage,
  placed: Placed,
  { size, encoder }: SamManifest,
): { data: Float32Array; dims: number[] } {
  const { placedWidth, placedHeight } = placed;
  const small = resample(image, placed);
  const { layout, range, mean, std } = encoder;
  const planes = layout === 'nchw';
  const out = planes ? new Float32Array(3 * size * size) : small;
  for (let y = 0; y < placedHeight; y++) {
    for (let x = 0; x < placedWidth; x++) {
      const from = (y * placedWidth + x) * 3;
      for (let c = 0; c < 3; c++) {
        const value = (small[from + c]! * range - mean[c]!) / std[c]!;
        out[planes ? (c * size + y) * size + x : from + c] = value;
      }
    }
  }
  return { data: out, dims: planes ? [1, 3, size, size] : [placedHeight, placedWidth, 3] };
}

export interface Logits {
  data: Float32Array;
  dims: readonly number[];
}

/**
 * The best of a decoder's masks, at the picture's size: linear between the logits.
 * @throws SplatmendError `bad-file` for shapes that no mask has, and numbers that are not finite
 */
export function bestMask(
  masks: Logits,
  scores: Logits,
  placed: Placed,
  { size, threshold }: SamManifest,
  file: string,
): Mask {
  const [height, width] = masks.dims.slice(-2) as [number, number];
  const area = width * height;
  const count = scores.data.length;
  if (masks.dims.length < 3 || count === 0 || masks.data.length !== count * area || area === 0) {
    throw new SplatmendError(
      'bad-file',
      `${file}: masks of ${masks.dims.join(' × ')} with ${count} scores; choose another export, or give a manifest`,
    );
  }
  checkFinite(scores.data, file, 'bad-file');
  checkFinite(masks.data, file, 'bad-file');
  let best = 0;
  for (let k = 1; k < count; k++) if (scores.data[k]! > scores.data[best]!) best = k;
  const logits = masks.data.subarray(best * area, (best + 1) * area);
  const mask = createMask(placed.width, placed.height);
  const stepX = (placed.placedWidth / placed.width) * (width / size);
  const stepY = (placed.placedHeight / placed.height) * (height / size);
  for (let y = 0; y < mask.height; y++) {
    const v = Math.min(height - 1, Math.max(0, (y + 0.5) * stepY - 0.5));
    const y0 = Math.min(height - 1, Math.floor(v));
    const y1 = Math.min(height - 1, y0 + 1);
    for (let x = 0; x < mask.width; x++) {
      const u = Math.min(width - 1, Math.max(0, (x + 0.5) * stepX - 0.5));
      const x0 = Math.min(width - 1, Math.floor(u));
      const x1 = Math.min(width - 1, x0 + 1);
      const [a, b] = [u - x0, v - y0];
      const above = logits[y0 * width + x0]! * (1 - a) + logits[y0 * width + x1]! * a;
      const below = logits[y1 * width + x0]! * (1 - a) + logits[y1 * width + x1]! * a;
      if (above * (1 - b) + below * b > threshold) mask.data[y * mask.width + x] = 1;
    }
  }
  return mask;
}
