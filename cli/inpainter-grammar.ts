import type { Command } from 'commander';
import { INPAINTER_KINDS } from './inpainter-kinds.ts';

/** Who fills the hole, and who guesses its depth. */
export function withInpainterFlags(command: Command): Command {
  return command
    .option(
      '--inpainter <who>',
      `who fills the hole: ${INPAINTER_KINDS.map((k) => k.usage).join(', ')}`,
    )
    .option(
      '--prior-depth <model>',
      'a depth model that bends the hole’s surfaces: onnx:FILE[,MANIFEST.json]',
    )
    .option(
      '--save-reference <file>',
      'mend nothing: write the first camera’s picture as a PNG whose hole is transparent, to paint on',
    )
    .option('--edited <file>', 'that picture, painted: it fills the first camera’s view');
}
