/** EXIF as cameras write it, for photos made in tests. */
import { joinBytes } from '../../core/bytes.ts';

/** A tag of the Exif IFD: its number, TIFF type (3 SHORT, 4 LONG, 11 FLOAT by its bits), value, and count where that is a lie. */
export type Tag = [tag: number, type: number, value: number, count?: number];

export interface CameraWords {
  focal35?: number;
  /** The size as taken. */
  size?: [width: number, height: number];
  orientation?: number | Tag;
  /** Others, or these once more. */
  tags?: Tag[];
  little?: boolean;
}

/** A TIFF block: IFD0 with the orientation and the pointer to the Exif IFD, and that. */
export function tiffBlock({ focal35, size, orientation, tags = [], little }: CameraWords) {
  const own: Tag[] = [];
  if (size) own.push([0xa002, 4, size[0]], [0xa003, 4, size[1]]);
  if (focal35 !== undefined) own.push([0xa405, 3, focal35]);
  const exif = [...own, ...tags];
  const zeroth: Tag[] = [];
  if (typeof orientation === 'number') zeroth.push([0x0112, 3, orientation]);
  else if (orientation) zeroth.push(orientation);
  const exifAt = 8 + 2 + 12 * (zeroth.length + 1) + 4;
  zeroth.push([0x8769, 4, exifAt]);
  const bytes = new Uint8Array(exifAt + 2 + 12 * exif.length + 4);
  const view = new DataView(bytes.buffer);
  const le = little === true;
  bytes.set(little ? [0x49, 0x49] : [0x4d, 0x4d]);
  view.setUint16(2, 42, le);
  view.setUint32(4, 8, le);
  const block = (at: number, entries: Tag[]) => {
    view.setUint16(at, entries.length, le);
    for (const [k, [tag, type, value, count = 1]] of entries.entries()) {
      const to = at + 2 + 12 * k;
      view.setUint16(to, tag, le);
      view.setUint16(to + 2, type, le);
      view.setUint32(to + 4, count, le);
      if (type === 3 && count === 1) view.setUint16(to + 8, value, le);
      else view.setUint32(to + 8, value, le);
    }
  };
  block(8, zeroth);
  block(exifAt, exif);
  return bytes;
}

/** A JPEG with EXIF after its first two bytes. */
export function jpegWithExif(jpeg: Uint8Array, words: CameraWords): Uint8Array {
  const tiff = tiffBlock(words);
  const length = tiff.length + 8;
  const head = [0xff, 0xe1, length >> 8, length & 255, 0x45, 0x78, 0x69, 0x66, 0, 0];
  return joinBytes([jpeg.subarray(0, 2), Uint8Array.from(head), tiff, jpeg.subarray(2)]);
}

/** A PNG with EXIF after its header. */
export function pngWithExif(png: Uint8Array, words: CameraWords): Uint8Array {
  const tiff = tiffBlock(words);
  const chunk = new Uint8Array(tiff.length + 12);
  const view = new DataView(chunk.buffer);
  view.setUint32(0, tiff.length);
  chunk.set([0x65, 0x58, 0x49, 0x66], 4);
  chunk.set(tiff, 8);
  view.setUint32(8 + tiff.length, crc32(chunk.subarray(4, 8 + tiff.length)));
  return joinBytes([png.subarray(0, 33), chunk, png.subarray(33)]);
}

/** One chunk of a RIFF file, with its length, or one that is a lie. */
export function riffChunk(name: string, data: Uint8Array, length = data.length): Uint8Array {
  const chunk = new Uint8Array(8 + data.length + (data.length & 1));
  for (let k = 0; k < 4; k++) chunk[k] = name.charCodeAt(k);
  new DataView(chunk.buffer).setUint32(4, length, true);
  chunk.set(data, 8);
  return chunk;
}

/** A RIFF file of these chunks. */
export function webpOf(...chunks: Uint8Array[]): Uint8Array {
  const webp = Uint8Array.from([0x57, 0x45, 0x42, 0x50]);
  return riffChunk('RIFF', joinBytes([webp, ...chunks]));
}

/** VP8X, which says that there is EXIF, and the size of the canvas less one. */
export function vp8x([width, height]: readonly [number, number], flags = 0x08): Uint8Array {
  const data = new Uint8Array(10);
  const view = new DataView(data.buffer);
  data[0] = flags;
  view.setUint16(4, width - 1, true);
  view.setUint16(7, height - 1, true);
  return riffChunk('VP8X', data);
}

/** A WebP with EXIF behind its pixels; a simple one becomes an extended one. @param size its own, pixels */
export function webpWithExif(
  webp: Uint8Array,
  size: readonly [number, number],
  words: CameraWords,
): Uint8Array {
  const chunks = webp.slice(12);
  const isExtended = chunks[3] === 'X'.charCodeAt(0);
  if (isExtended) chunks[8]! |= 0x08;
  const head = isExtended ? [] : [vp8x(size)];
  return webpOf(...head, chunks, riffChunk('EXIF', tiffBlock(words)));
}

function crc32(bytes: Uint8Array): number {
  let crc = ~0;
  for (const byte of bytes) {
    crc ^= byte;
    for (let k = 0; k < 8; k++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  }
  return ~crc >>> 0;
}
