/** Finds an object's cast shadow in the picture of a surface that it stands on, and how much light it takes. */
import { components } from '../../core/components.ts';
import { createMask, type Mask } from '../../core/image.ts';
import { dilate, minus } from '../../core/morphology.ts';
import { quantile } from '../../core/quantile.ts';
import { fillHarmonic, HOLE, KNOWN, OUT } from '../inpainters/harmonic.ts';
import { litLook } from './lit-look.ts';
import type { PlanePicture } from './plane-picture.ts';
import { smoothLook } from './smooth-look.ts';

export interface FoundShadow {
  /** Natural log of the factor that gives a cell its light back, 3 a cell; 0 outside the shadow. */
  gain: Float32Array;
  /** Cells of the shadow. */
  cells: number;
}

/** Mean log brightness below the lit surface's from which a cell is the shadow's for certain, … */
const DEEP = 0.08;
/** … and down to which cells beside such go with it. */
const SHALLOW = 0.02;
/** A shadow takes no more light than this (log); what is darker is another colour. */
const DEEPEST = 0.95;
/** Nor does any of it take much more than most of it does beside the object: by this factor, and this much. */
const DEEPER = 1.5;
const DEEPER_BY = 0.12;
/** Channels of a shadow are dimmed alike: they differ by at most this, and by this share of their mean. */
const HUE = 0.05;
const HUE_SHARE = 0.3;
/** How far beside a certain cell the shadow's edge may reach, in the object's radii. */
const EDGE = 0.4;
/** A shadow begins this near to the object, in its radii, and is at its typical depth this near. */
const FOOT = 0.2;
const BESIDE = 0.5;
/** Fewer certain cells beside the object are no shadow. */
const MIN_CELLS = 12;

/**
 * @param outside how far each cell lies outside the object's hull, in its radii; under 0 within
 * @returns undefined without a shadow
 */
export function findShadow(
  picture: PlanePicture,
  outside: Float32Array,
  reach: number,
): FoundShadow | undefined {
  const { side, weight } = picture;
  const n = side * side;
  const look = smoothLook(picture);
  const lit = litLook(picture, look, outside);
  if (lit === undefined) return undefined;
  const below = new Float32Array(3 * n);
  const mean = new Float32Array(n);
  const dimmed = createMask(side, side);
  const certain = createMask(side, side);
  for (let i = 0; i < n; i++) {
    if (weight[i] === 0 || outside[i]! > reach) continue;
    const d = [0, 1, 2].map((k) => look[3 * i + k]! - lit[3 * i + k]!) as [number, number, number];
    for (let k = 0; k < 3; k++) below[3 * i + k] = d[k]!;
    const m = (d[0] + d[1] + d[2]) / 3;
    mean[i] = m;
    if (m > -SHALLOW || m < -DEEPEST) continue;
    if (Math.max(...d) - Math.min(...d) > HUE + HUE_SHARE * -m) continue;
    dimmed.data[i] = 1;
    if (m < -DEEP) certain.data[i] = 1;
  }
  const usual = medianOf(certain, mean, (i) => outside[i]! < BESIDE);
  if (usual === undefined) return undefined;
  for (let i = 0; i < n; i++) {
    if (mean[i]! > DEEPER * usual - DEEPER_BY || outside[i]! < FOOT) continue;
    dimmed.data[i] = 0;
    certain.data[i] = 0;
  }
  const shadow = attached(certain, dimmed, outside, Math.round((EDGE * side) / (2 * reach)));
  let cells = 0;
  for (let i = 0; i < n; i++) if (shadow.data[i] !== 0) cells++;
  if (cells === 0) return undefined;

  // What is around the shadow says how its cells would look without it: below the lit look by as much as they.
  const state = new Uint8Array(n);
  const around = minus(dilate(shadow, 3), shadow);
  for (let i = 0; i < n; i++) {
    if (shadow.data[i] !== 0 || outside[i]! <= 0) state[i] = HOLE;
    else if (weight[i] !== 0 && around.data[i] !== 0 && Math.abs(mean[i]!) < DEEP) state[i] = KNOWN;
    else state[i] = OUT;
  }
  const level = below.slice();
  fillHarmonic({ width: side, height: side, channels: 3, values: level, state }, 0);
  const gain = new Float32Array(3 * n);
  for (let i = 0; i < n; i++) {
    if (shadow.data[i] === 0) continue;
    for (let k = 0; k < 3; k++) {
      const g = level[3 * i + k]! - below[3 * i + k]!;
      gain[3 * i + k] = Math.max(0, Math.min(DEEPEST, g));
    }
  }
  return { gain, cells };
}

/** Median of `values` over a mask's cells that count; undefined with too few. */
function medianOf(
  { data }: Mask,
  values: Float32Array,
  counts: (i: number) => boolean,
): number | undefined {
  const found: number[] = [];
  for (let i = 0; i < data.length; i++) if (data[i] !== 0 && counts(i)) found.push(values[i]!);
  if (found.length < MIN_CELLS) return undefined;
  return quantile(found, 0.5);
}

/** The certain cells that hang together with the object's foot, and the dimmed ones beside them. */
function attached(certain: Mask, dimmed: Mask, outside: Float32Array, edge: number): Mask {
  const { width, height } = certain;
  const joined = createMask(width, height);
  for (let i = 0; i < joined.data.length; i++) {
    if (certain.data[i] !== 0 || outside[i]! < 0) joined.data[i] = 1;
  }
  const out = createMask(width, height);
  for (const { pixels } of components(joined, undefined, true)) {
    if (!pixels.some((i) => outside[i]! < FOOT)) continue;
    for (const i of pixels) if (certain.data[i] !== 0) out.data[i] = 1;
  }
  const near = dilate(out, edge);
  for (let i = 0; i < out.data.length; i++) {
    if (near.data[i] !== 0 && dimmed.data[i] !== 0) out.data[i] = 1;
  }
  return out;
}
