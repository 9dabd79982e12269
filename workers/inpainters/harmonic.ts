/**
 * Smooth fill: solves Δu = 0 where `unknown`, with the known pixels as boundary values and no flow
 * across pixels that are neither. A pyramid gives the start on each level, over-relaxed Gauss-Seidel the rest.
 */

export const KNOWN = 0;
export const HOLE = 1;
/** Takes no part: not filled, not copied from. */
export const OUT = 2;

export interface HarmonicField {
  width: number;
  height: number;
  /** Values a pixel, interleaved. */
  channels: number;
  /** width × height × channels; pixels of state HOLE are overwritten. */
  values: Float32Array;
  /** KNOWN, HOLE or OUT a pixel. */
  state: Uint8Array;
}

const SWEEPS = 24;
const OVER_RELAXATION = 1.7;

/** Fills the field's holes in place. Holes that touch no known pixel at all get `fallback`. */
export function fillHarmonic(field: HarmonicField, fallback = 0.5): void {
  const { width, height, channels, values, state } = field;
  let holes = 0;
  let known = 0;
  for (const s of state) {
    if (s === HOLE) holes++;
    else if (s === KNOWN) known++;
  }
  if (holes === 0) return;
  if (known === 0) {
    for (let i = 0; i < state.length; i++) {
      if (state[i] === HOLE) values.fill(fallback, i * channels, (i + 1) * channels);
    }
    return;
  }
  if (width > 1 || height > 1) {
    const coarse = halve(field);
    fillHarmonic(coarse, fallback);
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) {
        const i = y * width + x;
        if (state[i] !== HOLE) continue;
        const j = ((y >> 1) * coarse.width + (x >> 1)) * channels;
        for (let c = 0; c < channels; c++) values[i * channels + c] = coarse.values[j + c]!;
      }
    }
  }
  relax(field);
}

/** Mean of the known children; a pixel with none is a hole if any child is, else out. */
function halve(field: HarmonicField): HarmonicField {
  const { width, height, channels, values, state } = field;
  const w = (width + 1) >> 1;
  const h = (height + 1) >> 1;
  const coarse = {
    width: w,
    height: h,
    channels,
    values: new Float32Array(w * h * channels),
    state: new Uint8Array(w * h),
  };
  for (let y = 0; y < h; y++) {
    for (let x = 0; x < w; x++) {
      const o = y * w + x;
      let known = 0;
      let holes = 0;
      for (let v = 2 * y; v < Math.min(height, 2 * y + 2); v++) {
        for (let u = 2 * x; u < Math.min(width, 2 * x + 2); u++) {
          const i = v * width + u;
          if (state[i] === HOLE) holes++;
          if (state[i] !== KNOWN) continue;
          known++;
          for (let c = 0; c < channels; c++)
            coarse.values[o * channels + c]! += values[i * channels + c]!;
        }
      }
      for (let c = 0; c < channels && known > 1; c++) coarse.values[o * channels + c]! /= known;
      coarse.state[o] = known > 0 ? KNOWN : holes > 0 ? HOLE : OUT;
    }
  }
  return coarse;
}

function relax(field: HarmonicField): void {
  const { width, height, channels, values, state } = field;
  const pixels: number[] = [];
  for (let i = 0; i < state.length; i++) if (state[i] === HOLE) pixels.push(i);
  // The four neighbours' indices, or the pixel itself where there is none (no flow).
  const near = new Int32Array(pixels.length * 4);
  for (let k = 0; k < pixels.length; k++) {
    const i = pixels[k]!;
    const x = i % width;
    near[k * 4] = x > 0 && state[i - 1] !== OUT ? i - 1 : i;
    near[k * 4 + 1] = x + 1 < width && state[i + 1] !== OUT ? i + 1 : i;
    near[k * 4 + 2] = i >= width && state[i - width] !== OUT ? i - width : i;
    near[k * 4 + 3] = i + width < width * height && state[i + width] !== OUT ? i + width : i;
  }
  for (let sweep = 0; sweep < SWEEPS; sweep++) {
    for (let k = 0; k < pixels.length; k++) {
      const i = pixels[k]!;
      let n = 0;
      for (let e = 0; e < 4; e++) if (near[k * 4 + e] !== i) n++;
      if (n === 0) continue;
      for (let c = 0; c < channels; c++) {
        let sum = 0;
        for (let e = 0; e < 4; e++) {
          const j = near[k * 4 + e]!;
          if (j !== i) sum += values[j * channels + c]!;
        }
        values[i * channels + c]! += OVER_RELAXATION * (sum / n - values[i * channels + c]!);
      }
    }
  }
}
