import type { ScalarImage } from '../../core/image.ts';

/** Ends of the range that count: beyond are strays. */
const LOW = 0.01;
const HIGH = 0.99;

/**
 * Relative inverse depth (larger is nearer, any scale and shift, as networks give it) as depth along z: its nearest becomes 1, its farthest
 * `farOverNear`. Not finite numbers become 0, unknown.
 */
export function depthOfRelative(relative: ScalarImage, farOverNear: number): ScalarImage {
  const { width, height, data } = relative;
  const sorted = data.filter((v) => Number.isFinite(v)).sort();
  if (sorted.length === 0) return { width, height, data: new Float32Array(data.length) };
  const low = sorted[Math.floor(LOW * (sorted.length - 1))]!;
  const high = sorted[Math.ceil(HIGH * (sorted.length - 1))]!;
  const span = high - low || 1;
  const far = 1 / farOverNear;
  return {
    width,
    height,
    data: data.map((v) => {
      if (!Number.isFinite(v)) return 0;
      const share = Math.min(1, Math.max(0, (v - low) / span));
      return 1 / (far + share * (1 - far));
    }),
  };
}
