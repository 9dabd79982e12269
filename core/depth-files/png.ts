/** PNG, checked before it is decoded. */

import { type DecodedPng, decode } from 'fast-png';
import { SplatmendError } from '../errors.ts';
import { badFile } from '../formats/format.ts';
import { inflatedBytes, isPng, pixelChunks, readPngHeader } from '../png-checks.ts';
import { NAME_OR_SAVE, SAVE_AGAIN } from './advice.ts';
import { checkImageSize } from './limits.ts';

export { isPng } from '../png-checks.ts';

/** Adam7's seven passes round each row up to whole bytes and give it a filter byte. */
const INTERLACE_GROWTH = 2;
/** So much more than the pixels explain is let pass. */
const SLACK_BYTES = 1 << 16;

/**
 * Size from the header, and that the pixels' data inflates to no more than that explains.
 * @returns the chunks that carry pixels
 * @throws SplatmendError `bad-file`, `too-large`
 */
function checkPng(bytes: Uint8Array, name: string): Uint8Array {
  if (!isPng(bytes)) throw badFile(name, `does not begin like a PNG; ${NAME_OR_SAVE}`);
  const refuse = (what: string) => badFile(name, `the PNG ${what}; ${SAVE_AGAIN}`);
  const { width, height, interlaced, rawBytes } = readPngHeader(bytes, refuse);
  checkImageSize(width, height, name);
  const pixels = pixelChunks(bytes, refuse);
  const limit = rawBytes * (interlaced ? INTERLACE_GROWTH : 1);
  const inflated = inflatedBytes(pixels.data, limit + SLACK_BYTES);
  if (inflated > limit + SLACK_BYTES) {
    throw new SplatmendError(
      'too-large',
      `${name}: inflates past the ${limit} bytes that ${width} × ${height} pixels explain; a broken file or a decompression bomb; ${SAVE_AGAIN}`,
    );
  }
  if (!interlaced && inflated < limit) {
    throw badFile(name, `the PNG holds ${inflated} of its ${limit} bytes of pixels; ${SAVE_AGAIN}`);
  }
  return pixels.bytes;
}

/** @throws SplatmendError `bad-file`, `too-large` */
export function decodePng(bytes: Uint8Array, name: string): DecodedPng {
  try {
    return decode(checkPng(bytes, name), { checkCrc: true });
  } catch (error) {
    if (error instanceof SplatmendError) throw error;
    throw badFile(name, `the PNG is damaged (${(error as Error).message}); ${SAVE_AGAIN}`, error);
  }
}
