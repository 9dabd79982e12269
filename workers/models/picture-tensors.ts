/** Pictures and masks as a model's tensors, and back, as its manifest says. */
import { type ErrorCode, SplatmendError } from '../../core/errors.ts';
import { toHalf } from '../../core/half.ts';
import type { Mask, RgbImage } from '../../core/image.ts';
import type { FloatTensor, PlainTensor } from './onnx.ts';

/** `nchw`: planes, [1, channels, height, width]. `nhwc`: interleaved, [1, height, width, channels]. */
export type Layout = 'nchw' | 'nhwc';

/** Half floats are made and read here; models of both kinds say and take the same. */
export type ElementType = 'float32' | 'float16' | 'uint8';

export interface PictureTensor {
  name: string;
  layout: Layout;
  type: ElementType;
  /** What a colour of 0 and one of 1 become, e.g. [0, 255]. */
  range: readonly [number, number];
  /** Then (value − mean) / std a channel. */
  mean?: readonly [number, number, number];
  std?: readonly [number, number, number];
}

export interface MaskTensor {
  name: string;
  layout: Layout;
  type: ElementType;
  /** The number of a pixel that is to be filled, and of one that is known. */
  hole: number;
  known: number;
}

const dimsOf = (layout: Layout, channels: number, width: number, height: number) =>
  layout === 'nchw' ? [1, channels, height, width] : [1, height, width, channels];

/** @param image 0..1 */
export function pictureTensor(image: RgbImage, tensor: PictureTensor): PlainTensor {
  const { width, height, data } = image;
  const { layout, type, range, mean = [0, 0, 0], std = [1, 1, 1] } = tensor;
  const area = width * height;
  // Rounds to even and clamps, as 8-bit pictures do.
  const out = type === 'uint8' ? new Uint8ClampedArray(3 * area) : new Float32Array(3 * area);
  const [low, high] = range;
  for (let i = 0; i < area; i++) {
    for (let c = 0; c < 3; c++) {
      const value = (low + data[i * 3 + c]! * (high - low) - mean[c]!) / std[c]!;
      out[layout === 'nchw' ? c * area + i : i * 3 + c] = value;
    }
  }
  const dims = dimsOf(layout, 3, width, height);
  if (out instanceof Uint8ClampedArray) return { data: new Uint8Array(out.buffer), dims };
  return { data: type === 'float16' ? Uint16Array.from(out, toHalf) : out, dims };
}

export function maskTensor(
  { width, height, data }: Mask,
  { layout, type, hole, known }: MaskTensor,
): PlainTensor {
  const out = type === 'uint8' ? new Uint8Array(width * height) : new Float32Array(width * height);
  for (let i = 0; i < out.length; i++) out[i] = data[i] !== 0 ? hole : known;
  const numbers = type === 'float16' ? Uint16Array.from(out, toHalf) : out;
  return { data: numbers, dims: dimsOf(layout, 1, width, height) };
}

/**
 * A model's answer as plain numbers a pixel, interleaved, in its own range.
 * @param channels 3 for a picture, 1 for depth; axes of length 1 before the picture's may be missing
 * @throws SplatmendError `bad-answer` when its shape is not that of `width × height` pixels
 */
export function pixelsOf(
  { data, dims }: FloatTensor,
  layout: Layout,
  channels: number,
  width: number,
  height: number,
  file: string,
): Float32Array {
  const wanted = dimsOf(layout, channels, width, height);
  const given = [...dims];
  const long = (list: readonly number[]) => list.filter((n) => n !== 1).join(' × ');
  if (long(given) !== long(wanted) || data.length !== channels * width * height) {
    throw new SplatmendError(
      'bad-answer',
      `${file}: it gave ${given.join(' × ')} numbers, not ${wanted.join(' × ')}; choose another export, or give a manifest`,
    );
  }
  if (layout === 'nhwc' || channels === 1) return data.slice();
  const area = width * height;
  const out = new Float32Array(channels * area);
  for (let c = 0; c < channels; c++) {
    for (let i = 0; i < area; i++) out[i * channels + c] = data[c * area + i]!;
  }
  return out;
}

/** @throws SplatmendError of that code */
export function checkFinite(data: Float32Array, file: string, code: ErrorCode): void {
  for (const v of data) {
    if (Number.isFinite(v)) continue;
    throw new SplatmendError(
      code,
      `${file}: it gave numbers that are not finite; choose another export (half floats are often the cause), or run it on WASM`,
    );
  }
}
