import type { Camera } from '../../camera.ts';
import type { Rect } from '../../image.ts';
import type { SplatCloud } from '../../splat-cloud.ts';
import { fastExp } from './exp.ts';
import type { CloudMeasure } from './measure.ts';
import { DILATION_PX2, MIN_ALPHA } from './records.ts';

/** An opaque splat's squared Mahalanobis distance at which alpha falls to 1/255: no splat's is larger. */
const LARGEST_CUTOFF = 2 * Math.log(1 / MIN_ALPHA);
/** The logit of 1/255, and a little below: what is fainter gives no light anywhere. */
const FAINTEST_LOGIT = Math.log(MIN_ALPHA / (1 - MIN_ALPHA)) - 1e-3;

/**
 * Finds the splats that can touch the region: in front of the camera and not wholly beside the picture, by a bound of
 * the footprint that holds for every shape and opacity. What it costs a splat is a fifth of its projection, which so is spared for
 * all that a view does not hold.
 * @param rows written from `count` on, in the cloud's order: those of [from, to) that may touch
 * @returns the new count
 */
export function cullRows(
  cloud: SplatCloud,
  { near, usable }: CloudMeasure,
  camera: Camera,
  region: Rect,
  visible: Uint8Array | undefined,
  from: number,
  to: number,
  rows: Uint32Array,
  count: number,
): number {
  const { positions, logScales, opacityLogits } = cloud;
  const { fx, fy, cx, cy, width, height } = camera;
  const w = camera.worldToCamera;
  const [w0, w4, w8, w12] = [w[0]!, w[4]!, w[8]!, w[12]!];
  const [w1, w5, w9, w13] = [w[1]!, w[5]!, w[9]!, w[13]!];
  const [w2, w6, w10, w14] = [w[2]!, w[6]!, w[10]!, w[14]!];
  const fMax = Math.max(fx, fy);
  const { x0, y0, x1, y1 } = region;
  const faintest = FAINTEST_LOGIT;
  // The Jacobian is taken at most this far outside the picture (project.ts): 1 + x² + y² there.
  const tx = Math.max(cx, width - cx) / fx + (0.15 * width) / fx;
  const ty = Math.max(cy, height - cy) / fy + (0.15 * height) / fy;
  const stretch = LARGEST_CUTOFF * fMax * fMax * (1 + tx * tx + ty * ty);
  const dilation = LARGEST_CUTOFF * DILATION_PX2;
  let n = count;
  for (let i = from; i < to; i++) {
    const x = positions[i * 3]!;
    const y = positions[i * 3 + 1]!;
    const z = positions[i * 3 + 2]!;
    const depth = w2 * x + w6 * y + w10 * z + w14;
    if (!(depth > near)) continue;
    const rho = 1 / depth;
    const u = fx * (w0 * x + w4 * y + w8 * z + w12) * rho + cx;
    const v = fy * (w1 * x + w5 * y + w9 * z + w13) * rho + cy;
    const besideX = u < x0 ? x0 - u : u > x1 ? u - x1 : 0;
    const besideY = v < y0 ? y0 - v : v > y1 ? v - y1 : 0;
    if (besideX > 0 || besideY > 0) {
      const size = fastExp(
        2 * Math.max(logScales[i * 3]!, logScales[i * 3 + 1]!, logScales[i * 3 + 2]!),
      );
      const bound2 = stretch * rho * rho * size + dilation;
      if (besideX * besideX > bound2 || besideY * besideY > bound2) continue;
    }
    if (!(opacityLogits[i]! > faintest)) continue;
    if (usable[i] === 0 || (visible !== undefined && visible[i] === 0)) continue;
    rows[n++] = i;
  }
  return n;
}
