/**
 * Each plane of the shell has a sheet: its picture seen face on, in which what was seen of it and what was painted on it is kept. Patterns
 * are copied there upright and at their own size: painted in the views, bricks shear and blur a little more from each view to the next.
 */
import type { Camera, Vec3 } from '../../core/camera.ts';
import { createRgbImage, type Mask, type RgbImage } from '../../core/image.ts';
import { pixelRays } from '../../core/pixel-rays.ts';
import { cross, dot } from '../../core/vec3.ts';
import { levelled } from './frame.ts';
import { type Facet, isWall, type Shell, shellView } from './shell.ts';

export interface Sheet {
  facet: Facet;
  /** World place of the upper left corner, unit steps to the right and down, and a texel's side, world units. */
  corner: Vec3;
  right: Vec3;
  down: Vec3;
  step: number;
  rgb: RgbImage;
  /** 1 = seen, or painted. */
  known: Uint8Array;
}

/** Texels of a plane's nearest place over the pixels that show it there. */
const TEXELS_PER_PIXEL = 0.7;
/** A sheet has at most so many texels for each pixel that will show it: a floor's far end fills few pixels. */
const MOST_TEXELS = 3;
/** Of the pixels of all views, those that show what no other does. */
const OWN_SHARE = 0.4;
/** Sides of a sheet are at most this many texels. */
const MOST_SIDE = 1024;
const SLACK = 2;

const along = (p: Vec3, a: number, u: Vec3, b = 0, v: Vec3 = u): Vec3 => [
  p[0] + a * u[0] + b * v[0],
  p[1] + a * u[1] + b * v[1],
  p[2] + a * u[2] + b * v[2],
];

/** World place of a sheet's texel coordinates (the first texel's centre is 0.5, 0.5). */
export const onSheet = ({ corner, right, down, step }: Sheet, x: number, y: number): Vec3 =>
  along(corner, x * step, right, y * step, down);

/** Texel coordinates of a place on the plane. */
export function toSheet({ corner, right, down, step }: Sheet, p: Vec3): [number, number] {
  const v: Vec3 = [p[0] - corner[0], p[1] - corner[1], p[2] - corner[2]];
  return [dot(v, right) / step, dot(v, down) / step];
}

/**
 * Empty sheets, one a plane in the shell's order; undefined for planes that no camera looks at.
 * @param ahead horizontal; floors and ceilings have it upwards
 * @param cameras all that will be filled; small ones do
 * @param focalPx of the views that will be filled
 */
export function createSheets(
  shell: Shell,
  ahead: Vec3,
  cameras: readonly Camera[],
  focalPx: number,
): (Sheet | undefined)[] {
  const { facets, up, origin } = shell;
  const frames = facets.map(({ normal, offset }) => {
    const flat = isWall(normal, up) ? levelled([-up[0], -up[1], -up[2]], normal) : undefined;
    const down = flat ?? levelled([-ahead[0], -ahead[1], -ahead[2]], normal)!;
    const distance = offset - dot(normal, origin);
    const foot = along(origin, distance, normal);
    return { right: cross(down, normal), down, distance, foot, box: [0, 0, 0, 0], pixels: 0 };
  });
  for (const camera of cameras) {
    const { facet, depth } = shellView(shell, camera);
    const rays = pixelRays(camera);
    for (let i = 0; i < facet.length; i++) {
      const k = facet[i]!;
      if (k < 0 || !(depth.data[i]! > 0)) continue;
      const frame = frames[k]!;
      const p = rays.point(i % camera.width, Math.floor(i / camera.width), depth.data[i]!);
      const v: Vec3 = [p[0] - frame.foot[0], p[1] - frame.foot[1], p[2] - frame.foot[2]];
      const [a, b] = [dot(v, frame.right), dot(v, frame.down)];
      const box = frame.pixels > 0 ? frame.box : [a, b, a, b];
      frame.box = [
        Math.min(box[0]!, a),
        Math.min(box[1]!, b),
        Math.max(box[2]!, a),
        Math.max(box[3]!, b),
      ];
      frame.pixels += (focalPx / camera.fx) ** 2;
    }
  }
  return frames.map(({ right, down, distance, foot, box, pixels }, k) => {
    if (pixels === 0) return undefined;
    const [x0, y0, x1, y1] = box as [number, number, number, number];
    const longest = Math.max(x1 - x0, y1 - y0);
    const step = Math.max(
      distance / focalPx / TEXELS_PER_PIXEL,
      Math.sqrt(((x1 - x0) * (y1 - y0)) / (MOST_TEXELS * OWN_SHARE * pixels)),
      longest / (MOST_SIDE - 2 * SLACK),
    );
    const width = Math.ceil((x1 - x0) / step) + 2 * SLACK;
    const height = Math.ceil((y1 - y0) / step) + 2 * SLACK;
    const corner = along(foot, x0 - SLACK * step, right, y0 - SLACK * step, down);
    const rgb = createRgbImage(width, height);
    const known = new Uint8Array(width * height);
    return { facet: facets[k]!, corner, right, down, step, rgb, known };
  });
}

/** Colour at texel coordinates, between the known ones of the four around; undefined where none is. */
export function sampleSheet(sheet: Sheet, x: number, y: number): Vec3 | undefined {
  const { rgb, known } = sheet;
  return blended(rgb, known, x - 0.5, y - 0.5);
}

/** The same of a picture, at pixel coordinates less a half. */
export function blended(
  { width, height, data }: RgbImage,
  known: Uint8Array,
  x: number,
  y: number,
): Vec3 | undefined {
  const [x0, y0] = [Math.floor(x), Math.floor(y)];
  const sum = [0, 0, 0];
  let weights = 0;
  for (let k = 0; k < 4; k++) {
    const [u, v] = [x0 + (k & 1), y0 + (k >> 1)];
    if (u < 0 || v < 0 || u >= width || v >= height || known[v * width + u] === 0) continue;
    // A lone corner counts however far it is, so that a known texel is never without colour.
    const weight = 1e-6 + (1 - Math.abs(x - u)) * (1 - Math.abs(y - v));
    weights += weight;
    for (let c = 0; c < 3; c++) sum[c] = sum[c]! + weight * data[3 * (v * width + u) + c]!;
  }
  return weights === 0 ? undefined : [sum[0]! / weights, sum[1]! / weights, sum[2]! / weights];
}

/** Bounds in texels of what some of a view's pixels show of a plane; undefined where nothing is. Half-open, within the sheet. */
export function windowOf(
  sheet: Sheet,
  pixels: Mask,
  place: (i: number) => Vec3,
): { x0: number; y0: number; x1: number; y1: number } | undefined {
  let [x0, y0, x1, y1] = [Infinity, Infinity, -Infinity, -Infinity];
  for (let i = 0; i < pixels.data.length; i++) {
    if (pixels.data[i] === 0) continue;
    const [x, y] = toSheet(sheet, place(i));
    x0 = Math.min(x0, x);
    x1 = Math.max(x1, x);
    y0 = Math.min(y0, y);
    y1 = Math.max(y1, y);
  }
  if (!(x1 >= x0)) return undefined;
  const { width, height } = sheet.rgb;
  return {
    x0: Math.max(0, Math.floor(x0) - 1),
    y0: Math.max(0, Math.floor(y0) - 1),
    x1: Math.min(width, Math.ceil(x1) + 1),
    y1: Math.min(height, Math.ceil(y1) + 1),
  };
}

/**
 * A place that lies beyond another wall, folded back onto that wall about their common edge: what goes around a corner goes on as on a strip of
 * wallpaper. Undefined where the place is within the room, or the planes have no edge.
 */
export function foldedBack(p: Vec3, own: Vec3, other: Facet): Vec3 | undefined {
  const beyond = dot(other.normal, p) - other.offset;
  if (!(beyond > 0)) return undefined;
  const cosine = dot(own, other.normal);
  const sine2 = 1 - cosine * cosine;
  if (sine2 < 1e-3) return undefined;
  const sine = Math.sqrt(sine2);
  const reach = beyond / sine;
  // From the edge outwards in the own plane, and from the edge inwards in the other.
  const out = along([0, 0, 0], 1 / sine, other.normal, -cosine / sine, own);
  const back = along([0, 0, 0], -1 / sine, own, cosine / sine, other.normal);
  return along(along(p, -reach, out), reach, back);
}
