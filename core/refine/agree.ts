/** What other views say about a view's depth: that they see the same surface, or that they see through it. */
import type { Camera } from '../camera.ts';
import { reprojection } from './reproject.ts';

export interface DepthView {
  camera: Camera;
  /** Depth along z, world units, 0 = none; the camera's size. */
  depth: Float32Array;
  /** How much each pixel's word counts, 0..1. Left out: 1 wherever there is depth. */
  weight?: Float32Array;
}

/** Sums over the other views, one a pixel; see `judge`. */
export interface Verdict {
  /** Weight of those that see the same surface there. */
  agree: Float32Array;
  /** Weight of those that see past it, to something farther. */
  through: Float32Array;
  /** Σ weight × depth along this view's ray of those that agree. */
  depthSum: Float32Array;
}

/** Smallest and largest depth of the pixels around each, of those that have one; 0 where none has. */
function neighbourhood(depth: Float32Array, width: number, height: number, radius: number) {
  const n = width * height;
  const low = depth.map((z) => (z > 0 ? z : Infinity));
  const high = depth.slice();
  const spread = (step: number, before: (i: number) => boolean, after: (i: number) => boolean) => {
    const [l, h] = [low.slice(), high.slice()];
    for (let i = 0; i < n; i++) {
      for (const k of [before(i) ? i - step : i, after(i) ? i + step : i]) {
        if (l[k]! < low[i]!) low[i] = l[k]!;
        if (h[k]! > high[i]!) high[i] = h[k]!;
      }
    }
  };
  for (let r = 0; r < radius; r++) {
    spread(
      1,
      (i) => i % width > 0,
      (i) => i % width < width - 1,
    );
    spread(
      width,
      (i) => i >= width,
      (i) => i < n - width,
    );
  }
  return { low: low.map((z) => (z === Infinity ? 0 : z)), high };
}

/** What judging needs of a view that is looked into, made once. */
export interface Witness extends DepthView {
  low: Float32Array;
  high: Float32Array;
}

/** @param radiusPx how far around a pixel its surface may lie: poses and outlines are never exact */
export function witness(view: DepthView, radiusPx = 1): Witness {
  const { width, height } = view.camera;
  return { ...view, ...neighbourhood(view.depth, width, height, radiusPx) };
}

/**
 * Carries each pixel of `view` into the others. There its surface agrees when its depth lies within the range of the pixels around widened by
 * `tolerance`; it is seen through when it lies nearer than that, and hidden (which says nothing) when it lies farther.
 * @param tolerance share of the depth
 */
export function judge(view: DepthView, others: readonly Witness[], tolerance: number): Verdict {
  const { camera, depth } = view;
  const n = depth.length;
  const out: Verdict = {
    agree: new Float32Array(n),
    through: new Float32Array(n),
    depthSum: new Float32Array(n),
  };
  for (const other of others) {
    const carry = reprojection(camera, other.camera);
    const back = reprojection(other.camera, camera);
    for (let i = 0; i < n; i++) {
      const z = depth[i]!;
      if (!(z > 0)) continue;
      const k = carry.to(i, z);
      if (k < 0) continue;
      const there = other.depth[k]!;
      if (!(there > 0)) continue;
      const weight = other.weight === undefined ? 1 : other.weight[k]!;
      if (carry.depth < other.low[k]! * (1 - tolerance)) out.through[i]! += weight;
      else if (carry.depth <= other.high[k]! * (1 + tolerance)) {
        out.agree[i]! += weight;
        // The other's own point, up to a pixel beside the ray: at an edge it may be another surface's.
        back.to(k, there);
        const near = Math.abs(back.depth - z) <= 2 * tolerance * z;
        out.depthSum[i]! += weight * (near ? back.depth : z);
      }
    }
  }
  return out;
}

/** Most that two views of one surface may differ by before they show different things, share of depth. */
const MATCH = 0.1;
const LEAST_TOLERANCE = 0.004;
const MOST_TOLERANCE = 0.05;
/** Of the spread of the differences (1.48 × median for a normal one). */
const SIGMAS = 3;

/**
 * How far views of one surface differ, from the differences themselves: sensors' noise and poses' errors are the capture's own.
 * @param pairs views and their witnesses
 * @returns share of depth, within 0.4 and 5 %
 */
export function measureTolerance(
  pairs: readonly { view: DepthView; others: readonly Witness[] }[],
): number {
  const differences: number[] = [];
  for (const { view, others } of pairs) {
    const { camera, depth } = view;
    const step = Math.max(1, Math.floor(depth.length / 3000));
    for (const other of others) {
      const carry = reprojection(camera, other.camera);
      for (let i = step >> 1; i < depth.length; i += step) {
        const z = depth[i]!;
        if (!(z > 0)) continue;
        const k = carry.to(i, z);
        if (k < 0) continue;
        const there = other.depth[k]!;
        const difference = Math.abs(carry.depth / there - 1);
        if (there > 0 && difference < MATCH) differences.push(difference);
      }
    }
  }
  if (differences.length === 0) return MOST_TOLERANCE;
  const sorted = Float64Array.from(differences).sort();
  const sigma = 1.4826 * sorted[sorted.length >> 1]!;
  return Math.min(MOST_TOLERANCE, Math.max(LEAST_TOLERANCE, SIGMAS * sigma));
}

/** How views fit together, counted over the pixels of all. Shares of what others can check: pixels that another view sees, not hidden there. */
export interface Agreement {
  /** Pixels with depth, share of all. */
  covered: number;
  /** Pixels whose surface at least one other view has too and no more see through, share of all. */
  confirmed: number;
  /** Of the pairs of pixel and view that are not hidden: those that agree, and those that are seen through. */
  agree: number;
  through: number;
}

/** One measure before and after, whatever the capture's own tolerance is: 2 % of the depth. */
const COUNTED_TOLERANCE = 0.02;

export function agreementOf(
  views: readonly DepthView[],
  neighbours: readonly (readonly number[])[],
): Agreement {
  const witnesses = views.map(({ camera, depth }) => witness({ camera, depth }));
  let [pixels, covered, confirmed, agrees, throughs] = [0, 0, 0, 0, 0];
  for (const [i, { camera, depth }] of views.entries()) {
    const others = neighbours[i]!.map((j) => witnesses[j]!);
    const { agree, through } = judge({ camera, depth }, others, COUNTED_TOLERANCE);
    for (let k = 0; k < depth.length; k++) {
      pixels++;
      if (depth[k]! > 0) covered++;
      if (agree[k]! > 0 && agree[k]! >= through[k]!) confirmed++;
      agrees += agree[k]!;
      throughs += through[k]!;
    }
  }
  const pairs = Math.max(1, agrees + throughs);
  return {
    covered: covered / pixels,
    confirmed: confirmed / pixels,
    agree: agrees / pairs,
    through: throughs / pairs,
  };
}
