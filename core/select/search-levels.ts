import { breathe, throwIfCancelled } from '../progress.ts';
import type { SplatCloud } from '../splat-cloud.ts';
import { boxOfVoxels } from './in-voxels.ts';
import { type NearSplats, REACH_SIGMAS } from './near-splats.ts';
import { findObjectAtLevel, type GrowthLimits, type LevelFinding } from './object-level.ts';
import { type SceneIndex, sceneIndex } from './scene-index.ts';
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
  /** One byte a splat within this level's ball, in the order of NearSplats: 1 = the object's. */
  member: Uint8Array;
}

/** Which of a level's splats, given as places in the index, lie in the object's voxels. */
function membersOf(
  { spheres }: SceneIndex,
  places: Uint32Array,
  { ball, member }: ObjectFinding,
): { members: Uint8Array; count: number } {
  const members = new Uint8Array(places.length);
  let count = 0;
  const box = boxOfVoxels(ball, member);
  if (!box) return { members, count };
  const [x0, y0, z0] = box.low;
  const [x1, y1, z1] = box.high;
  for (let k = 0; k < places.length; k++) {
    const at = places[k]! * 4;
    const x = spheres[at]!;
    const y = spheres[at + 1]!;
    const z = spheres[at + 2]!;
    if (x < x0 || x > x1 || y < y0 || y > y1 || z < z0 || z > z1) continue;
    const v = voxelAt(ball, x, y, z);
    if (v < 0 || member[v] === 0) continue;
    members[k] = 1;
    count++;
  }
  return { members, count };
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

/** The most that a run can come to rank when so many levels are still to be looked at, it or one that begins there. */
function mostRank(run: readonly Candidate[], left: number): number {
  if (left === 0) return 0;
  if (left >= 2) return LONG_RUN + 0.5;
  const ended = run.filter((c) => c.finding.end !== 'cut').length;
  const crisp = run.every((c) => c.finding.end === 'crisp') && run.length >= 1;
  const length = run.length + 1;
  return (crisp ? LONG_RUN : Math.min(LONG_RUN, length)) + (ended + 1) / length / 2;
}

/** Are voxels of this size so much smaller than the splats that they show nothing but each splat's shape? */
function tooFine({ spheres }: SceneIndex, places: Uint32Array, voxel: number): boolean {
  const reaches = new Float32Array(Math.min(999, places.length));
  for (let k = 0; k < reaches.length; k++) reaches[k] = REACH_SIGMAS * spheres[places[k]! * 4 + 3]!;
  return voxel < FINEST_DETAIL * reaches.sort()[reaches.length >> 1]!;
}

/** Every n-th place where there are more than a level's voxels need. */
function thinned(places: Uint32Array): Uint32Array {
  const step = Math.ceil(places.length / ENOUGH_SPLATS);
  if (step <= 1) return places;
  const some = new Uint32Array(Math.floor(places.length / step));
  for (let k = 0; k < some.length; k++) some[k] = places[k * step]!;
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
  const index = sceneIndex(cloud);
  for (const [k, radius] of near.radii.entries()) {
    throwIfCancelled(signal);
    // What cannot be bettered ends it; a surface further out matters to an object of one level only.
    if (best.length >= 2 && rank(best) >= mostRank(run, near.radii.length - k)) break;
    const places = near.within(k);
    if (places.length < MIN_SPLATS) continue;
    if (tooFine(index, places, radius / (2 * INNER_VOXELS))) continue;
    const ball = voxelizeBall(cloud, thinned(places), near.center, radius, 2 * INNER_VOXELS);
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
    const { members, count } = membersOf(index, places, finding);
    if (count < MIN_OBJECT_SPLATS) {
      run = [];
      continue;
    }
    const candidate = { finding, member: members };
    const last = run.at(-1);
    run =
      last && overlap(last.member, candidate.member) >= SAME_OBJECT
        ? [...run, candidate]
        : [candidate];
    if (rank(run) > rank(best)) best = run;
  }
  return { run: best, surfaces };
}
