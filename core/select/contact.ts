import { colourOf, type SplatCloud } from '../splat-cloud.ts';
import { createLookField, type LookField } from './look-field.ts';
import { type Slab, slabDistance } from './planes.ts';
import { type SceneIndex, sceneIndex } from './scene-index.ts';
import { createSlabRaster, dilateCells, fillCellHoles, type SlabRaster } from './slab-raster.ts';
import { createSplatFrame, splatFrame } from './splat-frame.ts';
import type { VoxelBall } from './voxels.ts';

/** A splat leaning this much out of the surface (1 − |cos|) belongs to what stands on it. */
const LEANING = 0.3;
const LYING = 0.12;
/** Places around the object that tell the surface's noise. */
const NOISE_PLACES = 1000;
/** Cells from a splat in which the surface beside it, and the object, are looked for. */
const SURFACE_REACH = 8;
const OBJECT_REACH = 4;
const NOISE_REACH = 2;

/** Where an object stands on a slab: the splats there, as places in the scene index. */
interface Foot {
  raster: SlabRaster;
  /** The object's. */
  own: Uint32Array;
  /** Others in and about the slab's band. */
  others: Uint32Array;
  /** The slab's band, as heights: world units, turned so that the object is above. */
  top: number;
  bottom: number;
  height(i: number): number;
  cell(i: number): number;
}

function footOf(
  { rows, spheres }: SceneIndex,
  places: Uint32Array,
  selection: Uint8Array,
  ball: VoxelBall,
  slab: Slab,
): Foot {
  const [nx, ny, nz] = slab.normal;
  const own = new Uint32Array(places.length);
  const others = new Uint32Array(places.length);
  let [owned, other, sum] = [0, 0, 0];
  const low = slab.low - ball.size;
  const high = slab.high + ball.size;
  for (let k = 0; k < places.length; k++) {
    const i = places[k]!;
    const s = i * 4;
    const d = nx * spheres[s]! + ny * spheres[s + 1]! + nz * spheres[s + 2]! - slab.offset;
    if (selection[rows[i]!] === 1) {
      own[owned++] = i;
      sum += d;
    } else if (d >= low && d <= high) others[other++] = i;
  }
  const sign = sum < 0 ? -1 : 1;
  const raster = createSlabRaster(ball, slab);
  return {
    raster,
    own: own.subarray(0, owned),
    others: others.subarray(0, other),
    top: sign > 0 ? slab.high : -slab.low,
    bottom: sign > 0 ? slab.low : -slab.high,
    height: (i) =>
      sign * slabDistance(slab, spheres[i * 4]!, spheres[i * 4 + 1]!, spheres[i * 4 + 2]!),
    cell: (i) => raster.cellOf(spheres[i * 4]!, spheres[i * 4 + 1]!, spheres[i * 4 + 2]!),
  };
}

/** The object's footprint on the raster, and what it looks like just above. */
function castFootprint(
  { dc }: SceneIndex,
  foot: Foot,
  slice: number,
): { footprint: Uint8Array; looks: LookField } {
  const { side } = foot.raster;
  const base = new Uint8Array(side * side);
  const looks = createLookField(side);
  for (const i of foot.own) {
    const height = foot.height(i);
    if (height > foot.top + slice) continue;
    const cell = foot.cell(i);
    if (cell < 0) continue;
    base[cell] = 1;
    const c = i * 3;
    looks.add(cell, colourOf(dc[c]!), colourOf(dc[c + 1]!), colourOf(dc[c + 2]!), height);
  }
  return { footprint: fillCellHoles(dilateCells(base, side), side), looks };
}

/** The slab's own splats around the footprint with their looks, and those within it, to be decided on. */
function sortBand(
  { dc }: SceneIndex,
  foot: Foot,
  footprint: Uint8Array,
  above: number,
): { around: Uint32Array; undecided: Uint32Array; looks: LookField } {
  const { side } = foot.raster;
  const beside = dilateCells(dilateCells(footprint, side), side);
  const looks = createLookField(side);
  const around = new Uint32Array(foot.others.length);
  const undecided = new Uint32Array(foot.others.length);
  let [surrounding, within] = [0, 0];
  for (const i of foot.others) {
    const height = foot.height(i);
    if (height < foot.bottom || height > foot.top + above) continue;
    const cell = foot.cell(i);
    if (cell < 0) continue;
    if (footprint[cell] === 1) undecided[within++] = i;
    else if (beside[cell] === 0 && height <= foot.top) {
      around[surrounding++] = i;
      const c = i * 3;
      looks.add(cell, colourOf(dc[c]!), colourOf(dc[c + 1]!), colourOf(dc[c + 2]!), height);
    }
  }
  return {
    around: around.subarray(0, surrounding),
    undecided: undecided.subarray(0, within),
    looks,
  };
}

/** Euclidean, 0..1 a channel. */
function colourStep({ dc }: SceneIndex, i: number, { means }: LookField, cell: number): number {
  const r = colourOf(dc[i * 3]!) - means[cell * 4]!;
  const g = colourOf(dc[i * 3 + 1]!) - means[cell * 4 + 1]!;
  const b = colourOf(dc[i * 3 + 2]!) - means[cell * 4 + 2]!;
  return Math.sqrt(r * r + g * g + b * b);
}

/**
 * Where an object stands on a surface, the surface's band of voxels swallows its foot. Decides for
 * each splat there, under and beside the object, whose it is: the object's when it rises out of the
 * surface's own noise, leans out of the surface, or is coloured like the object and not like the
 * surface around.
 * @param places splats to decide on, as places in the scene index
 * @param selection one byte a row; read
 * @param take selects a row
 */
export function claimFoot(
  cloud: SplatCloud,
  places: Uint32Array,
  selection: Uint8Array,
  ball: VoxelBall,
  slab: Slab,
  take: (row: number) => void,
): void {
  const index = sceneIndex(cloud);
  const foot = footOf(index, places, selection, ball, slab);
  const { footprint, looks: object } = castFootprint(index, foot, 4 * ball.size);
  // A voxel of the band holds splats up to a voxel above it.
  const { around, undecided, looks: surface } = sortBand(index, foot, footprint, ball.size);
  if (around.length === 0) return;
  // Against the surface nearby, not against the plane: rugs have edges and tables sag.
  const rise = (i: number, reach: number): number => {
    const cell = foot.cell(i);
    return surface.near(cell, reach) ? foot.height(i) - surface.means[cell * 4 + 3]! : 0;
  };
  const step = Math.max(1, Math.floor(around.length / NOISE_PLACES));
  const rises = new Float64Array(Math.ceil(around.length / step));
  for (let k = 0; k < rises.length; k++) rises[k] = Math.abs(rise(around[k * step]!, NOISE_REACH));
  const noise = rises.sort()[rises.length >> 1]!;
  const spread = Math.max(1.4826 * noise, 0.02 * ball.size);

  const [nx, ny, nz] = slab.normal;
  const frame = createSplatFrame();
  const isObjects = (i: number): boolean => {
    const sigmas = rise(i, SURFACE_REACH) / spread;
    if (sigmas < -3) return false;
    if (sigmas > 3) return true;
    const { axes: a, sigmas: s } = splatFrame(cloud, index.rows[i]!, frame);
    // A round splat has no direction.
    if (s[2]! < 0.5 * s[1]!) {
      const lean = 1 - Math.abs(a[6]! * nx + a[7]! * ny + a[8]! * nz);
      if (lean > LEANING) return true;
      // One that lies flat in the surface is the surface's, whatever shadow or reflection colours it.
      if (lean < LYING) return false;
    }
    const cell = foot.cell(i);
    if (!object.near(cell, OBJECT_REACH) || !surface.near(cell, SURFACE_REACH)) return false;
    const fromSurface = colourStep(index, i, surface, cell);
    return fromSurface > 0.1 && fromSurface > 2 * colourStep(index, i, object, cell);
  };
  // What is decided rests on what was selected before, so it takes effect at once.
  for (const i of undecided) if (isObjects(i)) take(index.rows[i]!);
}
