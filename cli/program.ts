/** The command line's grammar, and how its outcome becomes output and an exit code. */
import { Command, CommanderError, Option } from 'commander';
import { SplatmendError, toFailure } from '../core/errors.ts';
import { REMOVE_DEFAULTS } from '../core/remove-types.ts';
import { cancelOnInterrupt } from './cancel.ts';
import { addCompleteDepth } from './complete-depth-grammar.ts';
import { EXIT_CODES } from './exit-codes.ts';
import { addExtend } from './extend-grammar.ts';
import { type CommonFlags, print, runAction, wholeNumber, withCommonFlags } from './grammar.ts';
import { infoCommand, infoText } from './info-command.ts';
import { withInpainterFlags } from './inpainter-grammar.ts';
import { addInsert } from './insert-grammar.ts';
import { BACKENDS } from './kernels-node.ts';
import { addNovelView } from './novel-view-grammar.ts';
import { addPhoto } from './photo-grammar.ts';
import { addRefine } from './refine-grammar.ts';
import { type RemoveFlags, removeCommand } from './remove-command.ts';
import type { ReferenceJson, RemoveJson } from './remove-json.ts';
import { splats } from './splats.ts';
import { VERSION } from './version.ts';

const EXAMPLES = `
Examples:
  $ splatmend remove room.ply --sphere 0.4,-0.2,1.9,0.12
  $ splatmend remove room.ply --box 0.4,-0.2,1.9,0.1,0.1,0.15 -o empty-table.ply --report report
  $ splatmend remove scene.ply --selection case.json --views 4 --json > result.json
  $ splatmend info scene.spz

Exit codes: 0 done; 1 internal error; 2 usage; 3 bad input file; 4 bad or empty selection;
5 output not writable; 6 cancelled; 7 out of memory, GPU lost or absent; 8 no usable fill.`;

function summary(done: RemoveJson | ReferenceJson): string {
  if ('reference' in done) {
    const { path, width, height, holePixels } = done.reference;
    return `${path}: ${width} × ${height}, ${holePixels} pixels of it are the hole; paint there, and run again with --edited\n`;
  }
  const f = done.figures;
  const share = (v: number) => (Number.isFinite(v) ? `${Number((v * 100).toPrecision(3))} %` : '–');
  const lines = [
    `${done.output.path}: ${splats(f.selected)} removed, ${f.added} added, ${done.output.splats} in all`,
    `coverage ${share(f.coverage)}, seam step in depth ${share(f.seamDepth)}, in colour ${Number(f.seamColour.toPrecision(3))}; ${f.views} ${f.views === 1 ? 'view' : 'views'}, ${done.seconds.remove.toFixed(1)} s on ${done.backend.kind}`,
    ...f.notes,
  ];
  if (done.report !== null) lines.push(`report: ${done.report}`);
  return `${lines.join('\n')}\n`;
}

function buildProgram(): Command {
  const program = new Command('splatmend')
    .description('Remove an object from a Gaussian-splat scene and mend the hole.')
    .version(VERSION)
    .addHelpText('after', EXAMPLES)
    .exitOverride()
    .showHelpAfterError('(--help shows what there is)');

  const remove = program
    .command('remove')
    .description('delete the selected splats and mend the hole they leave')
    .argument('<in>', 'scene: .ply, .compressed.ply, .splat, .ksplat, .spz or .sog')
    .option('--box <box>', 'CX,CY,CZ,HX,HY,HZ (centre, half extents) or a .json file with a box')
    .option('--sphere <sphere>', 'CX,CY,CZ,R (centre, radius)')
    .option('--selection <file>', 'JSON: a volume, a case.json, row numbers, or a saved selection')
    .option('--with-shadow', 'remove its contact shadow and the colour it has spread, too')
    .option('--lift-shadow', 'brighten what lies in its cast shadow')
    .option('--camera <file>', 'JSON: one camera, an array of them, or a file with `cameras`')
    .option(
      '--views <n>',
      `fill from at most this many cameras (default: ${REMOVE_DEFAULTS.views})`,
      wholeNumber(1, 64),
    )
    .option('-o, --output <file>', 'mended scene; its extension is its format (default: IN.mended)')
    .option('--report <dir>', 'write a page with pictures and figures there')
    .option(
      '--polish <steps>',
      `bend the new splats towards the painted pictures, steps (default: ${REMOVE_DEFAULTS.polish})`,
      wholeNumber(0, 10_000),
    )
    .addOption(
      new Option('--backend <name>', 'where the kernels run').choices(BACKENDS).default('auto'),
    )
    .option(
      '--seed <n>',
      `the same seed gives the same fill (default: ${REMOVE_DEFAULTS.seed})`,
      wholeNumber(0, 2 ** 32 - 1),
    );
  withCommonFlags(withInpainterFlags(remove)).action(
    (input: string, flags: RemoveFlags & CommonFlags) =>
      runAction(
        flags,
        (progress, signal) => removeCommand(input, flags, progress, signal),
        summary,
      ),
  );

  addCompleteDepth(program);
  addRefine(program);
  addPhoto(program);
  addNovelView(program);
  addInsert(program);
  addExtend(program);

  program
    .command('info')
    .description('say what a scene file holds')
    .argument('<file>', 'scene: .ply, .compressed.ply, .splat, .ksplat, .spz or .sog')
    .option('--json', 'print one JSON result on stdout')
    .action(async (file: string, flags: CommonFlags) => {
      const info = await infoCommand(
        file,
        cancelOnInterrupt(() => {}),
      );
      await print(
        process.stdout,
        `${flags.json ? JSON.stringify(info, null, 2) : infoText(info)}\n`,
      );
    });
  return program;
}

/** Runs the command line and answers its exit code; see docs/cli.md. */
export async function runCli(args: readonly string[]): Promise<number> {
  const json = args.includes('--json');
  try {
    const program = buildProgram();
    if (args.length === 0) {
      program.outputHelp({ error: true });
      return EXIT_CODES['bad-option'];
    }
    await program.parseAsync(args, { from: 'user' });
    return 0;
  } catch (error) {
    // Help and version end by an error of code 0.
    if (error instanceof CommanderError && error.exitCode === 0) return 0;
    const failure =
      error instanceof CommanderError
        ? toFailure(new SplatmendError('bad-option', error.message))
        : toFailure(error);
    const exitCode = EXIT_CODES[failure.code];
    if (json) {
      await print(process.stdout, `${JSON.stringify({ ...failure, exitCode }, null, 2)}\n`);
    }
    // Commander has said its own errors already.
    if (!(error instanceof CommanderError)) {
      await print(process.stderr, `splatmend: ${failure.message}\n`);
      if (failure.code === 'internal' && error instanceof Error && process.env.DEBUG) {
        await print(process.stderr, `${error.stack}\n`);
      }
    }
    return exitCode;
  }
}
