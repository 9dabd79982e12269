/** PNG, checked before it is decoded. */
import { type DecodedPng, decode } from 'fast-png';
import { Unzlib } from 'fflate';
import { SplatmendError } from '../errors.ts';
import { badFile } from '../formats/format.ts';
import { checkImageSize } from './limits.ts';

const MAGIC = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];
/** Channels by colour type. */
const CHANNELS: Record<number, number> = { 0: 1, 2: 3, 3: 1, 4: 2, 6: 4 };
/** Adam7's seven passes round each row up to whole bytes and give it a filter byte. */
const INTERLACE_GROWTH = 2;
const PIECE_BYTES = 1 << 16;

export const isPng = (bytes: Uint8Array): boolean => MAGIC.every((b, i) => bytes[i] === b);

/**
 * Size from the header, and that the pixels' data inflates to no more than that explains: fast-png inflates all that is there.
 * @throws SplatmendError `bad-file`, `too-large`
 */
function checkPng(bytes: Uint8Array, name: string): void {
  if (!isPng(bytes)) throw badFile(name, 'does not begin like a PNG');
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < 33 || view.getUint32(12) !== 0x49484452) {
    throw badFile(name, 'the PNG has no header');
  }
  const width = view.getUint32(16);
  const height = view.getUint32(20);
  checkImageSize(width, height, name);
  const bits = bytes[24]! * (CHANNELS[bytes[25]!] ?? 4);
  const interlaced = bytes[28] !== 0;
  const limit = height * (Math.ceil((width * bits) / 8) + 1) * (interlaced ? INTERLACE_GROWTH : 1);
  let inflated = 0;
  const inflate = new Unzlib((piece) => {
    inflated += piece.length;
    if (inflated > limit + PIECE_BYTES) {
      throw new SplatmendError(
        'too-large',
        `${name}: inflates past the ${limit} bytes that ${width} × ${height} pixels explain; a broken file or a decompression bomb`,
      );
    }
  });
  for (let at = 8; at + 12 <= bytes.length; ) {
    const length = view.getUint32(at);
    const type = view.getUint32(at + 4);
    if (at + 12 + length > bytes.length) throw badFile(name, 'the PNG is cut off');
    if (type === 0x49454e44) break;
    for (let k = 0; type === 0x49444154 && k < length; k += PIECE_BYTES) {
      const end = Math.min(length, k + PIECE_BYTES);
      inflate.push(bytes.subarray(at + 8 + k, at + 8 + end), false);
    }
    at += 12 + length;
  }
  if (!interlaced && inflated < limit) {
    throw badFile(name, `the PNG holds ${inflated} of its ${limit} bytes of pixels`);
  }
}

/** @throws SplatmendError `bad-file`, `too-large` */
export function decodePng(bytes: Uint8Array, name: string): DecodedPng {
  try {
    checkPng(bytes, name);
    return decode(bytes, { checkCrc: true });
  } catch (error) {
    if (error instanceof SplatmendError) throw error;
    throw badFile(name, `the PNG is damaged (${(error as Error).message})`, error);
  }
}
