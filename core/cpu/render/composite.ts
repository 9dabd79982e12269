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
import {
  PLANE_BLUE,
  PLANE_DEPTH,
  PLANE_GREEN,
  PLANE_MARKED,
  PLANE_MEDIAN,
  PLANE_RED,
  TILE_PIXELS,
  TILE_SIZE,
} from './tiles.ts';

/**
 * Blends a tile's splats over its pixels, front to back, one splat at a time over the row spans of its
 * ellipse. A pixel takes splats until its transmittance is below 1e-4. (The reference drops the splat that
 * would cross; here it is blended, so that rounding at the limit moves a pixel by 1e-4 and not by 1e-2.)
 *
 * This is the definition, and what runs where there is no WebAssembly SIMD; composite.wat does the same in 32 bits, four
 * pixels at once.
 * @param entries record numbers, from front to back; [from, end) of them are the tile's
 * @param state the tile's TILE_FLOATS, read and written
 * @param x0 the tile's corner in the picture
 * @returns the tile's pixels that still let light through
 */
export function compositeTile(
  records: Float32Array,
  entries: Uint32Array,
  from: number,
  end: number,
  state: Float32Array,
  x0: number,
  y0: number,
): number {
  // Copies of the imported constants: unbundled (vitest), an import is looked up at every use, which
  // makes this loop 2.5 × slower.
  const [size, full, minAlpha, maxAlpha] = [TILE_SIZE, MIN_TRANSMITTANCE, MIN_ALPHA, MAX_ALPHA];
  const [toRed, toGreen, toBlue] = [PLANE_RED, PLANE_GREEN, PLANE_BLUE];
  const [toDepth, toMarked, toMedian] = [PLANE_DEPTH, PLANE_MARKED, PLANE_MEDIAN];
  let open = 0;
  for (let p = 0; p < TILE_PIXELS; p++) if (state[p]! >= full) open++;
  for (let e = from; e < end && open > 0; e++) {
    const o = entries[e]! * RECORD_FLOATS;
    // From the tile's corner.
    const u = records[o + U]! - x0;
    const v = records[o + V]! - y0;
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
    const reach = Math.sqrt(cutoff) / l22 + SLACK_PX;
    const yb = Math.min(size - 1, Math.floor(v + reach - 0.5));
    for (let y = Math.max(0, Math.ceil(v - reach - 0.5)); y <= yb; y++) {
      const dy = y + 0.5 - v;
      const b = l22 * dy;
      const bb = b * b;
      const rest = cutoff - bb;
      const halfX = (rest > 0 ? Math.sqrt(rest) * invL11 : 0) + SLACK_PX;
      const skew = l21 * dy;
      const middle = u - skew * invL11 - 0.5;
      const xa = Math.max(0, Math.ceil(middle - halfX));
      const xb = Math.min(size - 1, Math.floor(middle + halfX));
      if (xa > xb) continue;
      const a = l11 * (xa + 0.5 - u) + skew;
      let gauss = opacity * Math.exp(-0.5 * (a * a + bb));
      let ratio = Math.exp(-l11 * (a + 0.5 * l11));
      for (let x = xa, p = y * size + xa; x <= xb; x++, p++) {
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
        state[p + toRed] = state[p + toRed]! + weight * red;
        state[p + toGreen] = state[p + toGreen]! + weight * green;
        state[p + toBlue] = state[p + toBlue]! + weight * blue;
        state[p + toDepth] = state[p + toDepth]! + weight * depth;
        if (marked !== 0) state[p + toMarked] = state[p + toMarked]! + weight;
        if (through > 0.5) state[p + toMedian] = depth;
        if (left < full) open--;
      }
    }
  }
  return open;
}
