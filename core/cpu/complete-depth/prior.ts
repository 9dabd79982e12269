import { createRgbImage, type RgbImage } from '../../image.ts';
import type { DepthProblem } from '../../kernels.ts';
import { isKnown, OUT } from './classify.ts';
import type { FieldPlace, Targets } from './field.ts';
import { nearestSet } from './nearest.ts';
import { alignPrior, type PriorSamples } from './prior-align.ts';
import { bendOf, sharpenPrior } from './prior-sharpen.ts';

/** Side of the smallest windows of the alignment, as a share of the picture's diagonal, and at least this. */
const CELL_SHARE = 0.04;
const CELL_PX = 8;
/** The same for the sharpening's radius: networks blur by some pixels of a picture about 640 wide. */
const RADIUS_SHARE = 0.01;
const RADIUS_PX = 8;
/** Known pixels that are asked at most; fewer than the least say nothing. */
const MOST_SAMPLES = 1 << 18;
const FEWEST_SAMPLES = 8;
/**
 * Of what a plane leaves over: where the prior explains less than the first it has no say, from the second on all. Lower
 * (0.1, 0.5) gains nothing with good priors; depth of another scene, whose surfaces agree here and there by chance, is heard the more.
 */
const EXPLAINED: readonly [number, number] = [0.4, 0.8];

/** The same for what it says of the image's edges, which does more harm where it is wrong. */
const FLAT_EXPLAINED: readonly [number, number] = [0.6, 0.9];
/** Where the prior lies within this of a plane (of normalised inverse depth; windows of that share of the radius) … */
const BEND = 2e-3;
const BEND_SHARE = 0.75;
/** … an edge of the image is texture: this share of what it takes from the coupling is given back. */
const PLAIN = 0.5;

/**
 * q of a prior depth: its steps, times the scale that the known pixels around ask for, as far as it explains them. And the
 * coupling back, in part, over edges of the image where the prior bends nowhere.
 *
 * Measured on 6 real frames at 320×240, masks of 10 %, priors made from the truth (`warp` of bench/depth/prior.ts), AbsRel
 * over that without prior: 0.78 as it is, 0.72 sharpened, 0.70 with the couplings, which on pairs of frames 40 apart
 * make 0.57 of 0.67. Tried and not kept: a weight by how far the prior's activity in small windows explains the known
 * pixels' (0.82 to 0.88), the same in bands (0.9 to 1.0 with rough priors, as without), the step from a first answer
 * to the prior in place of the prior's (0.69, for two solves, and it needs dense depth).
 */
export function putPrior(problem: DepthProblem, place: FieldPlace, into: Targets): void {
  const { prior } = problem;
  if (prior === undefined) return;
  const { width, height, crop, role } = place;
  const diagonal = Math.hypot(prior.width, prior.height);
  // Beyond the crop too, as far as it is wide: a hole's rim alone says little of the scale.
  const reach = Math.max(width, height, 64);
  const [x0, y0] = [Math.max(0, crop.x0 - reach), Math.max(0, crop.y0 - reach)];
  const [x1, y1] = [
    Math.min(prior.width, crop.x1 + reach),
    Math.min(prior.height, crop.y1 + reach),
  ];
  const samples = samplesOf(problem, place.inverseDepthScale, x0, y0, x1, y1);
  if (samples === undefined) return;
  const cell = Math.max(CELL_PX, Math.round(CELL_SHARE * diagonal));
  const align = alignPrior(samples, x1 - x0, y1 - y0, cell);

  const n = width * height;
  const isThere = new Uint8Array(n);
  for (let i = 0; i < n; i++) {
    if (Number.isFinite(prior.data[fullIndex(place, prior.width, i)]!)) isThere[i] = 1;
  }
  const { index } = nearestSet(isThere, width, height);
  if (index[0]! < 0) return;
  const scale = new Float64Array(n);
  const say = new Float64Array(n);
  const flatSay = new Float64Array(n);
  let values: Float64Array = new Float64Array(n);
  const found = new Float64Array(2);
  for (let i = 0; i < n; i++) {
    // Where there is no prior the nearest one stands in for the filters, without a say.
    const v = prior.data[fullIndex(place, prior.width, index[i]!)]!;
    values[i] = (v - samples.middle) / samples.spread;
    const x = (i % width) + crop.x0 + 0.5;
    const y = Math.floor(i / width) + crop.y0 + 0.5;
    align(x - x0, y - y0, found);
    scale[i] = found[0]!;
    say[i] = isThere[i]! * rise(found[1]!, EXPLAINED);
    flatSay[i] = isThere[i]! * rise(found[1]!, FLAT_EXPLAINED);
  }
  const radius = Math.max(RADIUS_PX, Math.round(RADIUS_SHARE * diagonal));
  if (problem.rgb !== undefined) {
    values = sharpenPrior(values, cropOf(problem.rgb, place), radius);
  }
  const bend = bendOf(values, width, height, Math.round(BEND_SHARE * radius));
  const plain = bend.map((v, i) => flatSay[i]! / (1 + ((v * scale[i]!) / BEND) ** 2));
  const put = (target: Float32Array, guide: Float32Array, i: number, j: number): void => {
    if (role[i] === OUT || role[j] === OUT) return;
    target[i] = 0.5 * (scale[i]! * say[i]! + scale[j]! * say[j]!) * (values[j]! - values[i]!) || 0;
    guide[i]! += PLAIN * Math.min(plain[i]!, plain[j]!) * (1 - guide[i]!);
  };
  for (let i = 0; i < n; i++) {
    if (i % width < width - 1) put(into.targetX, place.guideX, i, i + 1);
    if (i < n - width) put(into.targetY, place.guideY, i, i + width);
  }
}

/** 0 below the range, 1 above it, smooth between. */
function rise(value: number, [low, high]: readonly [number, number]): number {
  const t = Math.min(1, Math.max(0, (value - low) / (high - low)));
  return t * t * (3 - 2 * t);
}

const fullIndex = ({ width, crop }: FieldPlace, fullWidth: number, i: number): number =>
  (Math.floor(i / width) + crop.y0) * fullWidth + (i % width) + crop.x0;

/** Known pixels of a region that have a prior, the prior centred on its median and over its spread. */
function samplesOf(
  problem: DepthProblem,
  inverseDepthScale: number,
  x0: number,
  y0: number,
  x1: number,
  y1: number,
): (PriorSamples & { middle: number; spread: number }) | undefined {
  const { depth, prior } = problem;
  const { width } = depth;
  let list: number[] = [];
  for (let y = y0; y < y1; y++) {
    for (let i = y * width + x0; i < y * width + x1; i++) {
      if (isKnown(problem, i) && Number.isFinite(prior!.data[i]!)) list.push(i);
    }
  }
  if (list.length < FEWEST_SAMPLES) return undefined;
  const every = Math.ceil(list.length / MOST_SAMPLES);
  if (every > 1) list = list.filter((_, k) => k % every === 0);
  const sorted = Float64Array.from(list, (i) => prior!.data[i]!).sort();
  const at = (share: number) => sorted[Math.floor(share * (sorted.length - 1))]!;
  const middle = at(0.5);
  // A prior that is constant but for outliers has none; its range is as good.
  const spread = at(0.9) - at(0.1) || at(1) - at(0);
  if (!(spread > 0 && spread < Infinity)) return undefined;
  return {
    x: Float64Array.from(list, (i) => (i % width) + 0.5 - x0),
    y: Float64Array.from(list, (i) => Math.floor(i / width) + 0.5 - y0),
    prior: Float64Array.from(list, (i) => (prior!.data[i]! - middle) / spread),
    u: Float64Array.from(list, (i) => 1 / depth.data[i]! / inverseDepthScale - 1),
    middle,
    spread,
  };
}

function cropOf(rgb: RgbImage, { width, height, crop }: FieldPlace): RgbImage {
  const out = createRgbImage(width, height);
  for (let y = 0; y < height; y++) {
    const from = 3 * ((y + crop.y0) * rgb.width + crop.x0);
    out.data.set(rgb.data.subarray(from, from + 3 * width), 3 * y * width);
  }
  return out;
}
