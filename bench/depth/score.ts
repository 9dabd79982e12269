/** Depth errors inside a mask, where there is truth. */

export interface DepthScore {
  pixels: number;
  absRel: number;
  delta1: number;
  square: number;
  absolute: number;
  ms: number;
  samples: number;
}
export const emptyScore = (): DepthScore => ({
  pixels: 0,
  absRel: 0,
  delta1: 0,
  square: 0,
  absolute: 0,
  ms: 0,
  samples: 0,
});

/**
 * Adds one picture. Pixels without truth do not count; a pixel without an answer is an error of the method.
 * @returns the picture's own mean relative error
 */
export function addScore(
  into: DepthScore,
  truth: Float32Array,
  mask: Uint8Array,
  found: Float32Array,
  ms: number,
): number {
  let own = 0;
  let pixels = 0;
  for (let i = 0; i < truth.length; i++) {
    const t = truth[i]!;
    if (mask[i] === 0 || !(t > 0)) continue;
    const z = found[i]!;
    if (!(z > 0) || !Number.isFinite(z)) throw new Error(`score: pixel ${i} has depth ${z}`);
    const e = Math.abs(z - t);
    pixels++;
    own += e / t;
    into.delta1 += Math.max(z / t, t / z) < 1.25 ? 1 : 0;
    into.square += e * e;
    into.absolute += e;
  }
  into.pixels += pixels;
  into.absRel += own;
  into.ms += ms;
  into.samples++;
  return own / Math.max(1, pixels);
}

export interface DepthFigures {
  /** Percent. */
  absRel: number;
  /** Percent of pixels within 1.25 × of the truth. */
  delta1: number;
  /** Metres. */
  rmse: number;
  mae: number;
  msPerSample: number;
}

export const figuresOf = (s: DepthScore): DepthFigures => ({
  absRel: (100 * s.absRel) / s.pixels,
  delta1: (100 * s.delta1) / s.pixels,
  rmse: Math.sqrt(s.square / s.pixels),
  mae: s.absolute / s.pixels,
  msPerSample: s.ms / s.samples,
});
