import type { Camera, Vec3 } from '../../core/camera.ts';
import { HIDDEN, type Marks } from '../../core/marks.ts';
import { breathe, throwIfCancelled } from '../../core/progress.ts';
import { lookCoupling } from '../../core/select/coupling.ts';
import { forEachRowInVoxels } from '../../core/select/in-voxels.ts';
import { findNearSplats, REACH_SIGMAS } from '../../core/select/near-splats.ts';
import { partOf } from '../../core/select/part-of.ts';
import { pickSplat, type SplatPick } from '../../core/select/pick-splat.ts';
import { findSlabs } from '../../core/select/planes.ts';
import { buildSceneIndex, sceneIndex } from '../../core/select/scene-index.ts';
import {
  neighbourList,
  neighboursOf,
  type VoxelBall,
  voxelAt,
  voxelizeBall,
} from '../../core/select/voxels.ts';
import type { Stroke } from '../../core/select-types.ts';
import type { Selection } from '../../core/selection.ts';
import type { SplatCloud } from '../../core/splat-cloud.ts';

export interface RefineOptions {
  /** 0..1: low values stop at small breaks and doubt that what is under the stroke is a part; high ones go on over them. */
  strength?: number;
  /** Hidden splats are not there. */
  marks?: Marks;
}
export const REFINE_DEFAULTS: Required<Omit<RefineOptions, 'marks'>> = { strength: 0.5 };

/** Places at which a stroke is looked through: more would not make a part clearer. */
const MOST_PLACES = 32;
/** Voxels from the ball's centre to its border. */
const HALF_SIDE = 32;
/** The finest voxels, in what splats reach. */
const FINEST_DETAIL = 0.7;
/** More splats than this tell the voxels nothing new. */
const ENOUGH_SPLATS = 1 << 16;
/** What is added may be this much larger than the stroke is long, and than the view's half width. */
const ADD_STROKES = 4;
const ADD_VIEW_SHARE = 0.12;
/** Shares of what is selected nearby: the most that a stroke takes out of one thing, what it leaves of several, the most that it adds. */
const MOST_REMOVED = 0.67;
const LEAST_KEPT = 0.1;
const MOST_ADDED = 1.5;
/** A flat surface is a big one when it covers this share of the ring around the inner ball. */
const MIN_SPREAD = 0.2;

/** Pixels along and across the strokes, evenly spread, at most MOST_PLACES. */
function placesOn(strokes: readonly Stroke[]): { x: number; y: number }[] {
  const places: { x: number; y: number }[] = [];
  for (const { points, radiusPx } of strokes) {
    const step = Math.max(1, radiusPx / 2);
    const across = radiusPx > 2 ? [0, -radiusPx / 2, radiusPx / 2] : [0];
    for (let k = 0; k + 1 < points.length; k += 2) {
      const [x, y] = [points[k]!, points[k + 1]!];
      const [toX, toY] = k + 3 < points.length ? [points[k + 2]!, points[k + 3]!] : [x, y];
      const length = Math.hypot(toX - x, toY - y);
      const steps = Math.min(1000, Math.max(1, Math.ceil(length / step)));
      const [nx, ny] = length > 0 ? [(y - toY) / length, (toX - x) / length] : [1, 0];
      for (let s = 0; s < steps; s++) {
        const [px, py] = [x + ((toX - x) * s) / steps, y + ((toY - y) * s) / steps];
        for (const a of across) places.push({ x: px + a * nx, y: py + a * ny });
      }
    }
  }
  const every = Math.max(1, places.length / MOST_PLACES);
  const out: { x: number; y: number }[] = [];
  for (let k = 0; k < places.length; k += every) out.push(places[Math.floor(k)]!);
  return out;
}

/** A box that grows by points. */
function createBounds() {
  const low: [number, number, number] = [Infinity, Infinity, Infinity];
  const high: [number, number, number] = [-Infinity, -Infinity, -Infinity];
  return {
    add(x: number, y: number, z: number): void {
      if (x < low[0]) low[0] = x;
      if (y < low[1]) low[1] = y;
      if (z < low[2]) low[2] = z;
      if (x > high[0]) high[0] = x;
      if (y > high[1]) high[1] = y;
      if (z > high[2]) high[2] = z;
    },
    /** The box's middle, and the distance from it to its corner, world units. */
    ball(): { center: Vec3; radius: number } {
      const middle = (k: 0 | 1 | 2) => (low[k] + high[k]) / 2;
      return {
        center: [middle(0), middle(1), middle(2)],
        radius: Math.hypot(high[0] - low[0], high[1] - low[1], high[2] - low[2]) / 2,
      };
    },
  };
}

function boundsOfPicks(picks: readonly SplatPick[]): { center: Vec3; radius: number } {
  const bounds = createBounds();
  for (const { point } of picks) bounds.add(...point);
  return bounds.ball();
}

function boundsOfSelected(
  { positions: p, count }: SplatCloud,
  selection: Selection,
): { center: Vec3; radius: number } {
  const bounds = createBounds();
  for (let i = 0; i < count; i++) {
    if (selection[i] === 0) continue;
    const x = p[i * 3]!;
    const y = p[i * 3 + 1]!;
    const z = p[i * 3 + 2]!;
    if (Number.isFinite(x + y + z)) bounds.add(x, y, z);
  }
  return bounds.ball();
}

/** The voxel at a place, or the nearest of the wanted ones beside it; −1 where there is none. */
function voxelBeside(ball: VoxelBall, member: Uint8Array, [x, y, z]: Vec3): number {
  let best = -1;
  let least = Number.POSITIVE_INFINITY;
  const s = ball.size;
  for (let k = -1; k <= 1; k++) {
    for (let j = -1; j <= 1; j++) {
      for (let i = -1; i <= 1; i++) {
        const v = voxelAt(ball, x + i * s, y + j * s, z + k * s);
        if (v < 0 || member[v] === 0) continue;
        const d =
          (ball.means[v * 3]! - x) ** 2 +
          (ball.means[v * 3 + 1]! - y) ** 2 +
          (ball.means[v * 3 + 2]! - z) ** 2;
        if (d >= least) continue;
        least = d;
        best = v;
      }
    }
  }
  return best;
}

/** Voxels around the stroke: what is there to take from (the base), or to add (all but the base). */
interface Ground {
  ball: VoxelBall;
  /** The splats that the voxels are made of, as places in the scene index. */
  places: Uint32Array;
  member: Uint8Array;
  /** Splats of the other kind there, for one of these. */
  others: number;
}

/** A stroke that corrects does not mean most of what is selected, nor many times as much as is. */
function limitsOf(
  { ball, others }: Ground,
  sign: 'add' | 'remove',
): { most: number; left: number } {
  if (sign === 'remove') return { most: MOST_REMOVED * ball.count, left: LEAST_KEPT * ball.count };
  const most = others === 0 ? ball.count : MOST_ADDED * others * ball.count;
  return { most, left: Number.POSITIVE_INFINITY };
}

function groundAround(
  cloud: SplatCloud,
  base: Selection,
  picks: readonly SplatPick[],
  wanted: 0 | 1,
  radius: number,
  center: Vec3,
  marks: Marks | undefined,
): Ground {
  const { sigmas, rows } = sceneIndex(cloud);
  const all = findNearSplats(cloud, center, [radius], marks).within(0);
  const step = Math.max(1, Math.floor(all.length / ENOUGH_SPLATS));
  const taken = new Uint32Array(Math.ceil(all.length / step));
  let count = 0;
  for (let k = 0; k < all.length; k += step) {
    const place = all[k]!;
    if ((base[rows[place]!]! !== 0 ? 1 : 0) === wanted) taken[count++] = place;
  }
  const used = taken.subarray(0, count);
  const reaches = Float32Array.from(picks, (pick) => REACH_SIGMAS * sigmas[pick.row]!).sort();
  const finest = FINEST_DETAIL * reaches[reaches.length >> 1]!;
  const half = Math.max(4, Math.min(HALF_SIDE, Math.floor(radius / finest)));
  const ball = voxelizeBall(cloud, used, center, radius, half);
  const others = Math.ceil(all.length / step) / used.length - 1;
  return { ball, places: used, member: new Uint8Array(ball.count).fill(1), others };
}

/** Where there is no part: the seeds and the voxels beside them. */
function around(ball: VoxelBall, member: Uint8Array, seeds: readonly number[]): Uint8Array {
  const out = new Uint8Array(ball.count);
  const list = neighbourList(1);
  for (const v of seeds) {
    out[v] = 1;
    const neighbours = neighboursOf(ball, v, 1, list);
    for (let k = 0; k < neighbours; k++) if (member[list[k]!] === 1) out[list[k]!] = 1;
  }
  return out;
}

/**
 * Corrects a selection by strokes over the picture: takes the part that the strokes lie on out of it
 * (`remove`), or adds it (`add`). What a part is follows from breaks in colour, direction, size and closeness of
 * the splats; where there is none, what is under the stroke is taken. Strokes mean the visible
 * surface; those over what is selected already (or is not) do nothing.
 * @param camera in the cloud's frame; strokes are in its pixels
 * @param base one byte a splat
 * @returns a selection of its own; the base stays as it is
 */
export async function refineSelection(
  cloud: SplatCloud,
  camera: Camera,
  base: Selection,
  strokes: readonly Stroke[],
  sign: 'add' | 'remove',
  options: RefineOptions = {},
  signal?: AbortSignal,
): Promise<Selection> {
  const { strength, marks } = { ...REFINE_DEFAULTS, ...options };
  await buildSceneIndex(cloud, signal);
  const selection = base.slice();
  const wanted = sign === 'remove' ? 1 : 0;
  const picks: SplatPick[] = [];
  for (const place of placesOn(strokes)) {
    throwIfCancelled(signal);
    const pick = pickSplat(cloud, camera, place, marks);
    if (pick && (base[pick.row]! !== 0 ? 1 : 0) === wanted) picks.push(pick);
  }
  await breathe();
  throwIfCancelled(signal);
  if (picks.length === 0) return selection;

  const stroke = boundsOfPicks(picks);
  const depth = picks[picks.length >> 1]!.depth;
  const halfView = (depth * Math.max(camera.width / camera.fx, camera.height / camera.fy)) / 2;
  const s = Math.min(1, Math.max(0, strength));
  let { center } = stroke;
  let radius = Math.max(ADD_STROKES * stroke.radius, 2 * ADD_VIEW_SHARE * (0.5 + s) * halfView);
  if (sign === 'remove') {
    const whole = boundsOfSelected(cloud, base);
    // A small selection is looked at as a whole, a large one around the stroke.
    if (whole.radius <= 2 * halfView) {
      center = whole.center;
      radius = 1.05 * whole.radius + stroke.radius;
    }
  }
  const ground = groundAround(cloud, base, picks, wanted, radius, center, marks);
  const { ball, places, member } = ground;
  await breathe();
  throwIfCancelled(signal);
  if (sign === 'add') {
    // A table is added to only by a stroke on the table.
    const { barrier } = findSlabs(ball, radius / 2, MIN_SPREAD);
    const seeds = picks.map((pick) => voxelBeside(ball, member, pick.point));
    const onSlab = seeds.filter((v) => v >= 0 && barrier[v] !== 0).length;
    if (2 * onSlab < seeds.length) {
      for (let v = 0; v < ball.count; v++) if (barrier[v] !== 0) member[v] = 0;
    }
  }
  const seeds = [
    ...new Set(picks.map((pick) => voxelBeside(ball, member, pick.point)).filter((v) => v >= 0)),
  ];
  if (seeds.length === 0) return selection;
  const coupling = lookCoupling(cloud, places, ball, 0.04 + 0.1 * s);
  const border = ball.radius - 1.5 * ball.size;
  const found = partOf(ball, member, seeds, coupling, {
    outline: 0.25 + 0.6 * s,
    // To take too much out of what is selected is worse than to ask for another stroke.
    caution: sign === 'remove' ? 0.2 : 0,
    least: seeds.length,
    ...limitsOf(ground, sign),
    isBorder: (v) => ball.distances[v]! > border,
  });
  const part = found ?? around(ball, member, seeds);
  throwIfCancelled(signal);

  forEachRowInVoxels(sceneIndex(cloud), ball, part, (i) => {
    if (!marks || (marks[i]! & HIDDEN) === 0) selection[i] = 1 - wanted;
  });
  return selection;
}
