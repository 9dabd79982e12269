import type { Camera } from '../camera.ts';
import { binBatch, createTileGrid, type TileBatch, type TileGrid } from '../cpu/render/bin.ts';
import { type CloudMeasure, measureCloud } from '../cpu/render/measure.ts';
import { createPacer } from '../cpu/render/pacer.ts';
import type { ViewPlan } from '../cpu/render/plan.ts';
import { createProjected, createProjector } from '../cpu/render/project.ts';
import {
  CUTOFF,
  L11,
  L21,
  L22,
  MAX_ALPHA,
  MIN_ALPHA,
  MIN_TRANSMITTANCE,
  OPACITY,
  RECORD_FLOATS,
  U,
  V,
} from '../cpu/render/records.ts';
import { sortByDepth } from '../cpu/render/sort.ts';
import { type Mask, maskBounds, type Rect } from '../image.ts';
import type { SplatCloud } from '../splat-cloud.ts';
import { rowsReaching } from './region-rows.ts';
import { buildSceneIndex } from './scene-index.ts';

/** How much of a splat's light falls into a mask. */
export interface LightShares {
  /** N: 0..1, 0 where it gives no light. */
  shares: Float32Array;
  /** N: light into the mask, Σ alpha · transmittance, pixels. */
  light: Float32Array;
  /** N: how much of its light comes past what is before it, 0..1: Σ alpha · transmittance / Σ alpha. */
  passed: Float32Array;
}

/** Pixels around the mask that are blended too: what a splat at its border gives outside must be known. */
const MARGIN_PX = 24;
const PIECE = 16_384;
const TILE_SHIFT = 4;
const LIMITS = { maxEntries: 1 << 22, maxSplats: 1 << 24 };

/** A record's sums. */
interface Sums {
  /** Light into the mask and in all, pixels. */
  inside: Float32Array;
  total: Float32Array;
  /** Σ alpha, whatever is before it. */
  alpha: Float32Array;
}

function addTile(
  plan: ViewPlan,
  grid: TileGrid,
  batch: TileBatch,
  tile: number,
  mask: Mask,
  through: Float32Array,
  sums: Sums,
): void {
  const { records, boxes, region } = plan;
  const columns = region.x1 - region.x0;
  const x0 = Math.max(region.x0, ((tile % grid.columns) + grid.column0) * grid.size);
  const y0 = Math.max(region.y0, (Math.floor(tile / grid.columns) + grid.row0) * grid.size);
  const x1 = Math.min(region.x1, x0 - (x0 % grid.size) + grid.size);
  const y1 = Math.min(region.y1, y0 - (y0 % grid.size) + grid.size);
  const [minAlpha, maxAlpha, full] = [MIN_ALPHA, MAX_ALPHA, MIN_TRANSMITTANCE];
  for (let e = batch.starts[tile]!; e < batch.starts[tile + 1]!; e++) {
    const r = batch.entries[e]!;
    const o = r * RECORD_FLOATS;
    const u = records[o + U]!;
    const v = records[o + V]!;
    const l11 = records[o + L11]!;
    const l21 = records[o + L21]!;
    const l22 = records[o + L22]!;
    const cutoff = records[o + CUTOFF]!;
    const opacity = records[o + OPACITY]!;
    const xa = Math.max(x0, boxes[r * 4]!);
    const xb = Math.min(x1 - 1, boxes[r * 4 + 2]!);
    const ya = Math.max(y0, boxes[r * 4 + 1]!);
    const yb = Math.min(y1 - 1, boxes[r * 4 + 3]!);
    for (let y = ya; y <= yb; y++) {
      const dy = y + 0.5 - v;
      const b = l22 * dy;
      for (let x = xa; x <= xb; x++) {
        const a = l11 * (x + 0.5 - u) + l21 * dy;
        const distance2 = a * a + b * b;
        if (distance2 > cutoff) continue;
        const alpha = Math.min(maxAlpha, opacity * Math.exp(-0.5 * distance2));
        if (alpha < minAlpha) continue;
        sums.alpha[r] = sums.alpha[r]! + alpha;
        const p = (y - region.y0) * columns + x - region.x0;
        const light = through[p]!;
        if (light < full) continue;
        const weight = alpha * light;
        through[p] = light - weight;
        sums.total[r] = sums.total[r]! + weight;
        if (mask.data[y * mask.width + x] !== 0) sums.inside[r] = sums.inside[r]! + weight;
      }
    }
  }
}

/** What no view changes is as long-lived as its cloud, which nobody changes in place. */
const measured = new WeakMap<SplatCloud, CloudMeasure>();

/** Which of the cloud's splats can be drawn, worked out once (some 100 ms for a million). */
export function cloudMeasure(cloud: SplatCloud): CloudMeasure {
  const known = measured.get(cloud);
  if (known) return known;
  const measure = measureCloud(cloud);
  measured.set(cloud, measure);
  return measure;
}

/** Projects the splats that touch the region, remembering which is which: a plan's records carry no rows. */
async function planRegion(
  cloud: SplatCloud,
  camera: Camera,
  region: Rect,
  visible: Uint8Array | undefined,
  pause: () => Promise<void> | undefined,
  signal: AbortSignal | undefined,
): Promise<{ plan: ViewPlan; rows: Uint32Array }> {
  const index = await buildSceneIndex(cloud, signal);
  const { near, usable } = cloudMeasure(cloud);
  await pause();
  const candidates = rowsReaching(index, cloud.count, camera, region);
  await pause();
  const projected = createProjected(Math.min(cloud.count, PIECE));
  // Light is what counts, not its colour: harmonics would cost a third of the projection.
  const plain: SplatCloud = { ...cloud, shDegree: 0, shRest: new Float32Array(0) };
  const project = createProjector(
    { cloud: plain, camera, region, near, usable, visible, marked: undefined },
    projected,
  );
  const rows = new Uint32Array(cloud.count);
  for (let i = 0; i < cloud.count; i++) {
    if (i % PIECE === 0) await pause();
    if (candidates[i] === 0) continue;
    const before = projected.count;
    project(i, i + 1);
    if (projected.count > before) rows[before] = i;
  }
  const { count, records, boxes, depths } = projected;
  const plan: ViewPlan = {
    camera,
    region,
    background: [0, 0, 0],
    records: records.subarray(0, count * RECORD_FLOATS),
    boxes: boxes.subarray(0, count * 4),
    order: sortByDepth(depths.subarray(0, count)),
  };
  return { plan, rows: rows.subarray(0, count) };
}

/** Σ alpha of a splat over a boundless picture, pixels (2π √|Σ| · opacity; 1 / √|Σ| is L11 · L22). */
function massOf(records: Float32Array, r: number): number {
  const o = r * RECORD_FLOATS;
  return (2 * Math.PI * records[o + OPACITY]!) / (records[o + L11]! * records[o + L22]!);
}

function reachesOut({ boxes, region }: ViewPlan, r: number): boolean {
  return (
    boxes[r * 4] === region.x0 ||
    boxes[r * 4 + 1] === region.y0 ||
    boxes[r * 4 + 2] === region.x1 - 1 ||
    boxes[r * 4 + 3] === region.y1 - 1
  );
}

/**
 * How much of each splat's light (Σ alpha · transmittance, by the reference renderer's blending) falls into a
 * mask. Blended are the mask's box and a margin; what a splat gives beyond is taken to be seen as well as the
 * part of it within.
 * @param mask of the camera's size
 * @param visible one byte a splat: 0 is not there
 * @throws SplatmendError `cancelled`
 */
export async function lightShares(
  cloud: SplatCloud,
  camera: Camera,
  mask: Mask,
  visible?: Uint8Array,
  signal?: AbortSignal,
): Promise<LightShares> {
  const shares = new Float32Array(cloud.count);
  const light = new Float32Array(cloud.count);
  const passed = new Float32Array(cloud.count);
  const region = maskBounds(mask, MARGIN_PX);
  if (!region) return { shares, light, passed };
  const pause = createPacer(signal);
  const { plan, rows } = await planRegion(cloud, camera, region, visible, pause, signal);
  const grid = createTileGrid(plan, TILE_SHIFT);
  const tiles = grid.columns * grid.rows;
  const open = new Uint8Array(tiles);
  const through = new Float32Array((region.x1 - region.x0) * (region.y1 - region.y0)).fill(1);
  const sums: Sums = {
    inside: new Float32Array(rows.length),
    total: new Float32Array(rows.length),
    alpha: new Float32Array(rows.length),
  };
  for (let from = 0; from < plan.order.length; ) {
    const batch = binBatch(plan, grid, from, LIMITS, open);
    for (let tile = 0; tile < tiles; tile++) {
      addTile(plan, grid, batch, tile, mask, through, sums);
      const pausing = pause();
      if (pausing !== undefined) await pausing;
    }
    from = batch.to;
  }
  for (let r = 0; r < rows.length; r++) {
    if (!(sums.total[r]! > 0)) continue;
    let total = sums.total[r]!;
    if (reachesOut(plan, r)) total *= Math.max(1, massOf(plan.records, r) / sums.alpha[r]!);
    shares[rows[r]!] = sums.inside[r]! / total;
    light[rows[r]!] = sums.inside[r]!;
    passed[rows[r]!] = sums.total[r]! / sums.alpha[r]!;
  }
  return { shares, light, passed };
}
