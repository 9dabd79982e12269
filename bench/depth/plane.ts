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

/** Looks no further than the rim reaches: a projected view has thousands of small holes. */
function rimOf(pixels: Int32Array, known: Uint8Array, width: number, height: number): number[] {
  let [x0, y0, x1, y1] = [width, height, 0, 0];
  for (const i of pixels) {
    const [x, y] = [i % width, Math.floor(i / width)];
    [x0, y0] = [Math.min(x0, x), Math.min(y0, y)];
    [x1, y1] = [Math.max(x1, x), Math.max(y1, y)];
  }
  [x0, y0] = [Math.max(0, x0 - RIM_PX), Math.max(0, y0 - RIM_PX)];
  [x1, y1] = [Math.min(width, x1 + RIM_PX + 1), Math.min(height, y1 + RIM_PX + 1)];
  const [w, h] = [x1 - x0, y1 - y0];
  const own = new Uint8Array(w * h);
  for (const i of pixels) own[(Math.floor(i / width) - y0) * w + (i % width) - x0] = 1;
  const { distancePx } = nearestSet(own, w, h);
  const rim: number[] = [];
  for (let k = 0; k < own.length; k++) {
    const i = (Math.floor(k / w) + y0) * width + (k % w) + x0;
    if (known[i] !== 0 && distancePx[k]! <= RIM_PX) rim.push(i);
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
