/** Pictures and masks as PNG, in the worker and in Node alike. */
import { convertIndexedToRgb, decode, encode } from 'fast-png';
import { createRgbImage, type Mask, type RgbImage } from '../../../core/image.ts';
import { badAnswer, type Peer } from './failures.ts';
import { checkPng } from './png-checks.ts';

const to8 = (v: number) => Math.round(255 * Math.min(1, Math.max(0, v)));

/** Colour, 8 bits a channel. Not finite: black. */
export function rgbPng({ width, height, data }: RgbImage): Uint8Array {
  const bytes = new Uint8Array(data.length);
  for (let i = 0; i < bytes.length; i++) bytes[i] = to8(data[i]! || 0);
  return encode({ width, height, data: bytes, channels: 3, depth: 8 });
}

/** White where the mask is set, black elsewhere, one channel. */
export function maskPng({ width, height, data }: Mask): Uint8Array {
  return encode({
    width,
    height,
    data: data.map((v) => (v === 0 ? 0 : 255)),
    channels: 1,
    depth: 8,
  });
}

/** The same in three channels, for readers that look at red. */
export function rgbMaskPng({ width, height, data }: Mask): Uint8Array {
  const bytes = new Uint8Array(3 * data.length);
  for (let i = 0; i < data.length; i++) if (data[i] !== 0) bytes.fill(255, 3 * i, 3 * i + 3);
  return encode({ width, height, data: bytes, channels: 3, depth: 8 });
}

/** The picture, transparent where the mask is set (its colour stays under it), opaque elsewhere. */
export function clearedPng(image: RgbImage, mask: Mask): Uint8Array {
  const { width, height } = image;
  const bytes = new Uint8Array(4 * width * height);
  for (let i = 0; i < width * height; i++) {
    for (let c = 0; c < 3; c++) bytes[4 * i + c] = to8(image.data[3 * i + c]! || 0);
    bytes[4 * i + 3] = mask.data[i] === 0 ? 255 : 0;
  }
  return encode({ width, height, data: bytes, channels: 4, depth: 8 });
}

/**
 * A server's picture, of exactly the size that it should have. Any alpha is left out.
 * @throws bad-answer for anything else than a whole PNG of that size
 */
export function decodePng(
  peer: Peer,
  bytes: Uint8Array,
  size: { width: number; height: number },
): RgbImage {
  const { width, height } = size;
  const wrong = (why: string) => {
    const next = / JPEG| WebP| GIF/.test(why)
      ? 'set its output format to PNG'
      : 'its own log may say why';
    return badAnswer(peer, `its picture cannot be used: ${why}`, next);
  };
  try {
    const checked = checkPng(bytes);
    if (checked.width !== width || checked.height !== height) {
      throw new Error(
        `it is ${checked.width} × ${checked.height} in place of ${width} × ${height}`,
      );
    }
    return toRgb(decode(checked.bytes, { checkCrc: true }));
  } catch (error) {
    throw wrong(error instanceof Error ? error.message.slice(0, 120) : 'it is damaged');
  }
}

function toRgb(png: ReturnType<typeof decode>): RgbImage {
  const { width, height } = png;
  let { data, channels, depth } = png;
  if (png.palette !== undefined) {
    data = convertIndexedToRgb(png);
    channels = data.length / (width * height);
    depth = 8;
  }
  if (depth < 8) throw new Error(`it has ${depth} bits a pixel`);
  const scale = 1 / (2 ** depth - 1);
  const grey = channels < 3;
  const out = createRgbImage(width, height);
  for (let i = 0; i < width * height; i++) {
    for (let c = 0; c < 3; c++) out.data[3 * i + c] = data[i * channels + (grey ? 0 : c)]! * scale;
  }
  return out;
}
