const LOG2E = Math.LOG2E;
const LN2 = Math.LN2;
/** Adding it brings a small number's whole part to the lowest bits of a 64-bit float, and rounds to nearest. */
const ROUNDER = 1.5 * 2 ** 52;
const LOWEST = -1074;
const HIGHEST = 1023;
const POWERS = Float64Array.from({ length: HIGHEST - LOWEST + 1 }, (_, k) => 2 ** (k + LOWEST));

/**
 * e to the x, off by at most 8e-9 of it: enough for records of 32 bits, and several times faster than Math.exp (a call
 * out of the compiled code: 20 to 40 ns, six of which a splat were half of the projection). Below −744 it
 * stays at the smallest number there is, above 709 at 1e308; NaN for NaN.
 */
export function fastExp(x: number): number {
  // In steps of a whole power of two: e^x = 2^k e^r with |r| ≤ ln 2 / 2, where Taylor's 8 terms suffice.
  const bounded = Math.max(-744, Math.min(709, x));
  const k = bounded * LOG2E + ROUNDER - ROUNDER;
  const r = bounded - k * LN2;
  const series =
    1 +
    r *
      (1 +
        r * (1 / 2 + r * (1 / 6 + r * (1 / 24 + r * (1 / 120 + r * (1 / 720 + r * (1 / 5040)))))));
  return series * POWERS[k - LOWEST]!;
}
