/** Arrays of NumPy archives by what they mean: names, shapes, poses, lenses. */
import { mat4d } from 'wgpu-matrix';
import type { NpyArray } from '../depth-files/npy.ts';
import { badFile } from '../formats/format.ts';

export const NAMES = {
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

export interface Found extends NpyArray {
  name: string;
}

/** A batch of one in front is taken off. */
function squeezed(array: NpyArray, dimensions: number): number[] | undefined {
  const { shape } = array;
  if (shape.length === dimensions) return shape;
  if (shape.length === dimensions + 1 && shape[0] === 1) return shape.slice(1);
  return undefined;
}

/** The first array of the role whose shape, without a batch of one in front, has one of these dimensions and fits. */
export function find(
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

export interface Poses {
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

export function readPoses(arrays: ReadonlyMap<string, NpyArray>, fileName: string): Poses {
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

/** In the file's own pixels. */
export type Lens = { fx: number; fy: number; cx: number; cy: number };

/** One a view. */
export function readLenses(
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
