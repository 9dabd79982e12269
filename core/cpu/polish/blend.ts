import {
  BLUE,
  CUTOFF,
  GREEN,
  L11,
  L21,
  L22,
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
} from '../render/records.ts';
import { type PolishPlan, TILE_PIXELS, TILE_SIDE, TILE_WORDS, WANTED_FLOATS } from './plan.ts';

/**
 * What a new splat's record gathers over its pixels, as 10 numbers: the loss' derivative by the logarithm of its opacity, by its
 * centre (u, v), by its 2D covariance (xx, xy, yy), by its colour, and by its depth.
 */
export const SUMS = 10;
export const SUM_LIGHT = 0;
export const SUM_U = 1;
export const SUM_V = 2;
export const SUM_XX = 3;
export const SUM_XY = 4;
export const SUM_YY = 5;
export const SUM_COLOUR = 6;
export const SUM_Z = 9;

/** Every contribution to a tile's pixels in the order it was blended; it grows. */
interface Tape {
  pixel: Uint8Array;
  record: Uint32Array;
  alpha: Float64Array;
  /** Transmittance before it. */
  through: Float64Array;
}
const createTape = (size: number): Tape => ({
  pixel: new Uint8Array(size),
  record: new Uint32Array(size),
  alpha: new Float64Array(size),
  through: new Float64Array(size),
});
let tape = createTape(1 << 14);

/** A tile's pixels while they are blended, and then the loss' derivative by them. */
const through = new Float64Array(TILE_PIXELS);
const light = new Float64Array(TILE_PIXELS * 4);
const slope = new Float64Array(TILE_PIXELS * 4);
/** Σ of what lies behind, each contribution times the derivative by its colour and depth. */
const behind = new Float64Array(TILE_PIXELS);

/**
 * Blends a tile front to back as the renderer does (core/cpu/render/composite.ts), and writes the tape. A splat's fourth
 * colour is its depth's relative error at the pixel: Σ w (z / z* − 1), 0 where no depth is wanted.
 * @returns the tape's length
 */
function blendTile(plan: PolishPlan, tile: number): number {
  const { records, entries, tiles, wanted } = plan;
  const [full, minAlpha, maxAlpha] = [MIN_TRANSMITTANCE, MIN_ALPHA, MAX_ALPHA];
  const [size, stride] = [TILE_SIDE, WANTED_FLOATS];
  const t = tile * TILE_WORDS;
  const [x0, y0, from, end] = [tiles[t]!, tiles[t + 1]!, tiles[t + 2]!, tiles[t + 3]!];
  const goals = tile * TILE_PIXELS * stride;
  if ((end - from) * TILE_PIXELS > tape.pixel.length) tape = createTape((end - from) * TILE_PIXELS);
  const { pixel, record, alpha: alphas, through: befores } = tape;
  light.fill(0);
  let open = 0;
  for (let p = 0; p < TILE_PIXELS; p++) {
    through[p] = wanted[goals + p * stride + 4]! > 0 ? 1 : 0;
    open += through[p]!;
  }
  let n = 0;
  for (let e = from; e < end && open > 0; e++) {
    const r = entries[e]!;
    const o = r * RECORD_FLOATS;
    const u = records[o + U]! - x0;
    const v = records[o + V]! - y0;
    const l11 = records[o + L11]!;
    const l21 = records[o + L21]!;
    const l22 = records[o + L22]!;
    const cutoff = records[o + CUTOFF]!;
    const opacity = records[o + OPACITY]!;
    const [red, green, blue] = [records[o + RED]!, records[o + GREEN]!, records[o + BLUE]!];
    const invL11 = 1 / l11;
    const ratioStep = Math.exp(-l11 * l11);
    const reach = Math.sqrt(Math.max(0, cutoff)) / l22 + SLACK_PX;
    const yb = Math.min(size - 1, Math.floor(v + reach - 0.5));
    for (let y = Math.max(0, Math.ceil(v - reach - 0.5)); y <= yb; y++) {
      const dy = y + 0.5 - v;
      const b = l22 * dy;
      const rest = cutoff - b * b;
      const halfX = (rest > 0 ? Math.sqrt(rest) * invL11 : 0) + SLACK_PX;
      const skew = l21 * dy;
      const middle = u - skew * invL11 - 0.5;
      const xa = Math.max(0, Math.ceil(middle - halfX));
      const xb = Math.min(size - 1, Math.floor(middle + halfX));
      if (xa > xb) continue;
      const a = l11 * (xa + 0.5 - u) + skew;
      let gauss = opacity * Math.exp(-0.5 * (a * a + b * b));
      let ratio = Math.exp(-l11 * (a + 0.5 * l11));
      for (let x = xa, p = y * size + xa; x <= xb; x++, p++) {
        let alpha = gauss;
        gauss *= ratio;
        ratio *= ratioStep;
        const before = through[p]!;
        if (before < full || alpha < minAlpha) continue;
        if (alpha > maxAlpha) alpha = maxAlpha;
        const weight = alpha * before;
        const left = before - weight;
        const inverseWanted = wanted[goals + p * stride + 3]!;
        let away = 0;
        if (inverseWanted > 0) {
          const dx = x + 0.5 - u;
          away = inverseWanted / inverseDepth(records, o, dx, dy) - 1;
        }
        through[p] = left;
        light[p * 4] = light[p * 4]! + weight * red;
        light[p * 4 + 1] = light[p * 4 + 1]! + weight * green;
        light[p * 4 + 2] = light[p * 4 + 2]! + weight * blue;
        light[p * 4 + 3] = light[p * 4 + 3]! + weight * away;
        pixel[n] = p;
        record[n] = r;
        alphas[n] = alpha;
        befores[n] = before;
        n++;
        if (left < full) open--;
      }
    }
  }
  return n;
}

function inverseDepth(records: Float64Array, o: number, dx: number, dy: number): number {
  const inverse = records[o + RHO]! + records[o + RHO_DX]! * dx + records[o + RHO_DY]! * dy;
  return Math.max(records[o + RHO_MIN]!, Math.min(records[o + RHO_MAX]!, inverse));
}

/** The tile's part of the loss (L1); its derivative by the pixels goes to `slope`. */
function lossOf(plan: PolishPlan, tile: number, depthWeight: number): number {
  const { wanted } = plan;
  const goals = tile * TILE_PIXELS * WANTED_FLOATS;
  let loss = 0;
  for (let p = 0; p < TILE_PIXELS; p++) {
    const o = goals + p * WANTED_FLOATS;
    const weight = wanted[o + 4]!;
    for (let c = 0; c < 4; c++) {
      const off = light[p * 4 + c]! - (c < 3 ? wanted[o + c]! : 0);
      const gain = weight * (c < 3 ? 1 / 3 : depthWeight);
      loss += gain * Math.abs(off);
      slope[p * 4 + c] = gain * Math.sign(off);
    }
  }
  return loss;
}

/**
 * Walks the tape back to front (Kerbl et al. 2023, appendix; the same in gsplat, Ye et al. 2024): with w = α T and what lies
 * behind B = Σ w c, the blend's derivative by a contribution's α is T c − B / (1 − α).
 */
function walkBack(plan: PolishPlan, tile: number, length: number, sums: Float64Array): void {
  const { records, tiles, wanted, newCount } = plan;
  const [x0, y0] = [tiles[tile * TILE_WORDS]!, tiles[tile * TILE_WORDS + 1]!];
  const goals = tile * TILE_PIXELS * WANTED_FLOATS;
  const { pixel, record, alpha: alphas, through: befores } = tape;
  behind.fill(0);
  for (let n = length - 1; n >= 0; n--) {
    const p = pixel[n]!;
    const r = record[n]!;
    const o = r * RECORD_FLOATS;
    const alpha = alphas[n]!;
    const weight = alpha * befores[n]!;
    const gr = slope[p * 4]!;
    const gg = slope[p * 4 + 1]!;
    const gb = slope[p * 4 + 2]!;
    const gd = slope[p * 4 + 3]!;
    let own = records[o + RED]! * gr + records[o + GREEN]! * gg + records[o + BLUE]! * gb;
    const dx = x0 + (p % TILE_SIDE) + 0.5 - records[o + U]!;
    const dy = y0 + ((p / TILE_SIDE) | 0) + 0.5 - records[o + V]!;
    let byDepth = 0;
    let depth = 0;
    if (gd !== 0) {
      depth = 1 / inverseDepth(records, o, dx, dy);
      const inverseWanted = wanted[goals + p * WANTED_FLOATS + 3]!;
      own += gd * (depth * inverseWanted - 1);
      byDepth = weight * gd * inverseWanted;
    }
    if (r < newCount) {
      const s = r * SUMS;
      sums[s + SUM_COLOUR] = sums[s + SUM_COLOUR]! + weight * gr;
      sums[s + SUM_COLOUR + 1] = sums[s + SUM_COLOUR + 1]! + weight * gg;
      sums[s + SUM_COLOUR + 2] = sums[s + SUM_COLOUR + 2]! + weight * gb;
      let gu = 0;
      let gv = 0;
      if (byDepth !== 0) {
        sums[s + SUM_Z] = sums[s + SUM_Z]! + byDepth * depth * records[o + RHO]!;
        const inverse = 1 / depth;
        if (inverse > records[o + RHO_MIN]! && inverse < records[o + RHO_MAX]!) {
          gu = byDepth * depth * depth * records[o + RHO_DX]!;
          gv = byDepth * depth * depth * records[o + RHO_DY]!;
        }
      }
      if (alpha < MAX_ALPHA) {
        const h = alpha * (befores[n]! * own - behind[p]! / (1 - alpha));
        const l11 = records[o + L11]!;
        const l21 = records[o + L21]!;
        const b = records[o + L22]! * dy;
        const a = l11 * dx + l21 * dy;
        // The precision times the way from the centre.
        const ex = l11 * a;
        const ey = l21 * a + records[o + L22]! * b;
        gu += h * ex;
        gv += h * ey;
        sums[s + SUM_LIGHT] = sums[s + SUM_LIGHT]! + h;
        sums[s + SUM_XX] = sums[s + SUM_XX]! + 0.5 * h * ex * ex;
        sums[s + SUM_XY] = sums[s + SUM_XY]! + h * ex * ey;
        sums[s + SUM_YY] = sums[s + SUM_YY]! + 0.5 * h * ey * ey;
      }
      sums[s + SUM_U] = sums[s + SUM_U]! + gu;
      sums[s + SUM_V] = sums[s + SUM_V]! + gv;
    }
    behind[p] = behind[p]! + weight * own;
  }
}

/**
 * The view's loss: mean over its compared pixels of mean |Δrgb| + depthWeight · |Σ w (z / z* − 1)|.
 * @param sums SUMS a new splat of the plan, added to; left out where only the loss is wanted
 */
export function blendPlan(plan: PolishPlan, depthWeight: number, sums?: Float64Array): number {
  let loss = 0;
  for (let tile = 0; tile < plan.tiles.length / TILE_WORDS; tile++) {
    const length = blendTile(plan, tile);
    loss += lossOf(plan, tile, depthWeight);
    if (sums !== undefined) walkBack(plan, tile, length, sums);
  }
  return loss;
}

/** How much each new splat of the plan is seen as it was planned or last projected: Σ of its weights over the compared pixels, in pixels. */
export function weighPlan(plan: PolishPlan): Float64Array {
  const seen = new Float64Array(plan.newCount);
  for (let tile = 0; tile < plan.tiles.length / TILE_WORDS; tile++) {
    const length = blendTile(plan, tile);
    const { record, alpha, through: befores } = tape;
    for (let n = 0; n < length; n++) {
      const r = record[n]!;
      if (r < plan.newCount) seen[r] = seen[r]! + alpha[n]! * befores[n]!;
    }
  }
  return seen;
}
