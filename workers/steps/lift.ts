import { type Camera, cameraToWorld, type Vec3 } from '../../core/camera.ts';
import { discAxes } from '../../core/disc-axes.ts';
import type { Mask, RgbImage, ScalarImage } from '../../core/image.ts';
import { createSplatCloud, dcOf, type ExtraData, type SplatCloud } from '../../core/splat-cloud.ts';
import type { Surroundings } from '../../core/surroundings.ts';
import { cross, quaternionOfAxes } from '../../core/vec3.ts';

export interface LiftInputs {
  camera: Camera;
  /** Pixels to lift. */
  mask: Mask;
  /** Completed depth along z, world units; neighbours of the mask's pixels are read too. */
  depth: ScalarImage;
  confidence: ScalarImage;
  rgb: RgbImage;
  surroundings: Surroundings;
  /** A cloud whose SH degree and extra properties the new splats take. */
  like: SplatCloud;
  /** cos of the angle between ray and normal under which a pixel is left to another camera. Default 0.2. */
  minCosine?: number;
}

/** Pixels whose depth could not be said are not lifted: rather a gap that is reported than a wrong sheet. */
const MIN_CONFIDENCE = 0.02;
const MIN_COSINE = 0.2;
/** A depth step over this many times the step a surface at that slant would make is an edge: no splat bridges it. */
const EDGE_FACTOR = 0.12;
/**
 * Standard deviation as a share of the spacing. At 0.62 the gaps between discs showed as a grid of dots close up; at 0.68
 * none is seen from two radii away, and the sample's small objects are 0.3 to 0.7 dB sharper than at 0.78.
 */
export const SIGMA_PER_SPACING = 0.68;

/**
 * Lifts pixels to surface-aligned flat Gaussians: one every `stride` pixels, its centre by exact
 * unprojection of the pixel's centre, its disc spanned by the two steps to the neighbouring grid
 * pixels on the surface (Σ = k²(a aᵀ + b bᵀ), so a slanted pixel gives a longer disc), thin along
 * their normal. No splat is made across a depth edge. Colour is the cell's mean; SH above degree 0 is 0.
 * @returns new splats in `like`'s SH degree, with its extra properties set to 0
 */
export function liftToSplats(inputs: LiftInputs): SplatCloud {
  const { mask, surroundings } = inputs;
  const { width, height } = mask;
  const cells: Cell[] = [];
  const base = baseStride(inputs);
  // Strides halve where the surface is slanted or near, so that the spacing in space stays even.
  const done = new Uint8Array(width * height);
  for (let stride = base; stride >= 1; stride >>= 1) {
    const half = stride >> 1;
    for (let y0 = 0; y0 < height; y0 += stride) {
      for (let x0 = 0; x0 < width; x0 += stride) {
        const x = Math.min(width - 1, x0 + half);
        const y = Math.min(height - 1, y0 + half);
        if (done[y * width + x] !== 0) continue;
        const cell = cellAt(inputs, x, y, x0, y0, stride);
        if (cell === undefined) continue;
        const longest = Math.max(Math.hypot(...cell.a), Math.hypot(...cell.b)) * stride;
        if (longest > 1.5 * surroundings.spacing && stride > 1) continue;
        // Finer cells than half the base are for slants, not for the mask's ragged rim.
        if (stride * 2 < base && longest * 2 <= 1.5 * surroundings.spacing) continue;
        for (let yy = y0; yy < Math.min(height, y0 + stride); yy++) {
          done.fill(1, yy * width + x0, yy * width + Math.min(width, x0 + stride));
        }
        cells.push(cell);
      }
    }
  }
  return toCloud(cells, inputs);
}

interface Cell {
  x: number;
  y: number;
  x0: number;
  y0: number;
  stride: number;
  /** Steps of one pixel to the right and down on the surface, camera frame. */
  a: [number, number, number];
  b: [number, number, number];
}

/** Largest power of two of pixels that is not (much) over the wanted spacing at the mask's near end. */
function baseStride({ camera, mask, depth, surroundings }: LiftInputs): number {
  const depths: number[] = [];
  for (let i = 0; i < mask.data.length; i += 7) {
    if (mask.data[i] !== 0 && depth.data[i]! > 0) depths.push(depth.data[i]!);
  }
  if (depths.length === 0) return 1;
  depths.sort((p, q) => p - q);
  const near = depths[depths.length >> 4]!;
  const wanted = (surroundings.spacing * camera.fx) / near;
  return 2 ** Math.max(0, Math.min(5, Math.floor(Math.log2(Math.max(1, wanted * 1.2)))));
}

function cellAt(
  inputs: LiftInputs,
  x: number,
  y: number,
  x0: number,
  y0: number,
  stride: number,
): Cell | undefined {
  const { camera, mask, depth, confidence } = inputs;
  const { width } = mask;
  const i = y * width + x;
  if (mask.data[i] === 0 || !(depth.data[i]! > 0) || confidence.data[i]! < MIN_CONFIDENCE) {
    return undefined;
  }
  const z = depth.data[i]!;
  const slopeX = slope(inputs, x, y, 1, 0);
  const slopeY = slope(inputs, x, y, 0, 1);
  if (slopeX === undefined || slopeY === undefined) return undefined;
  const kx = (x + 0.5 - camera.cx) / camera.fx;
  const ky = (y + 0.5 - camera.cy) / camera.fy;
  const a: [number, number, number] = [z / camera.fx + kx * slopeX, ky * slopeX, slopeX];
  const b: [number, number, number] = [kx * slopeY, z / camera.fy + ky * slopeY, slopeY];
  const n = cross(a, b);
  const length = Math.hypot(...n);
  const cosine = Math.abs(n[0] * kx + n[1] * ky + n[2]) / (length * Math.hypot(kx, ky, 1));
  if (!(cosine > (inputs.minCosine ?? MIN_COSINE))) return undefined;
  return { x, y, x0, y0, stride, a, b };
}

/** Depth change a pixel to one side, from whichever neighbours lie on the same surface; undefined at an edge on both sides. */
function slope(
  { depth }: LiftInputs,
  x: number,
  y: number,
  dx: number,
  dy: number,
): number | undefined {
  const { width, height, data } = depth;
  const z = data[y * width + x]!;
  let sum = 0;
  let count = 0;
  for (const side of [-1, 1]) {
    const nx = x + side * dx;
    const ny = y + side * dy;
    if (nx < 0 || ny < 0 || nx >= width || ny >= height) continue;
    const other = data[ny * width + nx]!;
    if (!(other > 0) || Math.abs(other - z) > EDGE_FACTOR * Math.min(z, other)) continue;
    sum += (other - z) * side;
    count++;
  }
  return count === 0 ? undefined : sum / count;
}

function toCloud(cells: Cell[], inputs: LiftInputs): SplatCloud {
  const { camera, mask, depth, rgb, surroundings, like } = inputs;
  const { width, height } = mask;
  const m = cameraToWorld(camera);
  const extras = like.extras.map((e) => ({
    name: e.name,
    data: new (e.data.constructor as new (n: number) => ExtraData)(cells.length),
  }));
  const out = createSplatCloud(cells.length, like.shDegree, extras);
  const opacityLogit = Math.log(
    Math.min(0.97, Math.max(0.8, surroundings.opacity)) /
      (1 - Math.min(0.97, Math.max(0.8, surroundings.opacity))),
  );
  const thin = Math.min(surroundings.normalSigma, 0.2 * surroundings.spacing);
  cells.forEach((cell, n) => {
    const { x, y, x0, y0, stride } = cell;
    const z = depth.data[y * width + x]!;
    // The centre of the cell, on the tangent plane through the sampled pixel.
    const ox = x0 + stride / 2 - (x + 0.5);
    const oy = y0 + stride / 2 - (y + 0.5);
    const px = ((x + 0.5 - camera.cx) / camera.fx) * z + ox * cell.a[0] + oy * cell.b[0];
    const py = ((y + 0.5 - camera.cy) / camera.fy) * z + ox * cell.a[1] + oy * cell.b[1];
    const pz = z + ox * cell.a[2] + oy * cell.b[2];
    for (let k = 0; k < 3; k++) {
      out.positions[n * 3 + k] = m[k]! * px + m[4 + k]! * py + m[8 + k]! * pz + m[12 + k]!;
    }
    // Principal axes of the cell's parallelogram, in the surface.
    const disc = discAxes(cell.a, cell.b);
    const sigma = (variance: number) =>
      Math.sqrt(Math.max(variance, 1e-30)) * stride * SIGMA_PER_SPACING;
    const [major, minor] = [sigma(disc.majorVariance), sigma(disc.minorVariance)];
    out.logScales[n * 3] = Math.log(major);
    out.logScales[n * 3 + 1] = Math.log(minor);
    out.logScales[n * 3 + 2] = Math.log(Math.min(thin, minor));
    const rotation = quaternionOfAxes(
      rotate(m, disc.major),
      rotate(m, disc.minor),
      rotate(m, disc.normal),
    );
    out.rotations.set(rotation, n * 4);
    out.opacityLogits[n] = opacityLogit;
    let r = 0;
    let g = 0;
    let bl = 0;
    let count = 0;
    for (let yy = y0; yy < Math.min(height, y0 + stride); yy++) {
      for (let xx = x0; xx < Math.min(width, x0 + stride); xx++) {
        const i = yy * width + xx;
        if (mask.data[i] === 0) continue;
        r += rgb.data[i * 3]!;
        g += rgb.data[i * 3 + 1]!;
        bl += rgb.data[i * 3 + 2]!;
        count++;
      }
    }
    out.dc[n * 3] = dcOf(r / count);
    out.dc[n * 3 + 1] = dcOf(g / count);
    out.dc[n * 3 + 2] = dcOf(bl / count);
  });
  return out;
}

const rotate = (m: Float64Array, a: Vec3): Vec3 => [
  m[0]! * a[0] + m[4]! * a[1] + m[8]! * a[2],
  m[1]! * a[0] + m[5]! * a[1] + m[9]! * a[2],
  m[2]! * a[0] + m[6]! * a[1] + m[10]! * a[2],
];
