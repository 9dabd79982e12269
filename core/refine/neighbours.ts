import type { Camera } from '../camera.ts';
import { reprojection } from './reproject.ts';

/** What choosing neighbours looks at. */
export interface Seen {
  camera: Camera;
  /** Depth along z, 0 = unknown; the camera's size. */
  depth: Float32Array;
}

const SAMPLES_A_VIEW = 400;
/** A neighbour that sees less than this share of a view's points has nothing to say about it. */
const MIN_SHARE = 0.05;
/** Seen from over this many times as far or near, a surface's pixels are no match. */
const MAX_ZOOM = 3;

/** Indices of pixels with depth, spread evenly over them. */
function samplesOf(depth: Float32Array): Int32Array {
  let count = 0;
  for (const z of depth) if (z > 0) count++;
  const step = Math.max(1, count / SAMPLES_A_VIEW);
  const out: number[] = [];
  let seen = 0;
  for (let i = 0; i < depth.length && out.length < SAMPLES_A_VIEW; i++) {
    if (!(depth[i]! > 0)) continue;
    if (seen >= out.length * step) out.push(i);
    seen++;
  }
  return Int32Array.from(out);
}

/**
 * For each view the others that see most of its points at a like scale, best first, at most `count`. Occlusion is not looked at: two
 * sides of one wall are neighbours here, and find nothing that agrees.
 */
export function chooseNeighbours(views: readonly Seen[], count: number): number[][] {
  const samples = views.map((view) => samplesOf(view.depth));
  return views.map((view, i) => {
    const scores: { j: number; score: number }[] = [];
    const points = samples[i]!;
    if (points.length === 0) return [];
    for (const [j, other] of views.entries()) {
      if (j === i) continue;
      const carry = reprojection(view.camera, other.camera);
      let score = 0;
      for (const p of points) {
        const z = view.depth[p]!;
        if (carry.to(p, z) < 0) continue;
        const zoom = (carry.depth / other.camera.fx) * (view.camera.fx / z);
        if (zoom > MAX_ZOOM || zoom < 1 / MAX_ZOOM) continue;
        score += Math.min(zoom, 1 / zoom);
      }
      if (score >= MIN_SHARE * points.length) scores.push({ j, score });
    }
    scores.sort((a, b) => b.score - a.score || a.j - b.j);
    return scores.slice(0, count).map((s) => s.j);
  });
}
