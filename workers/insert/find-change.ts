/** What was changed between two pictures that lie on each other, past what encoding them anew does. */
import { components } from '../../core/components.ts';
import { distanceTo } from '../../core/distance.ts';
import {
  countMask,
  createMask,
  createScalarImage,
  type Mask,
  type RgbImage,
  type ScalarImage,
} from '../../core/image.ts';
import { dilate, erode } from '../../core/morphology.ts';
import { type Rest, restless } from '../../core/progress.ts';
import { quantile } from '../../core/quantile.ts';
import { boxMean, lumaOf, smoothed } from './grey-pictures.ts';

/** Differences are judged against others at places of like contrast: encoding keeps edges worse than plains. */
const CONTRAST_BINS = 16;
/** The quantile that gives a bin's noise, low so that over half of it may have changed, and what it is of a half normal's σ. */
const QUANTILE = 0.35;
const QUANTILE_SIGMA = 0.4538;
const LEAST_NOISE = 1 / 255;
/** Encoding makes no more than this, and this share of the contrast: where more differs nearly everything has changed. */
const MOST_NOISE = 0.015;
const MOST_NOISE_SHARE = 0.4;
/** Standard deviations of noise: what surely has changed, and what joins it. */
const SURE = 9;
const JOINS = 4.5;
/** And not under these, of full brightness. */
const LEAST_SURE = 0.03;
const LEAST_JOINING = 0.018;
/** Brightness is encoded better than colour. */
const COLOUR_WEIGHT = 0.5;
/** Of the longer side. */
const CLOSE_SHARE = 1 / 400;
/** A speck has fewer pixels than this share of the picture, or of the largest change. */
const SPECK_PICTURE = 1 / 8000;
const SPECK_LARGEST = 0.01;
/** An enclosed part of up to this share of its surroundings is taken along; a larger one where it shows a change too. */
const SMALL_HOLE = 0.004;
const HOLE_SIGMAS = 3;
/** Seen from this share of its depth on: the rim of what is around it reaches some pixels into it, which are half of a small one. */
const HOLE_INSIDE = 0.6;
/** An outline's pixel belongs to the change from this share of the difference beside it. */
const OUTLINE_SHARE = 0.38;
const OUTLINE_PX = 3;

/** Smoothed difference of brightness and colour, 0..1. */
async function differenceOf(a: RgbImage, b: RgbImage, rest: Rest): Promise<ScalarImage> {
  const { width, height } = a;
  const [brightness, blue, red] = [0, 1, 2].map(() => createScalarImage(width, height));
  for (let i = 0; i < width * height; i++) {
    if (i % width === 0) await rest();
    const [r, g, bl] = [0, 1, 2].map((c) => a.data[3 * i + c]! - b.data[3 * i + c]!) as [
      number,
      number,
      number,
    ];
    const y = 0.299 * r + 0.587 * g + 0.114 * bl;
    brightness!.data[i] = y;
    blue!.data[i] = bl - y;
    red!.data[i] = r - y;
  }
  const smooth: ScalarImage[] = [];
  for (const image of [brightness!, blue!, red!]) {
    smooth.push(smoothed(image));
    await rest();
  }
  const out = createScalarImage(width, height);
  for (let i = 0; i < out.data.length; i++) {
    if (i % width === 0) await rest();
    const [y, u, v] = smooth.map((s) => Math.abs(s.data[i]!)) as [number, number, number];
    out.data[i] = y + COLOUR_WEIGHT * Math.max(u, v);
  }
  return out;
}

/** Mean step of brightness around each pixel. */
function contrastOf(rgb: RgbImage): ScalarImage {
  const luma = lumaOf(rgb);
  const { width, height, data } = luma;
  const steps = createScalarImage(width, height);
  for (let i = 0; i < data.length; i++) {
    const right = i % width < width - 1 ? Math.abs(data[i + 1]! - data[i]!) : 0;
    const down = i + width < data.length ? Math.abs(data[i + width]! - data[i]!) : 0;
    steps.data[i] = right + down;
  }
  return boxMean(steps, 2);
}

/** So many numbers are sorted at once. */
const RUN = 1 << 15;

/** Rows by their values, in runs that are merged: in between others may rest. */
async function sortedBy(
  rows: readonly number[],
  values: Float32Array,
  rest: Rest,
): Promise<Uint32Array> {
  let [from, to] = [Uint32Array.from(rows), new Uint32Array(rows.length)];
  for (let k = 0; k < from.length; k += RUN) {
    from.subarray(k, k + RUN).sort((p, q) => values[p]! - values[q]!);
    await rest();
  }
  for (let run = RUN; run < from.length; run *= 2) {
    for (let start = 0; start < from.length; start += 2 * run) {
      const [middle, end] = [start + run, start + 2 * run].map((n) => Math.min(n, from.length));
      let [a, b] = [start, middle!];
      for (let k = start; k < end!; k++) {
        if (k % RUN === 0) await rest();
        const first = b >= end! || (a < middle! && values[from[a]!]! <= values[from[b]!]!);
        to[k] = first ? from[a++]! : from[b++]!;
      }
    }
    [from, to] = [to, from];
  }
  return from;
}

/** Noise of each pixel's difference by its contrast, growing with it. */
async function noiseOf(
  difference: ScalarImage,
  contrast: ScalarImage,
  usable: Mask,
  rest: Rest,
): Promise<ScalarImage> {
  const rows: number[] = [];
  for (let i = 0; i < usable.data.length; i++) if (usable.data[i] !== 0) rows.push(i);
  const byContrast = await sortedBy(rows, contrast.data, rest);
  const at: number[] = [];
  const sigma: number[] = [];
  for (let k = 0; k < CONTRAST_BINS; k++) {
    await rest();
    const part = byContrast.subarray(
      Math.floor((k * byContrast.length) / CONTRAST_BINS),
      Math.floor(((k + 1) * byContrast.length) / CONTRAST_BINS),
    );
    if (part.length === 0) continue;
    const sorted = Float32Array.from(part, (i) => difference.data[i]!).sort();
    const found = sorted[Math.floor(QUANTILE * sorted.length)]! / QUANTILE_SIGMA;
    at.push(contrast.data[part[part.length >> 1]!]!);
    sigma.push(Math.max(LEAST_NOISE, found, sigma.at(-1) ?? 0));
  }
  const out = createScalarImage(difference.width, difference.height);
  for (let i = 0; i < out.data.length; i++) {
    if (i % out.width === 0) await rest();
    const c = contrast.data[i]!;
    let k = 0;
    while (k < at.length - 1 && at[k + 1]! < c) k++;
    const next = Math.min(at.length - 1, k + 1);
    const span = at[next]! - at[k]!;
    const t = span > 0 ? Math.min(1, Math.max(0, (c - at[k]!) / span)) : 0;
    const found = sigma[k]! * (1 - t) + sigma[next]! * t;
    out.data[i] = Math.min(found, MOST_NOISE + MOST_NOISE_SHARE * c);
  }
  return out;
}

/** Parts of the weak that hold something strong. */
function joined(weak: Mask, strong: Mask): Mask {
  const out = createMask(weak.width, weak.height);
  for (const { pixels } of components(weak, undefined, true)) {
    if (pixels.some((i) => strong.data[i] !== 0)) for (const i of pixels) out.data[i] = 1;
  }
  return out;
}

function withoutSpecks(mask: Mask): Mask {
  const parts = components(mask, undefined, true);
  const largest = Math.max(0, ...parts.map((p) => p.pixels.length));
  const least = Math.max(9, SPECK_PICTURE * mask.data.length, SPECK_LARGEST * largest);
  const out = createMask(mask.width, mask.height);
  for (const { pixels } of parts) {
    if (pixels.length >= least) for (const i of pixels) out.data[i] = 1;
  }
  return out;
}

/**
 * Takes enclosed parts along: small ones, and those that differ a little too (a pasted thing's parts of the scene's own colour). What is
 * large and not changed at all is seen through the thing, as through a handle.
 */
async function withHoles(
  mask: Mask,
  difference: ScalarImage,
  noise: ScalarImage,
  rest: Rest,
): Promise<Mask> {
  const outside = createMask(mask.width, mask.height);
  for (let i = 0; i < mask.data.length; i++) outside.data[i] = mask.data[i] === 0 ? 1 : 0;
  const total = countMask(mask);
  const out = { ...mask, data: mask.data.slice() };
  await rest();
  const away = distanceTo(mask);
  await rest();
  for (const { pixels, touchesBorder } of components(outside)) {
    if (touchesBorder) continue;
    await rest();
    const small = pixels.length <= Math.max(9, SMALL_HOLE * total);
    const deepest = pixels.reduce((most, i) => Math.max(most, away.data[i]!), 0);
    const inner = pixels.filter((i) => away.data[i]! >= HOLE_INSIDE * deepest);
    const ratios = Array.from(inner, (i) => difference.data[i]! / noise.data[i]!);
    if (!small && quantile(ratios, 0.5) < HOLE_SIGMAS) continue;
    for (const i of pixels) out.data[i] = 1;
  }
  return out;
}

/** Greatest value within a square window. */
function greatestAround(image: ScalarImage, radius: number): ScalarImage {
  const { width, height } = image;
  const pass = (from: Float32Array, step: number, at: (i: number) => number, length: number) => {
    const out = from.slice();
    for (let i = 0; i < from.length; i++) {
      const k = at(i);
      for (let d = Math.max(-radius, -k); d <= Math.min(radius, length - 1 - k); d++) {
        if (from[i + d * step]! > out[i]!) out[i] = from[i + d * step]!;
      }
    }
    return out;
  };
  const rows = pass(image.data, 1, (i) => i % width, width);
  return { width, height, data: pass(rows, width, (i) => Math.floor(i / width), height) };
}

/** Takes the rim off that smoothing and encoding put around a change: it differs by less than half of what lies beside it. */
async function sharpOutline(mask: Mask, difference: ScalarImage, rest: Rest): Promise<Mask> {
  const inside = { ...difference, data: difference.data.map((d, i) => d * mask.data[i]!) };
  await rest();
  const beside = greatestAround(inside, OUTLINE_PX);
  await rest();
  const core = erode(mask, OUTLINE_PX);
  const out = createMask(mask.width, mask.height);
  for (let i = 0; i < out.data.length; i++) {
    if (mask.data[i] === 0) continue;
    if (core.data[i] !== 0 || difference.data[i]! >= OUTLINE_SHARE * beside.data[i]!) {
      out.data[i] = 1;
    }
  }
  return out;
}

/**
 * Hysteresis over the noise that places of like contrast have, closed, without specks, holes taken along.
 * @param usable pixels that can be compared; others are not changed
 * @param rest called between pieces of the work, and with the share that is done
 * @returns empty where nothing has changed
 */
export async function findChange(
  reference: RgbImage,
  edited: RgbImage,
  usable: Mask,
  rest: Rest = restless,
): Promise<Mask> {
  const { width, height } = reference;
  const difference = await differenceOf(edited, reference, rest);
  await rest(0.1);
  const contrast = contrastOf(reference);
  await rest(0.2);
  const noise = await noiseOf(difference, contrast, usable, rest);
  await rest(0.4);
  const weak = createMask(width, height);
  const strong = createMask(width, height);
  for (let i = 0; i < weak.data.length; i++) {
    if (usable.data[i] === 0) continue;
    const d = difference.data[i]!;
    if (d > Math.max(LEAST_JOINING, JOINS * noise.data[i]!)) weak.data[i] = 1;
    if (d > Math.max(LEAST_SURE, SURE * noise.data[i]!)) strong.data[i] = 1;
  }
  // Encoding's single wrong pixels are no change; a change has some breadth.
  await rest();
  const broad = dilate(erode(strong, 1), 1);
  await rest(0.5);
  const held = joined(weak, broad);
  await rest(0.6);
  const close = Math.max(1, Math.round(CLOSE_SHARE * Math.max(width, height)));
  const found = erode(dilate(held, close), close);
  await rest(0.7);
  const whole = await withHoles(withoutSpecks(found), difference, noise, rest);
  await rest(0.8);
  const sharp = await sharpOutline(whole, difference, rest);
  await rest(0.9);
  const out = withoutSpecks(await withHoles(sharp, difference, noise, rest));
  await rest(1);
  return out;
}
