/**
 * `npm run bench -- completion --data DIR [--samples 60] [--seed 1] [--share 0.1] [--half] [--gpu]
 * [--python python3] [--prior KIND] [--dry] [--alpha A …]`
 * Depth completion on registered RGB-D frames (DIR as bench/depth/frames.ts reads it): depth is hidden under random
 * masks and completed from the rest; the error counts inside the mask only, where there is truth. Baselines run in
 * the same process on the same masks; with --python, OpenCV's and scipy's as well (bench/depth/baselines.py).
 */

import { createRandom } from '../core/random.ts';
import { parseDepthArgs } from './depth/args.ts';
import { measure, type Sample } from './depth/compare.ts';
import { openFrames } from './depth/frames.ts';
import { randomMask } from './depth/masks.ts';

export async function run(args: string[]): Promise<void> {
  const asked = parseDepthArgs('completion', args);
  const { seed, share } = asked;
  const frames = await openFrames(asked.data, asked.half);
  async function* samples(): AsyncGenerator<Sample> {
    const random = createRandom(seed);
    for (let k = 0; k < asked.samples; k++) {
      const id = frames.ids[k % frames.ids.length]!;
      const { width, height, rgb, depth } = await frames.read(id);
      const mask = randomMask(width, height, share, random);
      const known = Uint8Array.from(depth, (z, i) => (mask[i] === 0 && z > 0 ? 1 : 0));
      yield {
        id,
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
  await measure(samples, asked, {
    name: `completion-${Math.round(100 * share)}`,
    title: `Depth completion, ${asked.samples} masks of about ${100 * share} %, seed ${seed}, ${frames.width} × ${frames.height}`,
    inputs: { seed, samples: asked.samples, share, half: asked.half },
  });
}
