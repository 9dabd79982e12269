/** Points as a sparse depth map: a scanner's returns, a structure-from-motion cloud. */
import type { Camera } from '../camera.ts';
import { createScalarImage, type ScalarImage } from '../image.ts';

/** A point this share of its depth behind its neighbours lies on another surface than they. */
const BEHIND = 0.05;
/** Points that a window around a point holds in the mean; the window's half side is at most this many pixels. */
const POINTS_A_WINDOW = 12;
const MAX_RADIUS_PX = 16;
/** Of the four quarters around a point, how many must hold a nearer one for it to be hidden: beside an outline there are two. */
const QUARTERS = 3;

/** How much farther nearer points on all sides hide. */
const WIDER = 3;
/** Share of the pixels with points under which those are sparse. */
const SPARSE = 0.3;

/** Nearest depth a pixel from `u v depth` triples (pixels, world units). */
export function depthFromUvz(
  uvz: ArrayLike<number>,
  width: number,
  height: number,
): { depth: ScalarImage; index: Int32Array } {
  const depth = createScalarImage(width, height);
  const index = new Int32Array(width * height).fill(-1);
  for (let k = 0; 3 * k + 2 < uvz.length; k++) {
    const x = Math.floor(uvz[3 * k]!);
    const y = Math.floor(uvz[3 * k + 1]!);
    const z = Math.fround(uvz[3 * k + 2]!);
    if (!(x >= 0 && y >= 0 && x < width && y < height && z > 0 && Number.isFinite(z))) continue;
    const i = y * width + x;
    if (depth.data[i]! > 0 && depth.data[i]! <= z) continue;
    depth.data[i] = z;
    index[i] = k;
  }
  return { depth, index };
}

/** Which quarters around a pixel hold nearer points within `radius`, as four bits. */
function nearerQuarters(map: ScalarImage, x: number, y: number, radius: number): number {
  const { width, height, data } = map;
  const i = y * width + x;
  const near = data[i]! * (1 - BEHIND);
  let quarters = 0;
  for (let dy = Math.max(-radius, -y); dy <= Math.min(radius, height - 1 - y); dy++) {
    for (let dx = Math.max(-radius, -x); dx <= Math.min(radius, width - 1 - x); dx++) {
      const other = data[i + dy * width + dx]!;
      if (!(other > 0 && other < near)) continue;
      // Quarters as a windmill, so that each axis belongs to one.
      quarters |= dx > 0 ? (dy >= 0 ? 1 : 2) : dx < 0 ? (dy > 0 ? 4 : 8) : dy > 0 ? 4 : 2;
    }
  }
  return quarters;
}

/**
 * Takes out what other points hide: between the points of a near surface those of a far one show through, and completion would take
 * them for known. A point goes when nearer ones surround it.
 * Where points are sparse they may lie far apart on the near surface: nearer ones all around a point hide it from three times as far
 * too (in gsplat's garden the ground under the table shows through without). A true gap, between a chair's bars say, is lost with them.
 * @param map changed in place
 * @returns how many were taken out
 */
export function dropHidden(map: ScalarImage): number {
  const { width, height, data } = map;
  const set = data.reduce((n, z) => n + (z > 0 ? 1 : 0), 0);
  if (set === 0) return 0;
  const wanted = Math.sqrt((POINTS_A_WINDOW * width * height) / set) / 2;
  const radius = Math.min(MAX_RADIUS_PX, Math.max(1, Math.ceil(wanted)));
  const loose = set < SPARSE * width * height;
  const given = { width, height, data: data.slice() };
  let dropped = 0;
  for (let i = 0; i < data.length; i++) {
    if (!(data[i]! > 0)) continue;
    const [x, y] = [i % width, Math.floor(i / width)];
    const q = nearerQuarters(given, x, y, radius);
    const count = (q & 1) + ((q >> 1) & 1) + ((q >> 2) & 1) + (q >> 3);
    const hidden =
      count >= QUARTERS ||
      (loose && count > 0 && nearerQuarters(given, x, y, WIDER * radius) === 15);
    if (!hidden) continue;
    data[i] = 0;
    dropped++;
  }
  return dropped;
}

/**
 * World points as seen from a camera: the nearest of each pixel, without those that nearer ones hide.
 * @param points 3N, world units
 * @returns depth along z (0 = no point), which point each pixel shows (−1 = none), and how many pixels' points others hide
 */
export function depthFromPoints(
  points: ArrayLike<number>,
  camera: Camera,
): { depth: ScalarImage; index: Int32Array; hidden: number } {
  const m = camera.worldToCamera;
  const count = Math.floor(points.length / 3);
  const uvz = new Float64Array(3 * count);
  for (let k = 0; k < count; k++) {
    const [x, y, z] = [points[3 * k]!, points[3 * k + 1]!, points[3 * k + 2]!];
    const depth = m[2]! * x + m[6]! * y + m[10]! * z + m[14]!;
    if (!(depth > 0)) continue;
    const right = m[0]! * x + m[4]! * y + m[8]! * z + m[12]!;
    const down = m[1]! * x + m[5]! * y + m[9]! * z + m[13]!;
    uvz[3 * k] = (camera.fx * right) / depth + camera.cx;
    uvz[3 * k + 1] = (camera.fy * down) / depth + camera.cy;
    uvz[3 * k + 2] = depth;
  }
  const found = depthFromUvz(uvz, camera.width, camera.height);
  const hidden = dropHidden(found.depth);
  for (let i = 0; i < found.index.length; i++) if (found.depth.data[i] === 0) found.index[i] = -1;
  return { ...found, hidden };
}
