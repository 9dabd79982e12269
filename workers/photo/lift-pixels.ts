import { type Camera, cameraToWorld, type Vec3 } from '../../core/camera.ts';
import { discAxes } from '../../core/disc-axes.ts';
import type { RgbImage } from '../../core/image.ts';
import type { Rest } from '../../core/progress.ts';
import { createSplatCloud, dcOf, type SplatCloud } from '../../core/splat-cloud.ts';
import { quaternionOfAxes } from '../../core/vec3.ts';

export interface Layer {
  /** Colour 0..1. */
  rgb: RgbImage;
  /** Depth along z; 0 = this layer is not there. */
  depth: Float32Array;
}

/** Standard deviation over the pixel's own step: under it gaps show from the side, over it the picture blurs. */
const SIGMA_PER_PIXEL = 0.6;
/** A disc's thickness over its smaller step. */
const THIN = 0.1;
export const OPACITY = 0.995;
/** Slopes are taken as no steeper than this many times a pixel's width: a grazing pixel's disc is long, not endless. */
const MOST_SLOPE = 12;
/** A step to a neighbour of over this share of inverse depth, and of over twice the one on the other side, is an edge. */
const EDGE = 0.04;

/** Step of depth, or of its inverse, along one axis, from the neighbours on the same surface: the smaller of the two sides' where they differ. */
export function slopeOf(
  depth: Float32Array,
  i: number,
  step: number,
  back: boolean,
  ahead: boolean,
) {
  const z = depth[i]!;
  const sides: number[] = [];
  if (ahead && depth[i + step]! > 0) sides.push(depth[i + step]! - z);
  if (back && depth[i - step]! > 0) sides.push(z - depth[i - step]!);
  if (sides.length === 0) return 0;
  const [a, b] = sides;
  if (b === undefined) return Math.abs(a!) > EDGE * z ? 0 : a!;
  const smaller = Math.abs(a!) < Math.abs(b) ? a! : b;
  if (Math.abs(a! - b) <= Math.abs(smaller) || Math.abs(a! - b) <= EDGE * z) return (a! + b) / 2;
  return Math.abs(smaller) > EDGE * z ? 0 : smaller;
}

export interface LiftOptions {
  /** Slopes are taken as no steeper than this many times a pixel's width. */
  mostSlope?: number;
}

/**
 * One flat splat a pixel and layer, spanned by the steps to its neighbours on the same surface (Σ = k²(a aᵀ + b bᵀ)), so that no disc
 * reaches across a depth edge. World units are the camera's.
 */
export function liftLayers(
  camera: Camera,
  layers: readonly Layer[],
  options: LiftOptions = {},
): SplatCloud {
  const rows = liftRows(camera, layers, options);
  for (;;) {
    const { done, value } = rows.next();
    if (done) return value;
  }
}

/** The same, with a rest between rows. */
export async function liftLayersResting(
  camera: Camera,
  layers: readonly Layer[],
  options: LiftOptions,
  rest: Rest,
): Promise<SplatCloud> {
  const rows = liftRows(camera, layers, options);
  for (;;) {
    const { done, value } = rows.next();
    if (done) return value;
    await rest();
  }
}

function* liftRows(
  camera: Camera,
  layers: readonly Layer[],
  { mostSlope = MOST_SLOPE }: LiftOptions,
): Generator<undefined, SplatCloud> {
  const { width, height, fx, fy, cx, cy } = camera;
  const count = layers.reduce((sum, { depth }) => sum + depth.reduce((m, z) => m + +(z > 0), 0), 0);
  const cloud = createSplatCloud(count);
  cloud.opacityLogits.fill(Math.log(OPACITY / (1 - OPACITY)));
  const m = cameraToWorld(camera);
  const turn = (v: Vec3) =>
    [0, 1, 2].map((k) => m[k]! * v[0] + m[4 + k]! * v[1] + m[8 + k]! * v[2]) as unknown as Vec3;
  let n = 0;
  for (const { rgb, depth } of layers) {
    for (let i = 0; i < depth.length; i++) {
      if (i % width === 0) yield;
      const z = depth[i]!;
      if (!(z > 0)) continue;
      const x = i % width;
      const y = Math.floor(i / width);
      const kx = (x + 0.5 - cx) / fx;
      const ky = (y + 0.5 - cy) / fy;
      const limit = (slope: number, f: number) =>
        Math.min((mostSlope * z) / f, Math.max((-mostSlope * z) / f, slope));
      const sx = limit(slopeOf(depth, i, 1, x > 0, x < width - 1), fx);
      const sy = limit(slopeOf(depth, i, width, y > 0, y < height - 1), fy);
      const a: Vec3 = [z / fx + kx * sx, ky * sx, sx];
      const b: Vec3 = [kx * sy, z / fy + ky * sy, sy];
      const world = turn([kx * z, ky * z, z]);
      for (let k = 0; k < 3; k++) {
        cloud.positions[3 * n + k] = world[k]! + m[12 + k]!;
        cloud.dc[3 * n + k] = dcOf(rgb.data[3 * i + k]!);
      }
      setDisc(cloud, n, turn(a), turn(b));
      n++;
    }
  }
  return cloud;
}

/** Axes and scales of the disc with covariance k²(a aᵀ + b bᵀ). */
export function setDisc(cloud: SplatCloud, n: number, a: Vec3, b: Vec3): void {
  const disc = discAxes(a, b);
  const { majorVariance, minorVariance } = disc;
  const mean = (majorVariance + minorVariance) / 2;
  const major = SIGMA_PER_PIXEL * Math.sqrt(majorVariance);
  const minor = SIGMA_PER_PIXEL * Math.sqrt(Math.max(minorVariance, 1e-6 * mean));
  cloud.logScales.set([Math.log(major), Math.log(minor), Math.log(THIN * minor)], 3 * n);
  cloud.rotations.set(quaternionOfAxes(disc.major, disc.minor, disc.normal), 4 * n);
}
