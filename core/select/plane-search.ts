import type { VoxelBall } from './voxels.ts';

/** normal · p = offset, world units; the normal is of length 1. */
export interface Plane {
  normal: Vec;
  offset: number;
}

type Vec = readonly [number, number, number];

const HYPOTHESES = 300;
/** Chance of having missed the best plane at which the search for it stops. */
const MISS = 1e-3;
/** Points that a hypothesis is scored by, … */
const SCORED = 700;
/** … and of these between two looks whether it can still win. */
const CHUNK = 32;

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

/** Rows near a plane; lives over the calls, which never overlap. */
let near = new Int32Array(0);

/** Least-squares plane through the given points within `reach` of the plane; undefined with under 3. */
function refit(
  points: Float64Array,
  rows: Int32Array,
  { normal, offset }: Plane,
  reach: number,
): Plane | undefined {
  if (near.length < rows.length) near = new Int32Array(2 * rows.length);
  const [nx, ny, nz] = normal;
  let n = 0;
  let [mx, my, mz] = [0, 0, 0];
  for (let k = 0; k < rows.length; k++) {
    const at = rows[k]! * 3;
    const x = points[at]!;
    const y = points[at + 1]!;
    const z = points[at + 2]!;
    if (Math.abs(nx * x + ny * y + nz * z - offset) > reach) continue;
    near[n++] = at;
    mx += x;
    my += y;
    mz += z;
  }
  if (n < 3) return undefined;
  mx /= n;
  my /= n;
  mz /= n;
  let [xx, xy, xz, yy, yz, zz] = [0, 0, 0, 0, 0, 0];
  for (let k = 0; k < n; k++) {
    const at = near[k]!;
    const x = points[at]! - mx;
    const y = points[at + 1]! - my;
    const z = points[at + 2]! - mz;
    xx += x * x;
    xy += x * y;
    xz += x * z;
    yy += y * y;
    yz += y * z;
    zz += z * z;
  }
  const fitted = thinnestDirection([xx, xy, xz, yy, yz, zz]);
  return { normal: fitted, offset: fitted[0] * mx + fitted[1] * my + fitted[2] * mz };
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

/** The hypothesis that is scored: normal and offset over the reach. In one place, as numbers passed on are garbage. */
const tried = new Float64Array(4);

/**
 * Truncated quadratic score (MSAC, Torr and Zisserman 2000) of points by the plane that is `tried`.
 * @param sofar the score of the points before `from`
 * @param toBeat stops when it can no longer be beaten; what is returned is then no more than it
 */
function triedScore(
  points: Float64Array,
  from: number,
  to: number,
  sofar: number,
  toBeat: number,
): number {
  const nx = tried[0]!;
  const ny = tried[1]!;
  const nz = tried[2]!;
  const o = tried[3]!;
  let score = sofar;
  for (let i = from; i < to; ) {
    const end = Math.min(to, i + 3 * CHUNK);
    for (; i < end; i += 3) {
      const d = nx * points[i]! + ny * points[i + 1]! + nz * points[i + 2]! - o;
      // Without a branch, which would be a coin's toss for the processor.
      score += Math.max(0, 1 - d * d);
    }
    if (score + (to - i) / 3 <= toBeat) return score;
  }
  return score;
}

/** A random row's place in `points` at a distance between two from the one at `a`; −1 when tries find none. */
function partnerOf(
  points: Float64Array,
  rows: Int32Array,
  a: number,
  least2: number,
  most2: number,
  random: () => number,
): number {
  for (let tries = 0; tries < 12; tries++) {
    const b = rows[Math.floor(random() * rows.length)]! * 3;
    const dx = points[b]! - points[a]!;
    const dy = points[b + 1]! - points[a + 1]!;
    const dz = points[b + 2]! - points[a + 2]!;
    const d2 = dx * dx + dy * dy + dz * dz;
    if (d2 < most2 && d2 > least2) return b;
  }
  return -1;
}

/**
 * The plane with the most of some voxels within a voxel of it, by random triples (Fischler and Bolles 1981).
 * @param rows the voxels
 */
export function bestPlane(
  ball: VoxelBall,
  rows: Int32Array,
  random: () => number,
): Plane | undefined {
  const p = ball.means;
  const scored = samplePoints(p, rows);
  // Most hypotheses are bad, and an eighth of the points tells (pre-test after Matas and Chum 2004).
  const preview = Math.ceil(scored.length / 3 / 8) * 3;
  // Partners nearby are likelier to lie on the same surface.
  const least2 = (3 * ball.size) ** 2;
  const most2 = (ball.radius / 2) ** 2;
  let best: Plane | undefined;
  let bestScore = 0;
  let enough = HYPOTHESES;
  for (let h = 0; h < enough; h++) {
    const a = rows[Math.floor(random() * rows.length)]! * 3;
    const b = partnerOf(p, rows, a, least2, most2, random);
    const c = partnerOf(p, rows, a, least2, most2, random);
    if (b < 0 || c < 0) continue;
    const ux = p[b]! - p[a]!;
    const uy = p[b + 1]! - p[a + 1]!;
    const uz = p[b + 2]! - p[a + 2]!;
    const wx = p[c]! - p[a]!;
    const wy = p[c + 1]! - p[a + 1]!;
    const wz = p[c + 2]! - p[a + 2]!;
    let nx = uy * wz - uz * wy;
    let ny = uz * wx - ux * wz;
    let nz = ux * wy - uy * wx;
    const l = Math.sqrt(nx * nx + ny * ny + nz * nz);
    const lengths = Math.sqrt((ux * ux + uy * uy + uz * uz) * (wx * wx + wy * wy + wz * wz));
    // Triples almost in a line say nothing.
    if (!(l > 0.1 * lengths)) continue;
    nx /= l;
    ny /= l;
    nz /= l;
    const offset = nx * p[a]! + ny * p[a + 1]! + nz * p[a + 2]!;
    tried[0] = nx / ball.size;
    tried[1] = ny / ball.size;
    tried[2] = nz / ball.size;
    tried[3] = offset / ball.size;
    const least = (0.6 * bestScore) / 8;
    const first = triedScore(scored, 0, preview, 0, least);
    if (first < least) continue;
    const all = scored.length;
    const score = triedScore(scored, preview, all, first, bestScore);
    if (score > bestScore) {
      bestScore = score;
      best = { normal: [nx, ny, nz], offset };
      // The first point lies on it by its share; the partners, from nearby, by about its root each.
      const share = (3 * score) / all;
      enough = Math.min(HYPOTHESES, Math.log(MISS) / Math.log(1 - share * share));
    }
  }
  for (const reach of [1.5, 1, 1]) {
    if (best) best = refit(p, rows, best, reach * ball.size) ?? best;
  }
  return best;
}
