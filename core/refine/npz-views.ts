/**
 * Posed views in NumPy archives: what DUSt3R, MASt3R and VGGT give (a point or a depth a pixel, confidences, poses, focals), and
 * structure-from-motion points with cameras. Arrays are known by name and shape; docs/refine.md lists the names.
 */
import { mat4d } from 'wgpu-matrix';
import type { Camera } from '../camera.ts';
import { checkImageSize } from '../depth-files/limits.ts';
import type { NpyArray } from '../depth-files/npy.ts';
import { depthFromPoints } from '../depth-files/points-to-depth.ts';
import { badFile } from '../formats/format.ts';
import { createRgbImage, createScalarImage, type RgbImage, type ScalarImage } from '../image.ts';
import { fitPoses } from './fit-poses.ts';
import type { PosedView, ViewSource } from './view.ts';

const NAMES = {
  points: ['pts3d', 'world_points', 'points', 'points3d', 'pointmaps', 'xyz'],
  cloud: ['means3d', 'points', 'points3d', 'xyz', 'pts3d'],
  depth: ['depth', 'depths', 'depthmaps', 'depth_maps'],
  confidence: ['conf', 'confs', 'confidence', 'depth_conf', 'world_points_conf', 'im_conf'],
  mask: ['mask', 'masks', 'valid', 'valid_mask'],
  cameraToWorld: [
    'poses',
    'cam2w',
    'cams2world',
    'camera_poses',
    'cam_to_world',
    'c2w',
    'im_poses',
  ],
  worldToCamera: ['extrinsic', 'extrinsics', 'viewmats', 'w2c', 'world_to_camera'],
  intrinsics: ['intrinsic', 'intrinsics', 'Ks', 'K'],
  focal: ['focals', 'focal', 'im_focals'],
  principal: ['pp', 'principal_points', 'im_pp'],
  images: ['imgs', 'images', 'rgb', 'colors'],
  height: ['height', 'H'],
  width: ['width', 'W'],
} as const;
type Role = keyof typeof NAMES;

/** Every array's name that has a meaning here. */
export const NPZ_ARRAYS: ReadonlySet<string> = new Set(Object.values(NAMES).flat());

const MAX_VIEWS = 10_000;

interface Found extends NpyArray {
  name: string;
}

/** A batch of one in front is taken off. */
function squeezed(array: NpyArray, dimensions: number): number[] | undefined {
  const { shape } = array;
  if (shape.length === dimensions) return shape;
  if (shape.length === dimensions + 1 && shape[0] === 1) return shape.slice(1);
  return undefined;
}

function find(
  arrays: ReadonlyMap<string, NpyArray>,
  role: Role,
  fits: (shape: number[]) => boolean,
  dimensions: readonly number[],
): Found | undefined {
  for (const name of NAMES[role]) {
    const array = arrays.get(name);
    if (array === undefined) continue;
    for (const d of dimensions) {
      const shape = squeezed(array, d);
      if (shape !== undefined && fits(shape)) return { name, shape, data: array.data };
    }
  }
  return undefined;
}

interface Poses {
  name: string;
  count: number;
  worldToCamera: Float64Array[];
}

/** N × 4 × 4 or N × 3 × 4, by rows, as column-major matrices of 4 × 4. */
function matrices({ shape, data }: Found, fileName: string): Float64Array[] {
  const [count, rows] = shape as [number, number];
  return Array.from({ length: count }, (_, n) => {
    const m = new Float64Array(16);
    m[15] = 1;
    for (let r = 0; r < 3; r++) {
      for (let c = 0; c < 4; c++) m[4 * c + r] = data[(n * rows + r) * 4 + c]!;
    }
    const lengths = [0, 4, 8].map((k) => Math.hypot(m[k]!, m[k + 1]!, m[k + 2]!));
    if (lengths.some((l) => !(Math.abs(l - 1) < 0.02)) || !m.every(Number.isFinite)) {
      throw badFile(fileName, `pose ${n} is no rotation and translation`);
    }
    return m;
  });
}

function readPoses(arrays: ReadonlyMap<string, NpyArray>, fileName: string): Poses {
  const isPose = ([n, r, c]: number[]) => n! > 0 && (r === 3 || r === 4) && c === 4;
  const inverse = (m: Float64Array) => mat4d.inverse(m) as Float64Array;
  const outward = find(arrays, 'worldToCamera', isPose, [3]);
  const inward = find(arrays, 'cameraToWorld', isPose, [3]);
  const found = outward ?? inward;
  if (found === undefined) {
    throw badFile(
      fileName,
      `no poses (N × 4 × 4, as ${NAMES.cameraToWorld[0]} or ${NAMES.worldToCamera[0]}); it has ${[...arrays.keys()].join(', ')}`,
    );
  }
  const all = matrices(found, fileName);
  if (all.length > MAX_VIEWS) throw badFile(fileName, `${all.length} views`);
  return {
    name: found.name,
    count: all.length,
    worldToCamera: found === outward ? all : all.map(inverse),
  };
}

type Lens = { fx: number; fy: number; cx: number; cy: number };

/** In the file's own pixels. */
function readLenses(
  arrays: ReadonlyMap<string, NpyArray>,
  { count, width, height }: { count: number; width: number; height: number },
  fileName: string,
): Lens[] {
  const each = <T>(make: (n: number) => T) => Array.from({ length: count }, (_, n) => make(n));
  const k = find(arrays, 'intrinsics', ([n, r, c]) => n === count && r === 3 && c === 3, [3]);
  let lenses: Lens[];
  if (k !== undefined) {
    const at = (n: number, i: number) => k.data[9 * n + i]!;
    lenses = each((n) => ({ fx: at(n, 0), fy: at(n, 4), cx: at(n, 2), cy: at(n, 5) }));
  } else {
    const focal = find(arrays, 'focal', ([n, c]) => n === count && (c ?? 1) <= 2, [1, 2]);
    if (focal === undefined) {
      throw badFile(fileName, `no intrinsics (N × 3 × 3) and no focals (N) for its ${count} views`);
    }
    const columns = focal.shape[1] ?? 1;
    const pp = find(arrays, 'principal', ([n, c]) => n === count && c === 2, [2]);
    lenses = each((n) => ({
      fx: focal.data[columns * n]!,
      fy: focal.data[columns * n + columns - 1]!,
      cx: pp?.data[2 * n] ?? width / 2,
      cy: pp?.data[2 * n + 1] ?? height / 2,
    }));
  }
  for (const { fx, fy, cx, cy } of lenses) {
    if (!(fx > 0 && fy > 0 && Number.isFinite(fx + fy + cx + cy))) {
      throw badFile(fileName, `a focal length is ${fx}, ${fy}`);
    }
  }
  return lenses;
}

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
  const white = colours?.data instanceof Uint8Array ? 255 : 1;
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
        const rgb = createRgbImage(width, height);
        for (let i = 0; i < index.length; i++) {
          for (let c = 0; c < 3 && index[i]! >= 0; c++) {
            rgb.data[3 * i + c] = colours.data[3 * index[i]! + c]! / white;
          }
        }
        view.rgb = rgb;
        view.pointColours = true;
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
