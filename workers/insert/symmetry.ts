/** Whether an outline is its own mirror image at an upright plane through the camera, as everything turned about an upright axis shows. */
import { components } from '../../core/components.ts';
import { distanceTo } from '../../core/distance.ts';
import {
  countMask,
  createMask,
  createScalarImage,
  type Mask,
  type ScalarImage,
} from '../../core/image.ts';
import { dilate, erode } from '../../core/morphology.ts';
import type { Rest } from '../../core/progress.ts';
import { linearAt } from './grey-pictures.ts';
import type { LevelView } from './level-view.ts';
import { softMask } from './soft-outline.ts';

export interface Symmetric {
  /** Of the mirror plane from ahead, to the right, radians. */
  bearing: number;
  /** What both sides show, smoothed: one half is the outline. */
  soft: ScalarImage;
  /** Parts that only one side shows: a handle. */
  beside: Mask;
}

/** Bearings that are tried lie in this middle part of the outline. */
const MIDDLE = 0.6;
const TRIED = 49;
/** Pixels that the first search looks at. */
const MOST_LOOKED = 3000;
const FEW_LOOKED = 1200;
/** What only one side shows is a part of its own where it reaches this far out, of the thing's breadth; less is what the other side lacks. */
const REACH = 0.06;
const REACH_PX = 3;
/** Under this one side lacks what the other has; over it the two are one outline, and noise. */
const LACKS = 0.02;
/** One side may have this share of the whole to itself. */
const MOST_BESIDE = 0.25;

/** Place of a pixel's mirror image, pixels counted from the first one's centre. */
function mirrorPlace(view: LevelView, bearing: number, x: number, y: number): [number, number] {
  const d = view.direction(x + 0.5, y + 0.5);
  const [mx, my] = [Math.sin(bearing), Math.cos(bearing)];
  const along = 2 * (d[0] * mx + d[1] * my);
  const { u, v, depth } = view.place([along * mx - d[0], along * my - d[1], d[2]]);
  return depth > 0 ? [u - 0.5, v - 0.5] : [-9, -9];
}

const valueAt = (image: ScalarImage, [x, y]: readonly [number, number]): number =>
  x < 0 || y < 0 || x > image.width - 1 || y > image.height - 1 ? 0 : linearAt(image, x, y);

/**
 * The bearing whose mirror keeps most of the mask inside itself: a handle on one side moves it by nothing.
 * @param fine whether it is refined to a small part of a pixel
 * @returns with the share that is kept, 0..1
 */
export async function bestBearing(
  view: LevelView,
  mask: Mask,
  soft: ScalarImage,
  fine: boolean,
  rest: Rest,
): Promise<{ bearing: number; kept: number }> {
  const pixels: number[] = [];
  let [low, high] = [Infinity, -Infinity];
  for (let i = 0; i < mask.data.length; i++) {
    if (mask.data[i] === 0) continue;
    pixels.push(i);
    const d = view.direction((i % mask.width) + 0.5, Math.floor(i / mask.width) + 0.5);
    const bearing = Math.atan2(d[0], d[1]);
    low = Math.min(low, bearing);
    high = Math.max(high, bearing);
  }
  const kept = (bearing: number, step: number) => {
    let [sum, total] = [0, 0];
    for (let k = 0; k < pixels.length; k += step) {
      const i = pixels[k]!;
      const place = mirrorPlace(view, bearing, i % mask.width, Math.floor(i / mask.width));
      sum += Math.min(soft.data[i]!, valueAt(soft, place));
      total += soft.data[i]!;
    }
    return sum / total;
  };
  let best = (low + high) / 2;
  let reach = (MIDDLE * (high - low)) / 2;
  let most = 0;
  const coarse = Math.max(1, Math.floor(pixels.length / (fine ? MOST_LOOKED : FEW_LOOKED)));
  const rounds = fine
    ? ([
        [TRIED, coarse],
        [9, 1],
        [9, 1],
        [9, 1],
      ] as const)
    : ([
        [25, coarse],
        [9, coarse],
      ] as const);
  for (const [tried, step] of rounds) {
    const around = Array.from(
      { length: tried },
      (_, k) => best + reach * ((2 * k) / (tried - 1) - 1),
    );
    const values: number[] = [];
    for (const bearing of around) {
      await rest();
      values.push(kept(bearing, step));
    }
    most = Math.max(...values);
    best = around[values.indexOf(most)]!;
    reach = (3 * reach) / (tried - 1);
  }
  return { bearing: best, kept: most };
}

/** What is turned shows no cracks and holes: they are places where it has the colour of what is behind it. */
function withoutHoles(soft: ScalarImage): ScalarImage {
  const { width, height } = soft;
  const inside = { width, height, data: Uint8Array.from(soft.data, (v) => (v >= 0.5 ? 1 : 0)) };
  const closed = erode(dilate(inside, 1), 1);
  const out = {
    ...soft,
    data: soft.data.map((v, i) => (closed.data[i] !== 0 ? Math.max(v, 0.5) : v)),
  };
  const outside = createMask(width, height);
  for (let i = 0; i < outside.data.length; i++) outside.data[i] = closed.data[i] === 0 ? 1 : 0;
  for (const { pixels, touchesBorder } of components(outside)) {
    if (!touchesBorder) for (const i of pixels) out.data[i] = 1;
  }
  return out;
}

function pixelAt({ width, height }: Mask, [x, y]: readonly number[]): number {
  const u = Math.min(width - 1, Math.max(0, Math.round(x!)));
  return Math.min(height - 1, Math.max(0, Math.round(y!))) * width + u;
}

/**
 * @param possible pixels that may be the thing's though the mask lacks them; absent: any
 * @returns undefined where one side has too much that the other has not
 */
export async function symmetryOf(
  view: LevelView,
  mask: Mask,
  rest: Rest,
  possible?: Mask,
): Promise<Symmetric | undefined> {
  const { width, height } = mask;
  const soft = softMask(mask);
  const { bearing } = await bestBearing(view, mask, soft, true, rest);
  const other = createScalarImage(width, height);
  const mirrored = createMask(width, height);
  const single = createMask(width, height);
  let widest = 0;
  for (let y = 0; y < height; y++) {
    let row = 0;
    for (let x = 0; x < width; x++) {
      const i = y * width + x;
      other.data[i] = valueAt(soft, mirrorPlace(view, bearing, x, y));
      row += mask.data[i]!;
      if (other.data[i]! >= 0.5) mirrored.data[i] = 1;
      else if (soft.data[i]! >= 0.5) single.data[i] = 1;
    }
    widest = Math.max(widest, row);
  }
  await rest();
  const away = distanceTo(mirrored);
  const far = Math.max(REACH_PX, REACH * widest);
  const fromAxis = (i: number) => {
    const d = view.direction((i % width) + 0.5, Math.floor(i / width) + 0.5);
    return Math.abs(Math.atan2(d[0], d[1]) - bearing) * view.camera.fx;
  };
  const beside = createMask(width, height);
  for (const { pixels } of components(single, undefined, true)) {
    const out = (i: number) => Math.min(away.data[i]!, fromAxis(i)) > far;
    if (pixels.some(out)) for (const i of pixels) beside.data[i] = 1;
  }
  if (countMask(beside) > MOST_BESIDE * countMask(mask)) return undefined;
  const near = dilate(beside, 2);
  const nearSoft = { width, height, data: Float32Array.from(near.data, (v) => v) };
  const both = createScalarImage(width, height);
  await rest();
  for (let i = 0; i < both.data.length; i++) {
    const [a, b] = [soft.data[i]!, other.data[i]!];
    const [x, y] = [i % width, Math.floor(i / width)];
    const one = near.data[i] !== 0 || valueAt(nearSoft, mirrorPlace(view, bearing, x, y)) >= 0.5;
    const low = Math.min(a, b);
    // The side that lacks it has to look as if it could be there.
    const lacks = a < b ? [x, y] : mirrorPlace(view, bearing, x, y);
    const may = possible === undefined || possible.data[pixelAt(mask, lacks)] !== 0;
    both.data[i] = one || (low < LACKS && !may) ? low : low < LACKS ? Math.max(a, b) : (a + b) / 2;
  }
  return { bearing, soft: withoutHoles(both), beside };
}
