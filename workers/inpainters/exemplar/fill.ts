/** Fills one group of holes: pyramid up, then search and vote on each level from coarse to fine. */
import { breathe, throwIfCancelled } from '../../../core/progress.ts';
import { distanceToKnown } from '../region.ts';
import { enterHole } from './enter.ts';
import { textureChannels } from './features.ts';
import { CHANNELS, halvePixels, type Level, type LevelPixels, prepareLevel } from './level.ts';
import { createMatcher, type Matcher, type MatchWeights } from './matcher.ts';
import type { ExemplarOptions } from './options.ts';
import { correctSeam } from './seam.ts';
import { foreignnessOf, type SurfaceGrid } from './surface.ts';
import { vote } from './vote.ts';

export interface FillJob {
  width: number;
  height: number;
  /** width × height × 3 of the crop; finite at KNOWN pixels. */
  rgb: Float32Array;
  /** KNOWN, HOLE or OUT a pixel. */
  state: Uint8Array;
  surface: SurfaceGrid | undefined;
  options: Required<ExemplarOptions>;
  random: () => number;
  signal: AbortSignal | undefined;
  /** Share of this job that is done. */
  onFraction: (fraction: number) => void;
}

/** A level needs this many sources to be worth starting from. */
const FEWEST_SOURCES = 60;
/** Mean colour change at which a level has settled. */
const SETTLED = 2e-4;
const BREATH_MS = 50;

/** @returns width × height × 3: the hole's pixels filled, the others as given. */
export async function fillHoles(job: FillJob): Promise<Float32Array> {
  const { options, signal, random } = job;
  let last = performance.now();
  const pause = async () => {
    if (performance.now() - last < BREATH_MS) return;
    throwIfCancelled(signal);
    await breathe();
    throwIfCancelled(signal);
    last = performance.now();
  };
  const levels = await buildLevels(job, pause);
  const rounds = levels.map((_, k) =>
    levels.length === 1
      ? options.coarsestRounds
      : Math.round(
          options.finestRounds +
            ((options.coarsestRounds - options.finestRounds) * k) / (levels.length - 1),
        ),
  );
  const total = levels.reduce((sum, level, k) => sum + level.targets.length * rounds[k]!, 0) || 1;
  let done = 0;

  let matcher: Matcher | undefined;
  for (let k = levels.length - 1; k >= 0; k--) {
    const level = levels[k]!;
    const coarse = levels[k + 1];
    const next = createMatcher(level, weightsOf(job, levels, k));
    if (coarse === undefined || matcher === undefined) {
      await enterHole(level, next, random, pause);
    } else {
      carryDown(coarse, matcher, level, next, random);
    }
    matcher = next;
    const count = level.targets.length;
    // Slices small enough for a cancel to get in between.
    const slice = Math.max(1000, Math.ceil(count / 64));
    for (let round = 0; round < rounds[k]!; round++) {
      matcher.refresh(level.targets);
      for (let from = 0; from < count; from += slice) {
        matcher.pass(level.targets, from, Math.min(count, from + slice), random);
        await pause();
      }
      for (let from = count - 1; from >= 0; from -= slice) {
        matcher.pass(level.targets, from, Math.max(-1, from - slice), random);
        await pause();
      }
      const change = vote(level, matcher, level.holePixels, level.data, k === 0 ? 2 : 0);
      await pause();
      job.onFraction(Math.min(1, (done + count * (round + 1)) / total));
      if (change < SETTLED) break;
    }
    done += count * rounds[k]!;
  }
  const finest = levels[0]!;
  if (matcher !== undefined) {
    vote(finest, matcher, finest.holePixels, finest.data, 3);
    if (options.seamCorrection > 0) correctSeam(finest, matcher, options.seamCorrection);
  }
  const out = job.rgb.slice();
  for (const p of finest.holePixels) {
    for (let c = 0; c < 3; c++) out[p * 3 + c] = finest.data[p * CHANNELS + c]!;
  }
  return out;
}

/** Finest first; the coarsest is the one whose hole is about a patch wide, or the last with sources enough. */
async function buildLevels(job: FillJob, pause: () => Promise<void>): Promise<Level[]> {
  const { width, height, rgb, state, options } = job;
  const radius = options.patchRadiusPx;
  let thickness = 0;
  for (const d of distanceToKnown(state, width, height)) thickness = Math.max(thickness, d);
  const wanted = Math.max(1, 1 + Math.ceil(Math.log2(thickness / (radius + 1))));
  const texture = textureChannels(rgb, state, width, height, 2 ** Math.min(4, wanted - 1));
  const weight = Math.sqrt(options.textureWeight);
  const data = new Float32Array(width * height * CHANNELS);
  for (let i = 0; i < width * height; i++) {
    for (let c = 0; c < 3; c++) data[i * CHANNELS + c] = rgb[i * 3 + c]!;
    for (let c = 0; c < 2; c++) data[i * CHANNELS + 3 + c] = weight * texture[i * 2 + c]!;
  }
  await pause();
  let pixels: LevelPixels = { width, height, data, state };
  const levels = [prepareLevel(pixels, 0, radius)];
  while (levels.length < wanted) {
    await pause();
    pixels = halvePixels(pixels);
    const level = prepareLevel(pixels, levels.length, radius);
    if (level.sources.length < FEWEST_SOURCES) break;
    levels.push(level);
  }
  return levels;
}

function weightsOf(job: FillJob, levels: Level[], k: number): MatchWeights {
  const { options, surface } = job;
  const level = levels[k]!;
  const weights: MatchWeights = {
    shading: options.shading,
    distancePenalty: options.distancePenalty,
    surfacePenalty: options.surfacePenalty,
    reachPx: Math.max(8, Math.max(level.width, level.height) / 2),
  };
  if (surface !== undefined && options.surfacePenalty > 0) {
    weights.foreignness = foreignnessOf(surface, level.width, level.depth);
  }
  return weights;
}

/** Takes the matches over to the finer level (offsets doubled) and colours its hole from them. */
function carryDown(
  coarse: Level,
  from: Matcher,
  level: Level,
  to: Matcher,
  random: () => number,
): void {
  const { width, height, sourceOk, sources } = level;
  for (const t of level.targets) {
    const x = t % width;
    const y = (t / width) | 0;
    const parent = (y >> 1) * coarse.width + (x >> 1);
    const m = from.match[parent]!;
    let source = -1;
    if (m >= 0) {
      const sx = 2 * (m % coarse.width) + (x & 1);
      const sy = 2 * ((m / coarse.width) | 0) + (y & 1);
      if (sx < width && sy < height && sourceOk[sy * width + sx] === 1) source = sy * width + sx;
    }
    if (source >= 0) to.gain[t] = from.gain[parent]!;
    to.match[t] = source >= 0 ? source : sources[(random() * sources.length) | 0]!;
    // Alike for all, so that the first vote only looks at how deep a patch lies.
    to.cost[t] = source >= 0 ? 0 : 1;
  }
  vote(level, to, level.holePixels, level.data, 0);
}
