import { PARAMS, type PolishState } from './state.ts';

/** Adam (Kingma and Ba 2015), with the reference implementation's constants. */
export const BETA1 = 0.9;
export const BETA2 = 0.999;
/** Only against 0 / 0: a gradient's size says nothing, its steadiness does. */
export const EPSILON = 1e-15;

/** Step a parameter at the start, in its own unit. */
const RATES = [0.02, 0.02, 0.02, 0.05, 0.01, 0.01, 0.01, 0.02, 0.003, 0.003, 0.003, 0.003];
/** The steps fall to this share of themselves. */
const LAST_SHARE = 0.1;

/** The rates of one step, PARAMS numbers, with Adam's corrections for its first steps in them. @param step from 0 */
export function ratesAt(step: number, steps: number): number[] {
  const decay = LAST_SHARE ** (step / Math.max(1, steps - 1));
  const correction = Math.sqrt(1 - BETA2 ** (step + 1)) / (1 - BETA1 ** (step + 1));
  return RATES.map((rate) => rate * decay * correction);
}

/** One step; parameters stop at their bounds. */
export function adamStep(
  state: PolishState,
  gradient: Float64Array,
  rates: readonly number[],
): void {
  const { values, lower, upper, mean, square } = state;
  for (let i = 0; i < values.length; i++) {
    const g = gradient[i]!;
    const m = BETA1 * mean[i]! + (1 - BETA1) * g;
    const v = BETA2 * square[i]! + (1 - BETA2) * g * g;
    mean[i] = m;
    square[i] = v;
    const next = values[i]! - (rates[i % PARAMS]! * m) / (Math.sqrt(v) + EPSILON);
    values[i] = Math.max(lower[i]!, Math.min(upper[i]!, next));
  }
}
