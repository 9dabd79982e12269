import type { Rect } from '../../image.ts';
import type { TileBatch, TileGrid } from './bin.ts';
import type { ViewPlan } from './plan.ts';
import {
  BLUE,
  CUTOFF,
  GREEN,
  L11,
  L21,
  L22,
  MARKED,
  MAX_ALPHA,
  MIN_ALPHA,
  MIN_TRANSMITTANCE,
  OPACITY,
  RECORD_FLOATS,
  RED,
  RHO,
  RHO_DX,
  RHO_DY,
  RHO_MAX,
  RHO_MIN,
  SLACK_PX,
  U,
  V,
} from './records.ts';
import { MEDIAN_DEPTH, STATE_FLOATS, SUM_DEPTH, SUM_MARKED, SUM_RED } from './state.ts';

function openPixels(state: Float32Array, region: Rect, tile: Rect): number {
  const columns = region.x1 - region.x0;
  let open = 0;
  for (let y = tile.y0; y < tile.y1; y++) {
    for (let x = tile.x0; x < tile.x1; x++) {
      const o = ((y - region.y0) * columns + x - region.x0) * STATE_FLOATS;
      if (state[o]! >= MIN_TRANSMITTANCE) open++;
    }
  }
  return open;
}

/**
 * Blends one tile's splats over its pixels, front to back, one splat at a time over the row spans of its
 * ellipse. A pixel takes splats until its transmittance is below 1e-4. (The reference drops the splat that
 * would cross; here it is blended, so that rounding at the limit moves a pixel by 1e-4 and not by 1e-2.)
 * @returns the pixels that still let light through
 */
export function compositeTile(
  plan: ViewPlan,
  grid: TileGrid,
  batch: TileBatch,
  tileIndex: number,
  state: Float32Array,
): number {
  const { records, boxes, region } = plan;
  const { entries, starts } = batch;
  const column = (tileIndex % grid.columns) + grid.column0;
  const row = Math.floor(tileIndex / grid.columns) + grid.row0;
  const x0 = Math.max(region.x0, column * grid.size);
  const y0 = Math.max(region.y0, row * grid.size);
  const x1 = Math.min(region.x1, (column + 1) * grid.size);
  const y1 = Math.min(region.y1, (row + 1) * grid.size);
  const columns = region.x1 - region.x0;
  // Copies of the imported constants: unbundled (vitest), an import is looked up at every use, which
  // makes this loop 2.5 × slower.
  const [stateFloats, full, minAlpha, maxAlpha] = [
    STATE_FLOATS,
    MIN_TRANSMITTANCE,
    MIN_ALPHA,
    MAX_ALPHA,
  ];
  const [sumRed, sumDepth, sumMarked, medianDepth] = [SUM_RED, SUM_DEPTH, SUM_MARKED, MEDIAN_DEPTH];
  let open = openPixels(state, region, { x0, y0, x1, y1 });

  for (let e = starts[tileIndex]!, end = starts[tileIndex + 1]!; e < end && open > 0; e++) {
    const box = entries[e]! * 4;
    const o = entries[e]! * RECORD_FLOATS;
    const u = records[o + U]!;
    const v = records[o + V]!;
    const l11 = records[o + L11]!;
    const l21 = records[o + L21]!;
    const l22 = records[o + L22]!;
    const cutoff = records[o + CUTOFF]!;
    const opacity = records[o + OPACITY]!;
    const red = records[o + RED]!;
    const green = records[o + GREEN]!;
    const blue = records[o + BLUE]!;
    const rho = records[o + RHO]!;
    const rhoDx = records[o + RHO_DX]!;
    const rhoDy = records[o + RHO_DY]!;
    const rhoMin = records[o + RHO_MIN]!;
    const rhoMax = records[o + RHO_MAX]!;
    const marked = records[o + MARKED]!;
    const invL11 = 1 / l11;
    // Along a row the Gaussian is a product of ratios that change by a constant factor: exact in 64 bits
    // over a tile's few pixels, and 1.5 × faster than an exponential a pixel.
    const ratioStep = Math.exp(-l11 * l11);
    const ya = Math.max(y0, boxes[box + 1]!);
    const yb = Math.min(y1 - 1, boxes[box + 3]!);
    for (let y = ya; y <= yb; y++) {
      const dy = y + 0.5 - v;
      const b = l22 * dy;
      const bb = b * b;
      const rest = cutoff - bb;
      const halfX = (rest > 0 ? Math.sqrt(rest) * invL11 : 0) + SLACK_PX;
      const skew = l21 * dy;
      const middle = u - skew * invL11 - 0.5;
      const xa = Math.max(x0, Math.ceil(middle - halfX));
      const xb = Math.min(x1 - 1, Math.floor(middle + halfX));
      if (xa > xb) continue;
      const a = l11 * (xa + 0.5 - u) + skew;
      let gauss = opacity * Math.exp(-0.5 * (a * a + bb));
      let ratio = Math.exp(-l11 * (a + 0.5 * l11));
      let p = ((y - region.y0) * columns + xa - region.x0) * stateFloats;
      for (let x = xa; x <= xb; x++, p += stateFloats) {
        let alpha = gauss;
        gauss *= ratio;
        ratio *= ratioStep;
        const through = state[p]!;
        if (through < full || alpha < minAlpha) continue;
        const dx = x + 0.5 - u;
        if (alpha > maxAlpha) alpha = maxAlpha;
        const weight = alpha * through;
        const left = through - weight;
        let inverse = rho + rhoDx * dx + rhoDy * dy;
        if (inverse < rhoMin) inverse = rhoMin;
        else if (inverse > rhoMax) inverse = rhoMax;
        const depth = 1 / inverse;
        state[p] = left;
        state[p + sumRed] = state[p + sumRed]! + weight * red;
        state[p + sumRed + 1] = state[p + sumRed + 1]! + weight * green;
        state[p + sumRed + 2] = state[p + sumRed + 2]! + weight * blue;
        state[p + sumDepth] = state[p + sumDepth]! + weight * depth;
        if (marked !== 0) state[p + sumMarked] = state[p + sumMarked]! + weight;
        if (through > 0.5 && left <= 0.5) state[p + medianDepth] = depth;
        if (left < full) open--;
      }
    }
  }
  return open;
}
