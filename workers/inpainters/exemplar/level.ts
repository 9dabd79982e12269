/** One level of the pyramid: what search and vote work on. */

import { HOLE, KNOWN, OUT } from '../harmonic.ts';
import { distanceToKnown } from '../region.ts';
import { boxSum, luminance } from './features.ts';

/** Colour (3), then the two texture channels times the square root of their weight. */
export const CHANNELS = 5;

/** Pixels of one level before it is prepared for matching. */
export interface LevelPixels {
  width: number;
  height: number;
  /** width × height × CHANNELS. Values at pixels that are not KNOWN mean nothing. */
  data: Float32Array;
  /** KNOWN, HOLE or OUT a pixel. */
  state: Uint8Array;
}

export interface Level extends LevelPixels {
  /** Level pixels are 2^depth picture pixels wide. */
  depth: number;
  radius: number;
  holePixels: Int32Array;
  /** Chessboard distance to the nearest known pixel. */
  distance: Int32Array;
  /** Centres of patches that touch the hole, ascending. */
  targets: Int32Array;
  /** 1 where the patch lies inside the picture and holds no OUT pixel: compared without testing each pixel. */
  whole: Uint8Array;
  /** 1 where the patch lies inside the picture and is known throughout: may be copied from. */
  sourceOk: Uint8Array;
  sources: Int32Array;
  /** Mean luminance of the patch around each source. */
  sourceMean: Float32Array;
}

/** Halves a level with the binomial filter (1 3 3 1)/8 over known pixels. Any hole child makes a hole pixel. */
export function halvePixels(fine: LevelPixels): LevelPixels {
  const { width, height, data, state } = fine;
  const w = (width + 1) >> 1;
  const h = (height + 1) >> 1;
  const out: LevelPixels = {
    width: w,
    height: h,
    data: new Float32Array(w * h * CHANNELS),
    state: new Uint8Array(w * h),
  };
  for (let y = 0; y < h; y++) {
    for (let x = 0; x < w; x++) {
      const o = y * w + x;
      let anyHole = false;
      let anyKnown = false;
      let total = 0;
      for (let v = 2 * y - 1; v <= 2 * y + 2; v++) {
        if (v < 0 || v >= height) continue;
        const innerRow = v === 2 * y || v === 2 * y + 1;
        for (let u = 2 * x - 1; u <= 2 * x + 2; u++) {
          if (u < 0 || u >= width) continue;
          const inner = u === 2 * x || u === 2 * x + 1;
          const i = v * width + u;
          const s = state[i]!;
          if (innerRow && inner) {
            if (s === HOLE) anyHole = true;
            if (s === KNOWN) anyKnown = true;
          }
          if (s !== KNOWN) continue;
          const weight = (innerRow ? 3 : 1) * (inner ? 3 : 1);
          total += weight;
          for (let c = 0; c < CHANNELS; c++)
            out.data[o * CHANNELS + c]! += weight * data[i * CHANNELS + c]!;
        }
      }
      if (total > 0) for (let c = 0; c < CHANNELS; c++) out.data[o * CHANNELS + c]! /= total;
      out.state[o] = anyHole ? HOLE : anyKnown ? KNOWN : OUT;
    }
  }
  return out;
}

/** Centres whose patch is wholly inside and KNOWN. */
function countSources(
  state: Uint8Array,
  width: number,
  height: number,
  radius: number,
): Uint8Array {
  const bad = new Float64Array(width * height);
  for (let i = 0; i < bad.length; i++) bad[i] = state[i] === KNOWN ? 0 : 1;
  boxSum(bad, width, height, radius);
  const ok = new Uint8Array(width * height);
  for (let y = radius; y < height - radius; y++) {
    for (let x = radius; x < width - radius; x++) {
      if (bad[y * width + x] === 0) ok[y * width + x] = 1;
    }
  }
  return ok;
}

/** Number of patches of a picture that may be copied from. */
export function sourceCount(
  state: Uint8Array,
  width: number,
  height: number,
  radius: number,
): number {
  let n = 0;
  for (const ok of countSources(state, width, height, radius)) n += ok;
  return n;
}

export function prepareLevel(pixels: LevelPixels, depth: number, radius: number): Level {
  const { width, height, data, state } = pixels;
  const n = width * height;
  const side = 2 * radius + 1;
  const sourceOk = countSources(state, width, height, radius);
  const holes = new Float64Array(n);
  const outs = new Float64Array(n);
  const lum = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    if (state[i] === HOLE) holes[i] = 1;
    else if (state[i] === OUT) outs[i] = 1;
    else lum[i] = luminance(data[i * CHANNELS]!, data[i * CHANNELS + 1]!, data[i * CHANNELS + 2]!);
  }
  const holePixels = indicesWhere(n, (i) => state[i] === HOLE);
  boxSum(holes, width, height, radius);
  boxSum(outs, width, height, radius);
  boxSum(lum, width, height, radius);
  const whole = new Uint8Array(n);
  for (let y = radius; y < height - radius; y++) {
    for (let x = radius; x < width - radius; x++) {
      if (outs[y * width + x] === 0) whole[y * width + x] = 1;
    }
  }
  const sourceMean = new Float32Array(n);
  for (let i = 0; i < n; i++) sourceMean[i] = lum[i]! / (side * side);
  return {
    ...pixels,
    depth,
    radius,
    holePixels,
    distance: distanceToKnown(state, width, height),
    targets: indicesWhere(n, (i) => holes[i]! > 0 && state[i] !== OUT),
    whole,
    sourceOk,
    sources: indicesWhere(n, (i) => sourceOk[i] === 1),
    sourceMean,
  };
}

function indicesWhere(n: number, test: (i: number) => boolean): Int32Array {
  let count = 0;
  for (let i = 0; i < n; i++) if (test(i)) count++;
  const out = new Int32Array(count);
  let at = 0;
  for (let i = 0; i < n; i++) if (test(i)) out[at++] = i;
  return out;
}
