/**
 * `npm run bench -- sparse --data DIR [--samples 30] [--seed 1] [--share 0.005] [--half] [--gpu] [--dry] [--alpha A …]`
 * Depth completion from a few known pixels: `share` of the measured ones, chosen at random, are known; all others
 * count. DIR as bench/depth/frames.ts reads it.
 */

import { createRandom } from '../core/random.ts';
import { parseDepthArgs } from './depth/args.ts';
import { compare, report, type Sample } from './depth/compare.ts';
import { openFrames } from './depth/frames.ts';
import { methods } from './depth/methods.ts';

export async function run(args: string[]): Promise<void> {
  const { values, options, command } = parseDepthArgs('sparse', args);
  const frames = await openFrames(values.data, values.half);
  const share = Number(values.share ?? 0.005);
  const seed = Number(values.seed);
  const random = createRandom(seed);
  async function* samples(): AsyncGenerator<Sample> {
    for (let k = 0; k < Number(values.samples); k++) {
      const { width, height, rgb, depth } = await frames.read(frames.ids[k % frames.ids.length]!);
      const known = Uint8Array.from(depth, (z) => (z > 0 && random() < share ? 1 : 0));
      yield {
        truth: depth,
        counted: known.map((v) => 1 - v),
        problem: {
          depth: { width, height, data: depth.map((z, i) => (known[i] ? z : 0)) },
          known: { width, height, data: known },
          rgb: { width, height, data: rgb },
        },
      };
    }
  }
  const result = await compare(samples(), await methods(options, values.gpu));
  const title = `Depth from ${100 * share} % of the pixels, ${values.samples} frames, seed ${seed}, ${frames.width} × ${frames.height}`;
  await report(`sparse-${share}`, title, command, result, values.dry);
}
