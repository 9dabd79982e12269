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

/** Nearest depth a pixel of `other`'s pixels as seen by `camera`, edges left out; 0 = none. */
export function seenFrom(camera: Camera, other: DepthView): Float32Array {
  const { width, height } = camera;
  const out = new Float32Array(width * height);
  const carry = reprojection(other.camera, camera);
  const from = other.camera.width;
  for (let i = 0; i < other.depth.length; i++) {
    const z = other.depth[i]!;
    if (!(z > 0) || besideEdge(other.depth, from, i)) continue;
    carry.to(i % from, Math.floor(i / from), z);
    if (!(carry.depth > 0 && carry.u >= 0 && carry.v >= 0)) continue;
    const x = Math.floor(carry.u);
    const y = Math.floor(carry.v);
    if (x >= width || y >= height) continue;
    const k = y * width + x;
    if (out[k] === 0 || carry.depth < out[k]!) out[k] = carry.depth;
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
 * withheld in masks 1.8 % of the pixels are off by over a tenth; 2.7 % where the nearest counts and edges are carried too.
 * @param own depth that this view has; 0 = unknown. Pixels that have it get what the others say all the same.
 * @returns depth along z, 0 where the others have nothing to say
 */
export function depthOfOthers(
  camera: Camera,
  own: Float32Array,
  others: readonly DepthView[],
  tolerance: number,
): Float32Array {
  const { width, height } = camera;
  const seen = others.map((other) => seenFrom(camera, other));
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
