import { components } from '../../core/components.ts';
import { nearestSet } from '../../core/cpu/complete-depth/nearest.ts';
import type { DepthProblem } from '../../core/kernels.ts';

/** Known pixels this near to a hole are its rim. */
const RIM_PX = 12;

/**
 * A plane a hole, by least squares over the known inverse depths of its rim (1/z is affine in the pixel on a
 * plane); where that gives no positive depth, the nearest known one.
 */
export function planeDepth(problem: DepthProblem): Float32Array {
  const { width, height, data } = problem.depth;
  const known = problem.known.data;
  const hole = Uint8Array.from(known, (k, i) =>
    k === 0 && (problem.wanted === undefined || problem.wanted.data[i] !== 0) ? 1 : 0,
  );
  const nearest = nearestSet(known, width, height).index;
  const out = Float32Array.from(data, (z, i) => (known[i] !== 0 ? z : 0));
  for (const { pixels } of components({ width, height, data: hole })) {
    const rim = rimOf(pixels, known, width, height);
    const [a, b, c] = fitPlane(rim, data, width);
    for (const i of pixels) {
      const inverse = a * (i % width) + b * Math.floor(i / width) + c;
      const fallback = data[nearest[i]!]!;
      const z = 1 / inverse;
      out[i] = z > 0.25 * fallback && z < 4 * fallback ? z : fallback;
    }
  }
  return out;
}

function rimOf(pixels: Int32Array, known: Uint8Array, width: number, height: number): number[] {
  const own = new Uint8Array(width * height);
  for (const i of pixels) own[i] = 1;
  const { distancePx } = nearestSet(own, width, height);
  const rim: number[] = [];
  for (let i = 0; i < own.length; i++) {
    if (known[i] !== 0 && distancePx[i]! <= RIM_PX) rim.push(i);
  }
  return rim;
}

/** Least squares of 1/z = a x + b y + c, by the normal equations about the mean. */
function fitPlane(rim: number[], depth: Float32Array, width: number): [number, number, number] {
  const n = Math.max(1, rim.length);
  const mean = [0, 0, 0];
  const at = (i: number) => [i % width, Math.floor(i / width), 1 / depth[i]!] as const;
  for (const i of rim)
    at(i).forEach((v, k) => {
      mean[k]! += v / n;
    });
  let [xx, xy, yy, xz, yz] = [1e-9, 0, 1e-9, 0, 0];
  for (const i of rim) {
    const [x, y, z] = at(i).map((v, k) => v - mean[k]!) as [number, number, number];
    xx += x * x;
    xy += x * y;
    yy += y * y;
    xz += x * z;
    yz += y * z;
  }
  const det = xx * yy - xy * xy;
  const a = (xz * yy - yz * xy) / det;
  const b = (yz * xx - xz * xy) / det;
  return [a, b, mean[2]! - a * mean[0]! - b * mean[1]!];
}
