import { type Camera, cameraToWorld } from '../../core/camera.ts';
import type { RgbImage } from '../../core/image.ts';
import { createSplatCloud, SH_C0, type SplatCloud } from '../../core/splat-cloud.ts';

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
const OPACITY = 0.995;
/** Slopes are taken as no steeper than this many times a pixel's width: a grazing pixel's disc is long, not endless. */
const MOST_SLOPE = 12;
/** A step to a neighbour of over this share of inverse depth, and of over twice the one on the other side, is an edge. */
const EDGE = 0.04;

/** Depth's step along one axis, from the neighbours on the same surface: the smaller of the two sides' where they differ. */
function slopeOf(depth: Float32Array, i: number, step: number, back: boolean, ahead: boolean) {
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
  { mostSlope = MOST_SLOPE }: LiftOptions = {},
): SplatCloud {
  const { width, height, fx, fy, cx, cy } = camera;
  const count = layers.reduce((sum, { depth }) => sum + depth.reduce((m, z) => m + +(z > 0), 0), 0);
  const cloud = createSplatCloud(count);
  cloud.opacityLogits.fill(Math.log(OPACITY / (1 - OPACITY)));
  const m = cameraToWorld(camera);
  const turn = (v: readonly number[]) =>
    [0, 1, 2].map((k) => m[k]! * v[0]! + m[4 + k]! * v[1]! + m[8 + k]! * v[2]!);
  let n = 0;
  for (const { rgb, depth } of layers) {
    for (let i = 0; i < depth.length; i++) {
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
      const a = [z / fx + kx * sx, ky * sx, sx];
      const b = [kx * sy, z / fy + ky * sy, sy];
      const world = turn([kx * z, ky * z, z]);
      for (let k = 0; k < 3; k++) {
        cloud.positions[3 * n + k] = world[k]! + m[12 + k]!;
        cloud.dc[3 * n + k] = (rgb.data[3 * i + k]! - 0.5) / SH_C0;
      }
      setDisc(cloud, n, turn(a), turn(b));
      n++;
    }
  }
  return cloud;
}

const dot = (a: readonly number[], b: readonly number[]) =>
  a[0]! * b[0]! + a[1]! * b[1]! + a[2]! * b[2]!;

/** Axes and scales of the disc with covariance k²(a aᵀ + b bᵀ), by the 2 × 2 Gram matrix. */
function setDisc(cloud: SplatCloud, n: number, a: readonly number[], b: readonly number[]): void {
  const [aa, bb, ab] = [dot(a, a), dot(b, b), dot(a, b)];
  const mean = (aa + bb) / 2;
  const spread = Math.hypot((aa - bb) / 2, ab);
  const angle = 0.5 * Math.atan2(2 * ab, aa - bb);
  const [c, s] = [Math.cos(angle), Math.sin(angle)];
  const unit = (v: readonly number[]) => {
    const length = Math.hypot(...v);
    return v.map((e) => e / length);
  };
  const cross = (p: readonly number[], q: readonly number[]) => [
    p[1]! * q[2]! - p[2]! * q[1]!,
    p[2]! * q[0]! - p[0]! * q[2]!,
    p[0]! * q[1]! - p[1]! * q[0]!,
  ];
  const u = unit([0, 1, 2].map((k) => c * a[k]! + s * b[k]!));
  const w = unit(cross(a, b));
  const v = cross(w, u);
  const major = SIGMA_PER_PIXEL * Math.sqrt(mean + spread);
  const minor = SIGMA_PER_PIXEL * Math.sqrt(Math.max(mean - spread, 1e-6 * mean));
  cloud.logScales.set([Math.log(major), Math.log(minor), Math.log(THIN * minor)], 3 * n);
  cloud.rotations.set(quaternionOf(u, v, w), 4 * n);
}

/** w x y z of the rotation with these columns (Shepperd 1978). */
function quaternionOf(x: readonly number[], y: readonly number[], z: readonly number[]): number[] {
  const [x0, x1, x2] = x as [number, number, number];
  const [y0, y1, y2] = y as [number, number, number];
  const [z0, z1, z2] = z as [number, number, number];
  const trace = x0 + y1 + z2;
  if (trace > 0) {
    const s = 2 * Math.sqrt(trace + 1);
    return [s / 4, (y2 - z1) / s, (z0 - x2) / s, (x1 - y0) / s];
  }
  if (x0 > y1 && x0 > z2) {
    const s = 2 * Math.sqrt(1 + x0 - y1 - z2);
    return [(y2 - z1) / s, s / 4, (y0 + x1) / s, (z0 + x2) / s];
  }
  if (y1 > z2) {
    const s = 2 * Math.sqrt(1 + y1 - x0 - z2);
    return [(z0 - x2) / s, (y0 + x1) / s, s / 4, (z1 + y2) / s];
  }
  const s = 2 * Math.sqrt(1 + z2 - x0 - y1);
  return [(x1 - y0) / s, (z0 + x2) / s, (z1 + y2) / s, s / 4];
}
