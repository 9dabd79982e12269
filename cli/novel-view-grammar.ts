/** Flags and summary of `splatmend novel-view`. */
import { type Command, InvalidArgumentError, Option } from 'commander';
import type { Turn } from '../workers/novel-view/turned.ts';
import { NOVEL_VIEW_DEFAULTS } from '../workers/novel-view.ts';
import {
  type CommonFlags,
  numberOver,
  runAction,
  wholeNumber,
  withCommonFlags,
} from './grammar.ts';
import { withWordFlags } from './inpainter-grammar.ts';
import { INPAINTER_KINDS } from './inpainter-kinds.ts';
import { BACKENDS } from './kernels-node.ts';
import { type NovelViewFlags, type NovelViewJson, novelViewCommand } from './novel-view-command.ts';
import { between, degrees, FOV_FROM, withPictureDepthFlags } from './picture-depth-grammar.ts';

/** `15,0` or `15,-5,0.2`: degrees to the right and upwards, share of the way forward. */
function turn(text: string): Turn {
  const parts = text.split(',');
  const [rightDeg, upDeg, forward = 0] = parts.map((p) => (p.trim() === '' ? NaN : Number(p)));
  if (parts.length < 2 || parts.length > 3 || ![rightDeg, upDeg, forward].every(Number.isFinite)) {
    throw new InvalidArgumentError('It is not RIGHT,UP or RIGHT,UP,FORWARD.');
  }
  if (Math.abs(rightDeg!) > 180 || Math.abs(upDeg!) > 180) {
    throw new InvalidArgumentError('The angles go from -180 to 180 degrees.');
  }
  if (!(forward < 1)) {
    throw new InvalidArgumentError('FORWARD is a share of the way, under 1; negative goes back.');
  }
  return { rightDeg: rightDeg!, upDeg: upDeg!, forward };
}

function lensSentence({ source, target }: NovelViewJson): string {
  const from = source.fovFrom === 'camera' ? 'by its camera' : FOV_FROM[source.fovFrom];
  const to = target.fovFrom === 'source' ? '' : `, seen at ${degrees(target.fovDeg)}`;
  return `field of view ${degrees(source.fovDeg)} (${from})${to}`;
}

function summary(json: NovelViewJson): string {
  const { output, figures: f, seconds, backend } = json;
  const percent = (v: number) => `${(100 * v).toFixed(1)} %`;
  const lines = [
    `${output.path}: ${output.width} × ${output.height}, ${percent(f.covered)} from the picture, ${percent(f.filled)} filled, ${percent(f.masked)} masked; ${lensSentence(json)}; ${seconds.view.toFixed(1)} s on ${backend.kind}`,
    ...f.notes,
  ];
  return `${lines.join('\n')}\n`;
}

export function addNovelView(program: Command): void {
  const usages = INPAINTER_KINDS.map((k) => k.usage).join(', ');
  const command = withWordFlags(
    withPictureDepthFlags(
      program
        .command('novel-view')
        .description('one picture with depth from another camera: carried over, masked, filled')
        .argument('<image>', 'the picture, .png or .jpg'),
    )
      .option(
        '--camera <file>',
        'JSON of its camera, instead of --fov (default: at the origin, by --fov)',
      )
      .option('--to <file>', 'JSON of the new camera, in the same world')
      .option(
        '--turn <angles>',
        'instead: RIGHT,UP[,FORWARD], degrees around the middle depth, and a share of the way to it',
        turn,
      )
      .option(
        '--to-fov <deg>',
        "with --turn: the new camera's horizontal angle (default: the picture's own lens)",
        between(1, 170),
      )
      .option('--inpainter <who>', `who fills what is not seen: ${usages}`),
  )
    .addOption(
      new Option(
        '--fill <what>',
        'hole: what the picture does not show (default); mask: also what could be hidden',
      ).choices(['hole', 'mask']),
    )
    .option(
      '--alpha <n>',
      `how sharply nearer surfaces win (default: ${NOVEL_VIEW_DEFAULTS.alpha})`,
      numberOver(0),
    )
    .option('--no-sharpen', "leave the depth's outlines as soft as they are")
    .option('--seed <n>', `(default: ${NOVEL_VIEW_DEFAULTS.seed})`, wholeNumber(0, 2 ** 32 - 1))
    .requiredOption('-o, --output <path>', 'folder for all layers, or a .png for the picture alone')
    .addOption(
      new Option('--backend <name>', 'where the kernels run').choices(BACKENDS).default('auto'),
    );
  withCommonFlags(command).action((image: string, flags: NovelViewFlags & CommonFlags) =>
    runAction(
      flags,
      (progress, signal) => novelViewCommand(image, flags, progress, signal),
      summary,
    ),
  );
}
