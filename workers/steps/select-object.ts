import type { Camera } from '../../core/camera.ts';
import type { Marks } from '../../core/marks.ts';
import { breathe, throwIfCancelled } from '../../core/progress.ts';
import { claimFoot } from '../../core/select/contact.ts';
import { lookCoupling } from '../../core/select/coupling.ts';
import { edgeRows } from '../../core/select/edge-rows.ts';
import { connected } from '../../core/select/grow.ts';
import { boxOfVoxels, forEachRowInVoxels } from '../../core/select/in-voxels.ts';
import { findNearSplats, type NearSplats } from '../../core/select/near-splats.ts';
import type { GrowthLimits } from '../../core/select/object-level.ts';
import { partOf } from '../../core/select/part-of.ts';
import { pickSplat } from '../../core/select/pick-splat.ts';
import { slabDistance } from '../../core/select/planes.ts';
import { buildSceneIndex, sceneIndex } from '../../core/select/scene-index.ts';
import {
  type Candidate,
  INNER_VOXELS,
  majority,
  type ObjectFinding,
  searchLevels,
} from '../../core/select/search-levels.ts';
import { claimSpecks } from '../../core/select/specks.ts';
import { centerVoxel, type VoxelBall, voxelizeBall } from '../../core/select/voxels.ts';
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

type Found = Pick<SelectedObject, 'selection' | 'count'>;

/** Levels of detail: inner radii from this share of the view's half width at the click … */
const FINEST_SHARE = 1 / 45;
/** … up to this one … */
const COARSEST_SHARE = 0.95;
/** … each this much larger than the one before. */
const LEVEL_FACTOR = 1.4;
/** However eager, what hangs on by less than this (a few voxels' faces) is cut loose. */
const LEAST_CUT_COST = 10;
/** From this strength on, an object is not split at breaks within it: a pile of books is one thing. */
const WHOLE_STRENGTH = 0.45;
/** At strength 0, outlines this cheap to cut (see `partOf`) end the object. */
const WEAKEST_BREAK = 0.5;
/** A part of an object has at least so many voxels, and this share of its. */
const LEAST_PART = 24;
const LEAST_PART_SHARE = 0.03;
/** Radius of the patch that is taken from a big surface, share of the view's half width. */
const PATCH_SHARE = 0.18;

function growthLimits(strength: number): GrowthLimits {
  const s = Math.min(1, Math.max(0, strength));
  return {
    cutCost: Math.max(LEAST_CUT_COST, 70 * (1 - s)),
    colourScale: 0.06 + 0.18 * s,
    steps: s > 0.75 ? 2 : 1,
  };
}

/**
 * At low strength: the part of the object around the click, up to a break in colour or direction.
 * Undefined where there is none as clear as the strength asks for.
 */
function splitObject(
  cloud: SplatCloud,
  places: Uint32Array,
  { ball, member }: ObjectFinding,
  strength: number,
): Uint8Array | undefined {
  const seed = centerVoxel(ball);
  if (strength >= WHOLE_STRENGTH || member[seed] !== 1) return undefined;
  const { colourScale } = growthLimits(strength);
  return partOf(ball, member, [seed], lookCoupling(cloud, places, ball, colourScale), {
    outline: WEAKEST_BREAK * (1 - strength / WHOLE_STRENGTH),
    caution: 0,
    least: Math.max(LEAST_PART, LEAST_PART_SHARE * countSelected(member)),
    most: ball.count,
    left: 0,
    isBorder: () => false,
  });
}

/** A selection that is counted as it grows: a million bytes are not gone through for some thousand. */
function startSelection(cloud: SplatCloud) {
  const found = { selection: new Uint8Array(cloud.count), count: 0 };
  const take = (row: number): void => {
    found.count += 1 - found.selection[row]!;
    found.selection[row] = 1;
  };
  return { found, take };
}

function finishObject(
  cloud: SplatCloud,
  near: NearSplats,
  run: Candidate[],
  strength: number,
  marks: Marks | undefined,
): Found {
  const { found, take } = startSelection(cloud);
  const index = sceneIndex(cloud);
  const { ball, slabs } = run[0]!.finding;
  const level = near.within(near.radii.indexOf(ball.radius));
  const part = splitObject(cloud, level, run[0]!.finding, strength);
  if (!part) {
    const agreed = majority(run);
    const widest = near.within(near.radii.indexOf(run.at(-1)!.finding.ball.radius));
    for (let k = 0; k < agreed.length; k++) if (agreed[k] === 1) take(index.rows[widest[k]!]!);
  }
  const member = part ?? run[0]!.finding.member;
  forEachRowInVoxels(index, ball, member, take);
  for (const slab of slabs) claimFoot(cloud, level, found.selection, ball, slab, take);
  const box = boxOfVoxels(ball, member);
  if (box) {
    const edge = edgeRows(cloud, found.selection, box, ball.size);
    claimSpecks(cloud, found.selection, edge, found.count, marks, take);
  }
  return found;
}

/** A round patch of the surface under the click, connected, at most `radius` wide. */
function finishPatch(
  cloud: SplatCloud,
  ball: VoxelBall,
  radius: number,
  onPatch: (v: number) => boolean,
): Found {
  const { found, take } = startSelection(cloud);
  const [cx, cy, cz] = ball.center;
  const seed = centerVoxel(ball);
  if (seed < 0) return found;
  const near = (v: number) =>
    Math.hypot(ball.means[v * 3]! - cx, ball.means[v * 3 + 1]! - cy, ball.means[v * 3 + 2]! - cz) <=
    radius;
  const { member } = connected(ball, seed, 1, (_from, to) => near(to) && onPatch(to));
  forEachRowInVoxels(sceneIndex(cloud), ball, member, take);
  return found;
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
    return { ...finishObject(cloud, near, run, strength, marks), onSurface: false };
  }
  const radius = PATCH_SHARE * (0.5 + strength) * halfView;
  const surface = surfaces.find((s) => s.ball.radius >= 2 * radius) ?? surfaces.at(-1);
  const around = near.within(radii.findIndex((r) => r >= 1.5 * radius));
  const ball = voxelizeBall(cloud, around, pick.point, 1.5 * radius, 2 * INNER_VOXELS);
  const patch = finishPatch(cloud, ball, radius, (v) => {
    if (!surface) return true;
    const [x, y, z] = [ball.means[v * 3]!, ball.means[v * 3 + 1]!, ball.means[v * 3 + 2]!];
    const d = slabDistance(surface.slab, x, y, z);
    return d >= surface.slab.low && d <= surface.slab.high;
  });
  return { ...patch, onSurface: true };
}
