/** Flags and summary of `splatmend insert`. */
import { type Command, Option } from 'commander';
import { INSERT_DEFAULTS } from '../core/insert-types.ts';
import {
  type CommonFlags,
  numberOver,
  runAction,
  wholeNumber,
  withCommonFlags,
} from './grammar.ts';
import {
  type InsertFlags,
  type InsertJson,
  insertCommand,
  type PictureJson,
} from './insert-command.ts';
import { BACKENDS } from './kernels-node.ts';
import { splats } from './splats.ts';

function summary(done: InsertJson | PictureJson): string {
  if ('reference' in done) {
    const { path, width, height } = done.reference;
    return `${path}: ${width} × ${height}; edit it, and run again with --edited\n`;
  }
  const { output, figures, seconds, backend } = done;
  const share = Number((100 * figures.changed).toPrecision(2));
  return [
    `${output.path}: ${splats(figures.added)} added as ${figures.attach}, ${output.splats} in all; ${share} % of the picture changed; ${seconds.insert.toFixed(1)} s on ${backend.kind}`,
    ...figures.notes,
    '',
  ].join('\n');
}

export function addInsert(program: Command): void {
  const command = program
    .command('insert')
    .description('put what was changed in a picture of the scene into the scene')
    .argument('<scene>', '.ply, .compressed.ply, .splat, .ksplat, .spz or .sog')
    .requiredOption('--camera <file>', 'JSON: the camera of the picture; of several the first')
    .option('--save-reference <file>', 'insert nothing: write the picture to edit, a PNG')
    .option(
      '--edited <file>',
      'that picture, edited: PNG or JPEG, any size; transparent: unchanged',
    )
    .option('--mask <file>', 'what was changed (white); default: found by comparing')
    .addOption(
      new Option(
        '--attach <how>',
        `lies on the surface, stands out of it, or stands on it (default: ${INSERT_DEFAULTS.attach})`,
      ).choices(['auto', 'surface', 'relief', 'standing']),
    )
    .option(
      '--distance <factor>',
      `move it along the camera's rays, its outline kept (default: ${INSERT_DEFAULTS.distance})`,
      numberOver(0),
    )
    .option(
      '--prior-depth <what>',
      'depth of the edited picture for a relief: onnx:FILE[,MANIFEST.json], oip:URL,MODEL, or a file of relative depth (larger is nearer)',
    )
    .option(
      '--resolution <px>',
      `longer side of the picture that is lifted (default: ${INSERT_DEFAULTS.resolution})`,
      wholeNumber(16, 4096),
    )
    .option('--seed <n>', `(default: ${INSERT_DEFAULTS.seed})`, wholeNumber(0, 2 ** 32 - 1))
    .option('-o, --output <file>', 'the scene with it; its extension is its format')
    .option(
      '--preview <file>',
      'also a PNG of it from 20 degrees to the left, the front, and 20 to the right',
    )
    .addOption(
      new Option('--backend <name>', 'where the kernels run').choices(BACKENDS).default('auto'),
    );
  withCommonFlags(command).action((scene: string, flags: InsertFlags & CommonFlags) =>
    runAction(flags, (progress, signal) => insertCommand(scene, flags, progress, signal), summary),
  );
}
