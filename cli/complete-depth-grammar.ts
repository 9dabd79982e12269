/** Flags and summary of `splatmend complete-depth`. */
import { type Command, Option } from 'commander';
import {
  type CompleteDepthFlags,
  type CompleteDepthJson,
  completeDepthCommand,
} from './complete-depth-command.ts';
import { type CommonFlags, numberOver, runAction, withCommonFlags } from './grammar.ts';
import { BACKENDS } from './kernels-node.ts';

function summary({ output, figures, seconds, backend }: CompleteDepthJson): string {
  const confidence =
    figures.meanConfidence === null ? '' : `, mean confidence ${figures.meanConfidence.toFixed(2)}`;
  const lines = [
    `${output.path}: ${figures.known} pixels known, ${figures.filled} filled${confidence}; ${seconds.complete.toFixed(1)} s on ${backend.kind}`,
    ...figures.notes,
  ];
  return `${lines.join('\n')}\n`;
}

export function addCompleteDepth(program: Command): void {
  const command = program
    .command('complete-depth')
    .description('fill the unknown pixels of a depth map, guided by its picture')
    .option('--rgb <image>', 'the registered picture, .png or .jpg')
    .option('--depth <file>', 'depth along z, 0 = unknown: 16-bit .png, .npy, .pfm or .exr')
    .option(
      '--points <file>',
      'instead: points as `u v depth`, or with --camera x y z in the world',
    )
    .option('--camera <file>', 'JSON of the camera that sees the points')
    .option('--mask <file>', 'fill what is set here, and only that (default: all that is unknown)')
    .option('--prior <file>', "a network's relative depth, of any scale and shift")
    .addOption(
      new Option(
        '--prior-form <form>',
        'what larger numbers of the prior are (default: near)',
      ).choices(['near', 'far']),
    )
    .requiredOption('-o, --output <file>', 'completed depth; its extension is its form')
    .option('--confidence <file>', 'confidence 0..1 (default: OUT.confidence.png)')
    .option('--preview <file>', 'picture of it all (default: OUT.preview.png)')
    .option(
      '--depth-scale <n>',
      'stored numbers a world unit (default: 1000 for whole numbers, 1 for floats)',
      numberOver(0),
    )
    .option('--output-scale <n>', "the same, of OUT (default: the input's)", numberOver(0))
    .addOption(
      new Option('--backend <name>', 'where the kernels run').choices(BACKENDS).default('auto'),
    );
  withCommonFlags(command).action((flags: CompleteDepthFlags & CommonFlags) =>
    runAction(flags, (progress, signal) => completeDepthCommand(flags, progress, signal), summary),
  );
}
