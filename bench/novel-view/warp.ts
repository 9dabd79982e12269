import { createMask, createRgbImage, createScalarImage } from '../../core/image.ts';
import { reprojection } from '../../core/refine/reproject.ts';
import type { NovelViewInput } from '../../workers/novel-view.ts';
import type { View } from './score.ts';

/** The plain forward warp: each pixel to the pixel that it falls on, the nearest one wins. */
export function hardWarp({ rgb, depth, source, target }: NovelViewInput): View {
  const { width, height } = target;
  const out = {
    rgb: createRgbImage(width, height),
    depth: createScalarImage(width, height),
    covered: createMask(width, height),
  };
  const carry = reprojection(source, target);
  for (const [i, z] of depth.data.entries()) {
    if (!(z > 0)) continue;
    const to = carry.to(i, z);
    if (to < 0 || (out.covered.data[to] !== 0 && out.depth.data[to]! <= carry.depth)) continue;
    out.covered.data[to] = 1;
    out.depth.data[to] = carry.depth;
    out.rgb.data.set(rgb.data.subarray(3 * i, 3 * i + 3), 3 * to);
  }
  return out;
}
