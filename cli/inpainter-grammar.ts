import { type Command, InvalidArgumentError } from 'commander';
import { wholeNumber } from './grammar.ts';
import { INPAINTER_KINDS, type InpaintWords } from './inpainter-kinds.ts';

function share(text: string): number {
  const n = Number(text);
  if (text.trim() === '' || !(n >= 0 && n <= 1)) {
    throw new InvalidArgumentError('It is not a number from 0 to 1.');
  }
  return n;
}

/** What is said to a filler that reads words. */
export function withWordFlags(command: Command): Command {
  return command
    .option('--prompt <text>', 'what a server should paint into the hole')
    .option('--negative-prompt <text>', 'what it should not')
    .option(
      '--strength <share>',
      'how far a server may go from the smooth fill that it is sent, 0 to 1',
      share,
    )
    .option(
      '--server-timeout <seconds>',
      'how long a server may take for a picture (default: 300)',
      wholeNumber(1, 3600),
    );
}

/** Who fills the hole, who guesses its depth, and what is said to them. */
export function withFillerFlags(command: Command): Command {
  return withWordFlags(
    command
      .option(
        '--inpainter <who>',
        `who fills the hole: ${INPAINTER_KINDS.map((k) => k.usage).join(', ')}`,
      )
      .option(
        '--prior-depth <model>',
        'a depth model that bends the hole’s surfaces: onnx:FILE[,MANIFEST.json], oip:URL,MODEL',
      ),
  );
}

/** The same, or a picture that the user paints on. */
export function withInpainterFlags(command: Command): Command {
  return withFillerFlags(command)
    .option(
      '--save-reference <file>',
      'mend nothing: write the first camera’s picture as a PNG whose hole is transparent, to paint on',
    )
    .option('--edited <file>', 'that picture, painted: it fills the first camera’s view');
}

export interface InpainterFlags {
  inpainter?: string;
  prompt?: string;
  negativePrompt?: string;
  strength?: number;
  serverTimeout?: number;
}

/** What the flags say to a filler that reads words. */
export function wordsOf(flags: InpainterFlags): InpaintWords {
  const { prompt, negativePrompt, strength, serverTimeout } = flags;
  return {
    ...(prompt !== undefined && { prompt }),
    ...(negativePrompt !== undefined && { negativePrompt }),
    ...(strength !== undefined && { strength }),
    ...(serverTimeout !== undefined && { timeoutMs: 1000 * serverTimeout }),
  };
}
