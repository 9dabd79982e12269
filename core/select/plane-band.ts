import type { Plane } from './plane-search.ts';
import { planeAxes } from './slab-raster.ts';
import { neighbourList, neighboursOf, type VoxelBall } from './voxels.ts';

/** A layer thicker than this many voxels is no surface at this level of detail. */
const MAX_THICKNESS = 6;

/**
 * How thick the surface's own matter is: from its densest layer outwards until the density falls
 * under a small share of it. Walls that stand on it add a thin even density, which the share skips.
 * Undefined where there is no such layer: the plane cuts through something solid or curved.
 */
export function thickness(
  ball: VoxelBall,
  plane: Plane,
  inner: number,
): { low: number; high: number } | undefined {
  const bin = ball.size / 2;
  const reach = 12;
  const bins = new Float64Array(2 * reach + 1);
  const { means: p, distances } = ball;
  const [nx, ny, nz] = plane.normal;
  for (let v = 0; v < ball.count; v++) {
    if (distances[v]! < inner) continue;
    const d = nx * p[v * 3]! + ny * p[v * 3 + 1]! + nz * p[v * 3 + 2]! - plane.offset;
    // Most lie nowhere near.
    if (d > (reach + 1) * bin || d < -(reach + 1) * bin) continue;
    const k = Math.round(d / bin) + reach;
    if (k >= 0 && k < bins.length) bins[k]! += ball.weights[v]!;
  }
  const peak = Math.max(bins[reach]!, bins[reach - 1]!, bins[reach + 1]!);
  let low = reach;
  let high = reach;
  while (low > 0 && bins[low - 1]! > 0.12 * peak) low--;
  while (high < 2 * reach && bins[high + 1]! > 0.12 * peak) high++;
  if ((high - low) * bin > MAX_THICKNESS * ball.size) return undefined;
  return { low: (low - reach - 0.75) * bin, high: (high - reach + 0.75) * bin };
}

/** Share of the ring between `inner` and the ball's border that the rows' voxels cover on the plane. */
export function ringCover(ball: VoxelBall, rows: Int32Array, plane: Plane, inner: number): number {
  const [nx, ny, nz] = plane.normal;
  const [cx, cy, cz] = ball.center;
  if (Math.abs(nx * cx + ny * cy + nz * cz - plane.offset) > inner) return 0;
  const { u, w } = planeAxes(plane.normal);
  const [ux, uy, uz] = u;
  const [wx, wy, wz] = w;
  const p = ball.means;
  const cell = 1.5 * ball.size;
  const side = 2 * Math.ceil(ball.radius / cell) + 2;
  const seen = new Uint8Array(side * side);
  let covered = 0;
  for (let k = 0; k < rows.length; k++) {
    const v = rows[k]! * 3;
    const x = p[v]! - cx;
    const y = p[v + 1]! - cy;
    const z = p[v + 2]! - cz;
    if (x * x + y * y + z * z < inner * inner) continue;
    const a = Math.floor((ux * x + uy * y + uz * z) / cell) + side / 2;
    const b = Math.floor((wx * x + wy * y + wz * z) / cell) + side / 2;
    const at = b * side + a;
    if (a < 0 || b < 0 || a >= side || b >= side || seen[at] === 1) continue;
    seen[at] = 1;
    covered++;
  }
  const area = Math.PI * (ball.radius ** 2 - inner ** 2);
  return Math.min(1, (covered * cell * cell) / area);
}

/** The parts of the rows that hang together, largest first. */
export function partsOf(ball: VoxelBall, rows: Int32Array): Int32Array[] {
  const state = new Uint8Array(ball.count);
  for (let k = 0; k < rows.length; k++) state[rows[k]!] = 1;
  const around = neighbourList(1);
  // One after the other, in the order in which they are reached.
  const all = new Int32Array(rows.length);
  const found: Int32Array[] = [];
  let end = 0;
  for (let k = 0; k < rows.length; k++) {
    if (state[rows[k]!] !== 1) continue;
    const start = end;
    all[end++] = rows[k]!;
    state[rows[k]!] = 2;
    for (let head = start; head < end; head++) {
      const neighbours = neighboursOf(ball, all[head]!, 1, around);
      for (let j = 0; j < neighbours; j++) {
        const n = around[j]!;
        if (state[n] !== 1) continue;
        state[n] = 2;
        all[end++] = n;
      }
    }
    found.push(all.subarray(start, end));
  }
  return found.sort((a, b) => b.length - a.length);
}

/**
 * Takes the rows between two distances from a plane out of some.
 * @param rows rearranged: the others come first
 * @param inside filled with those between
 * @param inBand one byte a voxel, set for those between
 * @returns how many those are
 */
export function takeBand(
  ball: VoxelBall,
  rows: Int32Array,
  plane: Plane,
  band: { low: number; high: number },
  inside: Int32Array,
  inBand: Uint8Array,
): number {
  const [nx, ny, nz] = plane.normal;
  const p = ball.means;
  const low = band.low + plane.offset;
  const high = band.high + plane.offset;
  let within = 0;
  let without = 0;
  for (let k = 0; k < rows.length; k++) {
    const v = rows[k]!;
    const d = nx * p[v * 3]! + ny * p[v * 3 + 1]! + nz * p[v * 3 + 2]!;
    if (d >= low && d <= high) {
      inside[within++] = v;
      inBand[v] = 1;
    } else rows[without++] = v;
  }
  return within;
}

/** Share of a part's voxels that have neighbours outside the band: high where a plane cuts a body. */
export function bodiedShare(
  ball: VoxelBall,
  part: Int32Array,
  inBand: Uint8Array,
  barrier: Uint8Array,
): number {
  const around = neighbourList(1);
  let bodied = 0;
  for (let k = 0; k < part.length; k++) {
    const neighbours = neighboursOf(ball, part[k]!, 1, around);
    let outside = 0;
    for (let j = 0; j < neighbours; j++) {
      if (inBand[around[j]!] === 0 && barrier[around[j]!] === 0) outside++;
    }
    if (outside >= 2) bodied++;
  }
  return bodied / part.length;
}
