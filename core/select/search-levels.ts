import { breathe, throwIfCancelled } from '../progress.ts';
import { countSelected } from '../selection.ts';
import type { SplatCloud } from '../splat-cloud.ts';
import { boxOfVoxels } from './in-voxels.ts';
import { type NearSplats, REACH_SIGMAS } from './near-splats.ts';
import { findObjectAtLevel, type GrowthLimits, type LevelFinding } from './object-level.ts';
import { sceneIndex } from './scene-index.ts';
import { voxelAt, voxelizeBall } from './voxels.ts';

/** Voxels from the click to the edge of the inner ball, in which the object must end. */
export const INNER_VOXELS = 16;
/** A level needs as many splats within its reach. */
const MIN_SPLATS = 200;
/** More than this many tell a level's voxels nothing new. */
const ENOUGH_SPLATS = 1 << 15;
/** Work between two breaths. */
const BREATH_MS = 40;
/** The finest voxels, in what splats in the middle reach. */
const FINEST_DETAIL = 0.4;
/** Fewer are a speck between others, not an object. */
const MIN_OBJECT_SPLATS = 16;
/** Two levels found the same object when their selections overlap by this (intersection over union). */
const SAME_OBJECT = 0.8;
/** Levels in a row that settle it. */
const LONG_RUN = 3;

type SurfaceFinding = Extract<LevelFinding, { kind: 'surface' }>;
export type ObjectFinding = Extract<LevelFinding, { kind: 'object' }>;

/** An object as one level sees it. */
export interface Candidate {
  finding: ObjectFinding;
  /** One byte a row of this level's ball: 1 = the object's. */
  member: Uint8Array;
}

/** Which of a level's splats lie in the object's voxels, by their centres, 3 a splat. */
function rowsOf(centres: Float32Array, { ball, member }: ObjectFinding): Uint8Array {
  const out = new Uint8Array(centres.length / 3);
  const box = boxOfVoxels(ball, member);
  if (!box) return out;
  const [x0, y0, z0] = box.low;
  const [x1, y1, z1] = box.high;
  for (let k = 0; k < out.length; k++) {
    const x = centres[k * 3]!;
    const y = centres[k * 3 + 1]!;
    const z = centres[k * 3 + 2]!;
    if (x < x0 || x > x1 || y < y0 || y > y1 || z < z0 || z > z1) continue;
    const v = voxelAt(ball, x, y, z);
    if (v >= 0 && member[v] === 1) out[k] = 1;
  }
  return out;
}

/** @param a of a finer level, thus shorter */
function overlap(a: Uint8Array, b: Uint8Array): number {
  let both = 0;
  let either = 0;
  for (let i = 0; i < b.length; i++) {
    const of = i < a.length ? a[i]! : 0;
    both += of & b[i]!;
    either += of | b[i]!;
  }
  return either === 0 ? 0 : both / either;
}

/** What most of the candidates agree on; between two, the finer one decides. */
export function majority(run: readonly Candidate[]): Uint8Array {
  const out = new Uint8Array(run.at(-1)!.member.length);
  for (let k = 0; k < out.length; k++) {
    let votes = (run[0]!.member[k] ?? 0) * 0.5;
    for (const { member } of run) votes += member[k] ?? 0;
    if (votes > (run.length + 0.25) / 2) out[k] = 1;
  }
  return out;
}

/**
 * Longer is better, up to a point; then whether it ends at something. Where it ends at its neighbour
 * in another colour it has few levels to show itself in, before the neighbour's far side comes into
 * the ball: two such count as many.
 */
function rank(run: readonly Candidate[]): number {
  if (run.length === 0) return 0;
  const ended = run.filter((c) => c.finding.end !== 'cut').length / run.length;
  const crisp = run.every((c) => c.finding.end === 'crisp') && run.length >= 2;
  return (crisp ? LONG_RUN : Math.min(LONG_RUN, run.length)) + ended / 2;
}

/** Are voxels of this size so much smaller than the splats that they show nothing but each splat's shape? */
function tooFine(cloud: SplatCloud, rows: Uint32Array, voxel: number): boolean {
  const { sigmas } = sceneIndex(cloud);
  const reaches = Float32Array.from(rows.subarray(0, 999), (i) => REACH_SIGMAS * sigmas[i]!).sort();
  return voxel < FINEST_DETAIL * reaches[reaches.length >> 1]!;
}

/** Every n-th row where there are more than a level's voxels need. */
function thinned(rows: Uint32Array): Uint32Array {
  const step = Math.ceil(rows.length / ENOUGH_SPLATS);
  if (step <= 1) return rows;
  const some = new Uint32Array(Math.floor(rows.length / step));
  for (let k = 0; k < some.length; k++) some[k] = rows[k * step]!;
  return some;
}

/** Everything the click's object may be, from fine to coarse. */
export interface LevelSearch {
  /** The best run of neighbouring levels that agree; the finer of equals. */
  run: Candidate[];
  /** The levels at which the click lay on a big surface, fine to coarse. */
  surfaces: SurfaceFinding[];
}

/**
 * Looks level by level. Too fine a level sees a part (a face of a box, a strip between two planes),
 * too coarse a one the table with all that is on it; the object itself is what stays the same over
 * several levels (the idea of maximally stable regions, Matas et al. 2002).
 */
export async function searchLevels(
  cloud: SplatCloud,
  near: NearSplats,
  limits: GrowthLimits,
  signal: AbortSignal | undefined,
): Promise<LevelSearch> {
  let best: Candidate[] = [];
  let run: Candidate[] = [];
  let breathed = performance.now();
  const surfaces: SurfaceFinding[] = [];
  for (const [k, radius] of near.radii.entries()) {
    throwIfCancelled(signal);
    const rows = near.within(k);
    if (rows.length < MIN_SPLATS || tooFine(cloud, rows, radius / (2 * INNER_VOXELS))) continue;
    const ball = voxelizeBall(cloud, thinned(rows), near.center, radius, 2 * INNER_VOXELS);
    const finding = findObjectAtLevel(ball, limits);
    if (performance.now() - breathed > BREATH_MS) {
      await breathe();
      breathed = performance.now();
    }
    if (finding.kind === 'surface') surfaces.push(finding);
    if (finding.kind !== 'object') {
      run = [];
      continue;
    }
    const candidate = { finding, member: rowsOf(near.centresWithin(k), finding) };
    if (countSelected(candidate.member) < MIN_OBJECT_SPLATS) {
      run = [];
      continue;
    }
    const last = run.at(-1);
    run =
      last && overlap(last.member, candidate.member) >= SAME_OBJECT
        ? [...run, candidate]
        : [candidate];
    if (rank(run) > rank(best)) best = run;
    // A run of closed levels cannot be bettered; parts that were cut loose may yet prove to be parts.
    if (run.length >= LONG_RUN && run.every((c) => c.finding.end !== 'cut')) break;
  }
  return { run: best, surfaces };
}
