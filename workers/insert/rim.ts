/** A cut-out's rim: how much of a pixel is the thing's, and its own colour there. */
import { createMask, type Mask, type RgbImage } from '../../core/image.ts';
import { dilate, erode } from '../../core/morphology.ts';

/** Pixels this near the outline may be mixed with what was behind. */
const MIXED_PX = 2;
/** A pixel is the thing's from this share on. */
const OWN = 0.5;
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
 * Takes the background out of the rim: with F the nearest colour inside and B the scene's, edited = a F + (1 − a) B gives a; pixels of
 * less than half are left to the scene, and mixed ones take F. So no halo of the old background stands around the thing from the side.
 * Thin parts without an inside are left as they are.
 */
export function cleanRim(
  mask: Mask,
  edited: RgbImage,
  reference: RgbImage,
): { mask: Mask; rgb: RgbImage } {
  const core = erode(mask, MIXED_PX);
  const from = nearestOf(core, mask);
  const out = createMask(mask.width, mask.height);
  const rgb = { ...edited, data: edited.data.slice() };
  for (let i = 0; i < mask.data.length; i++) {
    if (mask.data[i] === 0) continue;
    out.data[i] = 1;
    const inside = from[i]!;
    if (core.data[i] !== 0 || inside < 0) continue;
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
    if (share < -BEYOND || off > OFF_LINE ** 2 * whole) continue;
    if (share < OWN) out.data[i] = 0;
    else if (share < WHOLE) {
      for (let c = 0; c < 3; c++) rgb.data[3 * i + c] = edited.data[3 * inside + c]!;
    }
  }
  return { mask: out, rgb };
}

/** Of the picture's longer side: pixels this near a mask may be the thing's, where they have its colour. */
const LACKING = 0.02;
/** Mean |Δrgb| that is the same colour still. */
const SAME = 0.12;

/** The mask, and pixels near it that look like its nearest: a thing in the colour of what is behind it has gaps there. */
export function possiblePixels(mask: Mask, rgb: RgbImage): Mask {
  const reach = dilate(mask, LACKING * Math.max(mask.width, mask.height));
  const core = erode(mask, MIXED_PX);
  const from = nearestOf(core, reach);
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
export function grownColours(mask: Mask, grown: Mask, rgb: RgbImage): RgbImage {
  const own = possiblePixels(mask, rgb);
  const from = nearestOf(erode(mask, MIXED_PX), grown);
  const out = { ...rgb, data: rgb.data.slice() };
  for (let i = 0; i < mask.data.length; i++) {
    const j = from[i]!;
    if (grown.data[i] === 0 || own.data[i] !== 0 || j < 0) continue;
    for (let c = 0; c < 3; c++) out.data[3 * i + c] = rgb.data[3 * j + c]!;
  }
  return out;
}
