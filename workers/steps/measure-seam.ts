import { differenceCiede2000, modeLab65, modeRgb, useMode } from 'culori/fn';
import type { Mask } from '../../core/image.ts';
import type { RenderedView } from '../../core/kernels.ts';

/** Steps across the fill's rim, one number a pair of pixels. */
export interface SeamSteps {
  /** Relative depth step: inverse depth just inside against its straight continuation from outside. */
  depth: number[];
  /** Mean |Δrgb| between the pixel two inside and the pixel two outside, 0..1. */
  colour: number[];
  /** The same pairs' ΔE, CIEDE2000 (Sharma et al. 2005). */
  deltaE: number[];
}

useMode(modeRgb);
useMode(modeLab65);
const perceived = differenceCiede2000();

/**
 * Walks the mask's rim along rows and columns and measures what a viewer would see as a seam. Rim
 * pixels without a surface on both sides are left out: an outline against the background is no seam.
 */
export function measureSeam(view: RenderedView, mask: Mask): SeamSteps {
  const { width, height } = mask;
  const out: SeamSteps = { depth: [], colour: [], deltaE: [] };
  const z = view.depthMedian.data;
  const rgb = view.rgb.data;
  const walk = (i: number, step: number) => {
    // From outside to inside: o2, o1 | i1, i2.
    const o2 = i - 2 * step;
    const o1 = i - step;
    const i2 = i + step;
    if (mask.data[i] === 0 || mask.data[i2] === 0) return;
    if (mask.data[o1] !== 0 || mask.data[o2] !== 0) return;
    if ([o2, o1, i, i2].some((j) => !(z[j]! > 0) || view.alpha.data[j]! < 0.5)) return;
    const predicted = 2 / z[o1]! - 1 / z[o2]!;
    out.depth.push(Math.abs(1 / z[i]! - predicted) * z[o1]!);
    let difference = 0;
    for (let k = 0; k < 3; k++) difference += Math.abs(rgb[i2 * 3 + k]! - rgb[o2 * 3 + k]!) / 3;
    out.colour.push(difference);
    out.deltaE.push(perceived(colourAt(rgb, i2), colourAt(rgb, o2)));
  };
  for (let y = 2; y < height - 2; y++) {
    for (let x = 2; x < width - 2; x++) {
      const i = y * width + x;
      if (mask.data[i] === 0) continue;
      walk(i, 1);
      walk(i, -1);
      walk(i, width);
      walk(i, -width);
    }
  }
  return out;
}

const colourAt = (rgb: Float32Array, i: number) => ({
  mode: 'rgb' as const,
  r: rgb[i * 3]!,
  g: rgb[i * 3 + 1]!,
  b: rgb[i * 3 + 2]!,
});

/** The value that a share of all, 0..1, is under; NaN of nothing. */
export function percentile(values: readonly number[], share: number): number {
  if (values.length === 0) return Number.NaN;
  const sorted = Float64Array.from(values).sort();
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))]!;
}

/** Median, NaN of nothing. */
export const median = (values: readonly number[]): number => percentile(values, 0.5);
