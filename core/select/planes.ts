import { createRandom } from '../random.ts';
import { forEachNeighbour, type VoxelBall } from './voxels.ts';

/** normal · p = offset; the normal is of length 1. A slab: surfaces of scans have a thickness. */
export interface Slab {
  normal: readonly [number, number, number];
  offset: number;
  /** Signed distances along the normal between which the surface's own matter lies; low < 0 < high. */
  low: number;
  high: number;
  /** Share of the ring around the inner ball that it covers, 0..1. */
  spread: number;
}

const HYPOTHESES = 300;
/** Chance of having missed the best plane at which the search for it stops. */
const MISS = 1e-3;
const SCORED = 700;
/** A layer thicker than this many voxels is no surface at this level of detail. */
const MAX_THICKNESS = 6;
const MAX_PLANES = 8;

type Vec = readonly [number, number, number];
const dot = (a: Vec, x: number, y: number, z: number) => a[0] * x + a[1] * y + a[2] * z;

/** Signed distance of a point. */
export function slabDistance(slab: Slab, x: number, y: number, z: number): number {
  return dot(slab.normal, x, y, z) - slab.offset;
}

/** Smallest eigenvector of a symmetric 3×3 [xx xy xz yy yz zz], by Jacobi rotations. */
export function thinnestDirection(m: readonly number[]): [number, number, number] {
  const a = [
    [m[0]!, m[1]!, m[2]!],
    [m[1]!, m[3]!, m[4]!],
    [m[2]!, m[4]!, m[5]!],
  ];
  const v = [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ];
  for (let sweep = 0; sweep < 12; sweep++) {
    for (const [p, q] of [
      [0, 1],
      [0, 2],
      [1, 2],
    ] as const) {
      const off = a[p]![q]!;
      if (Math.abs(off) < 1e-300) continue;
      const theta = (a[q]![q]! - a[p]![p]!) / (2 * off);
      const t = Math.sign(theta || 1) / (Math.abs(theta) + Math.sqrt(theta * theta + 1));
      const c = 1 / Math.sqrt(t * t + 1);
      const s = t * c;
      for (let k = 0; k < 3; k++) {
        const kp = a[k]![p]!;
        const kq = a[k]![q]!;
        a[k]![p] = c * kp - s * kq;
        a[k]![q] = s * kp + c * kq;
      }
      for (let k = 0; k < 3; k++) {
        const pk = a[p]![k]!;
        const qk = a[q]![k]!;
        a[p]![k] = c * pk - s * qk;
        a[q]![k] = s * pk + c * qk;
        const vp = v[k]![p]!;
        const vq = v[k]![q]!;
        v[k]![p] = c * vp - s * vq;
        v[k]![q] = s * vp + c * vq;
      }
    }
  }
  let least = 0;
  for (const k of [1, 2]) if (a[k]![k]! < a[least]![least]!) least = k;
  return [v[0]![least]!, v[1]![least]!, v[2]![least]!];
}

/** Least-squares plane through the given points within `reach` of the plane; undefined with under 3. */
function refit(
  points: Float64Array,
  rows: Int32Array,
  normal: Vec,
  offset: number,
  reach: number,
): { normal: Vec; offset: number } | undefined {
  let n = 0;
  const mean = [0, 0, 0];
  const m = [0, 0, 0, 0, 0, 0];
  const near: number[] = [];
  for (const v of rows) {
    const x = points[v * 3]!;
    const y = points[v * 3 + 1]!;
    const z = points[v * 3 + 2]!;
    if (Math.abs(dot(normal, x, y, z) - offset) > reach) continue;
    near.push(v);
    n++;
    mean[0]! += x;
    mean[1]! += y;
    mean[2]! += z;
  }
  if (n < 3) return undefined;
  for (let k = 0; k < 3; k++) mean[k]! /= n;
  for (const v of near) {
    const x = points[v * 3]! - mean[0]!;
    const y = points[v * 3 + 1]! - mean[1]!;
    const z = points[v * 3 + 2]! - mean[2]!;
    m[0]! += x * x;
    m[1]! += x * y;
    m[2]! += x * z;
    m[3]! += y * y;
    m[4]! += y * z;
    m[5]! += z * z;
  }
  const fitted = thinnestDirection(m);
  return { normal: fitted, offset: dot(fitted, mean[0]!, mean[1]!, mean[2]!) };
}

/** At most about SCORED of the rows' points, spread over all of them, in an order that mixes them. */
function samplePoints(points: Float64Array, rows: Int32Array): Float64Array {
  const step = Math.max(1, Math.floor(rows.length / SCORED));
  const count = Math.ceil(rows.length / step);
  const out = new Float64Array(count * 3);
  // A stride that shares no factor with the count visits all of them, far apart.
  let stride = Math.max(1, Math.floor(count * 0.618));
  while (greatestDivisor(stride, count) !== 1) stride++;
  for (let k = 0; k < count; k++) {
    const v = rows[((k * stride) % count) * step]! * 3;
    out[k * 3] = points[v]!;
    out[k * 3 + 1] = points[v + 1]!;
    out[k * 3 + 2] = points[v + 2]!;
  }
  return out;
}

function greatestDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestDivisor(b, a % b);
}

/** Truncated quadratic score (MSAC, Torr and Zisserman 2000) of points within `reach` of a plane. */
function planeScore(
  points: Float64Array,
  from: number,
  to: number,
  n: Vec,
  offset: number,
  reach: number,
): number {
  const [nx, ny, nz] = [n[0] / reach, n[1] / reach, n[2] / reach];
  const o = offset / reach;
  let score = 0;
  for (let i = from; i < to; i += 3) {
    const d = nx * points[i]! + ny * points[i + 1]! + nz * points[i + 2]! - o;
    const d2 = d * d;
    if (d2 < 1) score += 1 - d2;
  }
  return score;
}

/** The plane with the most voxels within a voxel of it, by random triples (Fischler and Bolles 1981). */
function bestPlane(
  ball: VoxelBall,
  rows: Int32Array,
  random: () => number,
): { normal: Vec; offset: number } | undefined {
  const p = ball.means;
  const near = ball.radius / 2;
  const scored = samplePoints(p, rows);
  // Most hypotheses are bad, and an eighth of the points tells (pre-test after Matas and Chum 2004).
  const preview = Math.ceil(scored.length / 3 / 8) * 3;
  let best: { normal: Vec; offset: number } | undefined;
  let bestScore = 0;
  const pick = () => rows[Math.floor(random() * rows.length)]!;
  let enough = HYPOTHESES;
  for (let h = 0; h < enough; h++) {
    const a = pick() * 3;
    // Partners nearby are likelier to lie on the same surface.
    const partner = (): number => {
      for (let tries = 0; tries < 12; tries++) {
        const b = pick() * 3;
        const d = Math.hypot(p[b]! - p[a]!, p[b + 1]! - p[a + 1]!, p[b + 2]! - p[a + 2]!);
        if (d < near && d > 3 * ball.size) return b;
      }
      return -1;
    };
    const b = partner();
    const c = partner();
    if (b < 0 || c < 0) continue;
    const [ux, uy, uz] = [p[b]! - p[a]!, p[b + 1]! - p[a + 1]!, p[b + 2]! - p[a + 2]!];
    const [wx, wy, wz] = [p[c]! - p[a]!, p[c + 1]! - p[a + 1]!, p[c + 2]! - p[a + 2]!];
    const n: [number, number, number] = [uy * wz - uz * wy, uz * wx - ux * wz, ux * wy - uy * wx];
    const l = Math.hypot(...n);
    if (!(l > 0.1 * Math.hypot(ux, uy, uz) * Math.hypot(wx, wy, wz))) continue;
    for (let k = 0; k < 3; k++) n[k]! /= l;
    const offset = dot(n, p[a]!, p[a + 1]!, p[a + 2]!);
    const first = planeScore(scored, 0, preview, n, offset, ball.size);
    if (first * 8 < 0.6 * bestScore) continue;
    const score = first + planeScore(scored, preview, scored.length, n, offset, ball.size);
    if (score > bestScore) {
      bestScore = score;
      best = { normal: n, offset };
      // The first point lies on it by its share; the partners, from nearby, by about its root each.
      const share = (3 * score) / scored.length;
      enough = Math.min(HYPOTHESES, Math.log(MISS) / Math.log(1 - share * share));
    }
  }
  for (const reach of [1.5, 1, 1]) {
    if (best) best = refit(p, rows, best.normal, best.offset, reach * ball.size) ?? best;
  }
  return best;
}

/**
 * How thick the surface's own matter is: from its densest layer outwards until the density falls
 * under a small share of it. Walls that stand on it add a thin even density, which the share skips.
 * Undefined where there is no such layer: the plane cuts through something solid or curved.
 */
function thickness(
  ball: VoxelBall,
  plane: { normal: Vec; offset: number },
  inner: number,
): { low: number; high: number } | undefined {
  const bin = ball.size / 2;
  const reach = 12;
  const bins = new Float64Array(2 * reach + 1);
  for (let v = 0; v < ball.count; v++) {
    if (ball.distances[v]! < inner) continue;
    const x = ball.means[v * 3]!;
    const y = ball.means[v * 3 + 1]!;
    const z = ball.means[v * 3 + 2]!;
    const k = Math.round((dot(plane.normal, x, y, z) - plane.offset) / bin) + reach;
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
function ringCover(
  ball: VoxelBall,
  rows: Iterable<number>,
  plane: { normal: Vec; offset: number },
  inner: number,
): number {
  const n = plane.normal;
  const far = dot(n, ...ball.center) - plane.offset;
  if (Math.abs(far) > inner) return 0;
  const other: Vec = Math.abs(n[0]) < 0.7 ? [1, 0, 0] : [0, 1, 0];
  const u: [number, number, number] = [
    n[1] * other[2] - n[2] * other[1],
    n[2] * other[0] - n[0] * other[2],
    n[0] * other[1] - n[1] * other[0],
  ];
  const l = Math.hypot(...u);
  for (let k = 0; k < 3; k++) u[k]! /= l;
  const w: Vec = [n[1] * u[2] - n[2] * u[1], n[2] * u[0] - n[0] * u[2], n[0] * u[1] - n[1] * u[0]];
  const cell = 1.5 * ball.size;
  const side = 2 * Math.ceil(ball.radius / cell) + 2;
  const seen = new Uint8Array(side * side);
  let covered = 0;
  for (const v of rows) {
    const x = ball.means[v * 3]! - ball.center[0];
    const y = ball.means[v * 3 + 1]! - ball.center[1];
    const z = ball.means[v * 3 + 2]! - ball.center[2];
    if (x * x + y * y + z * z < inner * inner) continue;
    const a = Math.floor(dot(u, x, y, z) / cell) + side / 2;
    const b = Math.floor(dot(w, x, y, z) / cell) + side / 2;
    const at = b * side + a;
    if (a < 0 || b < 0 || a >= side || b >= side || seen[at] === 1) continue;
    seen[at] = 1;
    covered++;
  }
  const area = Math.PI * (ball.radius ** 2 - inner ** 2);
  return Math.min(1, (covered * cell * cell) / area);
}

/** The parts of the rows that hang together, largest first. */
function parts(ball: VoxelBall, rows: Int32Array): number[][] {
  const state = new Uint8Array(ball.count);
  for (const v of rows) state[v] = 1;
  const found: number[][] = [];
  for (const start of rows) {
    if (state[start] !== 1) continue;
    const part = [start];
    state[start] = 2;
    for (let head = 0; head < part.length; head++) {
      forEachNeighbour(ball, part[head]!, 1, (n) => {
        if (state[n] !== 1) return;
        state[n] = 2;
        part.push(n);
      });
    }
    found.push(part);
  }
  return found.sort((a, b) => b.length - a.length);
}

/** Slabs and whose each voxel is. */
export interface SlabFinding {
  slabs: Slab[];
  /** One byte a voxel: 1 + number of its slab, 0 = none. */
  barrier: Uint8Array;
}

/** Rows between two distances from a plane, and the others. */
function splitByBand(
  ball: VoxelBall,
  rows: Int32Array,
  plane: { normal: Vec; offset: number },
  band: { low: number; high: number },
): { inside: Int32Array; rest: Int32Array; inBand: Uint8Array } {
  const [nx, ny, nz] = plane.normal;
  const p = ball.means;
  const low = band.low + plane.offset;
  const high = band.high + plane.offset;
  const inBand = new Uint8Array(ball.count);
  const inside = new Int32Array(rows.length);
  const rest = new Int32Array(rows.length);
  let within = 0;
  let without = 0;
  for (const v of rows) {
    const d = nx * p[v * 3]! + ny * p[v * 3 + 1]! + nz * p[v * 3 + 2]!;
    if (d >= low && d <= high) {
      inside[within++] = v;
      inBand[v] = 1;
    } else rest[without++] = v;
  }
  return { inside: inside.subarray(0, within), rest: rest.subarray(0, without), inBand };
}

/** Share of a part's voxels that have neighbours outside the band: high where a plane cuts a body. */
function bodiedShare(
  ball: VoxelBall,
  part: readonly number[],
  inBand: Uint8Array,
  barrier: Uint8Array,
): number {
  let bodied = 0;
  for (const v of part) {
    let outside = 0;
    forEachNeighbour(ball, v, 1, (n) => {
      if (inBand[n] === 0 && barrier[n] === 0) outside++;
    });
    if (outside >= 2) bodied++;
  }
  return bodied / part.length;
}

/**
 * The big flat surfaces in a ball of the scene: those that go on well beyond the inner ball, covering
 * at least `minSpread` of the ring between it and the border. An object that ends within the inner
 * ball has no part in that ring, so its own flat sides never count; and where such a plane, carried
 * on, cuts through an object's body, that cut is no part of the surface.
 * @param inner radius of the inner ball, world units
 */
export function findSlabs(ball: VoxelBall, inner: number, minSpread: number): SlabFinding {
  const random = createRandom(7);
  const slabs: Slab[] = [];
  const barrier = new Uint8Array(ball.count);
  let rows: Int32Array = Int32Array.from({ length: ball.count }, (_, v) => v);
  const leastVoxels =
    (minSpread * Math.PI * (ball.radius ** 2 - inner ** 2)) / (1.5 * ball.size) ** 2;
  for (let k = 0; k < MAX_PLANES && rows.length >= leastVoxels; k++) {
    const plane = bestPlane(ball, rows, random);
    if (!plane) break;
    const band = thickness(ball, plane, inner);
    const split = splitByBand(ball, rows, plane, band ?? { low: -ball.size, high: ball.size });
    if (split.inside.length < leastVoxels) break;
    // What is covered by all that lies in it may be so by parts that have nothing to do with each other.
    const covers = band !== undefined && ringCover(ball, split.inside, plane, inner) >= minSpread;
    const found = covers ? parts(ball, split.inside) : [];
    const spread = covers ? ringCover(ball, found[0]!, plane, inner) : 0;
    if (band === undefined || spread < minSpread) {
      rows = split.rest;
      continue;
    }
    slabs.push({ ...plane, ...band, spread });
    const kept: number[] = [];
    for (const part of found) {
      const reachesRing = part.some((v) => ball.distances[v]! > inner);
      if (!reachesRing && bodiedShare(ball, part, split.inBand, barrier) > 0.5) {
        for (const v of part) kept.push(v);
        continue;
      }
      for (const v of part) barrier[v] = slabs.length;
    }
    const rest = new Int32Array(split.rest.length + kept.length);
    rest.set(split.rest);
    rest.set(kept, split.rest.length);
    rows = rest;
  }
  return { slabs, barrier };
}
