/** Whether points a pixel, poses and lenses of an archive fit each other, and by which conventions. */
import { mat4d } from 'wgpu-matrix';
import { badFile } from '../formats/format.ts';

export interface PosesFit {
  /** To be added to the principal points for our pixels: 0.5 where the file's first pixel's centre is (0, 0), else 0. */
  shift: 0 | 0.5;
  /** The poses were meant the other way round. */
  turned: boolean;
  worldToCamera: Float64Array[];
}

const SAMPLES = 2000;
/** Point heads of networks do not fit their cameras exactly. */
const MAX_RESIDUAL = 0.02;
const MIN_RESIDUAL_PX = 2;

interface Views {
  width: number;
  height: number;
  lenses: readonly { fx: number; fy: number; cx: number; cy: number }[];
  worldToCamera: readonly Float64Array[];
}

const median = (values: number[]) => values.sort((a, b) => a - b)[values.length >> 1]!;

/** Where points land, minus the column and row of their pixel: medians, and the median distance from them. */
function landing(points: ArrayLike<number>, views: Views, poses: readonly Float64Array[]) {
  const { width, height, lenses } = views;
  const total = poses.length * width * height;
  const step = Math.max(1, Math.floor(total / SAMPLES));
  const du: number[] = [];
  const dv: number[] = [];
  for (let i = step >> 1; i < total; i += step) {
    const n = Math.floor(i / (width * height));
    const [x, y, z] = [points[3 * i]!, points[3 * i + 1]!, points[3 * i + 2]!];
    const m = poses[n]!;
    const { fx, fy, cx, cy } = lenses[n]!;
    const depth = m[2]! * x + m[6]! * y + m[10]! * z + m[14]!;
    const u = (fx * (m[0]! * x + m[4]! * y + m[8]! * z + m[12]!)) / depth + cx;
    const v = (fy * (m[1]! * x + m[5]! * y + m[9]! * z + m[13]!)) / depth + cy;
    if (!Number.isFinite(u + v)) continue;
    // Behind the camera: as wrong as can be.
    const behind = depth > 0 ? 0 : width + height;
    du.push(u - (i % width) + behind);
    dv.push(v - (Math.floor(i / width) % height) + behind);
  }
  if (du.length === 0) return { u: Infinity, v: Infinity, residual: Infinity };
  const [u, v] = [median([...du]), median([...dv])];
  const residual = median(du.map((d, k) => Math.hypot(d - u, dv[k]! - v)));
  return { u, v, residual: residual + Math.max(0, Math.hypot(u, v) - 1) };
}

/**
 * Networks' archives do not say which way their poses go and where a pixel's centre is; their points do.
 * @param points 3 × width × height a view, world units
 * @throws SplatmendError `bad-file` where they fit neither way
 */
export function fitPoses(points: ArrayLike<number>, views: Views, fileName: string): PosesFit {
  const given = [...views.worldToCamera];
  const turned = given.map((m) => mat4d.inverse(m) as Float64Array);
  const ways = [given, turned].map((poses) => landing(points, views, poses));
  const best = ways[1]!.residual < ways[0]!.residual ? 1 : 0;
  const { u, v, residual } = ways[best]!;
  if (!(residual <= Math.max(MIN_RESIDUAL_PX, MAX_RESIDUAL * views.width))) {
    throw badFile(
      fileName,
      `its points land ${residual.toFixed(1)} pixels off their own; do points, poses and focals belong together?`,
    );
  }
  return {
    shift: (u + v) / 2 < 0.25 ? 0.5 : 0,
    turned: best === 1,
    worldToCamera: best === 1 ? turned : given,
  };
}
