/** Checks a server's PNG before it is decoded: what it is, its size, that it is whole and inflates to what its header says. */
import { inflatedBytes, isPng, pixelChunks, readPngHeader } from '../../../core/png-checks.ts';

/** Side of a picture, pixels. */
const LARGEST_SIDE = 8192;

export interface CheckedPng {
  width: number;
  height: number;
  /** The pixel chunks alone. */
  bytes: Uint8Array;
}

/** What other formats that servers answer with begin with. */
function otherFormat(bytes: Uint8Array): string {
  const begins = (...head: number[]) => head.every((v, i) => bytes[i] === v);
  if (begins(0xff, 0xd8, 0xff)) return 'a JPEG';
  if (begins(0x52, 0x49, 0x46, 0x46) && bytes[8] === 0x57) return 'a WebP';
  if (begins(0x47, 0x49, 0x46)) return 'a GIF';
  if (bytes.length === 0) return 'empty';
  return 'no picture';
}

/** @throws Error with a plain reason, e.g. `it is cut off` */
export function checkPng(bytes: Uint8Array): CheckedPng {
  if (!isPng(bytes)) throw new Error(`it is ${otherFormat(bytes)}`);
  const refuse = (what: string) => new Error(`it ${what}`);
  const { width, height, rawBytes } = readPngHeader(bytes, refuse);
  const fits = (side: number) => side >= 1 && side <= LARGEST_SIDE;
  if (!fits(width) || !fits(height)) {
    throw new Error(`it is ${width} × ${height}, of at most ${LARGEST_SIDE} × ${LARGEST_SIDE}`);
  }
  const pixels = pixelChunks(bytes, refuse);
  // Interlaced: seven pictures, each row with a filter byte and up to one byte of padding.
  const most = rawBytes + 16 * (width + height);
  if (inflatedBytes(pixels.data, most) > most) {
    throw new Error('it inflates past what its header says');
  }
  return { width, height, bytes: pixels.bytes };
}
