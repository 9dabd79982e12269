import { SplatmendError } from '../errors.ts';

/** Every file may hold this many splats; above it, the count is judged against the file's size. */
const FREE_SPLATS = 1 << 16;
/** Compressed scenes take 8 to 20 bytes a splat; one that claims more than this many a byte is a bomb. */
const SPLATS_A_BYTE = 2;

/** Refuses a compressed file whose splat count is out of all proportion to its size, before anything is allocated. */
export function checkCount(count: number, fileBytes: number, fileName: string): void {
  if (count <= FREE_SPLATS + SPLATS_A_BYTE * fileBytes) return;
  throw new SplatmendError(
    'too-large',
    `${fileName}: claims ${count} splats in ${fileBytes} bytes; that is a broken file or a decompression bomb`,
  );
}
