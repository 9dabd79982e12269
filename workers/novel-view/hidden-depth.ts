import { createMask, type Mask, type ScalarImage } from '../../core/image.ts';
import type { Kernels } from '../../core/kernels.ts';
import { throwIfCancelled } from '../../core/progress.ts';
import { findBehind } from '../photo/behind.ts';
import { continueDepth } from '../photo/continue-depth.ts';

/** Layers behind each other, as `photo` has them. */
const LAYERS = 2;

/**
 * Depth of what a picture's edges hide, a layer at a time: each edge's farther side continued behind its nearer one.
 * @param depth along z, all known
 * @param partPx how many pixels the view parts the two sides of an edge by for one unit of inverse depth between them
 * @param onPart share that is done, 0 to 1
 * @returns layers, nearest first; 0 where one is not there
 * @throws SplatmendError as the kernels do
 */
export async function hiddenDepth(
  depth: ScalarImage,
  partPx: number,
  kernels: Kernels,
  onPart: (share: number) => void,
  signal?: AbortSignal,
): Promise<ScalarImage[]> {
  const { width, height } = depth;
  const layers: ScalarImage[] = [];
  let seen = depth;
  let within: Mask | undefined;
  for (let k = 0; k < LAYERS; k++) {
    const inverse = seen.data.map((z) => 1 / z);
    const all = findBehind({ inverse, width, height, partPx, ...(within && { within }) });
    if (all.length === 0) break;
    const next = { width, height, data: seen.data.slice() };
    const mask = createMask(width, height);
    for (const [n, hidden] of all.entries()) {
      throwIfCancelled(signal);
      onPart((k + n / all.length) / LAYERS);
      const part = await continueDepth(seen, hidden, kernels, signal);
      for (const i of hidden.synthesis) {
        const at = part.at(i);
        if (part.hole.data[at] === 0) continue;
        next.data[i] = part.depth.data[at]!;
        mask.data[i] = 1;
      }
    }
    layers.push({ width, height, data: next.data.map((z, i) => z * mask.data[i]!) });
    seen = next;
    within = mask;
  }
  return layers;
}
