/** Many views' depth as one set of surface points, in proportion to area. */
import { type Camera, cameraCenter, cameraToWorld } from '../camera.ts';

/** What one view gives. Arrays have the camera's size. */
export interface FusedView {
  camera: Camera;
  /** World units along z; 0 = nothing here. */
  depth: Float32Array;
  /** 0..1. */
  confidence: Float32Array;
  /** Interleaved, 0..255. */
  rgb: Uint8Array;
}

export interface FuseOptions {
  /** Side of a cell in pixels of the view that sees it finest. */
  spacingPx: number;
  /** Pixels of less confidence are left out. */
  minConfidence: number;
}

/** One point a cell. */
export interface SurfacePoints {
  count: number;
  /** 3N, world units. */
  positions: Float32Array;
  /** 3N, unit length, towards the views. */
  normals: Float32Array;
  /** 3N, 0..255. */
  colours: Uint8Array;
  /** N: side of the cell, world units. */
  sizes: Float32Array;
  /** N: Σ of the confidences of the pixels in it. */
  weights: Float32Array;
  /** Pixels too many cells away from the cameras to be numbered, left out. */
  outside: number;
}

/** A step of depth to a neighbour over this many times what the pixel spans is an edge; see `normalAt`. */
const EDGE = 0.05;
/** cos of the angle to the surface under which a pixel is stretched too far to be used. */
const MIN_COSINE = 0.15;

/** Fields of a cell's record. */
const FIELDS = 11;

/** Integers below 2^21 a side: three of them make one exact double. */
const HALF_SIDE = 2 ** 16;

/** Surface normal in the camera's frame by central differences, or undefined at an edge or where it is seen too flat. */
function normalAt({ camera, depth }: FusedView, x: number, y: number, out: Float64Array): boolean {
  const { width, height } = camera;
  const i = y * width + x;
  const z = depth[i]!;
  const slope = (step: number, inside: boolean, insideBack: boolean): number => {
    let sum = 0;
    let count = 0;
    const ahead = inside ? depth[i + step]! : 0;
    const back = insideBack ? depth[i - step]! : 0;
    if (ahead > 0 && Math.abs(ahead - z) < EDGE * z) {
      sum += ahead - z;
      count++;
    }
    if (back > 0 && Math.abs(back - z) < EDGE * z) {
      sum += z - back;
      count++;
    }
    return count === 0 ? Number.NaN : sum / count;
  };
  const sx = slope(1, x < width - 1, x > 0);
  const sy = slope(width, y < height - 1, y > 0);
  if (Number.isNaN(sx) || Number.isNaN(sy)) return false;
  const kx = (x + 0.5 - camera.cx) / camera.fx;
  const ky = (y + 0.5 - camera.cy) / camera.fy;
  // Of the surface z(x, y): steps a = (z/fx + kx·sx, ky·sx, sx) and b = (kx·sy, z/fy + ky·sy, sy); normal = b × a, towards the camera.
  const a0 = z / camera.fx + kx * sx;
  const a1 = ky * sx;
  const b0 = kx * sy;
  const b1 = z / camera.fy + ky * sy;
  const n0 = b1 * sx - sy * a1;
  const n1 = sy * a0 - b0 * sx;
  const n2 = b0 * a1 - b1 * a0;
  const length = Math.hypot(n0, n1, n2);
  const cosine = -(n0 * kx + n1 * ky + n2) / (length * Math.hypot(kx, ky, 1));
  if (!(cosine > MIN_COSINE)) return false;
  out[0] = n0 / length;
  out[1] = n1 / length;
  out[2] = n2 / length;
  return true;
}

/** Median side of a pixel on the surfaces, world units: what cells' sizes are powers of two of. */
function medianFootprint(views: readonly FusedView[]): number {
  const footprints: number[] = [];
  for (const { camera, depth } of views) {
    const step = Math.max(1, Math.floor(depth.length / 500));
    for (let i = step >> 1; i < depth.length; i += step) {
      if (depth[i]! > 0) footprints.push(depth[i]! / camera.fx);
    }
  }
  const sorted = Float64Array.from(footprints).sort();
  return sorted[sorted.length >> 1] ?? 1;
}

/**
 * Merges pixels that fall into one cell of a grid: a point is their weighted mean, so that views of one surface become one layer. A
 * cell's side is `spacingPx` pixels where it is seen, rounded up to a power of two of one unit, so that near and far are equally
 * dense in the pictures; what a closer view has made finer cells of, a farther view's coarse cells do not cover again.
 * Equivariant to the scene's scale; the views' order does not matter but for rounding.
 */
export function fuseViews(
  views: readonly FusedView[],
  { spacingPx, minConfidence }: FuseOptions,
): SurfacePoints {
  const unit = medianFootprint(views) * spacingPx;
  const levels = new Map<number, Map<number, number>>();
  let records = new Float64Array(FIELDS * 65536);
  let count = 0;
  let outside = 0;
  const origin = middleOf(views);
  const normal = new Float64Array(3);
  const cellOf = (level: number, key: number): number => {
    let cells = levels.get(level);
    if (cells === undefined) {
      cells = new Map();
      levels.set(level, cells);
    }
    let cell = cells.get(key);
    if (cell === undefined) {
      cell = count++;
      cells.set(key, cell);
      if (count * FIELDS > records.length) {
        const grown = new Float64Array(2 * records.length);
        grown.set(records);
        records = grown;
      }
    }
    return cell;
  };
  for (const view of views) {
    const { camera, depth, confidence, rgb } = view;
    const m = cameraToWorld(camera);
    for (let i = 0; i < depth.length; i++) {
      const z = depth[i]!;
      const weight = confidence[i]!;
      if (!(z > 0) || weight < minConfidence) continue;
      const x = i % camera.width;
      const y = Math.floor(i / camera.width);
      if (!normalAt(view, x, y, normal)) continue;
      const px = ((x + 0.5 - camera.cx) / camera.fx) * z;
      const py = ((y + 0.5 - camera.cy) / camera.fy) * z;
      const footprint = (z / camera.fx) * spacingPx;
      const level = Math.ceil(Math.log2(footprint / unit) - 1e-9);
      const side = unit * 2 ** level;
      const world = [0, 1, 2].map((k) => m[k]! * px + m[4 + k]! * py + m[8 + k]! * z + m[12 + k]!);
      const [gx, gy, gz] = world.map((v, k) => (v - origin[k]!) / side);
      const key = keyOf(gx!, gy!, gz!);
      if (key < 0) {
        outside++;
        continue;
      }
      const at = FIELDS * cellOf(level, key);
      // Nearer views see finer: their pixels count by how finely.
      const w = Math.max(1e-3, weight) / (footprint * footprint);
      records[at]! += w;
      for (let k = 0; k < 3; k++) {
        records[at + 1 + k]! += w * world[k]!;
        records[at + 4 + k]! +=
          w * (m[k]! * normal[0]! + m[4 + k]! * normal[1]! + m[8 + k]! * normal[2]!);
        records[at + 7 + k]! += w * rgb[3 * i + k]!;
      }
      records[at + 10]! += weight;
    }
  }
  return { ...gather(records, uncovered(levels, unit)), outside };
}

/** The mean of the cameras' centres: where the grid begins, so that a far origin of the world takes no digits. */
function middleOf(views: readonly FusedView[]): number[] {
  const sum = [0, 0, 0];
  for (const { camera } of views) {
    for (const [k, v] of cameraCenter(camera).entries()) sum[k]! += v / views.length;
  }
  return sum;
}

function keyOf(x: number, y: number, z: number): number {
  const [i, j, k] = [Math.floor(x), Math.floor(y), Math.floor(z)].map((v) => v + HALF_SIDE);
  const side = 2 * HALF_SIDE;
  if (!(i! >= 0 && j! >= 0 && k! >= 0 && i! < side && j! < side && k! < side)) return -1;
  return (i! * side + j!) * side + k!;
}

/** The key of the cell of twice the side around a cell. */
function parentOf(key: number): number {
  const side = 2 * HALF_SIDE;
  const k = key % side;
  const j = Math.floor(key / side) % side;
  const i = Math.floor(key / (side * side));
  const half = (v: number) => Math.floor((v - HALF_SIDE) / 2) + HALF_SIDE;
  return (half(i) * side + half(j)) * side + half(k);
}

/** Records of the cells in which no finer cell lies, with their sides. */
function uncovered(
  levels: Map<number, Map<number, number>>,
  unit: number,
): { record: number; side: number }[] {
  const out: { record: number; side: number }[] = [];
  let covered = new Set<number>();
  const all = [...levels.keys()];
  const last = Math.max(...all);
  for (let level = Math.min(...all); level <= last; level++) {
    const cells = levels.get(level);
    const above = new Set<number>();
    for (const key of covered) above.add(parentOf(key));
    for (const [key, record] of cells ?? []) {
      if (!covered.has(key)) out.push({ record, side: unit * 2 ** level });
      above.add(parentOf(key));
    }
    covered = above;
  }
  return out;
}

function gather(
  records: Float64Array,
  cells: readonly { record: number; side: number }[],
): Omit<SurfacePoints, 'outside'> {
  const count = cells.length;
  const out = {
    count,
    positions: new Float32Array(3 * count),
    normals: new Float32Array(3 * count),
    colours: new Uint8Array(3 * count),
    sizes: new Float32Array(count),
    weights: new Float32Array(count),
  };
  for (const [n, { record, side }] of cells.entries()) {
    const r = records.subarray(FIELDS * record, FIELDS * (record + 1));
    const length = Math.hypot(r[4]!, r[5]!, r[6]!) || 1;
    for (let k = 0; k < 3; k++) {
      out.positions[3 * n + k] = r[1 + k]! / r[0]!;
      out.normals[3 * n + k] = r[4 + k]! / length;
      out.colours[3 * n + k] = Math.round(r[7 + k]! / r[0]!);
    }
    out.sizes[n] = side;
    out.weights[n] = r[10]!;
  }
  return out;
}
