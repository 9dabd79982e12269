/** The EXIF of a WebP picture (RFC 9649): a chunk of an extended file, as a rule behind the pixels. */

/** A file's bytes from one place to another; what is past its end is left out. */
export type ReadBytes = (from: number, to: number) => Promise<Uint8Array>;

/** `RIFF`, the length, `WEBP`. */
export const WEBP_HEAD_BYTES = 12;
/** A chunk's name and length. */
const CHUNK_HEAD_BYTES = 8;
/** A photo has a handful; of a file that never ends no more are looked at. */
const MOST_CHUNKS = 256;
/** In VP8X's first byte: there is EXIF. Where it is not set there is none for libwebp, nor here. */
const HAS_EXIF = 0x08;
/** `Exif\0\0`, which belongs into a JPEG's segment; some write it here, too. */
const JPEG_PREFIX = [0x45, 0x78, 0x69, 0x66, 0, 0];

const nameAt = (bytes: Uint8Array, at: number) =>
  String.fromCharCode(...bytes.subarray(at, at + 4));

/** @param head of a chunk, or of the file, which is one itself */
const lengthOf = (head: Uint8Array) =>
  new DataView(head.buffer, head.byteOffset, head.byteLength).getUint32(4, true);

/** @param head a file's first bytes */
export const isWebp = (head: Uint8Array): boolean =>
  nameAt(head, 0) === 'RIFF' && nameAt(head, 8) === 'WEBP';

/**
 * The TIFF block of a WebP's EXIF; undefined where there is none, not all of it (what
 * stands past the length that the file says is none of it), or more than `mostBytes`. The chunks before it are passed over
 * by their lengths and not read.
 * @param read of a WebP (`isWebp`)
 */
export async function webpExif(
  read: ReadBytes,
  mostBytes: number,
): Promise<Uint8Array | undefined> {
  const end = CHUNK_HEAD_BYTES + lengthOf(await read(0, WEBP_HEAD_BYTES));
  let at = WEBP_HEAD_BYTES;
  for (let k = 0; k < MOST_CHUNKS; k++) {
    const start = at + CHUNK_HEAD_BYTES;
    const head = await read(at, start + 1);
    if (head.length <= CHUNK_HEAD_BYTES) return undefined;
    const name = nameAt(head, 0);
    if (k === 0 && !(name === 'VP8X' && head[CHUNK_HEAD_BYTES]! & HAS_EXIF)) return undefined;
    const length = lengthOf(head);
    if (name === 'EXIF') {
      if (length > mostBytes || start + length > end) return undefined;
      const found = await read(start, start + length);
      if (found.length < length) return undefined;
      const prefixed = JPEG_PREFIX.every((byte, i) => found[i] === byte);
      return prefixed ? found.subarray(JPEG_PREFIX.length) : found;
    }
    // Of odd length a chunk has one byte more.
    at = start + length + (length & 1);
  }
  return undefined;
}
