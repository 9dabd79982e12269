import type { Camera } from '../../core/camera.ts';
import type { Marks } from '../../core/marks.ts';
import { breathe, throwIfCancelled } from '../../core/progress.ts';
import { claimFoot } from '../../core/select/contact.ts';
import { connected } from '../../core/select/grow.ts';
import { findNearSplats, type NearSplats, REACH_SIGMAS } from '../../core/select/near-splats.ts';
import {
  findObjectAtLevel,
  type GrowthLimits,
  type LevelFinding,
} from '../../core/select/object-level.ts';
import { pickSplat } from '../../core/select/pick-splat.ts';
import { slabDistance } from '../../core/select/planes.ts';
import { buildSceneIndex, forEachRowInBox, sceneIndex } from '../../core/select/scene-index.ts';
import { centerVoxel, type VoxelBall, voxelAt, voxelizeBall } from '../../core/select/voxels.ts';
import { countSelected, type Selection } from '../../core/selection.ts';
import type { SplatCloud } from '../../core/splat-cloud.ts';

export interface SelectObjectOptions {
  /**
   * 0..1: how much the object may vary. Low values stop at small breaks in colour and shape, high
   * values grow through thin connections, colour changes and gaps.
   */
  strength?: number;
  /** Hidden splats are not there. */
  marks?: Marks;
}
export const SELECT_OBJECT_DEFAULTS: Required<Omit<SelectObjectOptions, 'marks'>> = {
  strength: 0.5,
};

export interface SelectedObject {
  /** One byte a splat. */
  selection: Selection;
  /** 0 when the click hit nothing. */
  count: number;
  /** True when the click landed on a big surface, of which a limited round patch was taken. */
  onSurface: boolean;
}

/** Voxels from the click to the edge of the inner ball, in which the object must end. */
const INNER_VOXELS = 16;
/** Levels of detail: inner radii from this share of the view's half width at the click … */
const FINEST_SHARE = 1 / 45;
/** … up to this one … */
const COARSEST_SHARE = 0.95;
/** … each this much larger than the one before. */
const LEVEL_FACTOR = 1.4;
/** A level needs as many splats within its reach. */
const MIN_SPLATS = 200;
/** More than this many tell a level's voxels nothing new. */
const ENOUGH_SPLATS = 1 << 15;
/** Work between two breaths. */
const BREATH_MS = 40;
/** The finest voxels, in what splats in the middle reach. */
const FINEST_DETAIL = 0.5;
/** Fewer are a speck between others, not an object. */
const MIN_OBJECT_SPLATS = 16;
/** Two levels found the same object when their selections overlap by this (intersection over union). */
const SAME_OBJECT = 0.8;
/** Levels in a row that settle it. */
const LONG_RUN = 3;
/** Radius of the patch that is taken from a big surface, share of the view's half width. */
const PATCH_SHARE = 0.18;

function growthLimits(strength: number): GrowthLimits {
  const s = Math.min(1, Math.max(0, strength));
  return {
    cutCost: 70 * (1 - s),
    colourScale: 0.06 + 0.18 * s,
    steps: s > 0.75 ? 2 : 1,
  };
}

type SurfaceFinding = Extract<LevelFinding, { kind: 'surface' }>;
type ObjectFinding = Extract<LevelFinding, { kind: 'object' }>;

interface Candidate {
  finding: ObjectFinding;
  /** One byte a row of this level's ball: 1 = the object's. */
  member: Uint8Array;
}

function rowsOf(cloud: SplatCloud, rows: Uint32Array, finding: ObjectFinding): Uint8Array {
  const member = new Uint8Array(rows.length);
  const p = cloud.positions;
  for (let k = 0; k < rows.length; k++) {
    const i = rows[k]!;
    const v = voxelAt(finding.ball, p[i * 3]!, p[i * 3 + 1]!, p[i * 3 + 2]!);
    if (v >= 0 && finding.member[v] === 1) member[k] = 1;
  }
  return member;
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
function majority(run: readonly Candidate[]): Uint8Array {
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
interface Search {
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
async function searchLevels(
  cloud: SplatCloud,
  near: NearSplats,
  limits: GrowthLimits,
  signal: AbortSignal | undefined,
): Promise<Search> {
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
    const candidate = { finding, member: rowsOf(cloud, rows, finding) };
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

/** Selects the splats in the voxels that are members, the faint ones too that took no part so far. */
function selectInVoxels(
  cloud: SplatCloud,
  ball: VoxelBall,
  member: Uint8Array,
  selection: Selection,
): void {
  const p = cloud.positions;
  const [x, y, z] = ball.center;
  const r = ball.radius;
  forEachRowInBox(sceneIndex(cloud), [x - r, y - r, z - r], [x + r, y + r, z + r], (i) => {
    const v = voxelAt(ball, p[i * 3]!, p[i * 3 + 1]!, p[i * 3 + 2]!);
    if (v >= 0 && member[v] === 1) selection[i] = 1;
  });
}

function finishObject(cloud: SplatCloud, near: NearSplats, run: Candidate[]): Selection {
  const selection = new Uint8Array(cloud.count);
  const agreed = majority(run);
  const widest = near.within(near.radii.indexOf(run.at(-1)!.finding.ball.radius));
  for (let k = 0; k < agreed.length; k++) if (agreed[k] === 1) selection[widest[k]!] = 1;

  const { ball, slabs, member } = run[0]!.finding;
  selectInVoxels(cloud, ball, member, selection);
  const rows = near.within(near.radii.indexOf(ball.radius));
  for (const slab of slabs) claimFoot(cloud, rows, selection, ball, slab);
  return selection;
}

/** A round patch of the surface under the click, connected, at most `radius` wide. */
function finishPatch(
  cloud: SplatCloud,
  ball: VoxelBall,
  radius: number,
  onPatch: (v: number) => boolean,
): Selection {
  const selection = new Uint8Array(cloud.count);
  const [cx, cy, cz] = ball.center;
  const seed = centerVoxel(ball);
  if (seed < 0) return selection;
  const near = (v: number) =>
    Math.hypot(ball.means[v * 3]! - cx, ball.means[v * 3 + 1]! - cy, ball.means[v * 3 + 2]! - cz) <=
    radius;
  const { member } = connected(ball, seed, 1, (_from, to) => near(to) && onPatch(to));
  selectInVoxels(cloud, ball, member, selection);
  return selection;
}

/**
 * Selects the object that is seen at a pixel: what hangs together around the splat in front once the
 * big flat surfaces (table, wall, floor) are taken out, cut loose from neighbours that it only touches.
 * A click on a big surface takes a limited round patch of it. Everything is relative to the view's
 * width at the clicked depth and to the splats' own sizes, so the scene's unit does not matter.
 * @param camera in the cloud's frame
 * @param pixel pixels of the camera's picture
 */
export async function selectObject(
  cloud: SplatCloud,
  camera: Camera,
  pixel: { x: number; y: number },
  options: SelectObjectOptions = {},
  signal?: AbortSignal,
): Promise<SelectedObject> {
  const { strength, marks } = { ...SELECT_OBJECT_DEFAULTS, ...options };
  throwIfCancelled(signal);
  await buildSceneIndex(cloud, signal);
  const pick = pickSplat(cloud, camera, pixel, marks);
  if (!pick) return { selection: new Uint8Array(cloud.count), count: 0, onSurface: false };
  await breathe();
  throwIfCancelled(signal);

  const halfView = (pick.depth * Math.max(camera.width / camera.fx, camera.height / camera.fy)) / 2;
  const radii: number[] = [];
  for (let r = FINEST_SHARE * halfView; r <= COARSEST_SHARE * halfView; r *= LEVEL_FACTOR) {
    radii.push(2 * r);
  }
  const near = findNearSplats(cloud, pick.point, radii, marks);
  const limits = growthLimits(strength);
  const { run, surfaces } = await searchLevels(cloud, near, limits, signal);

  const alone = run.length === 1 && surfaces.length === 0 && run[0]!.finding.end !== 'cut';
  if (run.length >= 2 || alone) {
    const selection = finishObject(cloud, near, run);
    return { selection, count: countSelected(selection), onSurface: false };
  }
  const radius = PATCH_SHARE * (0.5 + strength) * halfView;
  const surface = surfaces.find((s) => s.ball.radius >= 2 * radius) ?? surfaces.at(-1);
  const around = near.within(radii.findIndex((r) => r >= 1.5 * radius));
  const ball = voxelizeBall(cloud, around, pick.point, 1.5 * radius, 2 * INNER_VOXELS);
  const selection = finishPatch(cloud, ball, radius, (v) => {
    if (!surface) return true;
    const [x, y, z] = [ball.means[v * 3]!, ball.means[v * 3 + 1]!, ball.means[v * 3 + 2]!];
    const d = slabDistance(surface.slab, x, y, z);
    return d >= surface.slab.low && d <= surface.slab.high;
  });
  return { selection, count: countSelected(selection), onSurface: true };
}
