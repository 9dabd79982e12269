import { badFile } from './format.ts';

export interface PixelSize {
  width: number;
  height: number;
}

const tag = (bytes: Uint8Array, at: number) => String.fromCharCode(...bytes.subarray(at, at + 4));

/**
 * Size of a lossless WebP picture from its header (RFC 9649), without decoding it. Lossy pictures are
 * refused: data in them would come out wrong.
 * @throws SplatmendError `bad-file`
 */
export function webpSize(bytes: Uint8Array, what: string, fileName: string): PixelSize {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < 25 || tag(bytes, 0) !== 'RIFF' || tag(bytes, 8) !== 'WEBP') {
    throw badFile(fileName, `${what} is no WebP picture`);
  }
  if (view.getUint32(4, true) + 8 > bytes.length) throw badFile(fileName, `${what} is cut off`);
  for (let at = 12; at + 13 <= bytes.length; ) {
    const chunk = tag(bytes, at);
    const size = view.getUint32(at + 4, true);
    if (chunk === 'VP8L') {
      if (bytes[at + 8] !== 0x2f) throw badFile(fileName, `${what} is a damaged WebP picture`);
      const bits = view.getUint32(at + 9, true);
      return { width: (bits & 0x3fff) + 1, height: ((bits >>> 14) & 0x3fff) + 1 };
    }
    if (chunk === 'VP8 ') throw badFile(fileName, `${what} is a lossy WebP picture`);
    at += 8 + size + (size & 1);
  }
  throw badFile(fileName, `${what} holds no lossless WebP picture`);
}
