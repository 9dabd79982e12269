import { createMask, type Mask, type ScalarImage } from '../../core/image.ts';
import type { Kernels } from '../../core/kernels.ts';
import type { Hidden } from './behind.ts';

/** The part of a picture around one edge, with the depth of what the edge hides. All images have the part's size. */
export interface ContinuedDepth {
  width: number;
  height: number;
  /** What lies behind, and what it is continued from; 0 elsewhere. */
  depth: ScalarImage;
  /** Hidden pixels whose depth was found. */
  hole: Mask;
  /** Neither those nor what they are continued from. */
  out: Mask;
  /** From a pixel of the whole to one of the part. */
  at(i: number): number;
}

/**
 * Depth of what one edge hides, continued from its farther side alone. Pixels whose continued surface would lie in front of what hides it
 * are left out.
 * @throws SplatmendError as the kernels do
 */
export async function continueDepth(
  depth: ScalarImage,
  { bounds, synthesis, context, rim }: Hidden,
  kernels: Kernels,
  signal?: AbortSignal,
): Promise<ContinuedDepth> {
  const { x0, y0, x1, y1 } = bounds;
  const [width, height] = [x1 - x0, y1 - y0];
  const wide = depth.width;
  const at = (i: number) => (Math.floor(i / wide) - y0) * width + (i % wide) - x0;
  const part = { width, height, data: new Float32Array(width * height) };
  for (let y = 0; y < height; y++) {
    const from = (y + y0) * wide + x0;
    part.data.set(depth.data.subarray(from, from + width), y * width);
  }
  const known = createMask(width, height);
  const wanted = createMask(width, height);
  const hole = createMask(width, height);
  const out = createMask(width, height);
  for (const i of context) known.data[at(i)] = 1;
  for (const i of synthesis) wanted.data[at(i)] = 1;
  for (const i of rim) wanted.data[at(i)] = 1;
  for (let k = 0; k < out.data.length; k++) {
    if (known.data[k] === 0 && wanted.data[k] === 0) out.data[k] = 1;
  }
  // Without the picture: there it shows what hides, not what is hidden.
  const done = await kernels.complete({ depth: part, known, wanted }, {}, signal);
  const hint = { ...part, data: part.data.map((z, k) => z * known.data[k]!) };
  for (const i of synthesis) {
    const k = at(i);
    const z = done.depth.data[k]!;
    if (!(z > depth.data[i]! && done.confidence.data[k]! > 0)) {
      out.data[k] = 1;
      continue;
    }
    hole.data[k] = 1;
    hint.data[k] = z;
  }
  // What is seen of the rim keeps its place, and its colours are copied from.
  for (const i of rim) hint.data[at(i)] = depth.data[i]!;
  return { width, height, depth: hint, hole, out, at };
}
