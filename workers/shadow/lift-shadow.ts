/**
 * Gives the surfaces that an object stands on the light back that its cast shadow takes: the same splats, brighter.
 * The shade is told from the surface's look at a distance, as in shadow removal from single pictures (Finlayson et al. 2006;
 * Guo et al. 2011 relight a region by the ratio to its lit surroundings); what is finer than the shade, the texture, stays.
 */
import type { Vec3 } from '../../core/camera.ts';
import { HIDDEN, LOCKED, type Marks } from '../../core/marks.ts';
import { measureObject } from '../../core/object-shape.ts';
import { breathe, throwIfCancelled } from '../../core/progress.ts';
import { findNearSplats } from '../../core/select/near-splats.ts';
import { findSlabs, type Slab, slabDistance } from '../../core/select/planes.ts';
import { buildSceneIndex, sceneIndex } from '../../core/select/scene-index.ts';
import { voxelizeBall } from '../../core/select/voxels.ts';
import { type Selection, selectedRows } from '../../core/selection.ts';
import {
  colourOf,
  dcOf,
  SH_REST_COUNT,
  type SplatCloud,
  takeSplats,
} from '../../core/splat-cloud.ts';
import { findShadow } from './find-shadow.ts';
import { planePicture } from './plane-picture.ts';

export interface LiftedShadow {
  /** Rows of the cloud that were in the shadow, ascending; none is selected, hidden or locked. */
  rows: Uint32Array;
  /** The same splats, lit. */
  splats: SplatCloud;
}

/** How far from the object its shadow is looked for, and how far the surface is looked at, in its radii. */
const REACH = 2.2;
const SEEN = 3;
const HALF_VOXELS = 32;
/** A surface must go on beyond this many radii, and cover this share of the ring to what is looked at. */
const INNER = 1.15;
const MIN_SPREAD = 0.2;
/** A surface is stood on when it comes this near to the object, in its radii. */
const TOUCHES = 0.25;
const CELLS_A_RADIUS = 24;
/** Cells hold about this many splats each where splats are sparse. */
const SPLATS_A_CELL = 1.5;
/** Log gains under this are not worth a change. */
const LEAST = 0.012;

/** Between two parts of the work, of about 100 ms each: a cancel is heard. */
async function rest(signal: AbortSignal | undefined): Promise<void> {
  await breathe();
  throwIfCancelled(signal);
}

/**
 * Looks at every flat surface that comes near to the selected object, and lights what lies in its shadow there.
 * @param marks hidden splats are not there; locked ones stay as they are
 * @returns no rows where no shadow is found
 * @throws SplatmendError `cancelled`
 */
export async function liftShadow(
  cloud: SplatCloud,
  selection: Selection,
  marks?: Marks,
  signal?: AbortSignal,
): Promise<LiftedShadow> {
  await buildSceneIndex(cloud, signal);
  const own = selectedRows(selection);
  const shape = measureObject(takeSplats(cloud, own));
  const seen = SEEN * shape.radius;
  const { rows: indexed } = sceneIndex(cloud);
  const places = findNearSplats(cloud, shape.center, [seen], marks)
    .within(0)
    .filter((place) => selection[indexed[place]!] === 0);
  await rest(signal);
  const ball = voxelizeBall(cloud, places, shape.center, seen, HALF_VOXELS);
  await rest(signal);
  const { slabs } = findSlabs(ball, INNER * shape.radius, MIN_SPREAD);
  const gains = new Map<number, [number, number, number]>();
  for (const slab of slabs) {
    if (!touches(cloud, own, slab, TOUCHES * shape.radius)) continue;
    await rest(signal);
    liftFrom(slab);
  }
  return relit(cloud, gains);

  function liftFrom(slab: Slab): void {
    const p = cloud.positions;
    const inSlab: number[] = [];
    for (const place of places) {
      const row = indexed[place]!;
      const d = slabDistance(slab, p[3 * row]!, p[3 * row + 1]!, p[3 * row + 2]!);
      if (d >= slab.low && d <= slab.high) inSlab.push(row);
    }
    const area = Math.PI * seen ** 2 * slab.spread;
    const cell = Math.max(
      shape.radius / CELLS_A_RADIUS,
      Math.sqrt((SPLATS_A_CELL * area) / Math.max(1, inSlab.length)),
    );
    const picture = planePicture(cloud, inSlab, slab, shape.center, seen, cell);
    const outside = Float32Array.from(picture.weight, (_, i) => {
      const at: Vec3 = picture.point(i);
      return shape.outside(...at) / shape.radius;
    });
    const found = findShadow(picture, outside, REACH);
    if (found === undefined) return;
    for (const row of inSlab) {
      if (((marks?.[row] ?? 0) & (HIDDEN | LOCKED)) !== 0) continue;
      const { a, b } = picture.place(p[3 * row]!, p[3 * row + 1]!, p[3 * row + 2]!);
      const gain = sample(found.gain, picture.side, a, b);
      if (Math.max(...gain) < LEAST) continue;
      gains.set(row, gain);
    }
  }
}

function touches(cloud: SplatCloud, rows: Uint32Array, slab: Slab, near: number): boolean {
  const p = cloud.positions;
  let count = 0;
  for (const row of rows) {
    const d = slabDistance(slab, p[3 * row]!, p[3 * row + 1]!, p[3 * row + 2]!);
    if (Math.abs(d) < near) count++;
  }
  return count > 0.01 * rows.length;
}

function sample(gain: Float32Array, side: number, a: number, b: number): [number, number, number] {
  const out: [number, number, number] = [0, 0, 0];
  const [x, y] = [Math.floor(a), Math.floor(b)];
  for (let dy = 0; dy < 2; dy++) {
    for (let dx = 0; dx < 2; dx++) {
      const [cx, cy] = [x + dx, y + dy];
      if (cx < 0 || cy < 0 || cx >= side || cy >= side) continue;
      const w = (1 - Math.abs(a - cx)) * (1 - Math.abs(b - cy));
      for (let k = 0; k < 3; k++) out[k]! += w * gain[3 * (cy * side + cx) + k]!;
    }
  }
  return out;
}

/** A gain holds for all of a splat's colour: its view-dependent part too. */
function relit(cloud: SplatCloud, gains: Map<number, [number, number, number]>): LiftedShadow {
  const rows = Uint32Array.from(gains.keys()).sort();
  const splats = takeSplats(cloud, rows);
  const perChannel = SH_REST_COUNT[cloud.shDegree];
  for (const [i, row] of rows.entries()) {
    const gain = gains.get(row)!;
    for (let k = 0; k < 3; k++) {
      const factor = Math.exp(gain[k]!);
      splats.dc[3 * i + k] = dcOf(colourOf(splats.dc[3 * i + k]!) * factor);
      const from = (3 * i + k) * perChannel;
      for (let j = 0; j < perChannel; j++) splats.shRest[from + j]! *= factor;
    }
  }
  return { rows, splats };
}
