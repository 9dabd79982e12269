/** What the host checks stand on: small clouds placed by the host's own camera, and pictures measured against the empty scene's. */
import { cameraAxes, unprojectPoint, type Vec3 } from '../../core/camera.ts';
import { SplatmendError } from '../../core/errors.ts';
import { createSplatCloud, SH_C0, type ShDegree, type SplatCloud } from '../../core/splat-cloud.ts';
import type { MendHost } from '../host.ts';

/** A picture as bytes, RGBA, top row first, on black. */
export interface Picture {
  width: number;
  height: number;
  data: Uint8ClampedArray;
}

/** A splat by where the host's current camera should show it. */
export interface Dot {
  /** Centre, as shares of the picture's width and height. */
  at: readonly [number, number];
  /** Distance along the camera's z axis, times the checks' depth. Default 1. */
  depth?: number;
  /** Standard deviation along the camera's right, down and forward, pixels. Default 3 each. */
  sigmaPx?: readonly [number, number, number];
  /** RGB 0..1. */
  rgb: readonly [number, number, number];
}

const OPACITY_LOGIT = 6;

export function fail(message: string): never {
  throw new SplatmendError('internal', message);
}

/** Splats that the camera shows at these places. Rest coefficients are 0. */
export function cloudOf(
  host: MendHost,
  dots: readonly Dot[],
  depth: number,
  shDegree: ShDegree = 0,
): SplatCloud {
  const camera = host.currentCamera();
  const axes = cameraAxes(camera);
  const turn = quaternionOf(axes.right, axes.down, axes.forward);
  const cloud = createSplatCloud(dots.length, shDegree);
  for (const [i, dot] of dots.entries()) {
    const z = depth * (dot.depth ?? 1);
    const [u, v] = [dot.at[0] * camera.width, dot.at[1] * camera.height];
    cloud.positions.set(unprojectPoint(camera, u, v, z), i * 3);
    const sigma = dot.sigmaPx ?? [3, 3, 3];
    for (let c = 0; c < 3; c++) {
      cloud.logScales[i * 3 + c] = Math.log((sigma[c]! * z) / camera.fx);
      cloud.dc[i * 3 + c] = (dot.rgb[c]! - 0.5) / SH_C0;
    }
    cloud.rotations.set(turn, i * 4);
    cloud.opacityLogits[i] = OPACITY_LOGIT;
  }
  return cloud;
}

/** Quaternion w x y z of the rotation whose columns are these axes. */
function quaternionOf(x: Vec3, y: Vec3, z: Vec3): [number, number, number, number] {
  // Each component's square, of which the largest is divided by: none is near 0 then (Shepperd 1978).
  const squares = [
    1 + x[0] + y[1] + z[2],
    1 + x[0] - y[1] - z[2],
    1 - x[0] + y[1] - z[2],
    1 - x[0] - y[1] + z[2],
  ];
  const largest = squares.indexOf(Math.max(...squares));
  const s = 2 * Math.sqrt(squares[largest]!);
  const [a, b, c] = [(y[2] - z[1]) / s, (z[0] - x[2]) / s, (x[1] - y[0]) / s];
  const [d, e, f] = [(y[0] + x[1]) / s, (z[0] + x[2]) / s, (z[1] + y[2]) / s];
  if (largest === 0) return [s / 4, a, b, c];
  if (largest === 1) return [a, s / 4, d, e];
  if (largest === 2) return [b, d, s / 4, f];
  return [c, e, f, s / 4];
}

/** The settled picture's bytes. */
export async function takePicture(host: MendHost): Promise<Picture> {
  const bitmap = await host.capture();
  const { width, height } = bitmap;
  const context = new OffscreenCanvas(width, height).getContext('2d')!;
  // Where nothing is the picture may be transparent; blending gives every host the same ground.
  context.fillStyle = 'black';
  context.fillRect(0, 0, width, height);
  context.drawImage(bitmap, 0, 0);
  bitmap.close();
  return { width, height, data: context.getImageData(0, 0, width, height).data };
}

export async function pictureOf(host: MendHost, cloud: SplatCloud): Promise<Picture> {
  await host.showCloud(cloud, { kind: 'open' });
  return takePicture(host);
}

/** Largest difference of any byte, and how many pixels differ by more than `tolerance`. */
export function comparePictures(
  a: Picture,
  b: Picture,
  tolerance: number,
): { largest: number; pixels: number } {
  if (a.width !== b.width || a.height !== b.height) {
    fail(`the picture changed its size from ${a.width}×${a.height} to ${b.width}×${b.height}`);
  }
  let largest = 0;
  let pixels = 0;
  for (let i = 0; i < a.data.length; i += 4) {
    let d = 0;
    for (let c = 0; c < 3; c++) d = Math.max(d, Math.abs(a.data[i + c]! - b.data[i + c]!));
    largest = Math.max(largest, d);
    if (d > tolerance) pixels++;
  }
  return { largest, pixels };
}

/** Where in the picture something else than the ground shows, in a window around (u, v). */
export interface Spot {
  /** Centroid of the difference from the ground, pixels. */
  u: number;
  v: number;
  /** Standard deviations along the picture's axes, pixels. */
  sigmaU: number;
  sigmaV: number;
}

/** @returns undefined where nothing shows */
export function spotNear(
  picture: Picture,
  ground: Picture,
  u: number,
  v: number,
  reach: number,
): Spot | undefined {
  let [s, su, sv, suu, svv] = [0, 0, 0, 0, 0];
  for (let y = Math.max(0, Math.floor(v - reach)); y < Math.min(picture.height, v + reach); y++) {
    for (let x = Math.max(0, Math.floor(u - reach)); x < Math.min(picture.width, u + reach); x++) {
      const w = differenceAt(picture, ground, x, y);
      // One byte's rounding over a window would weigh as much as a splat.
      if (w <= 6) continue;
      const [du, dv] = [x + 0.5 - u, y + 0.5 - v];
      s += w;
      su += w * du;
      sv += w * dv;
      suu += w * du * du;
      svv += w * dv * dv;
    }
  }
  if (s < 500) return undefined;
  return {
    u: u + su / s,
    v: v + sv / s,
    sigmaU: Math.sqrt(suu / s - (su / s) ** 2),
    sigmaV: Math.sqrt(svv / s - (sv / s) ** 2),
  };
}

/** Sum of a pixel's three differences, 0..765. */
export function differenceAt(a: Picture, b: Picture, x: number, y: number): number {
  const i = (Math.floor(y) * a.width + Math.floor(x)) * 4;
  let sum = 0;
  for (let c = 0; c < 3; c++) sum += Math.abs(a.data[i + c]! - b.data[i + c]!);
  return sum;
}

/** RGB of the pixel at shares of the picture's size, bytes. */
export function colourAt(picture: Picture, at: readonly [number, number]): number[] {
  const [x, y] = [Math.floor(at[0] * picture.width), Math.floor(at[1] * picture.height)];
  return [...picture.data.subarray((y * picture.width + x) * 4, (y * picture.width + x) * 4 + 3)];
}

/** A byte more or less is rounding. */
const SAME = 1;
export const EMPTY = createSplatCloud(0);

/** Apart from each other, not symmetric to anything, near and far. */
export const DOTS: readonly Dot[] = [
  { at: [0.24, 0.3], depth: 0.8, rgb: [0.9, 0.2, 0.2] },
  { at: [0.71, 0.22], depth: 1.2, rgb: [0.2, 0.9, 0.3] },
  { at: [0.47, 0.52], depth: 1, rgb: [0.9, 0.9, 0.9] },
  { at: [0.18, 0.77], depth: 1.5, rgb: [0.3, 0.4, 0.9] },
  { at: [0.83, 0.81], depth: 0.9, rgb: [0.9, 0.8, 0.1] },
];

/** On a bright ground bright splats would not stand out. */
export function contrasting(ground: Picture): readonly Dot[] {
  const mean = ground.data.reduce((sum, v, i) => sum + (i % 4 === 3 ? 0 : v), 0);
  const bright = mean / ((ground.data.length / 4) * 3) > 127;
  return DOTS.map((d) => {
    const rgb: [number, number, number] = [d.rgb[0], d.rgb[1], d.rgb[2]];
    return bright ? { ...d, rgb: rgb.map((v) => 1 - v) as [number, number, number] } : d;
  });
}

export async function dotsOn(host: MendHost, depth: number) {
  const ground = await pictureOf(host, EMPTY);
  const dots = contrasting(ground);
  return { ground, dots, cloud: cloudOf(host, dots, depth) };
}

export function mustEqual(a: Picture, b: Picture, what: string): void {
  const { largest, pixels } = comparePictures(a, b, SAME);
  if (pixels > 0) {
    fail(`${what}: ${pixels} pixels differ, by up to ${largest} of 255; they must be the same`);
  }
}

/** Resolves after so many animation frames. */
export const frames = (n: number) =>
  new Promise<void>((resolve) => {
    const next = (left: number) =>
      left === 0 ? resolve() : requestAnimationFrame(() => next(left - 1));
    next(n);
  });
