/** What other views measured, as seen from one view. */
import type { Camera } from '../camera.ts';
import { dropHidden } from '../depth-files/points-to-depth.ts';
import type { DepthView } from './agree.ts';
import { reprojection } from './reproject.ts';

/** Steps to a neighbour of over this share of the depth are edges. */
const EDGE = 0.05;

/** Whether a pixel lies beside a jump of depth: sensors see neither of the two surfaces right there. */
function besideEdge(depth: Float32Array, width: number, i: number): boolean {
  const z = depth[i]!;
  const x = i % width;
  for (let dy = -width; dy <= width; dy += width) {
    for (let dx = x > 0 ? -1 : 0; dx <= (x < width - 1 ? 1 : 0); dx++) {
      const other = depth[i + dy + dx];
      if (other !== undefined && other > 0 && Math.abs(other - z) > EDGE * z) return true;
    }
  }
  return false;
}

/** A view with its picture. */
export interface ColouredView extends DepthView {
  /** Interleaved, 0..255; without one colours are not compared. */
  rgb?: Uint8Array | undefined;
}

/** Least difference of pixel i's colour, Σ|Δ| of 0..255, to the 3 × 3 pixels around another picture's j. */
function colourDifference(
  a: Uint8Array,
  i: number,
  b: Uint8Array,
  j: number,
  { width, height }: Camera,
): number {
  const [x, y] = [j % width, Math.floor(j / width)];
  let least = Infinity;
  for (let yy = Math.max(0, y - 1); yy <= Math.min(height - 1, y + 1); yy++) {
    for (let xx = Math.max(0, x - 1); xx <= Math.min(width - 1, x + 1); xx++) {
      const k = 3 * (yy * width + xx);
      const d =
        Math.abs(a[3 * i]! - b[k]!) +
        Math.abs(a[3 * i + 1]! - b[k + 1]!) +
        Math.abs(a[3 * i + 2]! - b[k + 2]!);
      if (d < least) least = d;
    }
  }
  return least;
}

/** Where two pictures show one surface their colours differ by light and noise alone: by no more than this, Σ|Δ| of 0..255. */
const LIKE_COLOUR = { least: 30, most: 120, unmeasured: 75, sigmas: 3, samples: 50 };

/**
 * Nearest depth a pixel of `other`'s pixels as seen by `view`, without those beside edges, and without those whose colour is not what
 * `view` shows there: something that it has no depth of stands before them. What colours of one surface differ by is measured where both have depth.
 * @param tolerance within this share of the depth both show one surface
 * @returns depth along z, 0 = none
 */
export function seenFrom(view: ColouredView, other: ColouredView, tolerance: number): Float32Array {
  const { camera, depth: own } = view;
  const { width, height } = camera;
  const n = other.depth.length;
  const target = new Int32Array(n).fill(-1);
  const depths = new Float32Array(n);
  const differences = new Float32Array(n);
  const measured: number[] = [];
  const carry = reprojection(other.camera, camera);
  const from = other.camera.width;
  const coloured = view.rgb !== undefined && other.rgb !== undefined;
  for (let i = 0; i < n; i++) {
    const z = other.depth[i]!;
    if (!(z > 0) || besideEdge(other.depth, from, i)) continue;
    const k = carry.to(i, z);
    if (k < 0) continue;
    target[i] = k;
    depths[i] = carry.depth;
    if (!coloured) continue;
    differences[i] = colourDifference(other.rgb!, i, view.rgb!, k, camera);
    if (own[k]! > 0 && Math.abs(carry.depth - own[k]!) <= tolerance * own[k]!) {
      measured.push(differences[i]!);
    }
  }
  const { least, most, unmeasured, sigmas, samples } = LIKE_COLOUR;
  measured.sort((a, b) => a - b);
  const sigma = 1.4826 * (measured[measured.length >> 1] ?? 0);
  const limit =
    measured.length < samples ? unmeasured : Math.min(most, Math.max(least, sigmas * sigma));
  const out = new Float32Array(width * height);
  for (let i = 0; i < n; i++) {
    const k = target[i]!;
    if (k < 0 || differences[i]! > limit) continue;
    if (out[k] === 0 || depths[i]! < out[k]!) out[k] = depths[i]!;
  }
  return out;
}

/** A nearer surface that this share as many views show as the most shown one hides that: fewer see it where it is thin. */
const HIDING = 0.5;

/** Of several views' words for a pixel the mean of those that agree with the nearest that enough share. */
function vote(depths: number[], tolerance: number): number {
  depths.sort((a, b) => a - b);
  const groups = depths.map((z) => {
    const like = depths.filter((other) => Math.abs(other - z) <= tolerance * z);
    return { count: like.length, mean: like.reduce((sum, v) => sum + v, 0) / like.length };
  });
  const most = Math.max(...groups.map((g) => g.count));
  return groups.find((g) => g.count >= HIDING * most)!.mean;
}

/**
 * The other views' depth carried into one, without what nearer points, this view's own among them, hide. On real frames with 10 %
 * withheld in masks 1.4 % of the pixels are off by over a tenth; 1.8 % without looking at colours, 2.7 % where the nearest counts and
 * edges are carried too.
 * @param view its own depth, 0 = unknown. Pixels that have it get what the others say all the same.
 * @returns depth along z, 0 where the others have nothing to say
 */
export function depthOfOthers(
  view: ColouredView,
  others: readonly ColouredView[],
  tolerance: number,
): Float32Array {
  const { width, height } = view.camera;
  const own = view.depth;
  const seen = others.map((other) => seenFrom(view, other, tolerance));
  const out = new Float32Array(width * height);
  for (let i = 0; i < out.length; i++) {
    const depths: number[] = [];
    for (const s of seen) if (s[i]! > 0) depths.push(s[i]!);
    if (depths.length > 0) out[i] = vote(depths, 2 * tolerance);
  }
  const both = { width, height, data: out.map((z, i) => (own[i]! > 0 ? own[i]! : z)) };
  dropHidden(both);
  for (let i = 0; i < out.length; i++) if (own[i] === 0 && both.data[i] === 0) out[i] = 0;
  return out;
}
