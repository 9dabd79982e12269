/**
 * Goes through a PNG's chunks before it is decoded: what it is, that it is whole, and that it inflates to what its header
 * says. Keeps the chunks that carry pixels only, so that a compressed profile or text cannot be a bomb.
 */
import { Unzlib } from 'fflate';

/** Side of a picture, pixels. */
export const LARGEST_SIDE = 8192;
const SIGNATURE = [137, 80, 78, 71, 13, 10, 26, 10];
const PIXEL_CHUNKS = ['IHDR', 'PLTE', 'tRNS', 'IDAT', 'IEND'];
/** Deflate expands at most 1032-fold: 17 MB a piece. */
const PIECE_BYTES = 16384;
const CHANNELS: Readonly<Record<number, number>> = { 0: 1, 2: 3, 3: 1, 4: 2, 6: 4 };

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
  if (!SIGNATURE.every((v, i) => bytes[i] === v)) throw new Error(`it is ${otherFormat(bytes)}`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const kept: Uint8Array[] = [bytes.subarray(0, 8)];
  const idat: Uint8Array[] = [];
  let header: { width: number; height: number; most: number } | undefined;
  let at = 8;
  for (;;) {
    if (at + 12 > bytes.length) throw new Error('it is cut off');
    const length = view.getUint32(at);
    const end = at + 12 + length;
    if (end > bytes.length) throw new Error('it is cut off');
    const type = String.fromCharCode(...bytes.subarray(at + 4, at + 8));
    if (header === undefined) {
      if (type !== 'IHDR' || length !== 13) throw new Error('it has no header');
      header = readHeader(view, at + 8);
    }
    if (PIXEL_CHUNKS.includes(type)) kept.push(bytes.subarray(at, end));
    if (type === 'IDAT') idat.push(bytes.subarray(at + 8, end - 4));
    at = end;
    if (type === 'IEND') break;
  }
  inflatesTo(idat, header.most);
  return { width: header.width, height: header.height, bytes: joined(kept) };
}

function readHeader(view: DataView, at: number): { width: number; height: number; most: number } {
  const width = view.getUint32(at);
  const height = view.getUint32(at + 4);
  const channels = CHANNELS[view.getUint8(at + 9)];
  const fits = (side: number) => side >= 1 && side <= LARGEST_SIDE;
  if (!fits(width) || !fits(height)) {
    throw new Error(`it is ${width} × ${height}, of at most ${LARGEST_SIDE} × ${LARGEST_SIDE}`);
  }
  if (channels === undefined) throw new Error('its header is damaged');
  const rowBytes = Math.ceil((width * channels * view.getUint8(at + 8)) / 8);
  // Interlaced: seven pictures, each row with a filter byte and up to one byte of padding.
  return { width, height, most: (rowBytes + 1) * height + 16 * (width + height) };
}

function inflatesTo(parts: readonly Uint8Array[], most: number): void {
  let size = 0;
  const inflate = new Unzlib((chunk) => {
    size += chunk.length;
    if (size > most) throw new Error('it inflates past what its header says');
  });
  for (const part of parts) {
    for (let at = 0; at < part.length; at += PIECE_BYTES) {
      inflate.push(part.subarray(at, at + PIECE_BYTES));
    }
  }
  inflate.push(new Uint8Array(0), true);
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, p) => sum + p.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
