import { SplatmendError } from '../errors.ts';
import { throwIfCancelled } from '../progress.ts';
import { badFile } from './format.ts';

/** Deflate expands at most 1032-fold, so one piece of input gives at most 17 MB. */
const PIECE_BYTES = 16384;

/**
 * Inflates a gzip file piece by piece without keeping the output: gives its first bytes as soon as
 * they are there, and stops when it grows past what they promise.
 * @param headBytes how many bytes `limitOf` needs
 * @param limitOf from the first bytes, the most that the whole may have; may throw
 * @returns the inflated size
 * @throws SplatmendError `bad-file` (not gzip, cut off, wrong checksum), `too-large`
 */
export async function measureGzip(
  bytes: Uint8Array,
  fileName: string,
  headBytes: number,
  limitOf: (head: Uint8Array) => number,
  signal?: AbortSignal,
): Promise<number> {
  let at = 0;
  const pieces = new ReadableStream<Uint8Array<ArrayBuffer>>(
    {
      pull(controller) {
        if (at >= bytes.length) {
          controller.close();
          return;
        }
        // A copy: the stream may keep or detach what it gets.
        controller.enqueue(bytes.slice(at, at + PIECE_BYTES));
        at += PIECE_BYTES;
      },
    },
    { highWaterMark: 1 },
  );
  const reader = pieces.pipeThrough(new DecompressionStream('gzip')).getReader();
  const head = new Uint8Array(headBytes);
  let size = 0;
  let limit = Number.POSITIVE_INFINITY;
  try {
    for (;;) {
      throwIfCancelled(signal);
      const { done, value } = await reader.read();
      if (done) break;
      if (size < headBytes) {
        head.set(value.subarray(0, headBytes - size), size);
        if (size + value.length >= headBytes) limit = limitOf(head);
      }
      size += value.length;
      if (size > limit) {
        throw new SplatmendError(
          'too-large',
          `${fileName}: inflates past the ${limit} bytes that its header explains; a broken file or a decompression bomb`,
        );
      }
    }
  } catch (error) {
    await reader.cancel().catch(() => {});
    if (error instanceof SplatmendError) throw error;
    throw badFile(fileName, 'the compressed data is damaged or cut off', error);
  }
  if (size < headBytes) throw badFile(fileName, 'the file is cut off in its header');
  return size;
}
