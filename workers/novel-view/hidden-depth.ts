import type { Camera } from '../../core/camera.ts';
import { createMask, type Mask, type ScalarImage } from '../../core/image.ts';
import type { Kernels } from '../../core/kernels.ts';
import { throwIfCancelled } from '../../core/progress.ts';
import { type Reprojection, reprojection } from '../../core/refine/reproject.ts';
import { type Front, findBehind, type Hidden } from '../photo/behind.ts';
import { type Continued, continueDepth, shareOut } from '../photo/continue-depth.ts';
import { findDiscontinuities } from '../photo/discontinuities.ts';

/** Layers behind each other. `photo`, which is looked at from many sides, has one more. */
const LAYERS = 2;

export interface LooksBehind {
  source: Camera;
  target: Camera;
  /** Target pixels that show nothing of the picture: edges behind which none of them looks are passed over. */
  open: Mask;
  /** How many pixels the view parts the two sides of an edge by for one unit of inverse depth between them. */
  partPx: number;
}

/** Places along a hidden pixel's ray, from what hides it to the farthest that it may be continued from. */
const PLACES = 8;

/** Whether anything behind what hides these pixels, as far as their context goes, falls into the open part of the target. */
function looksBehind(
  { synthesis, context }: Hidden,
  depth: ScalarImage,
  carry: Reprojection,
  open: Mask,
): boolean {
  const nearest = (i: number) => 1 / depth.data[i]!;
  const farthest = context.reduce((least, i) => Math.min(least, nearest(i)), Infinity);
  return synthesis.some((i) => {
    const from = nearest(i);
    for (let k = 1; k <= PLACES; k++) {
      const to = carry.to(i, 1 / (from + (k / PLACES) * (farthest - from)));
      if (to >= 0 && open.data[to] !== 0) return true;
    }
    return false;
  });
}

/**
 * Depth of what a picture's edges hide and the target sees, a layer at a time: each edge's farther side continued behind its nearer one.
 * @param depth along z, all known
 * @param onPart share that is done, 0 to 1
 * @returns layers, nearest first; 0 where one is not there
 * @throws SplatmendError as the kernels do
 */
export async function hiddenDepth(
  depth: ScalarImage,
  { source, target, open, partPx }: LooksBehind,
  kernels: Kernels,
  onPart: (share: number) => void,
  signal?: AbortSignal,
): Promise<ScalarImage[]> {
  const { width, height } = depth;
  const layers: ScalarImage[] = [];
  const carry = reprojection(source, target);
  let seen = depth;
  let front: Front | undefined;
  for (let k = 0; k < LAYERS; k++) {
    const inverse = seen.data.map((z) => 1 / z);
    const edges = findDiscontinuities(inverse, width, height);
    const found = findBehind({ inverse, edges, width, height, partPx, ...(front && { front }) });
    const all = found.filter((hidden) => looksBehind(hidden, seen, carry, open));
    if (all.length === 0) break;
    const next = { width, height, data: seen.data.slice() };
    const mask = createMask(width, height);
    const continued: Continued[] = [];
    for (const [n, hidden] of all.entries()) {
      throwIfCancelled(signal);
      onPart((k + n / all.length) / LAYERS);
      continued.push(await continueDepth(seen, hidden, kernels, signal));
    }
    for (const [n, own] of shareOut(all, continued, mask.data.length).entries()) {
      for (const [m, i] of all[n]!.synthesis.entries()) {
        if (!(own[m]! > 0)) continue;
        next.data[i] = own[m]!;
        mask.data[i] = 1;
      }
    }
    layers.push({ width, height, data: next.data.map((z, i) => z * mask.data[i]!) });
    seen = next;
    front = { edges, filled: mask };
  }
  return layers;
}
