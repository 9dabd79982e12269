/**
 * What every picture from outside goes through (a model's, a server's, a person's): it is checked, matched in colour at
 * the hole's rim, feathered inside it, and only the hole is taken from it.
 */
import { SplatmendError } from '../../core/errors.ts';
import { boundsOf, type Mask, type RgbImage } from '../../core/image.ts';
import { HOLE, KNOWN } from './harmonic.ts';
import { type RimErrors, smoothAlongRim, spreadRimErrors } from './membrane.ts';
import { pixelStates } from './pixel-states.ts';
import { cutBytes, distanceToKnown, growRect } from './region.ts';

export interface FinishOptions {
  /** Who painted it, as messages begin: `lama.onnx`, `IOPaint at 127.0.0.1:8080`. */
  who: string;
  /** Pixels that take no part; masked ones among them stay as they are. */
  ignore?: Mask;
  /**
   * What the answer shows outside the hole: its own idea of the picture (`answered`), whose error at the rim is the
   * fill's error, or the picture that was sent (`copied`), so that only the step across the rim tells. Default: looked up.
   */
  outside?: 'answered' | 'copied';
  /** False: the answer is taken as it is, its seam was seen to. */
  match?: boolean;
  /** What is left of the step at the rim is faded out over this many pixels inside the hole. */
  featherPx?: number;
}
export const FINISH_DEFAULTS = { featherPx: 3 };

/**
 * An answer that was scaled mixes hole and picture at the rim itself (a painted colour 0.5 off made 0.03 of tone). So how the known
 * pixels came out is asked of those around that do not touch the hole, this near.
 */
const CLEAN_PX = 3;

/** An answer may shoot over by this much, and is clamped; beyond it is in another range. */
const OVERSHOOT = 1;
/**
 * Largest colour match a channel. Models that redraw the whole picture shift its tone by up to some 0.2; a step across
 * the rim may as well be an edge that belongs there, so less of it is believed (the exemplar filler's own limit).
 */
const MATCH = { answered: 0.25, copied: 0.08 };
/** An answer that is the picture to 8 bits, on this share of the known pixels, was pasted already. */
const COPIED_SHARE = 0.9;
const EIGHT_BITS = 1.01 / 255;

/**
 * @param answer the painted picture, of the image's size
 * @returns a new image: outside the mask the image's bits; inside the answer, its rim on the known pixels' colours
 * @throws SplatmendError `bad-answer` for an answer of another size or type, with numbers that are not finite or not 0..1
 */
export function finishInpainting(
  answer: RgbImage,
  image: RgbImage,
  mask: Mask,
  options: FinishOptions,
): RgbImage {
  checkAnswer(answer, image, options.who);
  const { width, height } = image;
  const state = pixelStates(image, mask, options.ignore);
  const pixels: number[] = [];
  for (let i = 0; i < state.length; i++) if (state[i] === HOLE) pixels.push(i);
  const result: RgbImage = { width, height, data: image.data.slice() };
  if (pixels.length === 0) return result;
  // The work is done on the hole's rectangle alone.
  const crop = growRect(boundsOf(width, pixels), CLEAN_PX, width, height);
  const w = crop.x1 - crop.x0;
  const part = cutBytes(state, width, crop);
  const inImage = (j: number) => (crop.y0 + ((j / w) | 0)) * width + crop.x0 + (j % w);
  const rim =
    options.match === false
      ? undefined
      : rimErrors(part, w, inImage, image, answer, options.outside);
  const correction = rim && correctionOf(rim, part, options.featherPx ?? FINISH_DEFAULTS.featherPx);
  for (let j = 0; j < part.length; j++) {
    if (part[j] !== HOLE) continue;
    const i = inImage(j) * 3;
    for (let c = 0; c < 3; c++) {
      const painted = Math.min(1, Math.max(0, answer.data[i + c]!));
      result.data[i + c] = Math.max(0, painted + (correction?.[j * 3 + c] ?? 0));
    }
  }
  return result;
}

/** @throws SplatmendError `bad-answer` unless it is a picture of the image's size, finite and 0..1 but for overshoots */
export function checkAnswer(answer: RgbImage, image: RgbImage, who: string): void {
  const bad = (what: string) => new SplatmendError('bad-answer', `${who}: ${what}`);
  const { width, height, data } = answer;
  if (!(data instanceof Float32Array)) {
    throw bad('its answer is no picture of float32 colours; the scene is as it was');
  }
  if (width !== image.width || height !== image.height || data.length !== width * height * 3) {
    throw bad(
      `its answer is ${width} × ${height} with ${data.length} numbers, not ${image.width} × ${image.height} with three a pixel; have it keep the picture's size`,
    );
  }
  for (const v of data) {
    if (!Number.isFinite(v)) {
      throw bad('its answer has numbers that are not finite; try again, or choose another');
    }
    if (v < -OVERSHOOT || v > 1 + OVERSHOOT) {
      throw bad(`its answer has the colour ${v}, outside 0..1; check its output range`);
    }
  }
}

interface FoundRim extends RimErrors {
  /** As `errors`, without what scaling mixes at the rim: what is smoothed and spread. */
  clean: Float32Array;
  limit: number;
}

/** How wrong the answer is at the known pixels that touch the hole; undefined where there are none. */
function rimErrors(
  part: Uint8Array,
  width: number,
  inImage: (j: number) => number,
  image: RgbImage,
  answer: RgbImage,
  outside: FinishOptions['outside'],
): FoundRim | undefined {
  const height = part.length / width;
  const rim: number[] = [];
  const hole: number[] = [];
  const beside = (j: number, wanted: number) => {
    const x = j % width;
    return [
      x > 0 ? j - 1 : -1,
      x + 1 < width ? j + 1 : -1,
      j - width,
      j + width < part.length ? j + width : -1,
    ].filter((k) => k >= 0 && part[k] === wanted);
  };
  for (let j = 0; j < part.length; j++) {
    if (part[j] === HOLE) hole.push(j);
    else if (part[j] === KNOWN && beside(j, HOLE).length > 0) rim.push(j);
  }
  if (rim.length === 0) return undefined;
  const colour = (picture: RgbImage, j: number, c: number) => picture.data[inImage(j) * 3 + c]!;
  const answered = new Float32Array(rim.length * 3);
  const across = new Float32Array(rim.length * 3);
  let copied = 0;
  for (const [k, j] of rim.entries()) {
    const inside = beside(j, HOLE);
    let largest = 0;
    for (let c = 0; c < 3; c++) {
      const known = colour(image, j, c);
      answered[k * 3 + c] = known - colour(answer, j, c);
      // What was sent was clamped to display colours.
      const sent = Math.min(1, Math.max(0, known));
      largest = Math.max(largest, Math.abs(sent - colour(answer, j, c)));
      let sum = 0;
      for (const n of inside) sum += Math.min(1, Math.max(0, colour(answer, n, c)));
      across[k * 3 + c] = known - sum / inside.length;
    }
    if (largest <= EIGHT_BITS) copied++;
  }
  const kind = outside ?? (copied >= COPIED_SHARE * rim.length ? 'copied' : 'answered');
  const found = { width, height, hole, rim, limit: MATCH[kind] };
  if (kind === 'copied') return { ...found, errors: across, clean: across };
  const errorAt = (j: number, c: number) => colour(image, j, c) - colour(answer, j, c);
  return { ...found, errors: answered, clean: cleanErrors(part, width, rim, answered, errorAt) };
}

/** At each rim pixel the mean error of the known pixels around that do not touch the hole; its own where there are none. */
function cleanErrors(
  part: Uint8Array,
  width: number,
  rim: readonly number[],
  own: Float32Array,
  errorAt: (j: number, c: number) => number,
): Float32Array {
  const height = part.length / width;
  const around = (j: number, px: number, visit: (k: number) => void) => {
    const x = j % width;
    const y = (j - x) / width;
    for (let v = Math.max(0, y - px); v <= Math.min(height - 1, y + px); v++) {
      for (let u = Math.max(0, x - px); u <= Math.min(width - 1, x + px); u++) visit(v * width + u);
    }
  };
  const touches = new Uint8Array(part.length);
  for (const j of rim) {
    around(j, 1, (k) => {
      if (part[k] !== HOLE) return;
      around(k, 1, (near) => {
        touches[near] = 1;
      });
    });
  }
  const out = own.slice();
  for (const [k, j] of rim.entries()) {
    const clean: number[] = [];
    around(j, CLEAN_PX, (i) => {
      if (part[i] === KNOWN && touches[i] === 0) clean.push(i);
    });
    if (clean.length === 0) continue;
    for (let c = 0; c < 3; c++) {
      out[k * 3 + c] = clean.reduce((sum, i) => sum + errorAt(i, c), 0) / clean.length;
    }
  }
  return out;
}

/** What is added to the answer: the rim's smoothed errors over the whole hole, the rest of them faded out. */
function correctionOf(rim: FoundRim, part: Uint8Array, featherPx: number): Float32Array {
  const tone = toneOf(rim);
  const local = rim.clean.map((e, k) => e - tone[k % 3]!);
  const smooth = smoothAlongRim({ ...rim, errors: local }, rim.limit).map(
    (e, k) => e + tone[k % 3]!,
  );
  const sum = spreadRimErrors({ ...rim, errors: smooth });
  if (!(featherPx > 0)) return sum;
  const rest = spreadRimErrors({ ...rim, errors: rim.errors.map((e, k) => e - smooth[k]!) });
  const depth = distanceToKnown(part, rim.width, rim.height);
  for (const j of rim.hole) {
    const share = 1 - depth[j]! / (featherPx + 1);
    if (share <= 0) continue;
    for (let c = 0; c < 3; c++) sum[j * 3 + c]! += share * rest[j * 3 + c]!;
  }
  return sum;
}

/**
 * The whole answer's shift, the median error a channel. Taken first, because averages along the rim leave out what is
 * large, and a shift that all of the rim agrees on is not another object. Beyond the limit it fades: that is a colour of its own.
 */
function toneOf({ clean, limit }: FoundRim): number[] {
  return [0, 1, 2].map((c) => {
    const sorted = clean.filter((_, k) => k % 3 === c).sort();
    const median = sorted[sorted.length >> 1]!;
    return median * Math.min(1, Math.max(0, 2 - Math.abs(median) / limit));
  });
}

/**
 * Whether the answer shows the picture that it was given wherever the mask is not set. Both of one size, 0..1.
 * @param most that a channel of a pixel that was copied may be off; default: what 8 bits round by
 */
export function isCopiedOutside(
  answer: RgbImage,
  image: RgbImage,
  mask: Mask,
  most = EIGHT_BITS,
): boolean {
  let copied = 0;
  let known = 0;
  for (let i = 0; i < mask.data.length; i++) {
    if (mask.data[i] !== 0) continue;
    known++;
    const off = (c: number) => Math.abs(answer.data[i * 3 + c]! - image.data[i * 3 + c]!);
    if (off(0) <= most && off(1) <= most && off(2) <= most) copied++;
  }
  return copied >= COPIED_SHARE * known;
}
