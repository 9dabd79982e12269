/**
 * Posed views in NumPy archives: what DUSt3R, MASt3R and VGGT give (a point or a depth a pixel, confidences, poses, focals), and
 * structure-from-motion points with cameras. Arrays are known by name and shape; docs/refine.md lists the names.
 */
import type { Camera } from '../camera.ts';
import { checkImageSize } from '../depth-files/limits.ts';
import type { NpyArray } from '../depth-files/npy.ts';
import { depthFromPoints } from '../depth-files/points-to-depth.ts';
import { badFile } from '../formats/format.ts';
import {
  createMask,
  createRgbImage,
  createScalarImage,
  type Mask,
  type RgbImage,
  type ScalarImage,
} from '../image.ts';
import { fitPoses } from './fit-poses.ts';
import { type Found, find, NAMES, type Poses, readLenses, readPoses } from './npz-arrays.ts';
import type { PosedView, ViewSource } from './view.ts';

function pictureOf(images: Found | undefined, n: number, width: number, height: number) {
  if (images === undefined) return undefined;
  const planes = images.shape[1] === 3;
  const { data } = images;
  const out: RgbImage = createRgbImage(width, height);
  const count = width * height;
  const bytes = data instanceof Uint8Array;
  let low = 0;
  let high = 0;
  for (let i = 0; i < count; i++) {
    for (let c = 0; c < 3; c++) {
      const v = data[3 * count * n + (planes ? c * count + i : 3 * i + c)]!;
      out.data[3 * i + c] = v;
      if (v < low) low = v;
      if (v > high) high = v;
    }
  }
  // Networks keep pictures as bytes, as 0..1, or normalised to −1..1.
  const [plus, by] = bytes || high > 2 ? [0, 255] : low < -0.01 ? [1, 2] : [0, 1];
  if (by !== 1) out.data = out.data.map((v) => (v + plus) / by);
  return out;
}

/** An array of one number a pixel and view. */
const perPixel = (count: number) => (shape: number[]) =>
  shape[0] === count && (shape.length === 3 || shape[3] === 1);

/** Views with a point or a depth a pixel. */
function denseViews(
  arrays: ReadonlyMap<string, NpyArray>,
  poses: Poses,
  dense: { points?: Found; depth?: Found },
  fileName: string,
): ViewSource {
  const { count } = poses;
  const [, height, width] = (dense.depth ?? dense.points)!.shape as [number, number, number];
  checkImageSize(width, height, fileName);
  const lenses = readLenses(arrays, { count, width, height }, fileName);
  const isThis = (shape: number[]) =>
    perPixel(count)(shape) && shape[1] === height && shape[2] === width;
  const confidence = find(arrays, 'confidence', isThis, [3, 4]);
  const mask = find(arrays, 'mask', isThis, [3, 4]);
  const images = find(
    arrays,
    'images',
    ([n, a, b, c]) =>
      n === count &&
      ((a === height && b === width && c === 3) || (a === 3 && b === height && c === width)),
    [4],
  );
  const notes: string[] = [];
  // These networks count pixels from the first one's centre, we from its corner.
  let shift = 0.5;
  let { worldToCamera } = poses;
  if (dense.points !== undefined) {
    const fit = fitPoses(dense.points.data, { width, height, lenses, worldToCamera }, fileName);
    shift = fit.shift;
    worldToCamera = fit.worldToCamera;
    if (fit.turned)
      notes.push(`${poses.name} fit its points the other way round, and are taken so`);
  }
  const size = width * height;
  const depthOf = (n: number): ScalarImage => {
    const out = createScalarImage(width, height);
    const m = worldToCamera[n]!;
    for (let i = 0; i < size; i++) {
      let z: number;
      if (dense.depth !== undefined) z = dense.depth.data[n * size + i]!;
      else {
        const p = dense.points!.data;
        const k = 3 * (n * size + i);
        z = m[2]! * p[k]! + m[6]! * p[k + 1]! + m[10]! * p[k + 2]! + m[14]!;
      }
      if (mask !== undefined && !(mask.data[n * size + i]! > 0)) z = 0;
      out.data[i] = z > 0 && Number.isFinite(z) ? z : 0;
    }
    return out;
  };
  return {
    kind: `NumPy archive, ${dense.depth ? 'depth' : 'points'} a pixel${confidence ? ' with confidence' : ''}`,
    ids: Array.from({ length: count }, (_, n) => String(n).padStart(4, '0')),
    notes,
    load: async (n): Promise<PosedView> => {
      const { fx, fy, cx, cy } = lenses[n]!;
      const id = String(n).padStart(4, '0');
      const camera: Camera = {
        id,
        width,
        height,
        fx,
        fy,
        cx: cx + shift,
        cy: cy + shift,
        worldToCamera: worldToCamera[n]!,
      };
      const view: PosedView = { id, camera, depth: depthOf(n) };
      const rgb = pictureOf(images, n, width, height);
      if (rgb !== undefined) view.rgb = rgb;
      if (confidence !== undefined) {
        const data = Float32Array.from(
          confidence.data.subarray(n * size, (n + 1) * size) as ArrayLike<number>,
        );
        view.confidence = { width, height, data };
      }
      return view;
    },
  };
}

/**
 * Gives pixels the colours of the points that they show.
 * @param index which point each pixel shows, −1 = none: that one stays as it is
 * @param colours P × 3, bytes or 0..1
 */
export function paintPoints(
  rgb: RgbImage,
  coloured: Mask,
  index: Int32Array,
  colours: NpyArray['data'],
): void {
  const white = colours instanceof Uint8Array ? 255 : 1;
  for (const [i, p] of index.entries()) {
    if (p < 0) continue;
    for (let c = 0; c < 3; c++) rgb.data[3 * i + c] = colours[3 * p + c]! / white;
    coloured.data[i] = 1;
  }
}

/** Points and cameras, as gsplat's test data has them: K is COLMAP's, whose pixels are ours. */
function cloudViews(
  arrays: ReadonlyMap<string, NpyArray>,
  poses: Poses,
  cloud: Found,
  fileName: string,
): ViewSource {
  const side = (role: 'height' | 'width') =>
    NAMES[role].map((name) => arrays.get(name)?.data[0]).find((v) => v !== undefined);
  const [width, height] = [side('width'), side('height')];
  if (width === undefined || height === undefined) {
    throw badFile(fileName, 'points without a width and height of the views');
  }
  checkImageSize(width, height, fileName);
  const lenses = readLenses(arrays, { count: poses.count, width, height }, fileName);
  const count = cloud.shape[0]!;
  const colours = find(arrays, 'images', ([n, c]) => n === count && c === 3, [2]);
  return {
    kind: `NumPy archive, ${count} points`,
    ids: Array.from({ length: poses.count }, (_, n) => String(n).padStart(4, '0')),
    notes: ['no pictures: completed without their edges, coloured from the points'],
    load: async (n): Promise<PosedView> => {
      const id = String(n).padStart(4, '0');
      const camera: Camera = {
        id,
        width,
        height,
        ...lenses[n]!,
        worldToCamera: poses.worldToCamera[n]!,
      };
      const { depth, index } = depthFromPoints(cloud.data, camera);
      const view: PosedView = { id, camera, depth };
      if (colours !== undefined) {
        view.rgb = createRgbImage(width, height);
        view.coloured = createMask(width, height);
        paintPoints(view.rgb, view.coloured, index, colours.data);
      }
      return view;
    },
  };
}

/**
 * @param arrays by name, as `readNpz` gives them
 * @throws SplatmendError `bad-file` that says what is missing, `too-large`
 */
export function npzViews(arrays: ReadonlyMap<string, NpyArray>, fileName: string): ViewSource {
  const poses = readPoses(arrays, fileName);
  const { count } = poses;
  const depth = find(arrays, 'depth', perPixel(count), [3, 4]);
  if (depth !== undefined) return denseViews(arrays, poses, { depth }, fileName);
  const points = find(arrays, 'points', ([n, , , c]) => n === count && c === 3, [4]);
  if (points !== undefined) return denseViews(arrays, poses, { points }, fileName);
  const cloud = find(arrays, 'cloud', ([n, c]) => n! > 0 && c === 3, [2]);
  if (cloud !== undefined) return cloudViews(arrays, poses, cloud, fileName);
  throw badFile(
    fileName,
    `no depth (N × H × W), points a pixel (N × H × W × 3) or points (P × 3) for its ${count} views; it has ${[...arrays.keys()].join(', ')}`,
  );
}
