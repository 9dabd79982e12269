/**
 * Colours the hole from the matches of all patches that cover a pixel (Wexler, Shechtman, Irani,
 * "Space-time completion of video", PAMI 2007).
 */
import { OUT } from '../harmonic.ts';
import { CHANNELS, type Level } from './level.ts';
import type { Matcher } from './matcher.ts';

/** A vote weighs this much less for every pixel its patch lies farther inside the hole (Wexler et al.: 1.3). */
const DEPTH_FALLOFF = 1.3;
/** How much of a vote from a foreign surface is lost. Not all: where all are foreign, they must still decide. */
const DEAF = 0.98;
/**
 * Votes fall to 1/e at this share of the covering patches' mean cost. Tried on real frames: 1 blurs thin lines
 * away, 0.1 leaves hard borders between copied regions.
 */
const SELECTIVITY = 0.35;

/**
 * @param pixels pixels to colour
 * @param out where to: CHANNELS a pixel at the pixel's index (the level's own data, or another array)
 * @param modeSteps 0: the weighted mean. More: mean-shift steps towards the densest cluster of votes,
 *   which keeps texture sharp where matches disagree.
 * @returns mean absolute change of colour a pixel and channel
 */
export function vote(
  level: Level,
  matcher: Matcher,
  pixels: Int32Array,
  out: Float32Array,
  modeSteps: number,
): number {
  const { width, height, data, state, radius, distance } = level;
  const { match, cost, gain, foreignness } = matcher;
  const side = 2 * radius + 1;
  const votes = new Float32Array(side * side * CHANNELS);
  const weight = new Float64Array(side * side);
  const costs = new Float64Array(side * side);
  const falloff = Float64Array.from(
    { length: 4 * radius + 1 },
    (_, d) => DEPTH_FALLOFF ** (2 * radius - d),
  );
  let change = 0;
  for (const p of pixels) {
    const px = p % width;
    const py = (p / width) | 0;
    let n = 0;
    let costSum = 0;
    for (let dy = Math.max(-radius, -py); dy <= Math.min(radius, height - 1 - py); dy++) {
      for (let dx = Math.max(-radius, -px); dx <= Math.min(radius, width - 1 - px); dx++) {
        const t = p + dy * width + dx;
        const m = match[t]!;
        if (m < 0 || state[t] === OUT) continue;
        const from = m - dy * width - dx;
        const s = from * CHANNELS;
        const g = gain[t]!;
        const v = n * CHANNELS;
        votes[v] = g * data[s]!;
        votes[v + 1] = g * data[s + 1]!;
        votes[v + 2] = g * data[s + 2]!;
        votes[v + 3] = data[s + 3]!;
        votes[v + 4] = data[s + 4]!;
        costs[n] = cost[t]!;
        costSum += cost[t]!;
        // Distances of a patch's pixels differ by at most the radius; twice that for the table's safety.
        const deeper = Math.max(-2 * radius, Math.min(2 * radius, distance[t]! - distance[p]!));
        weight[n] = falloff[deeper + 2 * radius]!;
        // A patch across a depth edge brings both surfaces: each pixel listens to its own.
        if (foreignness !== undefined) weight[n]! *= 1 - DEAF * foreignness(p, from);
        n++;
      }
    }
    if (n === 0) continue;
    // The spread of the covering patches' costs sets how much a bad match still counts.
    const scale = (SELECTIVITY * costSum) / n + 1e-6;
    for (let k = 0; k < n; k++) weight[k]! *= Math.exp(-costs[k]! / scale);
    change += settle(votes, weight, n, modeSteps, out, p * CHANNELS);
  }
  return pixels.length === 0 ? 0 : change / (3 * pixels.length);
}

const mean = new Float64Array(CHANNELS);

/** Weighted mean of the votes, drawn to their mode; written at `at`. */
function settle(
  votes: Float32Array,
  weight: Float64Array,
  n: number,
  modeSteps: number,
  out: Float32Array,
  at: number,
): number {
  for (let step = 0; step <= modeSteps; step++) {
    // Bandwidth in colour units, narrowing: a wide first look avoids stray single votes.
    const h = 0.2 / (1 << step);
    const inverse = 1 / (2 * h * h);
    let total = 0;
    let r = 0;
    let g = 0;
    let b = 0;
    let u = 0;
    let v = 0;
    for (let k = 0; k < n; k++) {
      const o = k * CHANNELS;
      let w = weight[k]!;
      if (step > 0) {
        const dr = votes[o]! - mean[0]!;
        const dg = votes[o + 1]! - mean[1]!;
        const db = votes[o + 2]! - mean[2]!;
        w *= Math.exp(-(dr * dr + dg * dg + db * db) * inverse);
      }
      total += w;
      r += w * votes[o]!;
      g += w * votes[o + 1]!;
      b += w * votes[o + 2]!;
      u += w * votes[o + 3]!;
      v += w * votes[o + 4]!;
    }
    if (!(total > 1e-30)) break;
    mean[0] = r / total;
    mean[1] = g / total;
    mean[2] = b / total;
    mean[3] = u / total;
    mean[4] = v / total;
  }
  let change = 0;
  for (let c = 0; c < CHANNELS; c++) {
    if (c < 3) change += Math.abs(out[at + c]! - mean[c]!);
    out[at + c] = mean[c]!;
  }
  return change;
}
