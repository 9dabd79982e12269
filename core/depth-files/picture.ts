/** Pictures and masks that people give: PNG or JPEG. */

import { convertIndexedToRgb } from 'fast-png';
import jpeg from 'jpeg-js';
import { badFile, unsupportedFile } from '../formats/format.ts';
import type { Mask, RgbImage } from '../image.ts';
import { SAVE_AGAIN } from './advice.ts';
import { checkImageSize } from './limits.ts';
import { readNpy } from './npy.ts';
import { decodePng, isPng } from './png.ts';

/** jpeg-js counts what it allocates against this. */
const MAX_JPEG_MB = 2048;
const MAX_JPEG_MEGAPIXELS = 67;

interface Pixels {
  width: number;
  height: number;
  channels: number;
  data: ArrayLike<number>;
  /** The value of full brightness. */
  white: number;
}

function readPng(bytes: Uint8Array, name: string): Pixels {
  const png = decodePng(bytes, name);
  const { width, height } = png;
  if (png.palette) {
    const data = convertIndexedToRgb(png);
    return { width, height, channels: data.length / (width * height), data, white: 255 };
  }
  if (png.depth < 8) {
    // One-bit masks: fast-png leaves the pixels packed.
    const perByte = 8 / png.depth;
    const rowBytes = Math.ceil(width / perByte);
    const data = new Uint8Array(width * height);
    const white = 2 ** png.depth - 1;
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) {
        const byte = png.data[y * rowBytes + Math.floor(x / perByte)]!;
        data[y * width + x] = (byte >> (8 - png.depth * ((x % perByte) + 1))) & white;
      }
    }
    return { width, height, channels: 1, data, white };
  }
  const { data, channels } = png;
  return { width, height, channels, data, white: png.depth === 16 ? 65535 : 255 };
}

function readJpeg(bytes: Uint8Array, name: string): Pixels {
  try {
    const options = { maxResolutionInMP: MAX_JPEG_MEGAPIXELS, maxMemoryUsageInMB: MAX_JPEG_MB };
    const picture = jpeg.decode(bytes, { useTArray: true, tolerantDecoding: false, ...options });
    return { ...picture, channels: 4, white: 255 };
  } catch (error) {
    throw badFile(
      name,
      `the JPEG does not decode (${(error as Error).message}); ${SAVE_AGAIN}`,
      error,
    );
  }
}

function readPixels(bytes: Uint8Array, name: string): Pixels {
  if (isPng(bytes)) return readPng(bytes, name);
  if (bytes[0] === 0xff && bytes[1] === 0xd8) return readJpeg(bytes, name);
  throw unsupportedFile(name, 'not a PNG or JPEG; convert it to one of them');
}

/**
 * Colour 0..1 of a PNG (8 or 16 bits, grey or colour) or JPEG; alpha is not read.
 * @throws SplatmendError `bad-file`, `unsupported-file`, `too-large`
 */
export function readPicture(bytes: Uint8Array, name: string): RgbImage {
  const { width, height, channels, data, white } = readPixels(bytes, name);
  const out = new Float32Array(3 * width * height);
  const colour = channels >= 3;
  for (let i = 0; i < width * height; i++) {
    for (let c = 0; c < 3; c++) out[3 * i + c] = data[channels * i + (colour ? c : 0)]! / white;
  }
  return { width, height, data: out };
}

/**
 * A mask from a PNG, JPEG (set where its first channel is brighter than half) or NPY of two dimensions (set where above 0.5 in
 * numbers up to 1, above 127 in those up to 255).
 * @throws SplatmendError `bad-file`, `unsupported-file`, `too-large`
 */
export function readMask(bytes: Uint8Array, name: string): Mask {
  if (name.toLowerCase().endsWith('.npy')) {
    const { shape, data } = readNpy(bytes, name);
    if (shape.length !== 2)
      throw badFile(name, `${shape.length} dimensions; a mask has 2; save one mask alone`);
    const [height, width] = [shape[0]!, shape[1]!];
    checkImageSize(width, height, name);
    let most = 0;
    for (const v of data) if (v > most) most = v;
    const over = most > 1 ? 127 : 0.5;
    return { width, height, data: Uint8Array.from(data as ArrayLike<number>, (v) => +(v > over)) };
  }
  const { width, height, channels, data, white } = readPixels(bytes, name);
  const out = new Uint8Array(width * height);
  for (let i = 0; i < out.length; i++) out[i] = data[channels * i]! > white / 2 ? 1 : 0;
  return { width, height, data: out };
}
