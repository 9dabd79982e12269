import type { SplatCloud } from '../../splat-cloud.ts';

/** What a renderer must know of its cloud before the first picture. */
export interface CloudMeasure {
  /** One byte a splat: 1 = can be drawn, 0 = NaN, infinite, without direction or enormous. */
  usable: Uint8Array;
  usableCount: number;
  /** Size of the scene without its outliers, world units; every threshold in depth is relative to it. */
  extent: number;
}

/** Standard deviations over this many scene extents are damage, not scenery. */
const MAX_SIGMA_EXTENTS = 100;
/** Enough for percentiles; a million splats are not sorted for them. */
const SAMPLES = 8192;

function hasFiniteGeometry(cloud: SplatCloud, i: number): boolean {
  const { positions: p, logScales: s, rotations: r, dc } = cloud;
  const sum =
    p[i * 3]! +
    p[i * 3 + 1]! +
    p[i * 3 + 2]! +
    (r[i * 4]! + r[i * 4 + 1]! + r[i * 4 + 2]! + r[i * 4 + 3]!) +
    (dc[i * 3]! + dc[i * 3 + 1]! + dc[i * 3 + 2]!);
  if (!Number.isFinite(sum)) return false;
  // −Infinity is a scale of exactly 0, which is flat and well defined.
  for (let k = 0; k < 3; k++) if (!(s[i * 3 + k]! < 80)) return false;
  const norm = Math.hypot(r[i * 4]!, r[i * 4 + 1]!, r[i * 4 + 2]!, r[i * 4 + 3]!);
  return norm > 1e-12 && !Number.isNaN(cloud.opacityLogits[i]!);
}

/**
 * Finds the splats that can be drawn and the scene's extent: the largest side of the box that holds the
 * 5th to 95th percentile of the centres, at least the median splat's standard deviation.
 */
export function measureCloud(cloud: SplatCloud): CloudMeasure {
  const { count, positions, logScales } = cloud;
  const usable = new Uint8Array(count);
  let usableCount = 0;
  for (let i = 0; i < count; i++) {
    if (!hasFiniteGeometry(cloud, i)) continue;
    usable[i] = 1;
    usableCount++;
  }
  const stride = Math.max(1, Math.ceil(usableCount / SAMPLES));
  const samples = Math.ceil(usableCount / stride);
  const axes = [0, 1, 2, 3].map(() => new Float64Array(samples));
  let seen = 0;
  let n = 0;
  for (let i = 0; i < count; i++) {
    if (usable[i] === 0 || seen++ % stride !== 0) continue;
    for (let k = 0; k < 3; k++) axes[k]![n] = positions[i * 3 + k]!;
    axes[3]![n] = Math.exp(
      Math.max(logScales[i * 3]!, logScales[i * 3 + 1]!, logScales[i * 3 + 2]!),
    );
    n++;
  }
  let extent = 0;
  if (samples > 0) {
    for (const values of axes) values.sort();
    const at = (values: Float64Array, q: number) => values[Math.round((samples - 1) * q)]!;
    for (const values of axes.slice(0, 3)) {
      extent = Math.max(extent, at(values, 0.95) - at(values, 0.05));
    }
    extent = Math.max(extent, at(axes[3]!, 0.5));
  }
  if (extent > 0) {
    const limit = Math.log(extent * MAX_SIGMA_EXTENTS);
    for (let i = 0; i < count; i++) {
      const largest = Math.max(logScales[i * 3]!, logScales[i * 3 + 1]!, logScales[i * 3 + 2]!);
      if (usable[i] === 0 || largest <= limit) continue;
      usable[i] = 0;
      usableCount--;
    }
  }
  return { usable, usableCount, extent };
}
