/** A cut-out's rim: how much of a pixel is the thing's, and its own colour there. */
import { createMask, type Mask, type RgbImage } from '../../core/image.ts';
import { dilate, erode } from '../../core/morphology.ts';
import { type Rest, restless } from '../../core/progress.ts';

/** Pixels this near the outline may be mixed with what was behind. */
const MIXED_PX = 2;
/** A pixel is the thing's from this share on. */
const OWN = 0.5;
/** At a foot that is covered in part, from this on. */
const FOOT = 0.2;
/** Cosine to the way down. */
const DOWNWARDS = 0.7;
/** Beside a cut-out's mixed pixel lies one that is as good as whole. */
const SHARP = 0.85;
/** From here on it is not mixed. */
const WHOLE = 0.95;
/** A colour this far off the line between the two, of its length, or beyond its ends, is no mixture: a drawn outline, say. */
const OFF_LINE = 0.35;
const BEYOND = 0.25;
/** Thing and background that differ by less, Σ |Δrgb|², cannot be told apart. */
const TELLING = 0.01;

/** Of each pixel of `mask`, the nearest of `core`, −1 where none is within reach: layer after layer. */
export function nearestOf(core: Mask, mask: Mask): Int32Array {
  const { width, height } = mask;
  const from = new Int32Array(width * height).fill(-1);
  let front: number[] = [];
  for (let i = 0; i < from.length; i++) {
    if (core.data[i] === 0) continue;
    from[i] = i;
    front.push(i);
  }
  while (front.length > 0) {
    const next: number[] = [];
    for (const i of front) {
      const x = i % width;
      for (const j of [x > 0 ? i - 1 : -1, x < width - 1 ? i + 1 : -1, i - width, i + width]) {
        if (j < 0 || j >= from.length || from[j]! >= 0 || mask.data[j] === 0) continue;
        from[j] = from[i]!;
        next.push(j);
      }
    }
    front = next;
  }
  return from;
}

/**
 * How much of each pixel near the outline is the thing's, 0..1: with F the nearest colour inside and B the scene's, edited = a F + (1 − a) B
 * gives a. 1 where that cannot be told, and in thin parts without an inside.
 */
async function sharesOf(
  mask: Mask,
  from: Int32Array,
  edited: RgbImage,
  reference: RgbImage,
  rest: Rest,
) {
  const out = new Float32Array(mask.data.length).fill(1);
  for (let i = 0; i < out.length; i++) {
    if (i % mask.width === 0) await rest();
    const inside = from[i]!;
    if (mask.data[i] === 0 || inside < 0 || inside === i) continue;
    let [along, whole] = [0, 0];
    for (let c = 0; c < 3; c++) {
      const toThing = edited.data[3 * inside + c]! - reference.data[3 * i + c]!;
      along += (edited.data[3 * i + c]! - reference.data[3 * i + c]!) * toThing;
      whole += toThing * toThing;
    }
    if (whole < TELLING) continue;
    const share = along / whole;
    let off = 0;
    for (let c = 0; c < 3; c++) {
      const toThing = edited.data[3 * inside + c]! - reference.data[3 * i + c]!;
      off += (edited.data[3 * i + c]! - reference.data[3 * i + c]! - share * toThing) ** 2;
    }
    if (share >= -BEYOND && off <= OFF_LINE ** 2 * whole) out[i] = share;
  }
  return out;
}

/**
 * Takes the background out of the rim: pixels of less than half are left to the scene, and mixed ones take the colour inside. So no halo of
 * the old background stands around the thing from the side. Where the outline faces down and is mixed over more than a pixel it is no cut-out's
 * edge: the support's splats lie over the thing's foot, which ends where the last of it shows.
 * @param down to the thing's foot in the picture, unit length; absent: it has none
 * @param rest called between pieces of the work
 */
export async function cleanRim(
  mask: Mask,
  edited: RgbImage,
  reference: RgbImage,
  down?: readonly [number, number],
  rest: Rest = restless,
): Promise<{ mask: Mask; rgb: RgbImage }> {
  const { width } = mask;
  await rest();
  const core = erode(mask, MIXED_PX);
  await rest();
  const from = nearestOf(core, mask);
  await rest();
  const shares = await sharesOf(mask, from, edited, reference, rest);
  const out = createMask(mask.width, mask.height);
  const rgb = { ...edited, data: edited.data.slice() };
  const coveredFoot = (i: number) => {
    if (down === undefined) return false;
    const inside = from[i]!;
    const x = (i % width) - (inside % width);
    const y = Math.floor(i / width) - Math.floor(inside / width);
    const far = Math.hypot(x, y);
    if (!(x * down[0] + y * down[1] >= DOWNWARDS * far)) return false;
    return shares[i - Math.round(x / far) - Math.round(y / far) * width]! < SHARP;
  };
  for (let i = 0; i < mask.data.length; i++) {
    if (i % width === 0) await rest();
    if (mask.data[i] === 0) continue;
    const share = shares[i]!;
    if (share < FOOT || (share < OWN && !coveredFoot(i))) continue;
    out.data[i] = 1;
    if (share >= WHOLE) continue;
    for (let c = 0; c < 3; c++) rgb.data[3 * i + c] = edited.data[3 * from[i]! + c]!;
  }
  return { mask: out, rgb };
}

/** Of the picture's longer side: pixels this near a mask may be the thing's, where they have its colour. */
const LACKING = 0.02;
/** Mean |Δrgb| that is the same colour still. */
const SAME = 0.12;

/** The mask, and pixels near it that look like its nearest: a thing in the colour of what is behind it has gaps there. */
export async function possiblePixels(
  mask: Mask,
  rgb: RgbImage,
  rest: Rest = restless,
): Promise<Mask> {
  await rest();
  const reach = dilate(mask, LACKING * Math.max(mask.width, mask.height));
  await rest();
  const core = erode(mask, MIXED_PX);
  await rest();
  const from = nearestOf(core, reach);
  await rest();
  const out = createMask(mask.width, mask.height);
  for (let i = 0; i < out.data.length; i++) {
    const j = from[i]!;
    if (mask.data[i] !== 0) out.data[i] = 1;
    else if (reach.data[i] !== 0 && j >= 0) {
      let off = 0;
      for (let c = 0; c < 3; c++) off += Math.abs(rgb.data[3 * i + c]! - rgb.data[3 * j + c]!) / 3;
      if (off < SAME) out.data[i] = 1;
    }
  }
  return out;
}

/**
 * Colours for pixels that a thing's solid has and its mask has not: the picture's where that looks like the thing, else the nearest of the
 * mask's own.
 */
export async function grownColours(
  mask: Mask,
  grown: Mask,
  rgb: RgbImage,
  rest: Rest = restless,
): Promise<RgbImage> {
  const own = await possiblePixels(mask, rgb, rest);
  await rest();
  const from = nearestOf(erode(mask, MIXED_PX), grown);
  const out = { ...rgb, data: rgb.data.slice() };
  for (let i = 0; i < mask.data.length; i++) {
    const j = from[i]!;
    if (grown.data[i] === 0 || own.data[i] !== 0 || j < 0) continue;
    for (let c = 0; c < 3; c++) out.data[3 * i + c] = rgb.data[3 * j + c]!;
  }
  return out;
}
