/** Flags and summary of `splatmend refine`. */
import { type Command, InvalidArgumentError, Option } from 'commander';
import { type ConfidenceLimit, REFINE_DEFAULTS } from '../core/refine/refine-types.ts';
import {
  type CommonFlags,
  numberOver,
  runAction,
  wholeNumber,
  withCommonFlags,
} from './grammar.ts';
import { BACKENDS } from './kernels-node.ts';
import { type RefineFlags, type RefineJson, refineCommand } from './refine-command.ts';
import { splats } from './splats.ts';

/** `3` of the source's own measure, or `20%`: the least sure fifth. */
function confidenceLimit(text: string): ConfidenceLimit {
  const share = /^\s*([\d.]+)\s*%\s*$/.exec(text);
  const value = Number(share ? share[1] : text);
  if (text.trim() === '' || !Number.isFinite(value) || (share && !(value >= 0 && value < 100))) {
    throw new InvalidArgumentError('It is neither a number nor a share such as 20%.');
  }
  return share ? { share: value / 100 } : { value };
}

function share01(text: string): number {
  const n = Number(text);
  if (text.trim() === '' || !(n >= 0 && n <= 1)) {
    throw new InvalidArgumentError('It is not a number from 0 to 1.');
  }
  return n;
}

function summary({ output, figures: f, input, backend }: RefineJson): string {
  const percent = (v: number) => `${(100 * v).toFixed(1)} %`;
  const { before, after } = f.agreement;
  const lines = [
    `${output.path}: ${splats(output.splats)} from ${f.views} views (${input.kind})`,
    `depth: ${percent(f.known)} known, ${percent(f.fromOthers)} from other views, ${percent(f.filled)} completed; ${percent(f.rejected / f.pixels)} rejected`,
    `confirmed by another view: ${percent(before.confirmed)} of the pixels before, ${percent(after.confirmed)} after; ${backend.kind}`,
  ];
  if (f.outside > 0) lines.push(`${f.outside} pixels lie too far away and were left out`);
  return `${lines.join('\n')}\n`;
}

export function addRefine(program: Command): void {
  const command = program
    .command('refine')
    .description('complete the depth of posed pictures and fuse them to an initial cloud')
    .argument('<in>', 'COLMAP folder, .npz of DUSt3R, MASt3R or VGGT, or a folder with frames.json')
    .requiredOption('-o, --output <file>', 'splats; its extension is its format')
    .option('--points <file>', "also points for a trainer: COLMAP's .txt or .bin, or .ply")
    .option('--depths <dir>', "also each view's completed depth (.npy) and confidence (.png)")
    .option('--preview <file>', 'also a picture of some views, before and after')
    .option(
      '--min-confidence <c>',
      'depth of less is unknown: a number, or a share (default: 20%, where there is confidence)',
      confidenceLimit,
    )
    .option(
      '--keep <c>',
      `completed pixels of less confidence, 0 to 1, are not fused (default: ${REFINE_DEFAULTS.keepConfidence})`,
      share01,
    )
    .option(
      '--max-side <px>',
      `work on views of at most this size (default: ${REFINE_DEFAULTS.maxSidePx})`,
      wholeNumber(16, 4096),
    )
    .option(
      '--neighbours <n>',
      `views that each is compared with (default: ${REFINE_DEFAULTS.neighbours})`,
      wholeNumber(0, 64),
    )
    .option(
      '--spacing <px>',
      `a splat every so many pixels of the closest view (default: ${REFINE_DEFAULTS.spacingPx})`,
      numberOver(0),
    )
    .option('--every <n>', 'take every n-th view', wholeNumber(1, 10_000))
    .option(
      '--depth-scale <n>',
      'stored numbers a world unit, of frames (default: 1000)',
      numberOver(0),
    )
    .addOption(
      new Option('--backend <name>', 'where the kernels run').choices(BACKENDS).default('auto'),
    );
  withCommonFlags(command).action((input: string, flags: RefineFlags & CommonFlags) =>
    runAction(flags, (progress, signal) => refineCommand(input, flags, progress, signal), summary),
  );
}
