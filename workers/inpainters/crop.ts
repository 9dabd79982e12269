/**
 * What a model or a server is given of a picture: a window around each hole with context, brought to a size that it takes
 * (scaled evenly, the rest padded by the border's pixels); and its answer back to the window.
 */
import {
  boundsOf,
  createMask,
  createRgbImage,
  type Mask,
  type Rect,
  type RgbImage,
} from '../../core/image.ts';
import { HOLE, KNOWN } from './harmonic.ts';
import { cutBytes, groupHoles, growRect } from './region.ts';
import { resizeMask, resizeRgb } from './resample.ts';

export interface CropOptions {
  /** Context on each side, in longer sides of the hole. */
  contextScale?: number;
  /** Context on each side is at least this, pixels. */
  minContextPx?: number;
  /** The window's sides are at least this, where the picture is; pixels. */
  minSidePx?: number;
}
/** As much context on each side as the hole is long: what paints from an image prior needs more than the rim. */
export const CROP_DEFAULTS: Required<CropOptions> = {
  contextScale: 1,
  minContextPx: 48,
  minSidePx: 256,
};

/**
 * Windows around the holes, in the picture, that do not overlap: those that would are one.
 * @returns none for an empty mask
 */
export function windowsAround(mask: Mask, options: CropOptions = {}): Rect[] {
  const { contextScale, minContextPx, minSidePx } = { ...CROP_DEFAULTS, ...options };
  const { width, height } = mask;
  const state = mask.data.map((v) => (v === 0 ? KNOWN : HOLE));
  let windows = groupHoles(state, width, height).map((pixels) => {
    const hole = boundsOf(width, pixels);
    const longest = Math.max(hole.x1 - hole.x0, hole.y1 - hole.y0);
    const margin = Math.max(minContextPx, Math.ceil(contextScale * longest));
    return widen(growRect(hole, margin, width, height), minSidePx, width, height);
  });
  for (let merged = true; merged; ) {
    merged = false;
    const apart: Rect[] = [];
    for (const window of windows) {
      const at = apart.findIndex((other) => overlap(window, other));
      if (at < 0) apart.push(window);
      else {
        apart[at] = union(apart[at]!, window);
        merged = true;
      }
    }
    windows = apart;
  }
  return windows;
}

/** Grown to the least side on both axes, moved where the picture ends. */
function widen(rect: Rect, least: number, width: number, height: number): Rect {
  const [x0, x1] = stretch(rect.x0, rect.x1, least, width);
  const [y0, y1] = stretch(rect.y0, rect.y1, least, height);
  return { x0, y0, x1, y1 };
}

function stretch(from: number, to: number, least: number, end: number): [number, number] {
  const length = Math.min(end, Math.max(least, to - from));
  const start = Math.round((from + to - length) / 2);
  const moved = Math.min(end - length, Math.max(0, start));
  return [moved, moved + length];
}

const overlap = (a: Rect, b: Rect) => a.x0 < b.x1 && b.x0 < a.x1 && a.y0 < b.y1 && b.y0 < a.y1;
const union = (a: Rect, b: Rect): Rect => ({
  x0: Math.min(a.x0, b.x0),
  y0: Math.min(a.y0, b.y0),
  x1: Math.max(a.x1, b.x1),
  y1: Math.max(a.y1, b.y1),
});

/** The window's part of a picture. */
export function cutRgb(image: RgbImage, rect: Rect): RgbImage {
  const out = createRgbImage(rect.x1 - rect.x0, rect.y1 - rect.y0);
  for (let y = 0; y < out.height; y++) {
    const from = ((rect.y0 + y) * image.width + rect.x0) * 3;
    out.data.set(image.data.subarray(from, from + 3 * out.width), 3 * y * out.width);
  }
  return out;
}

export function cutMask(mask: Mask, rect: Rect): Mask {
  const data = cutBytes(mask.data, mask.width, rect);
  return { width: rect.x1 - rect.x0, height: rect.y1 - rect.y0, data };
}

/** Puts a window's picture into the whole one. */
export function pasteRgb(into: RgbImage, part: RgbImage, rect: Rect): void {
  for (let y = 0; y < part.height; y++) {
    const row = part.data.subarray(3 * y * part.width, 3 * (y + 1) * part.width);
    into.data.set(row, ((rect.y0 + y) * into.width + rect.x0) * 3);
  }
}

/** A window brought to another size. */
export interface Fitted {
  image: RgbImage;
  /** Set wherever a pixel overlaps the hole; never in the padding. */
  mask: Mask;
  /** The answer's part that shows the window, at the window's size. */
  back(answer: RgbImage): RgbImage;
}

/**
 * Scales a window evenly into `width × height`, its upper left corner kept, and pads right and below with the border's
 * pixels. A window of that size is taken as it is, bit for bit.
 */
export function fitInto(image: RgbImage, mask: Mask, width: number, height: number): Fitted {
  const scale = Math.min(width / image.width, height / image.height);
  return padTo(
    image,
    mask,
    { width: side(image.width * scale, width), height: side(image.height * scale, height) },
    { width, height },
  );
}

const side = (wanted: number, most: number) => Math.min(most, Math.max(1, Math.round(wanted)));

interface Size {
  width: number;
  height: number;
}

/**
 * The size nearest to the window's whose sides are multiples and whose shorter side is at least `least`, longer at most
 * `most` pixels: for what takes any size of a multiple. `least` gives way to `most`.
 */
export function sizeOfMultiple(
  window: Size,
  { multiple, least, most }: { multiple: number; least: number; most: number },
): Size {
  const shorter = Math.min(window.width, window.height);
  const longer = Math.max(window.width, window.height);
  const scale = Math.min(Math.max(1, least / shorter), most / longer);
  const up = (v: number) =>
    Math.max(
      multiple,
      Math.min(
        Math.ceil(Math.round(v * scale) / multiple) * multiple,
        Math.floor(most / multiple) * multiple,
      ),
    );
  return { width: up(window.width), height: up(window.height) };
}

function padTo(image: RgbImage, mask: Mask, inner: Size, outer: Size): Fitted {
  const small = resizeRgb(image, inner.width, inner.height);
  const hole = resizeMask(mask, inner.width, inner.height);
  const padded = createRgbImage(outer.width, outer.height);
  const paddedMask = createMask(outer.width, outer.height);
  for (let y = 0; y < outer.height; y++) {
    const v = Math.min(y, inner.height - 1);
    for (let x = 0; x < outer.width; x++) {
      const u = Math.min(x, inner.width - 1);
      const from = (v * inner.width + u) * 3;
      padded.data.set(small.data.subarray(from, from + 3), (y * outer.width + x) * 3);
      if (u === x && v === y)
        paddedMask.data[y * outer.width + x] = hole.data[v * inner.width + u]!;
    }
  }
  const window = { width: image.width, height: image.height };
  return {
    image: padded,
    mask: paddedMask,
    back(answer) {
      const shown = cutRgb(answer, { x0: 0, y0: 0, x1: inner.width, y1: inner.height });
      return resizeRgb(shown, window.width, window.height);
    },
  };
}
