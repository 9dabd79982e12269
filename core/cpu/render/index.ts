/** The CPU reference of the renderer (its twin: workers/gpu/render.ts and shaders/render.wgsl). */
import type { Camera } from '../../camera.ts';
import { SplatmendError } from '../../errors.ts';
import type { RenderedView, RenderOptions, SplatRenderer } from '../../kernels.ts';
import type { SplatCloud } from '../../splat-cloud.ts';
import { type BatchLimits, binBatch, createTileGrid } from './bin.ts';
import { type Blender, leaseBlender } from './blender.ts';
import { measureCloud } from './measure.ts';
import { createPacer } from './pacer.ts';
import { planView, type ViewPlan } from './plan.ts';
import { RECORD_FLOATS } from './records.ts';
import { leaseScratch, type Scratch } from './scratch.ts';
import { createTiles, TILE_FLOATS, TILE_SHIFT, tilesToView } from './tiles.ts';

/**
 * Splats a batch: 8 MB of records, near enough to the processor to be read once a tile. What full tiles no longer take
 * is seen between batches.
 */
const BATCH_SPLATS = 1 << 17;
/** Tile entries a batch; passed by at most one splat's tiles. */
const BATCH_ENTRIES = 1 << 20;

/** Tile entries between two looks at the clock: 1 to 5 ms. */
const PAUSE_ENTRIES = 4096;

/** For tests. */
export interface CpuRenderOptions {
  /** Maker of blenders. Default: the fastest that runs here. */
  lease?: () => Blender;
  /** Smaller batches. */
  limits?: Partial<BatchLimits>;
}

/** Copies a run of the depth order to the blender, front to back. @returns it as a plan of its own */
function localise(
  plan: ViewPlan,
  from: number,
  count: number,
  blender: Blender,
  boxes: Uint16Array,
  identity: Uint32Array,
): ViewPlan {
  // Eight bytes at a time: nothing in a record or a box is a NaN to 64 bits, whose bits a copy may change.
  const [source, target] = [wide(plan.records), wide(blender.records)];
  const [sourceBoxes, targetBoxes] = [wide(plan.boxes), wide(boxes)];
  const { order } = plan;
  for (let k = 0; k < count; k++) {
    const row = order[from + k]!;
    const o = row * RECORD_DOUBLES;
    const p = k * RECORD_DOUBLES;
    target[p] = source[o]!;
    target[p + 1] = source[o + 1]!;
    target[p + 2] = source[o + 2]!;
    target[p + 3] = source[o + 3]!;
    target[p + 4] = source[o + 4]!;
    target[p + 5] = source[o + 5]!;
    target[p + 6] = source[o + 6]!;
    target[p + 7] = source[o + 7]!;
    targetBoxes[k] = sourceBoxes[row]!;
  }
  return { ...plan, records: blender.records, boxes, order: identity.subarray(0, count) };
}

const RECORD_DOUBLES = RECORD_FLOATS / 2;
const wide = ({ buffer, byteOffset, byteLength }: Float32Array | Uint16Array) =>
  new Float64Array(buffer, byteOffset, byteLength / 8);

/**
 * Renders a cloud from any camera, in one thread. The cloud is read, never changed, and must not be changed
 * while the renderer is in use.
 */
export function createCpuRenderer(
  cloud: SplatCloud,
  { lease = leaseBlender, limits: wanted }: CpuRenderOptions = {},
): SplatRenderer {
  const measure = measureCloud(cloud);
  let destroyed = false;

  async function composite(
    plan: ViewPlan,
    scratch: Scratch,
    blender: Blender,
    signal: AbortSignal | undefined,
  ): Promise<RenderedView> {
    const pause = createPacer(signal);
    const grid = createTileGrid(plan, TILE_SHIFT);
    const tiles = grid.columns * grid.rows;
    const state = createTiles(grid, plan.region, scratch);
    const closed = new Uint8Array(tiles);
    let openTiles = tiles;
    let sincePause = 0;
    const limits = { maxEntries: BATCH_ENTRIES, maxSplats: BATCH_SPLATS, ...wanted };
    const most = Math.min(limits.maxSplats, plan.order.length);
    blender.reserve(most, limits.maxEntries + tiles);
    const boxes = scratch.uint16('batch boxes', most * 4);
    const identity = scratch.uint32('identity', most);
    for (let k = 0; k < most; k++) identity[k] = k;
    const lists = limits.maxEntries + 2 * tiles;
    const room = {
      tileOf: scratch.uint32('tile of', lists),
      recordOf: scratch.uint32('record of', lists),
      entries: blender.entries,
    };
    for (let from = 0; from < plan.order.length && openTiles > 0; ) {
      const count = Math.min(most, plan.order.length - from);
      const local = localise(plan, from, count, blender, boxes, identity);
      const { starts, to } = binBatch(local, grid, 0, limits, closed, room);
      for (let t = 0; t < tiles; t++) {
        const [first, end] = [starts[t]!, starts[t + 1]!];
        if (first === end) continue;
        const x = ((t % grid.columns) + grid.column0) * grid.size;
        const y = (Math.floor(t / grid.columns) + grid.row0) * grid.size;
        if (blender.blend(first, end, state, t * TILE_FLOATS, x, y) === 0) {
          closed[t] = 1;
          openTiles--;
        }
        sincePause += end - first;
        if (sincePause < PAUSE_ENTRIES) continue;
        sincePause = 0;
        const pausing = pause();
        if (pausing !== undefined) await pausing;
      }
      from += to;
      await pause();
    }
    return tilesToView(plan.camera, plan.region, plan.background, grid, state);
  }

  return {
    async render(
      camera: Camera,
      options: RenderOptions = {},
      signal?: AbortSignal,
    ): Promise<RenderedView> {
      if (destroyed) throw new SplatmendError('internal', 'render: the renderer was destroyed');
      const scratch = leaseScratch();
      const blender = lease();
      try {
        const plan = await planView(cloud, measure, camera, options, signal, scratch);
        return await composite(plan, scratch, blender, signal);
      } finally {
        scratch.release();
        blender.release();
      }
    },
    destroy() {
      destroyed = true;
    },
  };
}
