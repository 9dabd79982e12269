/**
 * `npm run bench -- sparse --data DIR [--samples 60] [--seed 1] [--share 0.005] [--half] [--gpu]
 * [--python python3] [--prior KIND] [--dry] [--alpha A …]`
 * Depth completion from a few known pixels: `share` of the measured ones, chosen at random, are known; all others
 * count. DIR as bench/depth/frames.ts reads it.
 */

import { createRandom } from '../core/random.ts';
import { parseDepthArgs } from './depth/args.ts';
import { measure, type Sample } from './depth/compare.ts';
import { openFrames } from './depth/frames.ts';

export async function run(args: string[]): Promise<void> {
  const asked = parseDepthArgs('sparse', args, 0.005);
  const { seed, share } = asked;
  const frames = await openFrames(asked.data, asked.half);
  async function* samples(): AsyncGenerator<Sample> {
    const random = createRandom(seed);
    for (let k = 0; k < asked.samples; k++) {
      const id = frames.ids[k % frames.ids.length]!;
      const { width, height, rgb, depth } = await frames.read(id);
      const known = Uint8Array.from(depth, (z) => (z > 0 && random() < share ? 1 : 0));
      yield {
        id,
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
  await measure(samples, asked, {
    name: `sparse-${share}`,
    title: `Depth from ${100 * share} % of the pixels, ${asked.samples} frames, seed ${seed}, ${frames.width} × ${frames.height}`,
    inputs: { seed, samples: asked.samples, share, half: asked.half },
  });
}
