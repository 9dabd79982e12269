import { SH_C0, type SplatCloud } from '../splat-cloud.ts';
import { usableSplats } from '../usable.ts';
import type { SplatFormat } from './format.ts';

/** These quantise over chunks or the whole scene, where one NaN or 1e30 would spoil its neighbours. */
export const QUANTISED: readonly SplatFormat[] = ['compressed.ply', 'spz', 'sog'];
/** Their writers sort rows along a Morton curve. */
export const REORDERED: readonly SplatFormat[] = ['compressed.ply', 'sog'];
/** Highest SH degree that a format holds. */
const MAX_DEGREE: Record<SplatFormat, number> = {
  ply: 3,
  'compressed.ply': 3,
  splat: 0,
  ksplat: 2,
  spz: 3,
  sog: 3,
};
const SPZ_STEP = 1 / 4096;

/** Median over splats of the middle one of their three sizes, world units. */
function typicalSize(cloud: SplatCloud): number {
  const s = cloud.logScales;
  const middles = Float32Array.from({ length: cloud.count }, (_, i) => {
    const [a, b, c] = [s[i * 3]!, s[i * 3 + 1]!, s[i * 3 + 2]!];
    return a + b + c - Math.max(a, b, c) - Math.min(a, b, c);
  }).sort();
  return Math.exp(middles[middles.length >> 1] ?? 0);
}

/** Splats with a base colour outside of 0..1, which byte colours cut off. */
function countWideColours(cloud: SplatCloud): number {
  let count = 0;
  for (let i = 0; i < cloud.count; i++) {
    const dc = cloud.dc.subarray(i * 3, i * 3 + 3);
    if (dc.some((v) => Math.abs(v) * SH_C0 > 0.5 + 1e-6)) count++;
  }
  return count;
}

/**
 * What of this cloud would be lost in a format, in plain sentences for the user, before it is written.
 * Rounding within the format's usual precision (docs/formats.md) is not listed. Empty for PLY.
 */
export function formatLosses(cloud: SplatCloud, format: SplatFormat): string[] {
  if (format === 'ply') return [];
  const losses: string[] = [];
  if (cloud.extras.length > 0) {
    losses.push(`not kept: ${cloud.extras.map((e) => e.name).join(', ')}`);
  }
  if (cloud.shDegree > MAX_DEGREE[format]) {
    losses.push(`spherical harmonics above degree ${MAX_DEGREE[format]} are not kept`);
  }
  if (format === 'splat' || format === 'ksplat') {
    const wide = countWideColours(cloud);
    if (wide > 0)
      losses.push(`${wide} splats have colours beyond black or white; they are cut off`);
  }
  if (QUANTISED.includes(format)) {
    const unusable = usableSplats(cloud).reduce((n, usable) => n + (1 - usable), 0);
    if (unusable > 0)
      losses.push(`${unusable} unusable splats (NaN, infinite, enormous) are left out`);
  }
  if (format === 'spz' && typicalSize(cloud) < 2 * SPZ_STEP) {
    losses.push('SPZ rounds positions to 1/4096 units, which is coarse for splats this small');
  }
  if (REORDERED.includes(format)) losses.push('the order of the splats changes');
  return losses;
}
