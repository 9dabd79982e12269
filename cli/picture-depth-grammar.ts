/** Flags of a picture with depth, of the commands that take one. */
import { type Command, InvalidArgumentError, Option } from 'commander';
import { LENS_DEFAULTS, PHOTO_MAX_SIDE_PX } from '../core/photo-types.ts';
import { numberOver, wholeNumber } from './grammar.ts';
import type { PictureLens } from './picture-depth-input.ts';

export function between(least: number, most: number) {
  return (text: string) => {
    const n = Number(text);
    if (text.trim() === '' || !(n > least && n < most)) {
      throw new InvalidArgumentError(`It is not a number over ${least} and under ${most}.`);
    }
    return n;
  };
}

/** For people: who says a picture's angle. */
export const FOV_FROM: Readonly<Record<PictureLens['fovFrom'], string>> = {
  flag: 'as given',
  exif: 'from its EXIF',
  default: 'guessed, see --fov',
};

/** For people, to a tenth. */
export const degrees = (fovDeg: number): string => `${Number(fovDeg.toFixed(1))}°`;

export function withPictureDepthFlags(command: Command): Command {
  return command
    .option(
      '--depth <file>',
      'its depth: 16-bit .png, .npy, .pfm or .exr; what is unknown is completed',
    )
    .addOption(
      new Option(
        '--depth-form <form>',
        'depth along z (default), or relative: larger is nearer, any scale and shift',
      ).choices(['depth', 'relative']),
    )
    .option(
      '--depth-scale <n>',
      'stored numbers a world unit (default: 1000, floats 1)',
      numberOver(0),
    )
    .option('--prior-depth <model>', 'instead, a depth model: onnx:FILE[,MANIFEST.json]')
    .option(
      '--far-over-near <n>',
      `of relative depth: how many times as far its end is (default: ${LENS_DEFAULTS.farOverNear})`,
      numberOver(1),
    )
    .option(
      '--fov <deg>',
      `the picture's horizontal angle (default: what its EXIF says, else ${LENS_DEFAULTS.fovDeg})`,
      between(1, 170),
    )
    .option(
      '--max-side <px>',
      `make a larger picture this large (default: ${PHOTO_MAX_SIDE_PX})`,
      wholeNumber(16, 4096),
    );
}
