import { type Camera, projectPoint } from '../../core/camera.ts';
import type { Mask, RgbImage } from '../../core/image.ts';
import { colourOf, dcOf, type SplatCloud } from '../../core/splat-cloud.ts';

/** Share of the remaining difference that one round takes away: overlapping neighbours each see it. */
const GAIN = 0.8;

/**
 * One round towards a blended render that equals the wanted picture: every new splat's colour moves by
 * the mean difference over the pixels around its centre (weights as its footprint there). A Jacobi step
 * on the blend's normal equations with the diagonal taken as one.
 * @param splats changed in place (`dc` only); colours stay within 0..1
 * @returns mean |difference| before the step, 0..1
 */
export function solveColours(
  splats: SplatCloud,
  camera: Camera,
  wanted: RgbImage,
  rendered: RgbImage,
  mask: Mask,
): number {
  const { width, height } = mask;
  const p = splats.positions;
  let total = 0;
  let counted = 0;
  for (let n = 0; n < splats.count; n++) {
    const at = projectPoint(camera, [p[n * 3]!, p[n * 3 + 1]!, p[n * 3 + 2]!]);
    if (!(at.depth > 0)) continue;
    const sigma = Math.exp(Math.max(splats.logScales[n * 3]!, splats.logScales[n * 3 + 1]!));
    const sigmaPx = Math.max(0.5, (sigma * camera.fx) / at.depth);
    const reach = Math.min(12, Math.ceil(1.5 * sigmaPx));
    const difference = [0, 0, 0];
    let weights = 0;
    const x0 = Math.floor(at.u);
    const y0 = Math.floor(at.v);
    for (let y = Math.max(0, y0 - reach); y <= Math.min(height - 1, y0 + reach); y++) {
      for (let x = Math.max(0, x0 - reach); x <= Math.min(width - 1, x0 + reach); x++) {
        const i = y * width + x;
        if (mask.data[i] === 0) continue;
        const d = ((x + 0.5 - at.u) ** 2 + (y + 0.5 - at.v) ** 2) / (sigmaPx * sigmaPx);
        const weight = Math.exp(-0.5 * d);
        weights += weight;
        for (let k = 0; k < 3; k++) {
          difference[k] =
            difference[k]! + weight * (wanted.data[i * 3 + k]! - rendered.data[i * 3 + k]!);
        }
      }
    }
    if (weights < 1e-6) continue;
    for (let k = 0; k < 3; k++) {
      const step = difference[k]! / weights;
      total += Math.abs(step) / 3;
      const colour = colourOf(splats.dc[n * 3 + k]!) + GAIN * step;
      splats.dc[n * 3 + k] = dcOf(Math.min(1, Math.max(0, colour)));
    }
    counted++;
  }
  return counted === 0 ? 0 : total / counted;
}
