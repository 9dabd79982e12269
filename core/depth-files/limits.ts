import { SplatmendError } from '../errors.ts';
import { SAVE_AGAIN } from './advice.ts';

/** Of an image file's side; depth completion takes far less. */
const MAX_SIDE = 16384;
const MAX_PIXELS = 2 ** 26;

/**
 * Refuses a size before anything of it is allocated.
 * @throws SplatmendError `bad-file` (not whole, 0), `too-large`
 */
export function checkImageSize(width: number, height: number, name: string): void {
  if (!Number.isInteger(width) || !Number.isInteger(height) || width < 1 || height < 1) {
    throw new SplatmendError(
      'bad-file',
      `${name}: says it is ${width} × ${height} pixels; ${SAVE_AGAIN}`,
    );
  }
  if (width > MAX_SIDE || height > MAX_SIDE || width * height > MAX_PIXELS) {
    throw new SplatmendError(
      'too-large',
      `${name}: ${width} × ${height} pixels; at most ${MAX_SIDE} a side and ${MAX_PIXELS} in all are read; make it smaller first`,
    );
  }
}
