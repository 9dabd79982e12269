import { SH_REST_COUNT, type SplatCloud } from './splat-cloud.ts';

/** A splat this many times larger than the scene's extent (see `inspectSplats`) hides everything and hangs renderers. */
const OVERSIZED_EXTENTS = 2;
/** exp(40)² still fits a float32, so a covariance can be formed. A limit of the arithmetic, not a length. */
const LARGEST_LOG_SCALE = 40;
/** Beyond this, squared distances leave float32's range. */
const LARGEST_COORDINATE = 1e18;
/** Squared length under which a quaternion cannot be normalised in float32. */
const SMALLEST_ROTATION_SQUARED = 1e-30;
/** Quantiles are taken from at most this many splats, evenly spaced in row order. */
const SAMPLE = 1 << 13;

/** What is wrong with a cloud's splats. A splat is counted once, in the first group that it falls in. */
export interface SplatInspection {
  /** N: 1 = safe to render and to compute with, 0 = leave it out (it stays in the scene). */
  usable: Uint8Array;
  /** NaN anywhere, or ±Infinity in position, rotation or colour, or +Infinity in scale. */
  nonFinite: number;
  /** Quaternions of length zero. */
  zeroRotations: number;
  /** Standard deviation above twice the scene's extent, or out of float32's range when squared. */
  oversized: number;
  /** The scene's extent, see `sceneBounds`, over the splats that are finite. World units. */
  extent: number;
}

function quantiles(values: Float32Array, low: number, high: number): [number, number, number] {
  values.sort();
  const at = (share: number) => values[Math.round((values.length - 1) * share)] ?? 0;
  return [at(low), at(0.5), at(high)];
}

function allFinite(data: Float32Array, from: number, to: number): boolean {
  for (let i = from; i < to; i++) if (!Number.isFinite(data[i]!)) return false;
  return true;
}

/** Largest of the three log scales; −Infinity (a flat splat) is legal. NaN when any is NaN. */
function largestLogScale(logScales: Float32Array, i: number): number {
  return Math.max(logScales[i * 3]!, logScales[i * 3 + 1]!, logScales[i * 3 + 2]!);
}

function findNonFinite(cloud: SplatCloud, usable: Uint8Array): number {
  const { positions, rotations, dc, shRest, opacityLogits, logScales } = cloud;
  const k = 3 * SH_REST_COUNT[cloud.shDegree];
  let count = 0;
  for (let i = 0; i < cloud.count; i++) {
    const size = largestLogScale(logScales, i);
    const fine =
      allFinite(positions, i * 3, i * 3 + 3) &&
      allFinite(rotations, i * 4, i * 4 + 4) &&
      allFinite(dc, i * 3, i * 3 + 3) &&
      allFinite(shRest, i * k, i * k + k) &&
      !Number.isNaN(opacityLogits[i]!) &&
      !Number.isNaN(size) &&
      size !== Number.POSITIVE_INFINITY;
    if (fine) continue;
    usable[i] = 0;
    count++;
  }
  return count;
}

/** The scene's middle (median centre) and extent: the diagonal of the box that holds the central 98 % of the centres on each axis; at least four typical splats. */
export function sceneBounds(cloud: SplatCloud, usable: Uint8Array) {
  const step = Math.max(1, Math.ceil(cloud.count / SAMPLE));
  const rows: number[] = [];
  for (let i = 0; i < cloud.count; i += step) if (usable[i] === 1) rows.push(i);
  const center = [0, 0, 0];
  let squared = 0;
  for (let axis = 0; axis < 3; axis++) {
    const column = Float32Array.from(rows, (i) => cloud.positions[i * 3 + axis]!);
    const [low, middle, high] = quantiles(column, 0.01, 0.99);
    center[axis] = middle;
    squared += (high - low) ** 2;
  }
  // One splat, or a few nearly in one place: the size of a typical splat is the only length there is.
  const sizes = Float32Array.from(rows, (i) => Math.exp(largestLogScale(cloud.logScales, i)));
  const extent = Math.max(Math.sqrt(squared), 4 * quantiles(sizes, 0, 1)[1]);
  return { center, extent };
}

/**
 * Finds splats that no computation should touch. Sizes are judged against the scene's own extent, so
 * the answer does not depend on its unit: a splat is oversized when its largest standard deviation
 * exceeds twice the scene's extent and twice its own distance from the scene's middle (a sky far
 * away may be large). Opacity of ±Infinity and scales of 0 (log −Infinity) are legal.
 */
export function inspectSplats(cloud: SplatCloud): SplatInspection {
  const usable = new Uint8Array(cloud.count).fill(1);
  const nonFinite = findNonFinite(cloud, usable);
  const { center, extent } = sceneBounds(cloud, usable);
  const [cx, cy, cz] = center as [number, number, number];
  const { positions: p, rotations: q } = cloud;
  let zeroRotations = 0;
  let oversized = 0;
  for (let i = 0; i < cloud.count; i++) {
    if (usable[i] === 0) continue;
    const length2 = q[i * 4]! ** 2 + q[i * 4 + 1]! ** 2 + q[i * 4 + 2]! ** 2 + q[i * 4 + 3]! ** 2;
    if (length2 < SMALLEST_ROTATION_SQUARED) {
      usable[i] = 0;
      zeroRotations++;
      continue;
    }
    const x = p[i * 3]!;
    const y = p[i * 3 + 1]!;
    const z = p[i * 3 + 2]!;
    const logScale = largestLogScale(cloud.logScales, i);
    const reach = Math.max(extent, Math.hypot(x - cx, y - cy, z - cz));
    if (
      logScale > LARGEST_LOG_SCALE ||
      Math.exp(logScale) > OVERSIZED_EXTENTS * reach ||
      Math.max(Math.abs(x), Math.abs(y), Math.abs(z)) > LARGEST_COORDINATE
    ) {
      usable[i] = 0;
      oversized++;
    }
  }
  return { usable, nonFinite, zeroRotations, oversized, extent };
}

/** One byte a splat: 1 = safe to render and to compute with. See `inspectSplats` for the rules. */
export function usableSplats(cloud: SplatCloud): Uint8Array {
  return inspectSplats(cloud).usable;
}
