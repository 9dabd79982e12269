/**
 * Goes through a PNG before it is decoded: that it is whole, and what its pixels inflate to, for fast-png inflates all that is
 * there. Only the chunks that carry pixels are handed on, so that a compressed profile or text cannot be a bomb.
 */
import { Unzlib } from 'fflate';
import { joinBytes } from './bytes.ts';

const MAGIC = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];
const PIXEL_CHUNKS = ['IHDR', 'PLTE', 'tRNS', 'IDAT', 'IEND'];
/** Channels by colour type. */
const CHANNELS: Readonly<Record<number, number>> = { 0: 1, 2: 3, 3: 1, 4: 2, 6: 4 };
/** Deflate expands at most 1032-fold: 17 MB a piece. */
const PIECE_BYTES = 16384;

/** Makes an error of what is wrong: `is cut off`, `has no header`. */
type Refuse = (what: string) => Error;

export interface PngHeader {
  width: number;
  height: number;
  interlaced: boolean;
  /** Of a channel. */
  bits: number;
  /** Without colour; with or without alpha. */
  grey: boolean;
  /** What the pixels inflate to unless they are interlaced: each row whole bytes and a filter byte. */
  rawBytes: number;
}

export const isPng = (bytes: Uint8Array): boolean => MAGIC.every((b, i) => bytes[i] === b);

const viewOf = (bytes: Uint8Array) =>
  new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
const typeAt = (bytes: Uint8Array, at: number) =>
  String.fromCharCode(...bytes.subarray(at + 4, at + 8));

/** @param bytes of a PNG (`isPng`). @throws what `refuse` makes */
export function readPngHeader(bytes: Uint8Array, refuse: Refuse): PngHeader {
  if (bytes.length < 33) throw refuse('is cut off');
  const view = viewOf(bytes);
  if (view.getUint32(8) !== 13 || typeAt(bytes, 8) !== 'IHDR') throw refuse('has no header');
  const width = view.getUint32(16);
  const height = view.getUint32(20);
  // The decoder names colour types that there are not.
  const bits = bytes[24]!;
  const type = bytes[25]!;
  const rawBytes = height * (Math.ceil((width * bits * (CHANNELS[type] ?? 4)) / 8) + 1);
  const grey = type === 0 || type === 4;
  return { width, height, interlaced: bytes[28] !== 0, bits, grey, rawBytes };
}

/** What is in a PNG's first chunk of a type; undefined where there is none, or not all of it. @param bytes of a PNG (`isPng`), its start will do */
export function pngChunk(bytes: Uint8Array, type: string): Uint8Array | undefined {
  const view = viewOf(bytes);
  for (let at = 8; at + 12 <= bytes.length; ) {
    const end = at + 12 + view.getUint32(at);
    if (typeAt(bytes, at) === type) {
      return end > bytes.length ? undefined : bytes.subarray(at + 8, end - 4);
    }
    at = end;
  }
  return undefined;
}

export interface PixelChunks {
  /** A PNG of the chunks that carry pixels alone. */
  bytes: Uint8Array;
  /** What is in its data chunks. */
  data: readonly Uint8Array[];
}

/** @param bytes of a PNG (`isPng`). @throws what `refuse` makes */
export function pixelChunks(bytes: Uint8Array, refuse: Refuse): PixelChunks {
  const view = viewOf(bytes);
  const kept: Uint8Array[] = [bytes.subarray(0, 8)];
  const data: Uint8Array[] = [];
  let type = '';
  for (let at = 8; type !== 'IEND'; ) {
    const end = at + 12 <= bytes.length ? at + 12 + view.getUint32(at) : Number.POSITIVE_INFINITY;
    if (end > bytes.length) throw refuse('is cut off');
    type = typeAt(bytes, at);
    if (PIXEL_CHUNKS.includes(type)) kept.push(bytes.subarray(at, end));
    if (type === 'IDAT') data.push(bytes.subarray(at + 8, end - 4));
    at = end;
  }
  return { bytes: joinBytes(kept), data };
}

/**
 * How many bytes the data inflates to; past `most` it is inflated no further, and the count is above `most`.
 * @throws Error as fflate does for what is damaged
 */
export function inflatedBytes(data: readonly Uint8Array[], most: number): number {
  let size = 0;
  const inflate = new Unzlib((piece) => {
    size += piece.length;
  });
  for (const part of data) {
    for (let at = 0; at < part.length && size <= most; at += PIECE_BYTES) {
      inflate.push(part.subarray(at, at + PIECE_BYTES));
    }
  }
  return size;
}
