import type { Mask, RgbImage, ScalarImage } from '../../core/image.ts';
import { EDGE_SHARE } from './discontinuities.ts';
import { findRamps } from './ramps.ts';
import { snapRamps } from './snap-ramps.ts';

/** Windows of the passes, pixels a side (Shih et al. 2020, 3D Photography, use these). */
const WINDOWS = [7, 7, 5, 5, 5];
const SIGMA_SPACE_PX = 4;
/** Of inverse depth, share of the window's range. */
const SIGMA_RANGE = 0.5;
/** A pixel this far from both ends of its window's range lies on a ramp. */
const RAMP = 0.1;

/** Half sides of the windows whose ranges are compared, and what the smaller one's must be of the larger one's: a plane's is 2 / 7. */
const NARROW_PX = 2;
const WIDE_PX = 7;
const SATURATED = 0.6;

/** Least and greatest value within a square window, by rows and then columns. */
function rangeOf(values: Float32Array, width: number, height: number, radius: number) {
  const pass = (
    from: Float32Array,
    step: number,
    length: number,
    pick: (a: number, b: number) => number,
  ) => {
    const out = from.slice();
    for (let i = 0; i < from.length; i++) {
      const at = step === 1 ? i % width : Math.floor(i / width);
      for (let d = Math.max(-radius, -at); d <= Math.min(radius, length - 1 - at); d++) {
        out[i] = pick(out[i]!, from[i + d * step]!);
      }
    }
    return out;
  };
  const both = (pick: (a: number, b: number) => number) =>
    pass(pass(values, 1, width, pick), width, height, pick);
  return { low: both(Math.min), high: both(Math.max) };
}

export interface Sharpened {
  depth: ScalarImage;
  /** 1 = was on a wide ramp: which of two surfaces it shows is a guess, from the picture. */
  guessed: Mask;
}

/**
 * Turns the ramps that networks and up-scaling leave at outlines into steps. Wide ones (`findRamps`) are snapped to the picture's own edges
 * (`snapRamps`), what is a pixel or two wide is sharpened by a bilateral median. Slanted surfaces, however steep, are no ramps. Depth that is
 * sharp already stays bit for bit.
 * @param depth along z, all known
 * @param rgb the picture, of the depth's size
 */
export function sharpenDepth(depth: ScalarImage, rgb: RgbImage): Sharpened {
  const inverse = { ...depth, data: depth.data.map((z) => 1 / z) };
  const ramps = findRamps(inverse);
  const snapped = snapRamps(inverse, ramps, rgb);
  const data = depth.data.map((z, i) => (ramps.on.data[i] === 0 ? z : 1 / snapped[i]!));
  return { depth: sharpenNarrow({ ...depth, data }), guessed: ramps.on };
}

/**
 * A bilateral median of inverse depth on the pixels that lie between two surfaces, from the pixels that do not. A ramp is where depth changes
 * as much within 5 pixels as within 15: slanted surfaces change by less.
 */
function sharpenNarrow(depth: ScalarImage): ScalarImage {
  const { width, height } = depth;
  const n = width * height;
  const out = depth.data.slice();
  let inverse = out.map((z) => 1 / z);
  for (const size of WINDOWS) {
    const radius = size >> 1;
    const ramp = new Uint8Array(n);
    const narrow = rangeOf(inverse, width, height, NARROW_PX);
    const wide = rangeOf(inverse, width, height, WIDE_PX);
    const range = narrow.high.map((high, i) => high - narrow.low[i]!);
    for (let i = 0; i < n; i++) {
      const r = range[i]!;
      if (r <= EDGE_SHARE * narrow.high[i]!) continue;
      if (r < SATURATED * (wide.high[i]! - wide.low[i]!)) continue;
      const u = inverse[i]!;
      if (u - narrow.low[i]! > RAMP * r && narrow.high[i]! - u > RAMP * r) ramp[i] = 1;
    }
    const next = inverse.slice();
    for (let i = 0; i < n; i++) {
      if (ramp[i] === 0) continue;
      const best = weightedMedian(i, radius, { inverse, ramp, range, width, height });
      if (best < 0) continue;
      next[i] = inverse[best]!;
      out[i] = out[best]!;
    }
    inverse = next;
  }
  return { width, height, data: out };
}

interface Window {
  inverse: Float32Array;
  ramp: Uint8Array;
  range: Float32Array;
  width: number;
  height: number;
}

/** The pixel around i whose inverse depth is the weighted median of those off the ramps; −1 where there is none. */
function weightedMedian(i: number, radius: number, w: Window): number {
  const { inverse, ramp, range, width, height } = w;
  const x = i % width;
  const y = Math.floor(i / width);
  const found: { at: number; weight: number }[] = [];
  let total = 0;
  for (let dy = -radius; dy <= radius; dy++) {
    for (let dx = -radius; dx <= radius; dx++) {
      if (x + dx < 0 || x + dx >= width || y + dy < 0 || y + dy >= height) continue;
      const j = i + dy * width + dx;
      if (ramp[j] !== 0) continue;
      const d = (inverse[j]! - inverse[i]!) / (SIGMA_RANGE * range[i]!);
      const weight = Math.exp(-(dx * dx + dy * dy) / (2 * SIGMA_SPACE_PX ** 2) - (d * d) / 2);
      found.push({ at: j, weight });
      total += weight;
    }
  }
  found.sort((a, b) => inverse[a.at]! - inverse[b.at]!);
  let sum = 0;
  for (const { at, weight } of found) {
    sum += weight;
    if (sum >= total / 2) return at;
  }
  return -1;
}
