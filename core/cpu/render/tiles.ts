import type { Camera } from '../../camera.ts';
import type { Rect } from '../../image.ts';
import type { RenderedView } from '../../kernels.ts';
import type { TileGrid } from './bin.ts';
import { createRenderedView, MIN_MEAN_ALPHA } from './rendered-view.ts';
import { freshScratch, type Scratch } from './scratch.ts';

/** 16 × 16 pixels. */
export const TILE_SHIFT = 4;
export const TILE_SIZE = 1 << TILE_SHIFT;
/** Pixels of a tile, and floats of one of its planes. */
export const TILE_PIXELS = TILE_SIZE * TILE_SIZE;
/**
 * A tile's state, held between batches: seven planes of TILE_PIXELS floats, each by rows. composite.wat has
 * these offsets too.
 */
export const TILE_FLOATS = 7 * TILE_PIXELS;
export const PLANE_THROUGH = 0;
export const PLANE_RED = TILE_PIXELS;
export const PLANE_GREEN = 2 * TILE_PIXELS;
export const PLANE_BLUE = 3 * TILE_PIXELS;
export const PLANE_DEPTH = 4 * TILE_PIXELS;
export const PLANE_MARKED = 5 * TILE_PIXELS;
/** The depth of the last splat that began above a half: the median, once the transmittance is below. */
export const PLANE_MEDIAN = 6 * TILE_PIXELS;

/** The pixels of a tile that lie in the region. */
export function tileRect(grid: TileGrid, region: Rect, tile: number): Rect {
  const x = ((tile % grid.columns) + grid.column0) * grid.size;
  const y = (Math.floor(tile / grid.columns) + grid.row0) * grid.size;
  return {
    x0: Math.max(region.x0, x),
    y0: Math.max(region.y0, y),
    x1: Math.min(region.x1, x + grid.size),
    y1: Math.min(region.y1, y + grid.size),
  };
}

/** The tiles' state with nothing blended yet, TILE_FLOATS each. Pixels outside the region are full from the start: nothing is blended there. */
export function createTiles(
  grid: TileGrid,
  region: Rect,
  scratch: Scratch = freshScratch,
): Float32Array {
  const tiles = grid.columns * grid.rows;
  const state = scratch.float32('tiles', tiles * TILE_FLOATS).fill(0);
  for (let t = 0; t < tiles; t++) {
    const { x0, y0, x1, y1 } = tileRect(grid, region, t);
    for (let y = y0; y < y1; y++) {
      const row = t * TILE_FLOATS + PLANE_THROUGH + (y & (TILE_SIZE - 1)) * TILE_SIZE;
      state.fill(1, row + (x0 & (TILE_SIZE - 1)), row + (x0 & (TILE_SIZE - 1)) + x1 - x0);
    }
  }
  return state;
}

/** The finished picture; pixels outside the region stay 0. */
export function tilesToView(
  camera: Camera,
  region: Rect,
  background: readonly [number, number, number],
  grid: TileGrid,
  state: Float32Array,
): RenderedView {
  const { width } = camera;
  const view = createRenderedView(camera);
  const [rgb, alphas, means] = [view.rgb.data, view.alpha.data, view.depthMean.data];
  const [medians, marked] = [view.depthMedian.data, view.marked.data];
  const [red, green, blue] = background;
  for (let t = 0; t < grid.columns * grid.rows; t++) {
    const { x0, y0, x1, y1 } = tileRect(grid, region, t);
    for (let y = y0; y < y1; y++) {
      let o = t * TILE_FLOATS + (y & (TILE_SIZE - 1)) * TILE_SIZE + (x0 & (TILE_SIZE - 1));
      for (let x = x0, p = y * width + x0; x < x1; x++, p++, o++) {
        const through = state[o]!;
        const alpha = 1 - through;
        rgb[p * 3] = state[o + PLANE_RED]! + through * red;
        rgb[p * 3 + 1] = state[o + PLANE_GREEN]! + through * green;
        rgb[p * 3 + 2] = state[o + PLANE_BLUE]! + through * blue;
        alphas[p] = alpha;
        means[p] = alpha < MIN_MEAN_ALPHA ? 0 : state[o + PLANE_DEPTH]! / alpha;
        medians[p] = through > 0.5 ? 0 : state[o + PLANE_MEDIAN]!;
        marked[p] = state[o + PLANE_MARKED]!;
      }
    }
  }
  return view;
}
