/** Flags and summary of `splatmend photo`. */
import { type Command, Option } from 'commander';
import { PHOTO_DEFAULTS } from '../core/photo-types.ts';
import { type CommonFlags, runAction, wholeNumber, withCommonFlags } from './grammar.ts';
import { withWordFlags } from './inpainter-grammar.ts';
import { INPAINTER_KINDS } from './inpainter-kinds.ts';
import { BACKENDS } from './kernels-node.ts';
import { type PhotoFlags, type PhotoJson, photoCommand } from './photo-command.ts';
import { between, degrees, FOV_FROM, withPictureDepthFlags } from './picture-depth-grammar.ts';
import { splats } from './splats.ts';

function summary({ output, camera, figures, seconds, backend }: PhotoJson): string {
  const [photo, ...behind] = figures.pixels;
  const layers = behind.map((n) => `${n}`).join(' and ') || 'none';
  return [
    `${output.path}: ${splats(output.splats)}, ${photo} of the photo and ${layers} behind it; field of view ${degrees(camera.fovDeg)} (${FOV_FROM[camera.fovFrom]}); ${seconds.photo.toFixed(1)} s on ${backend.kind}`,
    ...figures.notes,
    '',
  ].join('\n');
}

export function addPhoto(program: Command): void {
  const usages = INPAINTER_KINDS.map((k) => k.usage).join(', ');
  const command = withPictureDepthFlags(
    program
      .command('photo')
      .description('lift one picture with depth to layered splats, and fill what they hide')
      .argument('<image>', 'the photo, .png or .jpg'),
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
    .option('--inpainter <who>', `who fills what is hidden: ${usages}`);
  withWordFlags(command)
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
