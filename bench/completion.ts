/**
 * `npm run bench -- completion --data DIR [--samples 60] [--seed 1] [--share 0.1] [--half] [--gpu] [--dry] [--alpha A …]`
 * Depth completion on registered RGB-D frames (DIR as bench/depth/frames.ts reads it): depth is hidden under random
 * masks and completed from the rest; the error counts inside the mask only, where there is truth. Baselines run in
 * the same process on the same masks.
 */

import { createRandom } from '../core/random.ts';
import { parseDepthArgs } from './depth/args.ts';
import { compare, report, type Sample } from './depth/compare.ts';
import { openFrames } from './depth/frames.ts';
import { randomMask } from './depth/masks.ts';
import { methods } from './depth/methods.ts';

export async function run(args: string[]): Promise<void> {
  const { values, options, command } = parseDepthArgs('completion', args);
  const frames = await openFrames(values.data, values.half);
  const share = Number(values.share ?? 0.1);
  const seed = Number(values.seed);
  const random = createRandom(seed);
  async function* samples(): AsyncGenerator<Sample> {
    for (let k = 0; k < Number(values.samples); k++) {
      const { width, height, rgb, depth } = await frames.read(frames.ids[k % frames.ids.length]!);
      const mask = randomMask(width, height, share, random);
      const known = Uint8Array.from(depth, (z, i) => (mask[i] === 0 && z > 0 ? 1 : 0));
      yield {
        truth: depth,
        counted: mask,
        problem: {
          depth: { width, height, data: depth.map((z, i) => (known[i] ? z : 0)) },
          known: { width, height, data: known },
          wanted: { width, height, data: mask },
          rgb: { width, height, data: rgb },
        },
      };
    }
  }
  const result = await compare(samples(), await methods(options, values.gpu));
  const title = `Depth completion, ${values.samples} masks of about ${100 * share} %, seed ${seed}, ${frames.width} × ${frames.height}`;
  await report(`completion-${Math.round(100 * share)}`, title, command, result, values.dry);
}
