/** Flags and summary of `splatmend extend`. */
import { type Command, Option } from 'commander';
import { EXTEND_DEFAULTS } from '../core/extend-types.ts';
import { ORBIT_DEG, RING_DEG } from '../workers/extend.ts';
import { type ExtendFlags, type ExtendJson, extendCommand } from './extend-command.ts';
import {
  type CommonFlags,
  numberOver,
  runAction,
  wholeNumber,
  withCommonFlags,
} from './grammar.ts';
import { withFillerFlags } from './inpainter-grammar.ts';
import { BACKENDS } from './kernels-node.ts';
import { splats } from './splats.ts';

function summary({ output, figures, seconds, backend }: ExtendJson): string {
  const share = (v: number) => (Number.isFinite(v) ? `${(100 * v).toPrecision(2)} %` : '–');
  return [
    `${output.path}: ${splats(figures.added)} added, ${output.splats} in all; ${seconds.extend.toFixed(1)} s on ${backend.kind}`,
    `seam step in depth ${share(figures.seamDepth)}, 90 % under ${share(figures.seamDepth90)}`,
    ...figures.notes,
    ...(figures.sky ? ['--sky fill fills what was taken for sky'] : []),
    '',
  ].join('\n');
}

export function addExtend(program: Command): void {
  const command = program
    .command('extend')
    .description('grow a scene beyond what it shows, along a path of cameras')
    .argument('<scene>', 'scene: .ply, .compressed.ply, .splat, .ksplat, .spz or .sog')
    .requiredOption('--camera <file>', 'JSON: where the path starts; of several the first')
    .requiredOption(
      '--path <path>',
      'view: where it starts alone; ring: turn in place; orbit: around what the camera looks at; or a JSON file of cameras, in order',
    )
    .option(
      '--angle <deg>',
      `how far: a ring from end to end (default: ${RING_DEG}, closed), an orbit to either side (default: ${ORBIT_DEG})`,
      numberOver(0),
    )
    .option(
      '--steps <n>',
      'views beside the start, of a ring or an orbit (default: as many as overlap by 60 %)',
      wholeNumber(1, 720),
    )
    .option(
      '--max-side <px>',
      `fill in pictures of at most this size (default: ${EXTEND_DEFAULTS.maxSidePx})`,
      wholeNumber(16, 4096),
    )
    .addOption(
      new Option(
        '--sky <what>',
        'what is empty above the scene: leave it empty all around (default), or fill it',
      ).choices(['leave', 'fill']),
    )
    .option('--seed <n>', `(default: ${EXTEND_DEFAULTS.seed})`, wholeNumber(0, 2 ** 32 - 1))
    .requiredOption('-o, --output <file>', 'the grown scene; its extension is its format')
    .option('--preview <file>', 'also a PNG of views along the path, before and after')
    .addOption(
      new Option('--backend <name>', 'where the kernels run').choices(BACKENDS).default('auto'),
    );
  withCommonFlags(withFillerFlags(command)).action(
    (scene: string, flags: ExtendFlags & CommonFlags) =>
      runAction(
        flags,
        (progress, signal) => extendCommand(scene, flags, progress, signal),
        summary,
      ),
  );
}
