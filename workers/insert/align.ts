/** How an edited picture lies on the one it was made from: a small shift, and a small change of brightness. */
import {
  createMask,
  createScalarImage,
  type Mask,
  type RgbImage,
  type ScalarImage,
} from '../../core/image.ts';
import { breathe, throwIfCancelled } from '../../core/progress.ts';
import { cubicAt, halved, linearAt, lumaOf, smoothed } from './grey-pictures.ts';

/** edited(x + shift) = gain · reference(x) + bias, a channel. */
export interface Alignment {
  /** Pixels, right and down. */
  shift: [number, number];
  gain: [number, number, number];
  bias: [number, number, number];
  /** Share of the compared pixels that agree, 0..1. */
  agreeing: number;
}

const NONE: Alignment = { shift: [0, 0], gain: [1, 1, 1], bias: [0, 0, 0], agreeing: 1 };

/** Of the picture's longer side: more is another picture. */
const MOST_SHIFT = 0.05;
const COARSEST_PX = 64;
/** Differences of over this count alike, while the shift is looked for: there something was changed. */
const TRUNCATE = 0.08;
const ROUNDS = 12;
/** Tukey's biweight, in standard deviations. */
const TUKEY = 4.685;
/** Encoding alone differs by this. */
const LEAST_NOISE = 0.5 / 255;
const MOST_GAIN = 1.25;
const MOST_BIAS = 0.1;
/** What is less is taken for none, so that untouched pixels keep their numbers. */
const LEAST_SHIFT_PX = 0.04;
const LEAST_GAIN = 0.004;
/** Pixels that differ by less agree. */
const AGREES = 0.05;
/** A shift must take this share off the difference. */
const WORTH_MOVING = 0.9;
/** Fewer agreeing pixels say nothing of the whole. */
const MIN_AGREEING = 0.5;
const MOST_SAMPLES = 20_000;

interface Level {
  reference: ScalarImage;
  edited: ScalarImage;
  usable: Mask;
}

/** Rows and columns that are passed over, so that a picture is compared in few enough pixels. */
const sampleStep = ({ width, height }: { width: number; height: number }) =>
  Math.max(1, Math.floor(Math.sqrt((width * height) / MOST_SAMPLES)));

function halvedMask(mask: Mask): Mask {
  const out = createMask(mask.width >> 1, mask.height >> 1);
  for (let i = 0; i < out.data.length; i++) {
    const at = 2 * Math.floor(i / out.width) * mask.width + 2 * (i % out.width);
    const { data, width } = mask;
    out.data[i] = data[at]! & data[at + 1]! & data[at + width]! & data[at + width + 1]!;
  }
  return out;
}

/** Mean truncated difference at a shift of whole pixels, over what lies in both. */
function costAt({ reference, edited, usable }: Level, dx: number, dy: number): number {
  const { width, height } = reference;
  const step = sampleStep(reference);
  let sum = 0;
  let count = 0;
  for (let y = Math.max(0, -dy); y < Math.min(height, height - dy); y += step) {
    for (let x = Math.max(0, -dx); x < Math.min(width, width - dx); x += step) {
      const to = (y + dy) * width + x + dx;
      if (usable.data[to] === 0) continue;
      const d = Math.abs(edited.data[to]! - reference.data[y * width + x]!);
      sum += Math.min(d, TRUNCATE);
      count++;
    }
  }
  return count < 16 ? Infinity : sum / count;
}

function bestAround(level: Level, at: [number, number], reach: number): [number, number] {
  let best = at;
  let least = costAt(level, ...at);
  for (let dy = at[1] - reach; dy <= at[1] + reach; dy++) {
    for (let dx = at[0] - reach; dx <= at[0] + reach; dx++) {
      const cost = costAt(level, dx, dy);
      // The smaller shift where nothing tells them apart.
      if (cost < least - 1e-9) [best, least] = [[dx, dy], cost];
    }
  }
  return best;
}

const medianOf = (values: Float64Array) => values.sort()[values.length >> 1] ?? 0;

/** Solves a small symmetric system by Gauss; undefined where it says nothing. */
export function solved(a: number[][], b: number[]): number[] | undefined {
  const n = b.length;
  const m = a.map((row, k) => [...row, b[k]!]);
  for (let k = 0; k < n; k++) {
    let pivot = k;
    for (let r = k + 1; r < n; r++) if (Math.abs(m[r]![k]!) > Math.abs(m[pivot]![k]!)) pivot = r;
    [m[k], m[pivot]] = [m[pivot]!, m[k]!];
    if (!(Math.abs(m[k]![k]!) > 1e-12)) return undefined;
    for (let r = 0; r < n; r++) {
      if (r === k) continue;
      const f = m[r]![k]! / m[k]![k]!;
      for (let c = k; c <= n; c++) m[r]![c] = m[r]![c]! - f * m[k]![c]!;
    }
  }
  return m.map((row, k) => row[n]! / row[k]!);
}

/** Sub-pixel shift with gain and bias by Gauss and Newton, re-weighted so that what was changed takes no part. */
function refined({ reference, edited, usable }: Level, start: [number, number]) {
  const { width, height } = reference;
  const step = sampleStep(reference);
  let [dx, dy] = start;
  let [gain, bias] = [1, 0];
  let agreeing = 0;
  for (let round = 0; round < ROUNDS; round++) {
    const rows: number[][] = [];
    for (let y = 2; y < height - 2; y += step) {
      for (let x = 2; x < width - 2; x += step) {
        const [u, v] = [x + dx, y + dy];
        if (u < 1 || v < 1 || u > width - 2 || v > height - 2) continue;
        if (usable.data[Math.round(v) * width + Math.round(u)] === 0) continue;
        const r = reference.data[y * width + x]!;
        const gx = (linearAt(edited, u + 0.5, v) - linearAt(edited, u - 0.5, v)) as number;
        const gy = (linearAt(edited, u, v + 0.5) - linearAt(edited, u, v - 0.5)) as number;
        rows.push([gx, gy, r, linearAt(edited, u, v) - gain * r - bias]);
      }
    }
    if (rows.length < 64) return undefined;
    const sigma = Math.max(
      LEAST_NOISE,
      medianOf(Float64Array.from(rows, (row) => Math.abs(row[3]!))) / 0.6745,
    );
    const a = [0, 1, 2, 3].map(() => [0, 0, 0, 0]);
    const b = [0, 0, 0, 0];
    agreeing = 0;
    for (const [gx, gy, r, e] of rows as [number, number, number, number][]) {
      if (Math.abs(e) < AGREES) agreeing++;
      const t = (e / (TUKEY * sigma)) ** 2;
      if (t >= 1) continue;
      const w = (1 - t) ** 2;
      const j = [gx, gy, -r, -1];
      for (let p = 0; p < 4; p++) {
        b[p] = b[p]! - w * j[p]! * e;
        for (let q = 0; q < 4; q++) a[p]![q] = a[p]![q]! + w * j[p]! * j[q]!;
      }
    }
    agreeing /= rows.length;
    // A picture without texture leaves the shift where it was.
    for (let p = 0; p < 4; p++) a[p]![p] = a[p]![p]! + 1e-6 * rows.length;
    const change = solved(a, b);
    if (change === undefined) return undefined;
    const limit = (v: number) => Math.min(0.7, Math.max(-0.7, v));
    dx += limit(change[0]!);
    dy += limit(change[1]!);
    gain += change[2]!;
    bias += change[3]!;
    if (Math.abs(change[0]!) + Math.abs(change[1]!) < 1e-3 && round > 3) break;
  }
  return { shift: [dx, dy] as [number, number], agreeing };
}

/** Gain and bias of each channel at a shift, re-weighted. */
function brightness(reference: RgbImage, edited: RgbImage, usable: Mask, shift: [number, number]) {
  const { width, height } = reference;
  const step = sampleStep(reference);
  const gain: [number, number, number] = [1, 1, 1];
  const bias: [number, number, number] = [0, 0, 0];
  for (let c = 0; c < 3; c++) {
    const rs: number[] = [];
    const es: number[] = [];
    for (let y = 0; y < height; y += step) {
      for (let x = 0; x < width; x += step) {
        const [u, v] = [Math.round(x + shift[0]), Math.round(y + shift[1])];
        if (u < 0 || v < 0 || u >= width || v >= height || usable.data[v * width + u] === 0)
          continue;
        rs.push(reference.data[3 * (y * width + x) + c]!);
        es.push(cubicAt(edited, x + shift[0], y + shift[1], c));
      }
    }
    for (let round = 0; round < 8; round++) {
      const off = Float64Array.from(rs, (r, k) => Math.abs(es[k]! - gain[c]! * r - bias[c]!));
      const sigma = Math.max(LEAST_NOISE, medianOf(off) / 0.6745);
      const s = [1e-9, 0, 1e-9, 0, 0] as [number, number, number, number, number];
      for (const [k, r] of rs.entries()) {
        const t = ((es[k]! - gain[c]! * r - bias[c]!) / (TUKEY * sigma)) ** 2;
        if (t >= 1) continue;
        const w = (1 - t) ** 2;
        s[0] += w * r * r;
        s[1] += w * r;
        s[2] += w;
        s[3] += w * r * es[k]!;
        s[4] += w * es[k]!;
      }
      const found = solved(
        [
          [s[0], s[1]],
          [s[1], s[2]],
        ],
        [s[3], s[4]],
      );
      if (found === undefined) break;
      [gain[c], bias[c]] = found as [number, number];
    }
  }
  return { gain, bias };
}

/**
 * Coarse to fine: whole pixels at each level by a truncated difference, then sub-pixel with gain and bias. What was changed, up to about
 * half of the picture, is outvoted.
 * @param usable pixels of the edited picture that can be compared
 * @returns no change where the two agree as they are, or where too little of them agrees
 */
export async function align(
  reference: RgbImage,
  edited: RgbImage,
  usable: Mask,
  signal?: AbortSignal,
): Promise<Alignment> {
  let level: Level = {
    reference: smoothed(lumaOf(reference)),
    edited: smoothed(lumaOf(edited)),
    usable,
  };
  const finest = level;
  const levels = [level];
  while (Math.max(level.reference.width, level.reference.height) > COARSEST_PX) {
    level = {
      reference: halved(level.reference),
      edited: halved(level.edited),
      usable: halvedMask(level.usable),
    };
    levels.push(level);
  }
  const most = MOST_SHIFT * Math.max(reference.width, reference.height);
  let at: [number, number] = bestAround(
    levels.at(-1)!,
    [0, 0],
    Math.ceil(most / 2 ** (levels.length - 1)),
  );
  for (const finer of levels.slice(0, -1).reverse()) {
    await breathe();
    throwIfCancelled(signal);
    at = bestAround(finer, [2 * at[0], 2 * at[1]], 1);
  }
  await breathe();
  throwIfCancelled(signal);
  const fine = refined(finest, at);
  if (fine === undefined || fine.agreeing < MIN_AGREEING) return { ...NONE, agreeing: 0 };
  const whole: [number, number] = [Math.round(fine.shift[0]), Math.round(fine.shift[1])];
  const moved = Math.hypot(...whole) > 0;
  if (moved && costAt(finest, ...whole) > WORTH_MOVING * costAt(finest, 0, 0)) {
    return { ...NONE, agreeing: 0 };
  }
  const shift: [number, number] = Math.hypot(...fine.shift) < LEAST_SHIFT_PX ? [0, 0] : fine.shift;
  await breathe();
  throwIfCancelled(signal);
  const { gain, bias } = brightness(reference, edited, usable, shift);
  const odd = gain.some((g) => !(g < MOST_GAIN && g > 1 / MOST_GAIN));
  if (odd || bias.some((b) => !(Math.abs(b) < MOST_BIAS))) {
    return { ...NONE, shift, agreeing: fine.agreeing };
  }
  for (let c = 0; c < 3; c++) {
    if (Math.abs(gain[c]! - 1) < LEAST_GAIN && Math.abs(bias[c]!) < LEAST_GAIN) {
      gain[c] = 1;
      bias[c] = 0;
    }
  }
  return { shift, gain, bias, agreeing: fine.agreeing };
}

/** The edited picture brought onto the reference's pixels and brightness; bit for bit where there is nothing to bring. */
export function brought(edited: RgbImage, { shift, gain, bias }: Alignment): RgbImage {
  const { width, height } = edited;
  const still = shift[0] === 0 && shift[1] === 0;
  const data = edited.data.slice();
  for (let i = 0; i < width * height; i++) {
    for (let c = 0; c < 3; c++) {
      const k = 3 * i + c;
      if (!still) {
        data[k] = cubicAt(edited, (i % width) + shift[0], Math.floor(i / width) + shift[1], c);
      }
      if (gain[c] !== 1 || bias[c] !== 0) data[k] = (data[k]! - bias[c]!) / gain[c]!;
      if (!still) data[k] = Math.min(1, Math.max(0, data[k]!));
    }
  }
  return { width, height, data };
}

/** One number a pixel, moved along; 0 where nothing lies. */
export function broughtScalar(image: ScalarImage, [dx, dy]: [number, number]): ScalarImage {
  const { width, height } = image;
  const out = createScalarImage(width, height);
  for (let i = 0; i < out.data.length; i++) {
    const [u, v] = [(i % width) + dx, Math.floor(i / width) + dy];
    if (u < -0.5 || v < -0.5 || u > width - 0.5 || v > height - 0.5) continue;
    out.data[i] = linearAt(image, u, v);
  }
  return out;
}
