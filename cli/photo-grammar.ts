/** Flags and summary of `splatmend photo`. */
import { type Command, InvalidArgumentError, Option } from 'commander';
import { PHOTO_DEFAULTS } from '../workers/photo.ts';
import {
  type CommonFlags,
  numberOver,
  runAction,
  wholeNumber,
  withCommonFlags,
} from './grammar.ts';
import { INPAINTER_KINDS } from './inpainter-kinds.ts';
import { BACKENDS } from './kernels-node.ts';
import {
  DEFAULT_FAR_OVER_NEAR,
  DEFAULT_FOV_DEG,
  DEFAULT_MAX_SIDE_PX,
  type PhotoFlags,
  type PhotoJson,
  photoCommand,
} from './photo-command.ts';

function between(least: number, most: number) {
  return (text: string) => {
    const n = Number(text);
    if (text.trim() === '' || !(n > least && n < most)) {
      throw new InvalidArgumentError(`It is not a number over ${least} and under ${most}.`);
    }
    return n;
  };
}

function summary({ output, figures, seconds, backend }: PhotoJson): string {
  const [photo, ...behind] = figures.pixels;
  const layers = behind.map((n) => `${n}`).join(' and ') || 'none';
  return `${output.path}: ${output.splats} splats, ${photo} of the photo and ${layers} behind it; ${seconds.photo.toFixed(1)} s on ${backend.kind}\n`;
}

export function addPhoto(program: Command): void {
  const usages = INPAINTER_KINDS.map((k) => k.usage).join(', ');
  const command = program
    .command('photo')
    .description('lift one picture with depth to layered splats, and fill what they hide')
    .argument('<image>', 'the photo, .png or .jpg')
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
      `of relative depth: how many times as far its end is (default: ${DEFAULT_FAR_OVER_NEAR})`,
      numberOver(1),
    )
    .option(
      '--fov <deg>',
      `the photo's horizontal angle (default: ${DEFAULT_FOV_DEG})`,
      between(1, 170),
    )
    .option(
      '--max-side <px>',
      `make a larger photo this large (default: ${DEFAULT_MAX_SIDE_PX})`,
      wholeNumber(16, 4096),
    )
    .option(
      '--angle <deg>',
      `how far to the side it is looked at from (default: ${PHOTO_DEFAULTS.angleDeg})`,
      between(0, 60),
    )
    .option(
      '--layers <n>',
      `layers of what is hidden (default: ${PHOTO_DEFAULTS.layers})`,
      wholeNumber(0, 4),
    )
    .option('--no-sharpen', "leave the depth's outlines as soft as they are")
    .option('--inpainter <who>', `who fills what is hidden: ${usages}`)
    .option('--seed <n>', `(default: ${PHOTO_DEFAULTS.seed})`, wholeNumber(0, 2 ** 32 - 1))
    .requiredOption('-o, --output <file>', 'splats; its extension is its format')
    .option('--preview <file>', 'also a PNG of it from the left, the front and the right')
    .addOption(
      new Option('--backend <name>', 'where the kernels run').choices(BACKENDS).default('auto'),
    );
  withCommonFlags(command).action((image: string, flags: PhotoFlags & CommonFlags) =>
    runAction(flags, (progress, signal) => photoCommand(image, flags, progress, signal), summary),
  );
}
