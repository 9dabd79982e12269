import type { Camera } from '../camera.ts';
import { HIDDEN, type Marks } from '../marks.ts';
import type { SplatCloud } from '../splat-cloud.ts';
import type { SplatShapes } from './splat-shapes.ts';

/** The splats that may reach into a picture, in the cloud's order. */
export interface SeenSplats {
  count: number;
  rows: Uint32Array;
  /** SEEN_FLOATS a splat: its centre in the picture, pixels, and along z, world units. */
  centres: Float32Array;
}

export const SEEN_FLOATS = 3;
/** Beyond this many standard deviations a splat's alpha is under 2 %. */
export const REACH_SIGMAS = 2.8;
const DEPTH_LEVELS = 1 << 16;

export function createSeenSplats(capacity: number): SeenSplats {
  return {
    count: 0,
    rows: new Uint32Array(capacity),
    centres: new Float32Array(capacity * SEEN_FLOATS),
  };
}

/**
 * Appends the splats of [from, to) that may reach into the camera's picture.
 * @param marks what is hidden is not there
 */
export function lookAtSplats(
  cloud: SplatCloud,
  shapes: SplatShapes,
  camera: Camera,
  marks: Marks | undefined,
  seen: SeenSplats,
  from: number,
  to: number,
): void {
  const { positions: p } = cloud;
  const { rows, centres } = seen;
  const { sigmas } = shapes;
  const { fx, fy, cx, cy, width, height } = camera;
  const m = camera.worldToCamera;
  const [m0, m4, m8, m12] = [m[0]!, m[4]!, m[8]!, m[12]!];
  const [m1, m5, m9, m13] = [m[1]!, m[5]!, m[9]!, m[13]!];
  const [m2, m6, m10, m14] = [m[2]!, m[6]!, m[10]!, m[14]!];
  // The picture's edges as slopes, and how far over them a splat of sigma 1 reaches at most.
  const [minX, maxX] = [-cx / fx, (width - cx) / fx];
  const [minY, maxY] = [-cy / fy, (height - cy) / fy];
  const reachX = REACH_SIGMAS * (1 + 1.3 * Math.max(-minX, maxX));
  const reachY = REACH_SIGMAS * (1 + 1.3 * Math.max(-minY, maxY));
  let n = seen.count;
  for (let i = from; i < to; i++) {
    if (marks !== undefined && (marks[i]! & HIDDEN) !== 0) continue;
    const x = p[i * 3]!;
    const y = p[i * 3 + 1]!;
    const z = p[i * 3 + 2]!;
    const sigma = sigmas[i]!;
    const depth = m2 * x + m6 * y + m10 * z + m14;
    // Nearer than its own size the camera is in the splat, whose projection then means nothing.
    if (!(depth > sigma)) continue;
    const vx = m0 * x + m4 * y + m8 * z + m12;
    const outX = reachX * sigma;
    if (vx < minX * depth - outX || vx > maxX * depth + outX) continue;
    const vy = m1 * x + m5 * y + m9 * z + m13;
    const outY = reachY * sigma;
    if (vy < minY * depth - outY || vy > maxY * depth + outY) continue;
    const o = n * SEEN_FLOATS;
    centres[o] = (fx * vx) / depth + cx;
    centres[o + 1] = (fy * vy) / depth + cy;
    centres[o + 2] = depth;
    rows[n++] = i;
  }
  seen.count = n;
}

/** Places in the list, front to back, to 1/65,536 of the range of the depths' logarithms. */
export function orderFrontToBack({ count, centres }: SeenSplats): Uint32Array {
  let near = Number.POSITIVE_INFINITY;
  let far = 0;
  for (let k = 0; k < count; k++) {
    const depth = centres[k * SEEN_FLOATS + 2]!;
    if (depth < near) near = depth;
    if (depth > far) far = depth;
  }
  const toLevel = far > near ? (DEPTH_LEVELS - 1) / Math.log(far / near) : 0;
  const levels = new Uint16Array(count);
  const starts = new Uint32Array(DEPTH_LEVELS + 1);
  for (let k = 0; k < count; k++) {
    const depth = centres[k * SEEN_FLOATS + 2]!;
    const level = Math.min(DEPTH_LEVELS - 1, toLevel * Math.log(depth / near)) | 0;
    levels[k] = level;
    starts[level + 1]!++;
  }
  for (let l = 0; l < DEPTH_LEVELS; l++) starts[l + 1]! += starts[l]!;
  const order = new Uint32Array(count);
  for (let k = 0; k < count; k++) order[starts[levels[k]!]!++] = k;
  return order;
}
