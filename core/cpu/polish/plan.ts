import { maskBounds } from '../../image.ts';
import type { PolishView } from '../../polish-types.ts';
import type { SplatCloud } from '../../splat-cloud.ts';
import { binBatch, createTileGrid } from '../render/bin.ts';
import { type CloudMeasure, measureCloud } from '../render/measure.ts';
import { planView, type ViewPlan } from '../render/plan.ts';
import { createProjected, createProjector } from '../render/project.ts';
import { RECORD_FLOATS, RHO, RHO_DX, RHO_DY, RHO_MAX, RHO_MIN } from '../render/records.ts';
import { sortByDepth } from '../render/sort.ts';
import type { PolishState } from './state.ts';

/** 8 × 8 pixels. */
const TILE_SHIFT = 3;
export const TILE_SIDE = 1 << TILE_SHIFT;
export const TILE_PIXELS = TILE_SIDE * TILE_SIDE;

/** A tile: its corner in the picture, and its run [from, end) of the entries. */
export const TILE_WORDS = 4;

/**
 * What a new splat's record is made from beside its parameters, as 12 numbers: its start in the camera's frame, the way of
 * an OFFSET of 1 there, the slopes of its plane's inverse depth (relative to the centre's, a pixel) with their bounds, and two spare.
 * The slopes stay as they are between two plans.
 */
export const PLACE_FLOATS = 12;
export const START = 0;
export const WAY = 3;
export const SLOPE_X = 6;
export const SLOPE_Y = 7;
export const LEAST = 8;
export const MOST = 9;

/** A wanted pixel as 5 numbers: red, green, blue, one over the depth (0 = no opinion), weight (all weights of a view sum up to 1). */
export const WANTED_FLOATS = 5;

/** One view's lists, good for some steps: who is blended where and in which order. */
export interface PolishPlan {
  view: PolishView;
  /** New splats that the view holds; their records come first. */
  newCount: number;
  /** Their rows. */
  rows: Uint32Array;
  /** PLACE_FLOATS each. */
  places: Float64Array;
  /** RECORD_FLOATS each: the new splats', which `projectNew` writes anew, then the frozen ones'. */
  records: Float64Array;
  /** TILE_WORDS each: those with pixels that are compared. */
  tiles: Uint32Array;
  /** Record numbers, each tile's from front to back. */
  entries: Uint32Array;
  /** WANTED_FLOATS a pixel of each tile, by rows; weight 0 = not compared. */
  wanted: Float64Array;
}

/** What of a view stays the same through all plans. */
export interface PolishScene {
  view: PolishView;
  measure: CloudMeasure;
  frozen: ViewPlan;
  /** Number of compared pixels. */
  pixels: number;
}

/** Undefined for a view without a pixel to compare. */
export async function createPolishScene(
  view: PolishView,
  signal: AbortSignal | undefined,
): Promise<PolishScene | undefined> {
  const region = maskBounds(view.mask);
  if (region === undefined) return undefined;
  const measure = measureCloud(view.frozen);
  if (!(measure.near > 0)) measure.near = 0;
  const frozen = await planView(view.frozen, measure, view.camera, { region }, signal);
  let pixels = 0;
  for (const v of view.mask.data) if (v !== 0) pixels++;
  return { view, measure, frozen, pixels };
}

/** The reference's own projection of the new splats, with their rows. */
function projectSplats(splats: SplatCloud, { view, measure, frozen }: PolishScene) {
  const projected = createProjected(splats.count);
  const project = createProjector(
    {
      cloud: splats,
      camera: view.camera,
      region: frozen.region,
      near: measure.near,
      usable: new Uint8Array(splats.count).fill(1),
      visible: undefined,
      marked: undefined,
    },
    projected,
  );
  const rows: number[] = [];
  for (let i = 0; i < splats.count; i++) {
    project(i, i + 1);
    if (projected.count > rows.length) rows.push(i);
  }
  return { ...projected, rows: Uint32Array.from(rows) };
}

/** @param splats the new ones as they are now */
export function planPolish(scene: PolishScene, splats: SplatCloud, state: PolishState): PolishPlan {
  const { view, frozen } = scene;
  const fresh = projectSplats(splats, scene);
  const newCount = fresh.count;
  const frozenCount = frozen.records.length / RECORD_FLOATS;
  const records = new Float32Array((newCount + frozenCount) * RECORD_FLOATS);
  records.set(fresh.records.subarray(0, newCount * RECORD_FLOATS));
  records.set(frozen.records, newCount * RECORD_FLOATS);
  const boxes = new Uint16Array((newCount + frozenCount) * 4);
  boxes.set(fresh.boxes.subarray(0, newCount * 4));
  boxes.set(frozen.boxes, newCount * 4);
  const depths = new Float32Array(newCount + frozenCount);
  for (let k = 0; k < depths.length; k++) depths[k] = 1 / records[k * RECORD_FLOATS + RHO]!;
  const whole = { ...frozen, records, boxes, order: sortByDepth(depths) };

  const grid = createTileGrid(whole, TILE_SHIFT);
  const tileCount = grid.columns * grid.rows;
  const closed = new Uint8Array(tileCount).fill(1);
  const { width, height, data } = view.mask;
  for (let y = frozen.region.y0; y < frozen.region.y1; y++) {
    for (let x = frozen.region.x0; x < frozen.region.x1; x++) {
      if (data[y * width + x] === 0) continue;
      const row = (y >> TILE_SHIFT) - grid.row0;
      closed[row * grid.columns + (x >> TILE_SHIFT) - grid.column0] = 0;
    }
  }
  const all = { maxEntries: Number.POSITIVE_INFINITY, maxSplats: Number.POSITIVE_INFINITY };
  const { starts, entries } = binBatch(whole, grid, 0, all, closed);

  const kept: number[] = [];
  for (let t = 0; t < tileCount; t++) if (closed[t] === 0) kept.push(t);
  const tiles = new Uint32Array(kept.length * TILE_WORDS);
  const wanted = new Float64Array(kept.length * TILE_PIXELS * WANTED_FLOATS);
  kept.forEach((t, k) => {
    const x0 = ((t % grid.columns) + grid.column0) * TILE_SIDE;
    const y0 = (Math.floor(t / grid.columns) + grid.row0) * TILE_SIDE;
    tiles.set([x0, y0, starts[t]!, starts[t + 1]!], k * TILE_WORDS);
    for (let p = 0; p < TILE_PIXELS; p++) {
      const x = x0 + (p % TILE_SIDE);
      const y = y0 + (p >> TILE_SHIFT);
      const i = y * width + x;
      if (x >= width || y >= height || data[i] === 0) continue;
      const o = (k * TILE_PIXELS + p) * WANTED_FLOATS;
      const z = view.depth.data[i]!;
      for (let c = 0; c < 3; c++) wanted[o + c] = view.rgb.data[i * 3 + c]!;
      wanted[o + 3] = z > 0 && Number.isFinite(z) ? 1 / z : 0;
      wanted[o + 4] = 1 / scene.pixels;
    }
  });
  return {
    view,
    newCount,
    rows: fresh.rows,
    places: placesOf(scene, fresh, state),
    ...withoutUnused(records, newCount, entries),
    tiles,
    wanted,
  };
}

function placesOf(
  { view }: PolishScene,
  fresh: { count: number; records: Float32Array; rows: Uint32Array },
  { starts, ways }: PolishState,
): Float64Array {
  const places = new Float64Array(fresh.count * PLACE_FLOATS);
  const w = view.camera.worldToCamera;
  for (let k = 0; k < fresh.count; k++) {
    const i = fresh.rows[k]! * 3;
    const o = k * PLACE_FLOATS;
    for (let a = 0; a < 3; a++) {
      const along = (v: Float64Array) =>
        w[a]! * v[i]! + w[4 + a]! * v[i + 1]! + w[8 + a]! * v[i + 2]!;
      places[o + START + a] = along(starts) + w[12 + a]!;
      places[o + WAY + a] = along(ways);
    }
    const r = k * RECORD_FLOATS;
    const rho = fresh.records[r + RHO]!;
    places[o + SLOPE_X] = fresh.records[r + RHO_DX]! / rho;
    places[o + SLOPE_Y] = fresh.records[r + RHO_DY]! / rho;
    places[o + LEAST] = fresh.records[r + RHO_MIN]! / rho;
    places[o + MOST] = fresh.records[r + RHO_MAX]! / rho;
  }
  return places;
}

/** Leaves out the frozen records that no tile lists. */
function withoutUnused(records: Float32Array, newCount: number, entries: Uint32Array) {
  const place = new Int32Array(records.length / RECORD_FLOATS).fill(-1);
  const used: number[] = [];
  for (const record of entries) {
    if (record < newCount || place[record] !== -1) continue;
    place[record] = newCount + used.length;
    used.push(record);
  }
  const out = new Float64Array((newCount + used.length) * RECORD_FLOATS);
  out.set(records.subarray(0, newCount * RECORD_FLOATS));
  used.forEach((record, k) => {
    const from = record * RECORD_FLOATS;
    out.set(records.subarray(from, from + RECORD_FLOATS), (newCount + k) * RECORD_FLOATS);
  });
  return {
    records: out,
    entries: entries.map((record) => (record < newCount ? record : place[record]!)),
  };
}
