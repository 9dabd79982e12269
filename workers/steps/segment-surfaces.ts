import type { Camera } from '../../core/camera.ts';
import { components } from '../../core/components.ts';
import { createMask, type Mask, type ScalarImage } from '../../core/image.ts';
import { neighbours } from '../../core/neighbours.ts';
import { unprojectImage } from '../../core/pixel-rays.ts';
import { createRandom } from '../../core/random.ts';
import { dot } from '../../core/vec3.ts';

/** World plane normal · p = offset. */
export interface Plane {
  normal: [number, number, number];
  offset: number;
}

/** One smooth surface as a view shows it: a plane, or a depth-connected patch of anything else. */
export interface Surface {
  pixels: Mask;
  count: number;
  plane?: Plane;
  /**
   * Of a plane: pixels that are the same thing's surface though they lie off the plane, as a table's rounded edge
   * or a floor's hump. They say where the surface ends and nothing of its depth.
   */
  kin?: Mask;
}

const ROUNDS = 220;
const MAX_PLANES = 4;
/** A plane must hold this share of the pixels to be one. */
const MIN_SHARE = 0.07;
const MAX_SAMPLES = 1500;
/**
 * A patch is a plane's when this share of it lies within so many tolerances of the plane: its noise, or what a loose
 * selection left of the object; and farther off where the patch goes on from the plane without a depth step.
 */
const KIN_SHARE = 0.8;
const NOISE_TOLERANCES = 2;
const JOINED_TOLERANCES = 4;
/** Share of where a patch and a plane touch that has no step, from which the two are one surface. */
const SMOOTH_SHARE = 0.8;
/** |cos| between the normals of one surface's slices; a face at an edge is steeper and a surface of its own. */
const PARALLEL = 0.95;

/**
 * Splits known pixels into surfaces: planes first (RANSAC, Fischler & Bolles 1981, on local triples;
 * refitted by least squares), then the rest by depth continuity. Man-made supports are planes, and a
 * plane is the one shape that continues reliably behind an object.
 * @param tolerance distance from a plane that still belongs to it, world units
 * @param reach triples are drawn within this distance of each other, world units
 */
export function segmentSurfaces(
  camera: Camera,
  depth: ScalarImage,
  known: Mask,
  tolerance: number,
  reach: number,
  seed: number,
): Surface[] {
  const { width, height } = depth;
  const points = unprojectImage(camera, depth);
  const random = createRandom(seed);
  const free = createMask(width, height);
  free.data.set(known.data);
  const total = known.data.reduce((n, v) => n + v, 0);
  const surfaces: Surface[] = [];
  const joined = depthContinuity(camera, depth, tolerance);
  for (let k = 0; k < MAX_PLANES; k++) {
    const plane = findPlane(points, free, tolerance, reach, random);
    if (plane === undefined) break;
    const pixels = createMask(width, height);
    let count = 0;
    for (let i = 0; i < free.data.length; i++) {
      if (free.data[i] === 0 || planeDistance(plane, points, i) > tolerance) continue;
      pixels.data[i] = 1;
      count++;
    }
    if (count < Math.max(30, MIN_SHARE * total)) break;
    for (let i = 0; i < free.data.length; i++) if (pixels.data[i] !== 0) free.data[i] = 0;
    const part = indicesOf(pixels);
    const kin = surfaces.find(
      (s) =>
        Math.abs(dot(s.plane!.normal, plane.normal)) > PARALLEL &&
        isKin(s, part, points, tolerance, joined),
    );
    if (kin === undefined) surfaces.push({ pixels, count, plane, kin: createMask(width, height) });
    else for (const i of part) kin.kin!.data[i] = 1;
  }
  // What no plane explains: patches without a depth step (over four pixel footprints of slope and the tolerance).
  for (const part of components(free, joined)) {
    const kin = surfaces.find((s) => isKin(s, part.pixels, points, tolerance, joined));
    if (kin !== undefined) {
      for (const i of part.pixels) kin.kin!.data[i] = 1;
      continue;
    }
    if (part.pixels.length < 20) continue;
    const pixels = createMask(width, height);
    for (const i of part.pixels) pixels.data[i] = 1;
    surfaces.push({ pixels, count: part.pixels.length });
  }
  return surfaces;
}

/** Whether two neighbouring pixels (indices) show one surface: a step under four pixel footprints of slope and the tolerance. */
export function depthContinuity(
  camera: Camera,
  depth: ScalarImage,
  tolerance: number,
): (i: number, j: number) => boolean {
  return (i, j) => {
    const zi = depth.data[i]!;
    const zj = depth.data[j]!;
    return Math.abs(zi - zj) < (4 * Math.min(zi, zj)) / camera.fx + tolerance;
  };
}

/**
 * Lets the surfaces that are no planes grow into the covered pixels of the unseen region that are
 * continuous with them: a curved surface's far part is seen there, and no extrapolation would hit it.
 * @returns the surfaces' pixels, planes' as they were
 */
export function growSurfaces(
  surfaces: readonly Surface[],
  candidates: Mask,
  joined: (i: number, j: number) => boolean,
): Mask[] {
  return surfaces.map((surface) => {
    if (surface.plane !== undefined) return surface.pixels;
    const domain = createMask(candidates.width, candidates.height);
    for (let i = 0; i < domain.data.length; i++) {
      if (candidates.data[i] !== 0 || surface.pixels.data[i] !== 0) domain.data[i] = 1;
    }
    const grown = createMask(candidates.width, candidates.height);
    for (const part of components(domain, joined)) {
      if (!part.pixels.some((i) => surface.pixels.data[i] !== 0)) continue;
      for (const i of part.pixels) grown.data[i] = 1;
    }
    return grown;
  });
}

function indicesOf(mask: Mask): Int32Array {
  const out: number[] = [];
  for (let i = 0; i < mask.data.length; i++) if (mask.data[i] !== 0) out.push(i);
  return Int32Array.from(out);
}

/** Whether a smaller patch is a part of the plane's surface. */
function isKin(
  { plane, count, pixels }: Surface,
  part: Int32Array,
  points: Float64Array,
  tolerance: number,
  joined: (i: number, j: number) => boolean,
): boolean {
  if (plane === undefined || part.length > count) return false;
  const share = (within: number) => {
    let near = 0;
    for (const i of part) if (planeDistance(plane, points, i) <= within) near++;
    return near / part.length;
  };
  if (share(NOISE_TOLERANCES * tolerance) >= KIN_SHARE) return true;
  if (share(JOINED_TOLERANCES * tolerance) < KIN_SHARE) return false;
  let touching = 0;
  let smooth = 0;
  for (const i of part) {
    for (const j of neighbours(i, pixels.width, pixels.data.length)) {
      if (pixels.data[j] === 0) continue;
      touching++;
      if (joined(i, j)) smooth++;
    }
  }
  return smooth > 0 && smooth >= SMOOTH_SHARE * touching;
}

/** How far point i lies from a plane, world units; NaN where there is none. */
export function planeDistance(plane: Plane, points: Float64Array, i: number): number {
  const { normal, offset } = plane;
  return Math.abs(
    normal[0] * points[i * 3]! +
      normal[1] * points[i * 3 + 1]! +
      normal[2] * points[i * 3 + 2]! -
      offset,
  );
}

function findPlane(
  points: Float64Array,
  free: Mask,
  tolerance: number,
  reach: number,
  random: () => number,
): Plane | undefined {
  const all: number[] = [];
  for (let i = 0; i < free.data.length; i++) if (free.data[i] !== 0) all.push(i);
  if (all.length < 30) return undefined;
  const step = Math.max(1, Math.floor(all.length / MAX_SAMPLES));
  const samples = all.filter((_, n) => n % step === 0);
  let best: Plane | undefined;
  let bestScore = 0;
  for (let round = 0; round < ROUNDS; round++) {
    const a = samples[Math.floor(random() * samples.length)]!;
    const b = nearSample(points, samples, a, reach, random);
    const c = nearSample(points, samples, a, reach, random);
    const plane = planeThrough(points, a, b, c, tolerance);
    if (plane === undefined) continue;
    let score = 0;
    for (const i of samples) {
      const d = planeDistance(plane, points, i) / tolerance;
      // Closer inliers count more (MSAC), so that the plane runs through the surface and not along its noise.
      if (d < 1) score += 1 - d * d;
    }
    if (score > bestScore) {
      bestScore = score;
      best = plane;
    }
  }
  if (best === undefined) return undefined;
  let plane = best;
  for (let pass = 0; pass < 2; pass++) {
    const inliers = samples.filter((i) => planeDistance(plane, points, i) <= tolerance);
    plane = fitPlane(points, inliers) ?? plane;
  }
  return plane;
}

function nearSample(
  points: Float64Array,
  samples: number[],
  a: number,
  reach: number,
  random: () => number,
): number {
  let last = a;
  for (let n = 0; n < 8; n++) {
    last = samples[Math.floor(random() * samples.length)]!;
    const d = Math.hypot(
      points[last * 3]! - points[a * 3]!,
      points[last * 3 + 1]! - points[a * 3 + 1]!,
      points[last * 3 + 2]! - points[a * 3 + 2]!,
    );
    if (d < reach) return last;
  }
  return last;
}

function planeThrough(
  p: Float64Array,
  a: number,
  b: number,
  c: number,
  tolerance: number,
): Plane | undefined {
  const u = [p[b * 3]! - p[a * 3]!, p[b * 3 + 1]! - p[a * 3 + 1]!, p[b * 3 + 2]! - p[a * 3 + 2]!];
  const v = [p[c * 3]! - p[a * 3]!, p[c * 3 + 1]! - p[a * 3 + 1]!, p[c * 3 + 2]! - p[a * 3 + 2]!];
  const n: [number, number, number] = [
    u[1]! * v[2]! - u[2]! * v[1]!,
    u[2]! * v[0]! - u[0]! * v[2]!,
    u[0]! * v[1]! - u[1]! * v[0]!,
  ];
  const length = Math.hypot(...n);
  // Triples thinner than the noise say nothing.
  const longest = Math.max(Math.hypot(...u), Math.hypot(...v));
  if (!(length > 3 * tolerance * longest)) return undefined;
  for (let k = 0; k < 3; k++) n[k] = n[k]! / length;
  return { normal: n, offset: n[0] * p[a * 3]! + n[1] * p[a * 3 + 1]! + n[2] * p[a * 3 + 2]! };
}

/** Least-squares plane: the covariance's smallest eigenvector, by inverse power iteration. */
function fitPlane(p: Float64Array, rows: number[]): Plane | undefined {
  if (rows.length < 10) return undefined;
  const mean = [0, 0, 0];
  for (const i of rows)
    for (let k = 0; k < 3; k++) mean[k] = mean[k]! + p[i * 3 + k]! / rows.length;
  let [xx, xy, xz, yy, yz, zz] = [0, 0, 0, 0, 0, 0];
  for (const i of rows) {
    const x = p[i * 3]! - mean[0]!;
    const y = p[i * 3 + 1]! - mean[1]!;
    const z = p[i * 3 + 2]! - mean[2]!;
    xx += x * x;
    xy += x * y;
    xz += x * z;
    yy += y * y;
    yz += y * z;
    zz += z * z;
  }
  const ridge = 1e-9 * (xx + yy + zz);
  xx += ridge;
  yy += ridge;
  zz += ridge;
  // Adjugate of the symmetric covariance: proportional to its inverse.
  const inverse = [
    [yy * zz - yz * yz, xz * yz - xy * zz, xy * yz - xz * yy],
    [xz * yz - xy * zz, xx * zz - xz * xz, xy * xz - xx * yz],
    [xy * yz - xz * yy, xy * xz - xx * yz, xx * yy - xy * xy],
  ];
  let n: [number, number, number] = [0.577, 0.577, 0.577];
  for (let round = 0; round < 40; round++) {
    const m = inverse.map((row) => row[0]! * n[0] + row[1]! * n[1] + row[2]! * n[2]);
    const length = Math.hypot(...m);
    if (!(length > 0)) return undefined;
    n = [m[0]! / length, m[1]! / length, m[2]! / length];
  }
  return { normal: n, offset: n[0] * mean[0]! + n[1] * mean[1]! + n[2] * mean[2]! };
}
