/** Where the mended scene goes. */
import { basename } from 'node:path';
import { SplatmendError } from '../core/errors.ts';
import { formatFromName, type SplatFormat } from '../core/formats/index.ts';

/** `room.compressed.ply` becomes `room.mended.compressed.ply`, beside it. */
export function defaultOutput(input: string): string {
  const format = formatFromName(basename(input));
  const stem = input.slice(0, input.length - format.length - 1);
  return `${stem}.mended${input.slice(stem.length)}`;
}

/**
 * The format to write, by the output's name.
 * @throws SplatmendError `bad-option`
 */
export function outputFormat(output: string): SplatFormat {
  try {
    return formatFromName(basename(output));
  } catch (error) {
    if (!(error instanceof SplatmendError)) throw error;
    throw new SplatmendError('bad-option', `-o: ${error.message}`, { cause: error });
  }
}
