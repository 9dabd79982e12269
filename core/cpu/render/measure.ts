import type { SplatCloud } from '../../splat-cloud.ts';
import { inspectSplats, sceneBounds } from '../../usable.ts';

/** Nearest depth that is drawn, as a share of the scene's extent. */
const NEAR_EXTENTS = 5e-4;

/** What a renderer must know of its cloud before the first picture. */
export interface CloudMeasure {
  /** One byte a splat: 1 = can be drawn (core/usable.ts). */
  usable: Uint8Array;
  /** Splats nearer than this along z are left out, world units. */
  near: number;
}

export function measureCloud(cloud: SplatCloud): CloudMeasure {
  const { usable, oversized, zeroRotations, extent } = inspectSplats(cloud);
  // Bounds are a good part of a small picture's time: only taken again where splats fell out of them.
  const drawn = oversized + zeroRotations === 0 ? extent : sceneBounds(cloud, usable).extent;
  return { usable, near: drawn * NEAR_EXTENTS };
}
