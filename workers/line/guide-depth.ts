/** The hole's depth, bent as a monocular model sees the painted picture. */
import {
  createMask,
  createScalarImage,
  type Mask,
  type RgbImage,
  type ScalarImage,
} from '../../core/image.ts';
import type { DepthCompleter } from '../../core/kernels.ts';

/** Where the surfaces' continuation and a plain completion agree to this share of the depth, one smooth surface is seen … */
const AGREE = 0.01;
/** … from here on an edge lies between: what the model adds to a ramp is not what an edge needs. */
const DISAGREE = 0.03;
/** The model bends a surface by no more than this share of its depth. */
const MOST_BEND = 0.1;

export interface GuideInputs {
  /** Continued in the hole, rendered outside it; 0 = unknown. */
  depth: ScalarImage;
  mask: Mask;
  /** The painted picture. */
  rgb: RgbImage;
  /** The model's inverse depth, up to scale and shift. */
  prior: ScalarImage;
}

/**
 * Completes the hole twice over the painted picture, with the prior and without: their ratio is what the model has to say, and
 * is 1 where it explains nothing of the depth around (`DepthProblem.prior`). The continued depth is multiplied by it, where
 * it is one smooth surface. So planes stay planes where the model has nothing to add, and edges stay where they were found.
 * @returns the depth; outside the hole bit for bit
 */
export async function guideDepth(
  { depth, mask, rgb, prior }: GuideInputs,
  completer: DepthCompleter,
  signal?: AbortSignal,
): Promise<ScalarImage> {
  const { width, height } = depth;
  const known = createMask(width, height);
  const wanted = createMask(width, height);
  for (let i = 0; i < known.data.length; i++) {
    if (mask.data[i] !== 0) wanted.data[i] = 1;
    else if (depth.data[i]! > 0) known.data[i] = 1;
  }
  const problem = { depth, known, wanted, rgb };
  const without = await completer.complete(problem, undefined, signal);
  const told = await completer.complete({ ...problem, prior }, undefined, signal);
  const out = createScalarImage(width, height);
  out.data.set(depth.data);
  for (let i = 0; i < out.data.length; i++) {
    const plain = without.depth.data[i]!;
    const bent = told.depth.data[i]!;
    const now = depth.data[i]!;
    if (wanted.data[i] === 0 || !(plain > 0 && bent > 0 && now > 0)) continue;
    const apart = Math.abs(now / plain - 1);
    const say = Math.min(1, Math.max(0, (DISAGREE - apart) / (DISAGREE - AGREE)));
    const bend = Math.min(1 + MOST_BEND, Math.max(1 - MOST_BEND, bent / plain));
    out.data[i] = now * (1 + say * (bend - 1));
  }
  return out;
}
