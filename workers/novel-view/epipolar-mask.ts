import { mat4d } from 'wgpu-matrix';
import { type Camera, cameraToWorld } from '../../core/camera.ts';
import { createMask, type Mask, type ScalarImage } from '../../core/image.ts';
import { inSlices } from '../../core/slices.ts';
import { EDGE_SHARE } from '../photo/discontinuities.ts';

export interface EpipolarInput {
  source: Camera;
  /** 1/z of the source's pixels, 1 / world unit; 0 = nothing there, which hides nothing. */
  inverse: Float32Array;
  target: Camera;
  /** What the target sees of the source, world units along its z; 0 = nothing. */
  depth: ScalarImage;
}

/** Target pixels between two looks at the clock: each goes along a line of some 100 source pixels. */
const BLOCK = 256;

/**
 * The part of [t0, t1] where a + t b ≥ least.
 * @returns undefined where there is none
 */
function clip(
  t0: number,
  t1: number,
  a: number,
  b: number,
  least: number,
): [number, number] | undefined {
  if (b === 0) return a >= least ? [t0, t1] : undefined;
  const at = (least - a) / b;
  const [low, high] = b > 0 ? [Math.max(t0, at), t1] : [t0, Math.min(t1, at)];
  return low < high ? [low, high] : undefined;
}

/**
 * 1 = what the target sees of the source could be hidden there by something that the source could not see. A target pixel's ray, up to
 * the surface that was carried over to it, is an epipolar line in the source. Where a point of it lies behind what the source sees
 * there, a surface could be that nobody saw (iNVS, Kant et al. 2023, marks the same places from the other end: along the source's rays from
 * each seen surface on). Steps of a source pixel; `EDGE_SHARE` of the depth tells two surfaces apart, and what could be nearer than
 * the seen surface by less is not counted. Rays that leave the source's frame are looked at inside it alone.
 * Pixels of depth 0 stay 0: the caller knows that nothing is seen there.
 * @throws SplatmendError `cancelled`
 */
export async function occludable(input: EpipolarInput, signal?: AbortSignal): Promise<Mask> {
  const { source, inverse, target, depth } = input;
  const out = createMask(target.width, target.height);
  // From the target's camera to the source's.
  const m = mat4d.multiply(source.worldToCamera, cameraToWorld(target)) as Float64Array;
  const nearest = inverse.reduce((most, rho) => Math.max(most, rho), 0);
  if (!(nearest > 0)) return out;
  const least = 1 / nearest;
  const { width, height, fx, fy, cx, cy } = source;
  /** The farthest of the 2 × 2 pixels around a place: an outline hides from its pixels' centres on. */
  const seenAt = (u: number, v: number): number => {
    const x0 = Math.max(0, Math.floor(u - 0.5));
    const y0 = Math.max(0, Math.floor(v - 0.5));
    const x1 = Math.min(width - 1, x0 + 1);
    const y1 = Math.min(height - 1, y0 + 1);
    return Math.min(
      Math.min(inverse[y0 * width + x0]!, inverse[y0 * width + x1]!),
      Math.min(inverse[y1 * width + x0]!, inverse[y1 * width + x1]!),
    );
  };
  const hides = (p: number): boolean => {
    const z = depth.data[p]!;
    if (!(z > 0)) return false;
    const kx = ((p % target.width) + 0.5 - target.cx) / target.fx;
    const ky = (Math.floor(p / target.width) + 0.5 - target.cy) / target.fy;
    // The ray in the source's camera, by the target's depth t: (m12 + t dx, …).
    const dx = m[0]! * kx + m[4]! * ky + m[8]!;
    const dy = m[1]! * kx + m[5]! * ky + m[9]!;
    const dz = m[2]! * kx + m[6]! * ky + m[10]!;
    const range = clip(0, z * (1 - EDGE_SHARE), m[14]!, dz, least);
    if (range === undefined) return false;
    const place = (t: number): [u: number, v: number, inverse: number] => {
      const rho = 1 / (m[14]! + t * dz);
      return [fx * (m[12]! + t * dx) * rho + cx, fy * (m[13]! + t * dy) * rho + cy, rho];
    };
    const [u0, v0, rho0] = place(range[0]);
    const [u1, v1, rho1] = place(range[1]);
    // Along the line in the picture, place and inverse depth are affine alike.
    let part: [number, number] | undefined = [0, 1];
    part = part && clip(...part, u0, u1 - u0, 0);
    part = part && clip(...part, -u0, u0 - u1, -width);
    part = part && clip(...part, v0, v1 - v0, 0);
    part = part && clip(...part, -v0, v0 - v1, -height);
    if (part === undefined) return false;
    const [from, to] = part;
    const span = to - from;
    const steps = Math.ceil(span * Math.max(Math.abs(u1 - u0), Math.abs(v1 - v0), 1));
    for (let k = 0; k < steps; k++) {
      const a = from + (span * (k + 0.5)) / steps;
      const seen = seenAt(u0 + a * (u1 - u0), v0 + a * (v1 - v0));
      if (rho0 + a * (rho1 - rho0) < seen * (1 - EDGE_SHARE)) return true;
    }
    return false;
  };
  const block = (first: number, end: number) => {
    for (let p = first; p < end; p++) if (hides(p)) out.data[p] = 1;
  };
  await inSlices(depth.data.length, BLOCK, block, signal);
  return out;
}
