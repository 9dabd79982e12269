/**
 * Compares patches and searches the nearest-neighbour field by PatchMatch (Barnes, Shechtman, Finkelstein,
 * Goldman, SIGGRAPH 2009): neighbours pass their match on, then samples in shrinking squares around it.
 */

import { OUT } from '../harmonic.ts';
import { luminance } from './features.ts';
import { CHANNELS, type Level } from './level.ts';

export type Foreignness = (target: number, source: number) => number;

export interface MatchWeights {
  /** Largest relative brightening of a copied patch. */
  shading: number;
  /** Cost at `reachPx` level pixels between source and target. */
  distancePenalty: number;
  reachPx: number;
  /** Cost of copying from a wholly foreign surface. */
  surfacePenalty: number;
  /** 0..1: how foreign the source's surface is to the target's, pixel indices of this level; absent = no guide. */
  foreignness?: Foreignness;
}

export interface Matcher {
  /** Source centre of each pixel's patch, −1 = none. */
  match: Int32Array;
  /** Mean squared difference a patch pixel, penalties included. */
  cost: Float32Array;
  /** Gain that each pixel's copied patch is multiplied with. */
  gain: Float32Array;
  /** As in the weights: votes ask it too. */
  foreignness: Foreignness | undefined;
  /** Compares only pixels that are set here (while the hole is being entered); null = all that are not OUT. */
  use: Uint8Array | null;
  /** To be called when the hole's colours have changed: means and costs anew. */
  refresh(targets: Int32Array): void;
  /** Takes `source` if it beats the present match. */
  offer(target: number, source: number): void;
  /** One pass over `targets` from `from` to `to` (may run downwards): propagation and random search. */
  pass(targets: Int32Array, from: number, to: number, random: () => number): void;
}

/** Keeps the gain of near-black patches near 1. */
const GAIN_FLOOR = 0.05;
/** A gain costs this share of the squared brightness change that it makes up for. */
const GAIN_COST = 0.3;

export function createMatcher(level: Level, weights: MatchWeights): Matcher {
  const { width, height, data, state, radius, whole, sourceOk, sources, sourceMean } = level;
  const side = 2 * radius + 1;
  const area = side * side;
  const rowStep = width * CHANNELS;
  const rowSpan = side * CHANNELS;
  const match = new Int32Array(width * height).fill(-1);
  const cost = new Float32Array(width * height).fill(Number.POSITIVE_INFINITY);
  const gain = new Float32Array(width * height).fill(1);
  const targetMean = new Float32Array(width * height);
  const { shading, distancePenalty, reachPx, surfacePenalty, foreignness } = weights;
  const perPx2 = distancePenalty / (reachPx * reachPx);
  const longSide = Math.max(width, height);

  const gainOf = (meanTarget: number, meanSource: number): number => {
    if (shading === 0) return 1;
    const g = (Math.max(0, meanTarget) + GAIN_FLOOR) / (Math.max(0, meanSource) + GAIN_FLOOR);
    return Math.min(1 + shading, Math.max(1 / (1 + shading), g));
  };

  const penalty = (target: number, source: number): number => {
    const tx = target % width;
    const sx = source % width;
    const dx = tx - sx;
    const dy = (target - tx - source + sx) / width;
    const d2 = (dx * dx + dy * dy) * perPx2;
    const near = Math.min(d2, distancePenalty);
    return foreignness === undefined ? near : near + surfacePenalty * foreignness(target, source);
  };

  /** Sum over the patch, or anything above `limit` once that is passed. */
  const wholeSum = (target: number, source: number, start: number, limit: number): number => {
    const g = gainOf(targetMean[target]!, sourceMean[source]!);
    const lift = (g - 1) * sourceMean[source]!;
    let sum = start + 3 * GAIN_COST * area * lift * lift;
    let t = (target - radius * width - radius) * CHANNELS;
    let s = (source - radius * width - radius) * CHANNELS;
    for (let row = 0; row < side; row++) {
      for (let k = 0; k < rowSpan; k += CHANNELS) {
        const a = data[t + k]! - g * data[s + k]!;
        const b = data[t + k + 1]! - g * data[s + k + 1]!;
        const c = data[t + k + 2]! - g * data[s + k + 2]!;
        const d = data[t + k + 3]! - data[s + k + 3]!;
        const e = data[t + k + 4]! - data[s + k + 4]!;
        sum += a * a + b * b + c * c + d * d + e * e;
      }
      if (sum > limit) return sum;
      t += rowStep;
      s += rowStep;
    }
    return sum;
  };

  /** The same for patches that leave the picture or hold pixels that do not count, as mean a counted pixel. */
  const partialMean = (target: number, source: number, limit: number): number => {
    const use = self.use;
    const tx = target % width;
    const ty = (target / width) | 0;
    const y0 = Math.max(-radius, -ty);
    const y1 = Math.min(radius, height - 1 - ty);
    const x0 = Math.max(-radius, -tx);
    const x1 = Math.min(radius, width - 1 - tx);
    let count = 0;
    let meanT = 0;
    let meanS = 0;
    for (let dy = y0; dy <= y1; dy++) {
      for (let dx = x0; dx <= x1; dx++) {
        const i = target + dy * width + dx;
        if (state[i] === OUT || (use !== null && use[i] === 0)) continue;
        const t = i * CHANNELS;
        const s = (source + dy * width + dx) * CHANNELS;
        count++;
        meanT += luminance(data[t]!, data[t + 1]!, data[t + 2]!);
        meanS += luminance(data[s]!, data[s + 1]!, data[s + 2]!);
      }
    }
    if (count === 0) return 0;
    const g = gainOf(meanT / count, meanS / count);
    const lift = ((g - 1) * meanS) / count;
    let sum = 3 * GAIN_COST * count * lift * lift;
    for (let dy = y0; dy <= y1; dy++) {
      for (let dx = x0; dx <= x1; dx++) {
        const i = target + dy * width + dx;
        if (state[i] === OUT || (use !== null && use[i] === 0)) continue;
        const t = i * CHANNELS;
        const s = (source + dy * width + dx) * CHANNELS;
        for (let c = 0; c < 3; c++) sum += (data[t + c]! - g * data[s + c]!) ** 2;
        for (let c = 3; c < CHANNELS; c++) sum += (data[t + c]! - data[s + c]!) ** 2;
      }
      if (sum > limit * count) break;
    }
    return sum / count;
  };

  /** Mean luminance of what counts in the patch. */
  const meanOf = (target: number): number => {
    const tx = target % width;
    const ty = (target / width) | 0;
    let count = 0;
    let sum = 0;
    for (let dy = Math.max(-radius, -ty); dy <= Math.min(radius, height - 1 - ty); dy++) {
      for (let dx = Math.max(-radius, -tx); dx <= Math.min(radius, width - 1 - tx); dx++) {
        const i = target + dy * width + dx;
        if (state[i] === OUT || (self.use !== null && self.use[i] === 0)) continue;
        sum += luminance(data[i * CHANNELS]!, data[i * CHANNELS + 1]!, data[i * CHANNELS + 2]!);
        count++;
      }
    }
    return count > 0 ? sum / count : 0;
  };

  const offer = (target: number, source: number): void => {
    if (match[target] === source) return;
    const best = cost[target]!;
    const extra = penalty(target, source);
    if (extra >= best) return;
    let value: number;
    if (self.use === null && whole[target] === 1) {
      value = wholeSum(target, source, extra * area, best * area) / area;
    } else {
      value = partialMean(target, source, best - extra) + extra;
    }
    if (value < best) {
      cost[target] = value;
      match[target] = source;
      gain[target] = gainOf(targetMean[target]!, sourceMean[source]!);
    }
  };

  const self: Matcher = {
    match,
    cost,
    use: null,
    gain,
    foreignness,
    offer,
    refresh(targets) {
      for (const t of targets) {
        targetMean[t] = meanOf(t);
        const source = match[t]!;
        cost[t] = Number.POSITIVE_INFINITY;
        if (source < 0) continue;
        match[t] = -1;
        offer(t, source);
      }
    },
    pass(targets, from, to, random) {
      const step = from <= to ? 1 : -1;
      for (let k = from; k !== to; k += step) {
        const t = targets[k]!;
        const tx = t % width;
        const px = tx - step;
        if (px >= 0 && px < width) {
          const m = match[t - step]!;
          if (m >= 0 && sourceOk[m + step] === 1) offer(t, m + step);
        }
        const p = t - step * width;
        if (p >= 0 && p < match.length) {
          const m = match[p]!;
          if (m >= 0 && sourceOk[m + step * width] === 1) offer(t, m + step * width);
        }
        if (match[t]! < 0) offer(t, sources[(random() * sources.length) | 0]!);
        for (let reach = longSide; reach >= 1; reach >>= 1) {
          const m = match[t]!;
          const mx = m % width;
          const my = (m / width) | 0;
          const x = mx + Math.round((2 * random() - 1) * reach);
          const y = my + Math.round((2 * random() - 1) * reach);
          if (x < 0 || y < 0 || x >= width || y >= height) continue;
          const s = y * width + x;
          if (sourceOk[s] === 1) offer(t, s);
        }
      }
    },
  };
  return self;
}
