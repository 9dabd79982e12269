/** The CPU reference of the renderer (its twin: workers/gpu/render.ts and shaders/render.wgsl). */
import type { Camera } from '../../camera.ts';
import { SplatmendError } from '../../errors.ts';
import type { RenderedView, RenderOptions, SplatRenderer } from '../../kernels.ts';
import type { SplatCloud } from '../../splat-cloud.ts';
import { binBatch, createTileGrid } from './bin.ts';
import { compositeTile } from './composite.ts';
import { measureCloud } from './measure.ts';
import { createPacer } from './pacer.ts';
import { planView } from './plan.ts';
import { createState, stateToView } from './state.ts';

/** 16 × 16 pixels. */
const TILE_SHIFT = 4;
const LIMITS = { maxEntries: 1 << 24, maxSplats: 1 << 24 };

/**
 * Renders a cloud from any camera, in one thread. The cloud is read, never changed, and must not be changed
 * while the renderer is in use.
 */
export function createCpuRenderer(cloud: SplatCloud): SplatRenderer {
  const measure = measureCloud(cloud);
  let destroyed = false;
  return {
    async render(
      camera: Camera,
      options: RenderOptions = {},
      signal?: AbortSignal,
    ): Promise<RenderedView> {
      if (destroyed) throw new SplatmendError('internal', 'render: the renderer was destroyed');
      const pause = createPacer(signal);
      const plan = await planView(cloud, measure, camera, options, signal);
      const grid = createTileGrid(plan, TILE_SHIFT);
      const tiles = grid.columns * grid.rows;
      const closed = new Uint8Array(tiles);
      const state = createState(plan.region);
      for (let from = 0; from < plan.order.length; ) {
        const batch = binBatch(plan, grid, from, LIMITS, closed);
        if (batch.entries.length === 0 && batch.to === plan.order.length) break;
        for (let t = 0; t < tiles; t++) {
          if (closed[t] === 0 && compositeTile(plan, grid, batch, t, state) === 0) closed[t] = 1;
          const pausing = pause();
          if (pausing !== undefined) await pausing;
        }
        from = batch.to;
        await pause();
      }
      return stateToView(plan.camera, plan.region, plan.background, state);
    },
    destroy() {
      destroyed = true;
    },
  };
}
