import { createSplatFrame, splatFrame } from '../../select/splat-frame.ts';
import { copySplats, SH_C0, type SplatCloud } from '../../splat-cloud.ts';

/**
 * A splat's parameters as 12 numbers, all free of the scene's unit or logarithms, so that a step does the same at every
 * scale. The WGSL kernels read them in this order.
 */
export const PARAMS = 12;
/** Zeroth SH coefficients. */
export const DC = 0;
export const OPACITY_LOGIT = 3;
/** Natural logarithms, world units. */
export const LOG_SCALE = 4;
/** Way along the normal from where the splat began, in its longest standard deviations. */
export const OFFSET = 7;
/** Quaternion w x y z of any length. */
export const ROTATION = 8;

/** The bounds a splat moves within: what the pictures do not show (other sides) must not fall apart. */
const MOST_LOGIT = 1.5;
const SCALE_DOWN = Math.log(0.6);
const SCALE_UP = Math.log(1.25);
const MOST_OFFSET = 1.5;
const MOST_DC = 0.5 / SH_C0;

/** New splats while they are polished. Arrays hold PARAMS numbers a splat where nothing else is said. */
export interface PolishState {
  count: number;
  values: Float64Array;
  lower: Float64Array;
  upper: Float64Array;
  /** Adam's means of gradient and squared gradient. */
  mean: Float64Array;
  square: Float64Array;
  /** 3 a splat: where it began, and the way it goes for an OFFSET of 1; world units. */
  starts: Float64Array;
  ways: Float64Array;
}

export function createPolishState(splats: SplatCloud): PolishState {
  const { count } = splats;
  const array = () => new Float64Array(count * PARAMS);
  const state: PolishState = {
    count,
    values: array(),
    lower: array().fill(Number.NEGATIVE_INFINITY),
    upper: array().fill(Number.POSITIVE_INFINITY),
    mean: array(),
    square: array(),
    starts: Float64Array.from(splats.positions),
    ways: new Float64Array(count * 3),
  };
  const frame = createSplatFrame();
  for (let i = 0; i < count; i++) {
    const o = i * PARAMS;
    const bound = (k: number, value: number, below: number, above: number) => {
      state.values[o + k] = value;
      state.lower[o + k] = value + below;
      state.upper[o + k] = value + above;
    };
    for (let k = 0; k < 3; k++) {
      const dc = splats.dc[i * 3 + k]!;
      state.values[o + DC + k] = dc;
      state.lower[o + DC + k] = Math.min(dc, -MOST_DC);
      state.upper[o + DC + k] = Math.max(dc, MOST_DC);
      bound(LOG_SCALE + k, splats.logScales[i * 3 + k]!, SCALE_DOWN, SCALE_UP);
    }
    bound(OPACITY_LOGIT, splats.opacityLogits[i]!, -MOST_LOGIT, MOST_LOGIT);
    bound(OFFSET, 0, -MOST_OFFSET, MOST_OFFSET);
    state.values.set(splats.rotations.subarray(i * 4, i * 4 + 4), o + ROTATION);
    const { axes, sigmas } = splatFrame(splats, i, frame);
    for (let a = 0; a < 3; a++) state.ways[i * 3 + a] = axes[6 + a]! * sigmas[0]!;
  }
  return state;
}

/** Holds a splat's parameters from `first` on where they are. */
export function hold(state: PolishState, row: number, first: number): void {
  const o = row * PARAMS;
  for (let k = first; k < PARAMS; k++) {
    const value = state.values[o + k]!;
    state.lower[o + k] = value;
    state.upper[o + k] = value;
  }
}

/** The splats as they are now; everything that is not polished is as in `splats`. */
export function polishedSplats(splats: SplatCloud, state: PolishState): SplatCloud {
  const out = copySplats(splats);
  const { values, starts, ways } = state;
  for (let i = 0; i < state.count; i++) {
    const o = i * PARAMS;
    const offset = values[o + OFFSET]!;
    for (let k = 0; k < 3; k++) {
      out.dc[i * 3 + k] = values[o + DC + k]!;
      out.logScales[i * 3 + k] = values[o + LOG_SCALE + k]!;
      out.positions[i * 3 + k] = starts[i * 3 + k]! + offset * ways[i * 3 + k]!;
    }
    out.opacityLogits[i] = values[o + OPACITY_LOGIT]!;
    for (let k = 0; k < 4; k++) out.rotations[i * 4 + k] = values[o + ROTATION + k]!;
  }
  return out;
}
