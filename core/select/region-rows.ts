import type { Camera } from '../camera.ts';
import { DILATION_PX2, MIN_ALPHA } from '../cpu/render/records.ts';
import type { Rect } from '../image.ts';
import type { SceneIndex } from './scene-index.ts';

/** A splat ends where its alpha falls under MIN_ALPHA, at most this many standard deviations out. */
const MOST_SIGMAS = Math.sqrt(2 * Math.log(1 / MIN_ALPHA));
/** Bounds are a little wide, so that rounding never leaves a splat out. */
const SLACK = 1.001;

/** Four half-spaces of the camera's frame, a side of the region each. */
interface Sides {
  /** 4 a side: x, y, z of the inward normal and its length. */
  normals: Float64Array;
  /** World units that a splat of sigma 1 reaches beyond a side at most, by the side's slope. */
  perSigma: number;
  /** The same by the pixel's dilation, for each unit of depth. */
  perDepth: number;
}

function sidesOf(camera: Camera, region: Rect): Sides {
  const { fx, fy, cx, cy, width, height } = camera;
  const [left, right] = [(region.x0 - cx) / fx, (region.x1 - cx) / fx];
  const [top, bottom] = [(region.y0 - cy) / fy, (region.y1 - cy) / fy];
  const normals = Float64Array.of(
    ...[1, 0, -left, Math.hypot(1, left)],
    ...[-1, 0, right, Math.hypot(1, right)],
    ...[0, 1, -top, Math.hypot(1, top)],
    ...[0, -1, bottom, Math.hypot(1, bottom)],
  );
  // The renderer holds the slopes of its linearisation within 1.3 × the field of view.
  const slopeX = Math.max(cx, width - cx) / fx + (0.15 * width) / fx;
  const slopeY = Math.max(cy, height - cy) / fy + (0.15 * height) / fy;
  const [wide, narrow] = [Math.max(fx, fy), Math.min(fx, fy)];
  return {
    normals,
    perSigma: (SLACK * MOST_SIGMAS * wide * Math.hypot(1, slopeX, slopeY)) / narrow,
    perDepth: (SLACK * MOST_SIGMAS * Math.sqrt(DILATION_PX2)) / narrow,
  };
}

/** Can a ball at a place of the camera's frame, of splats up to a size, reach into the region? All in world units. */
function mayReach(
  { normals, perSigma, perDepth }: Sides,
  x: number,
  y: number,
  z: number,
  radius: number,
  sigma: number,
): boolean {
  if (!(z + radius > 0)) return false;
  const reach = perSigma * sigma + perDepth * (z + radius);
  for (let s = 0; s < 16; s += 4) {
    const inside = normals[s]! * x + normals[s + 1]! * y + normals[s + 2]! * z;
    if (inside + normals[s + 3]! * radius + reach < 0) return false;
  }
  return true;
}

/**
 * The splats that may give light to a region of the picture by the reference renderer's projection; some that do not are
 * among them.
 * @returns one byte a row
 */
export function rowsReaching(
  index: SceneIndex,
  count: number,
  camera: Camera,
  region: Rect,
): Uint8Array {
  const out = new Uint8Array(count);
  const sides = sidesOf(camera, region);
  const { cells, boxes, largest, starts, rows, spheres } = index;
  const m = camera.worldToCamera;
  const [m0, m4, m8, m12] = [m[0]!, m[4]!, m[8]!, m[12]!];
  const [m1, m5, m9, m13] = [m[1]!, m[5]!, m[9]!, m[13]!];
  const [m2, m6, m10, m14] = [m[2]!, m[6]!, m[10]!, m[14]!];
  for (let c = 0; c < cells; c++) {
    const b = c * 6;
    const px = (boxes[b]! + boxes[b + 3]!) / 2;
    const py = (boxes[b + 1]! + boxes[b + 4]!) / 2;
    const pz = (boxes[b + 2]! + boxes[b + 5]!) / 2;
    const dx = boxes[b + 3]! - px;
    const dy = boxes[b + 4]! - py;
    const dz = boxes[b + 5]! - pz;
    const radius = SLACK * Math.sqrt(dx * dx + dy * dy + dz * dz);
    const x = m0 * px + m4 * py + m8 * pz + m12;
    const y = m1 * px + m5 * py + m9 * pz + m13;
    const z = m2 * px + m6 * py + m10 * pz + m14;
    if (!mayReach(sides, x, y, z, radius, largest[c]!)) continue;
    const end = starts[c + 1]!;
    for (let k = starts[c]!; k < end; k++) {
      const sx = spheres[k * 4]!;
      const sy = spheres[k * 4 + 1]!;
      const sz = spheres[k * 4 + 2]!;
      const vx = m0 * sx + m4 * sy + m8 * sz + m12;
      const vy = m1 * sx + m5 * sy + m9 * sz + m13;
      const vz = m2 * sx + m6 * sy + m10 * sz + m14;
      if (mayReach(sides, vx, vy, vz, 0, spheres[k * 4 + 3]!)) out[rows[k]!] = 1;
    }
  }
  return out;
}
