/**
 * `npm run bench -- sce --data DIR [--apart 10] [--samples 60] [--half] [--gpu] [--python python3] [--prior KIND] [--dry] [--alpha A …]`
 * The scene-consistency benchmark of Invisible Stitch (Engstler et al. 2024): one frame's depth, moved into another
 * frame's view by its pose, is what is known there; the rest is completed, guided by the other frame's picture. The
 * error counts on extrapolated pixels only. Pairs come from frames.json (`scePairs`), those whose ids lie `apart`.
 */

import { parseDepthArgs } from './depth/args.ts';
import { measure, type Sample } from './depth/compare.ts';
import { type Frame, type FrameSet, openFrames } from './depth/frames.ts';

/** Depth of `from` seen in `to`: each measured pixel as a point, the nearest one a pixel wins; 0 = nothing. */
export function reprojectDepth(from: Frame, to: Frame, set: FrameSet): Float32Array {
  const out = new Float32Array(to.width * to.height);
  const a = from.cameraToWorld;
  const b = to.cameraToWorld;
  for (let i = 0; i < from.depth.length; i++) {
    const z = from.depth[i]!;
    if (!(z > 0)) continue;
    const camera = [
      (((i % from.width) + 0.5 - set.cx) * z) / set.fx,
      ((Math.floor(i / from.width) + 0.5 - set.cy) * z) / set.fy,
      z,
    ];
    const world = [0, 1, 2].map(
      (r) =>
        a[r]![0]! * camera[0]! +
        a[r]![1]! * camera[1]! +
        a[r]![2]! * camera[2]! +
        a[r]![3]! -
        b[r]![3]!,
    );
    // A pose is rigid: its inverse turns by the transpose.
    const [x, y, depth] = [0, 1, 2].map(
      (c) => b[0]![c]! * world[0]! + b[1]![c]! * world[1]! + b[2]![c]! * world[2]!,
    ) as [number, number, number];
    if (!(depth > 0)) continue;
    const u = Math.floor((set.fx * x) / depth + set.cx);
    const v = Math.floor((set.fy * y) / depth + set.cy);
    if (u < 0 || v < 0 || u >= to.width || v >= to.height) continue;
    const k = v * to.width + u;
    if (out[k] === 0 || depth < out[k]!) out[k] = depth;
  }
  return out;
}

export async function run(args: string[]): Promise<void> {
  const asked = parseDepthArgs('sce', args);
  const { apart } = asked;
  const frames = await openFrames(asked.data, asked.half);
  const all = frames.scePairs.filter(([a, b]) => Math.abs(Number(b) - Number(a)) === apart);
  if (all.length === 0) throw new Error(`sce: no pairs ${apart} apart in ${asked.data}`);
  const pairs = all.slice(0, asked.samples);
  async function* samples(): AsyncGenerator<Sample> {
    for (const [a, b] of pairs) {
      const [from, to] = [await frames.read(a), await frames.read(b)];
      const { width, height } = to;
      const seen = reprojectDepth(from, to, frames);
      yield {
        id: `${a} → ${b}`,
        truth: to.depth,
        counted: Uint8Array.from(seen, (z) => (z > 0 ? 0 : 1)),
        problem: {
          depth: { width, height, data: seen },
          known: { width, height, data: Uint8Array.from(seen, (z) => (z > 0 ? 1 : 0)) },
          rgb: { width, height, data: to.rgb },
        },
      };
    }
  }
  const some = pairs.length < all.length ? `${pairs.length} of ${all.length}` : `${all.length}`;
  await measure(samples, asked, {
    name: `sce-${apart}`,
    title: `Scene consistency, ${some} pairs ${apart} frames apart, ${frames.width} × ${frames.height}, extrapolated pixels only`,
    inputs: { apart, half: asked.half, pairs },
  });
}
