import { quantile } from '../../quantile.ts';
import { createRandom } from '../../random.ts';
import { solveLinear } from '../../solve-linear.ts';
import { KNOWN } from './classify.ts';

/** Planes that explain a rim at most: a room's corner. */
const MOST_PLANES = 3;
/** A plane holds at least this share of the rim. */
const SMALLEST_SHARE = 0.02;
const MOST_SAMPLES = 600;
const TRIES = 200;
const REFITS = 3;

/** Normalised inverse depth of a plane: value + slopeX · column + slopeY · row, from the hole's middle. */
export type PlaneU = readonly [value: number, slopeX: number, slopeY: number];

/** A hole and the known pixels around it, in a crop. */
export interface RimOfHole {
  width: number;
  height: number;
  role: Uint8Array;
  /** Normalised inverse depth where the role is KNOWN. */
  u: Float64Array;
  rim: readonly number[];
  middleX: number;
  middleY: number;
  /** How far around the hole the rim reaches. */
  marginPx: number;
  /** Whether a pixel is one of the hole or its rim. */
  has(i: number): boolean;
}

export function inverseDepthAt(
  [value, slopeX, slopeY]: PlaneU,
  { width, middleX, middleY }: RimOfHole,
  i: number,
): number {
  return value + slopeX * ((i % width) - middleX) + slopeY * (Math.floor(i / width) - middleY);
}

/** The planes that hold most of the rim, largest first, by RANSAC on neighbouring triples (Fischler & Bolles 1981). */
export function planesOfRim(hole: RimOfHole, tolerance: number): PlaneU[] {
  const { u } = hole;
  const every = Math.ceil(hole.rim.length / MOST_SAMPLES);
  const samples = hole.rim.filter((_, k) => k % every === 0);
  const fewest = Math.max(3, SMALLEST_SHARE * samples.length);
  const random = createRandom(1);
  const planes: PlaneU[] = [];
  let left = samples;
  while (left.length >= fewest && planes.length < MOST_PLANES) {
    const best = findPlane(hole, left, tolerance, random);
    if (best === undefined || best.inliers.length < fewest) break;
    planes.push(best.plane);
    left = left.filter((i) => Math.abs(inverseDepthAt(best.plane, hole, i) - u[i]!) > tolerance);
    // Clutter, or points that lie far apart: two more planes will not hold it.
    if (left.length > (1 - 1 / MOST_PLANES) * samples.length) break;
  }
  return planes;
}

interface FoundPlane {
  plane: PlaneU;
  inliers: number[];
  score: number;
}

function findPlane(
  hole: RimOfHole,
  left: readonly number[],
  tolerance: number,
  random: () => number,
): FoundPlane | undefined {
  const { u } = hole;
  // Closer ones count more (MSAC, Torr & Zisserman 2000), so that a plane runs along a surface and not through two.
  const judge = (plane: PlaneU): FoundPlane => {
    const inliers: number[] = [];
    let score = 0;
    for (const i of left) {
      const off = (inverseDepthAt(plane, hole, i) - u[i]!) / tolerance;
      if (Math.abs(off) > 1) continue;
      inliers.push(i);
      score += 1 - off * off;
    }
    return { plane, inliers, score };
  };
  let best: FoundPlane | undefined;
  for (let t = 0; t < TRIES; t++) {
    const a = left[Math.floor(random() * left.length)]!;
    const [b, c] = [neighbour(hole, a, random), neighbour(hole, a, random)];
    if (b === undefined || c === undefined) continue;
    let plane = fitPlane(hole, [a, b, c]);
    // A neighbouring triple carries noise far: what its plane holds says it better.
    for (let round = 0; round <= REFITS && plane !== undefined; round++) {
      const found = judge(plane);
      if (found.score > (best?.score ?? 0)) best = found;
      else if (round > 0) break;
      plane = found.inliers.length < 3 ? undefined : fitPlane(hole, found.inliers);
    }
  }
  return best;
}

/** A random pixel of the rim within reach of another; undefined where it was not met. */
function neighbour(
  { width, height, role, marginPx, has }: RimOfHole,
  of: number,
  random: () => number,
): number | undefined {
  for (let t = 0; t < 8; t++) {
    const x = (of % width) + Math.round((2 * random() - 1) * marginPx);
    const y = Math.floor(of / width) + Math.round((2 * random() - 1) * marginPx);
    if (x < 0 || y < 0 || x >= width || y >= height) continue;
    const i = y * width + x;
    if (role[i] === KNOWN && i !== of && has(i)) return i;
  }
  return undefined;
}

/** Least squares. */
function fitPlane(
  { u, width, middleX, middleY }: RimOfHole,
  pixels: readonly number[],
): PlaneU | undefined {
  const a = [
    [0, 0, 0],
    [0, 0, 0],
    [0, 0, 0],
  ];
  const b = [0, 0, 0];
  for (const i of pixels) {
    const row = [1, (i % width) - middleX, Math.floor(i / width) - middleY];
    for (let r = 0; r < 3; r++) {
      for (let c = 0; c < 3; c++) a[r]![c]! += row[r]! * row[c]!;
      b[r]! += row[r]! * u[i]!;
    }
  }
  const solved = solveLinear(a, b);
  return solved && [solved[0]!, solved[1]!, solved[2]!];
}

/** Standard deviation of the rim's inverse depth around its neighbours': by the median second difference along the rows. */
export function noiseOfRim({ rim, u, has, role }: RimOfHole): number {
  const off: number[] = [];
  for (const i of rim) {
    if (!has(i - 1) || !has(i + 1) || role[i - 1] !== KNOWN || role[i + 1] !== KNOWN) continue;
    off.push(Math.abs(u[i]! - 0.5 * (u[i - 1]! + u[i + 1]!)));
  }
  return off.length === 0 ? 0 : quantile(off, 0.5) / (0.6745 * Math.sqrt(1.5));
}
