import type { Vec3 } from './camera.ts';
import type { SplatCloud } from './splat-cloud.ts';

/**
 * The removed object as the later steps need it: where it is, how big, and a convex hull of sorts
 * (a k-DOP: the intersection of slabs along fixed directions) that says whether a point is inside it.
 * World units, the scene's frame.
 */
export interface ObjectShape {
  center: Vec3;
  /** Radius of the sphere around `center` that holds 98 % of the splats' centres. */
  radius: number;
  /** Signed distance-like measure: how far outside the hull a point is (≤ 0 inside), world units. */
  outside(x: number, y: number, z: number): number;
  /**
   * Where a ray origin + t · direction leaves the hull.
   * @returns t, or undefined when the ray misses it
   */
  exit(origin: Vec3, direction: Vec3): number | undefined;
}

/** Hull slabs cut this share of the splats on each side, so that a few stray floaters do not inflate it. */
const TRIM = 0.004;
const MAX_SAMPLES = 20_000;
const DIRECTIONS = 49;

/** Nearly even directions over a half sphere (Fibonacci lattice); a slab covers both signs. */
function slabDirections(count: number): Float64Array {
  const out = new Float64Array(count * 3);
  const golden = Math.PI * (3 - Math.sqrt(5));
  for (let i = 0; i < count; i++) {
    const z = 1 - (i + 0.5) / count;
    const r = Math.sqrt(1 - z * z);
    out[i * 3] = Math.cos(golden * i) * r;
    out[i * 3 + 1] = Math.sin(golden * i) * r;
    out[i * 3 + 2] = z;
  }
  return out;
}

function quantile(sorted: Float64Array, share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.max(0, Math.round(share * (sorted.length - 1))))]!;
}

/** The shape's sphere, and the rows that it was told from; what the hull is told from, too. */
export function measureExtent(
  removed: SplatCloud,
): Pick<ObjectShape, 'center' | 'radius'> & { rows: number[] } {
  const step = Math.max(1, Math.floor(removed.count / MAX_SAMPLES));
  const rows: number[] = [];
  for (let i = 0; i < removed.count; i += step) {
    const finite =
      Number.isFinite(removed.positions[i * 3]!) &&
      Number.isFinite(removed.positions[i * 3 + 1]!) &&
      Number.isFinite(removed.positions[i * 3 + 2]!);
    // Nearly invisible splats (opacity under 5 %) say nothing about the object's extent.
    if (finite && (removed.opacityLogits[i]! > -2.9 || removed.count < 100)) rows.push(i);
  }
  if (rows.length === 0) for (let i = 0; i < removed.count; i++) rows.push(i);
  const p = removed.positions;
  const n = rows.length;
  const axisValues = [0, 1, 2].map((k) => Float64Array.from(rows, (i) => p[i * 3 + k]!).sort());
  const center = axisValues.map(
    (v) => (quantile(v, 0.02) + quantile(v, 0.98)) / 2,
  ) as unknown as Vec3;
  const distances = Float64Array.from(rows, (i) =>
    Math.hypot(p[i * 3]! - center[0], p[i * 3 + 1]! - center[1], p[i * 3 + 2]! - center[2]),
  ).sort();
  // A single splat still has a size: its own.
  const ownSize = Math.exp(
    Math.max(removed.logScales[0] ?? 0, removed.logScales[1] ?? 0, removed.logScales[2] ?? 0),
  );
  const radius = Math.max(quantile(distances, 0.98), n < 8 ? 2 * ownSize : 0);
  return { center, radius, rows };
}

/** Measures the removed splats. `removed` must hold at least one splat with a finite position. */
export function measureObject(removed: SplatCloud): ObjectShape {
  const { center, radius, rows } = measureExtent(removed);
  const p = removed.positions;
  const n = rows.length;
  const directions = slabDirections(DIRECTIONS);
  const low = new Float64Array(DIRECTIONS);
  const high = new Float64Array(DIRECTIONS);
  const along = new Float64Array(n);
  for (let d = 0; d < DIRECTIONS; d++) {
    const dx = directions[d * 3]!;
    const dy = directions[d * 3 + 1]!;
    const dz = directions[d * 3 + 2]!;
    for (let j = 0; j < n; j++) {
      const i = rows[j]!;
      along[j] = p[i * 3]! * dx + p[i * 3 + 1]! * dy + p[i * 3 + 2]! * dz;
    }
    along.sort();
    low[d] = quantile(along, TRIM);
    high[d] = quantile(along, 1 - TRIM);
  }
  return {
    center,
    radius,
    outside(x, y, z) {
      let worst = Number.NEGATIVE_INFINITY;
      for (let d = 0; d < DIRECTIONS; d++) {
        const s = x * directions[d * 3]! + y * directions[d * 3 + 1]! + z * directions[d * 3 + 2]!;
        worst = Math.max(worst, s - high[d]!, low[d]! - s);
      }
      return worst;
    },
    exit(origin, direction) {
      let near = Number.NEGATIVE_INFINITY;
      let far = Number.POSITIVE_INFINITY;
      for (let d = 0; d < DIRECTIONS; d++) {
        const dx = directions[d * 3]!;
        const dy = directions[d * 3 + 1]!;
        const dz = directions[d * 3 + 2]!;
        const start = origin[0] * dx + origin[1] * dy + origin[2] * dz;
        const speed = direction[0] * dx + direction[1] * dy + direction[2] * dz;
        const t0 = (low[d]! - start) / speed;
        const t1 = (high[d]! - start) / speed;
        near = Math.max(near, Math.min(t0, t1));
        far = Math.min(far, Math.max(t0, t1));
      }
      return near <= far ? far : undefined;
    },
  };
}
