import { SplatmendError } from '../../../core/errors.ts';

export interface ExemplarOptions {
  /** Patches are (2 × radius + 1)² pixels, on every level. 1 to 7. */
  patchRadiusPx?: number;
  /** Rounds of search and vote on the coarsest level. Each finer level does fewer, down to `finestRounds`. */
  coarsestRounds?: number;
  finestRounds?: number;
  /**
   * Sources are looked for within this many hole thicknesses around the hole (thickness: twice the largest
   * distance of a hole pixel from a known one), and at least within `minContextPx`.
   */
  contextScale?: number;
  minContextPx?: number;
  /**
   * Weight of the texture channels (mean |∂x|, |∂y| of luminance around a pixel) against the colour
   * channels, as in Newson et al. 2014; 0 leaves them out.
   */
  textureWeight?: number;
  /** A copied patch may be brightened or darkened by up to this share, so that shading goes on. 0 = off. */
  shading?: number;
  /** Added to a match's cost (mean squared colour difference, sum of 3 channels) at one context radius of distance. */
  distancePenalty?: number;
  /** Added to a match's cost when source and target lie on different surfaces (needs `hints.depth`). */
  surfacePenalty?: number;
  /** Colour correction at the rim that a membrane spreads into the hole, at most this much a channel. 0 = off. */
  seamCorrection?: number;
}

export const EXEMPLAR_DEFAULTS: Required<ExemplarOptions> = {
  patchRadiusPx: 3,
  coarsestRounds: 12,
  finestRounds: 3,
  contextScale: 1.5,
  minContextPx: 48,
  textureWeight: 10,
  shading: 0.15,
  distancePenalty: 0.001,
  surfacePenalty: 0.05,
  seamCorrection: 0.08,
};

const RANGES: Record<keyof ExemplarOptions, readonly [number, number]> = {
  patchRadiusPx: [1, 7],
  coarsestRounds: [1, 100],
  finestRounds: [1, 100],
  contextScale: [0.25, 100],
  minContextPx: [8, 4096],
  textureWeight: [0, 1e4],
  shading: [0, 0.9],
  distancePenalty: [0, 10],
  surfacePenalty: [0, 10],
  seamCorrection: [0, 1],
};

/** Options with their defaults. @throws bad-option for a value out of range. */
export function resolveOptions(options: ExemplarOptions): Required<ExemplarOptions> {
  const all = { ...EXEMPLAR_DEFAULTS, ...options };
  for (const key of Object.keys(RANGES) as (keyof ExemplarOptions)[]) {
    const [low, high] = RANGES[key];
    const whole = key === 'patchRadiusPx' || key.endsWith('Rounds');
    const value = all[key];
    if (!(value >= low && value <= high) || (whole && !Number.isInteger(value))) {
      throw new SplatmendError(
        'bad-option',
        `exemplar inpainter: ${key} is ${value}; give ${whole ? 'a whole number' : 'a number'} from ${low} to ${high}`,
      );
    }
  }
  return all;
}
