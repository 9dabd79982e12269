/** COLMAP's sparse models, text and binary: cameras, images with what they observe, points. */
import type { Camera } from '../camera.ts';
import { SplatmendError } from '../errors.ts';
import { badFile, unsupportedFile } from '../formats/format.ts';
import { Bytes } from './bytes.ts';

/** Names by COLMAP's model numbers, and how many parameters each has. */
const MODELS: readonly [string, number][] = [
  ['SIMPLE_PINHOLE', 3],
  ['PINHOLE', 4],
  ['SIMPLE_RADIAL', 4],
  ['RADIAL', 5],
  ['OPENCV', 8],
  ['OPENCV_FISHEYE', 8],
  ['FULL_OPENCV', 12],
  ['FOV', 5],
  ['SIMPLE_RADIAL_FISHEYE', 4],
  ['RADIAL_FISHEYE', 5],
  ['THIN_PRISM_FISHEYE', 12],
];
const MAX_SIDE = 65536;

/** Intrinsics, in COLMAP's pixels, which are ours: the first one's centre is (0.5, 0.5). */
export type Intrinsics = Pick<Camera, 'width' | 'height' | 'fx' | 'fy' | 'cx' | 'cy'>;

export interface ColmapImage {
  /** Path within the images' folder. */
  name: string;
  cameraId: number;
  /** World to camera, 4 × 4 column-major. */
  worldToCamera: Float64Array;
  /** u, v and the index of its point a observation; −1 = none. */
  observations: { u: number; v: number; pointId: number }[];
}

export interface ColmapPoint {
  position: [number, number, number];
  /** 0..255. */
  rgb: [number, number, number];
  /** Mean reprojection error, pixels. */
  error: number;
  /** How many images observe it. */
  track: number;
}

/**
 * @throws SplatmendError `unsupported-file` for lenses that are not pinholes
 */
function intrinsicsOf(
  model: string,
  [width, height]: readonly [number, number],
  parameters: readonly number[],
  fileName: string,
): Intrinsics {
  const known = MODELS.find(([name]) => name === model);
  if (known === undefined) throw unsupportedFile(fileName, `camera model ${model.slice(0, 40)}`);
  if (parameters.length < known[1] || parameters.some((p) => !Number.isFinite(p))) {
    throw badFile(fileName, `a camera's ${known[1]} parameters are not all numbers`);
  }
  if (!(width >= 1 && height >= 1 && width <= MAX_SIDE && height <= MAX_SIDE)) {
    throw badFile(fileName, `a camera is ${width} × ${height} pixels`);
  }
  const oneFocal = /^(SIMPLE_|RADIAL)/.test(model);
  const [fx, fy, cx, cy] = oneFocal
    ? [parameters[0]!, parameters[0]!, parameters[1]!, parameters[2]!]
    : [parameters[0]!, parameters[1]!, parameters[2]!, parameters[3]!];
  const bends = parameters.slice(oneFocal ? 3 : 4, known[1]).some((k) => k !== 0);
  if (bends || (model !== 'PINHOLE' && /FISHEYE|FOV/.test(model))) {
    throw unsupportedFile(
      fileName,
      `camera model ${model} with distortion; run \`colmap image_undistorter\` and give its folder`,
    );
  }
  if (!(fx > 0 && fy > 0)) throw badFile(fileName, `a camera's focal length is ${fx}, ${fy}`);
  return { width, height, fx, fy, cx, cy };
}

function poseOf(q: readonly number[], t: readonly number[], fileName: string): Float64Array {
  const length = Math.hypot(...q);
  if (!(length > 0.5 && length < 2 && t.every(Number.isFinite))) {
    throw badFile(fileName, "an image's pose is not a rotation and a translation");
  }
  const [w, x, y, z] = q.map((v) => v / length) as [number, number, number, number];
  const m = new Float64Array(16);
  m.set([1 - 2 * (y * y + z * z), 2 * (x * y + w * z), 2 * (x * z - w * y)], 0);
  m.set([2 * (x * y - w * z), 1 - 2 * (x * x + z * z), 2 * (y * z + w * x)], 4);
  m.set([2 * (x * z + w * y), 2 * (y * z - w * x), 1 - 2 * (x * x + y * y)], 8);
  m.set([...t, 1], 12);
  return m;
}

const linesOf = (bytes: Uint8Array): string[] => new TextDecoder().decode(bytes).split(/\r?\n/);
const isData = (line: string) => line.trim() !== '' && !line.startsWith('#');

export function readCamerasText(bytes: Uint8Array, name: string): Map<number, Intrinsics> {
  const out = new Map<number, Intrinsics>();
  for (const line of linesOf(bytes).filter(isData)) {
    const [id, model, width, height, ...parameters] = line.trim().split(/\s+/);
    const size = [Number(width), Number(height)] as const;
    out.set(Number(id), intrinsicsOf(model!, size, parameters.map(Number), name));
  }
  return out;
}

export function readCamerasBinary(bytes: Uint8Array, name: string): Map<number, Intrinsics> {
  const from = new Bytes(bytes, name);
  const out = new Map<number, Intrinsics>();
  for (let left = from.count(24); left > 0; left--) {
    const id = from.u32();
    const number = from.u32();
    const model = MODELS[number];
    if (model === undefined) throw unsupportedFile(name, `camera model number ${number}`);
    const size = [from.u64(), from.u64()] as const;
    const parameters = Array.from({ length: model[1] }, () => from.f64());
    out.set(id, intrinsicsOf(model[0], size, parameters, name));
  }
  return out;
}

export function readImagesText(bytes: Uint8Array, name: string): ColmapImage[] {
  // Two lines an image; the second one may be empty, so empty lines count.
  const lines = linesOf(bytes).filter((line) => !line.startsWith('#'));
  const out: ColmapImage[] = [];
  for (let k = 0; k < lines.length; k++) {
    if (lines[k]!.trim() === '') continue;
    const words = lines[k]!.trim().split(/\s+/);
    if (words.length < 10) throw badFile(name, `an image's line has ${words.length} words of 10`);
    const numbers = words.slice(1, 9).map(Number);
    const observations: ColmapImage['observations'] = [];
    const points = (lines[++k] ?? '').trim().split(/\s+/).map(Number);
    for (let p = 0; p + 2 < points.length; p += 3) {
      observations.push({ u: points[p]!, v: points[p + 1]!, pointId: points[p + 2]! });
    }
    out.push({
      name: words.slice(9).join(' '),
      cameraId: numbers[7]!,
      worldToCamera: poseOf(numbers.slice(0, 4), numbers.slice(4, 7), name),
      observations,
    });
  }
  return out;
}

export function readImagesBinary(bytes: Uint8Array, name: string): ColmapImage[] {
  const from = new Bytes(bytes, name);
  const out: ColmapImage[] = [];
  for (let left = from.count(73); left > 0; left--) {
    from.u32();
    const q = [from.f64(), from.f64(), from.f64(), from.f64()];
    const t = [from.f64(), from.f64(), from.f64()];
    const cameraId = from.u32();
    const image = from.text();
    const observations: ColmapImage['observations'] = [];
    for (let points = from.count(24); points > 0; points--) {
      const [u, v] = [from.f64(), from.f64()];
      observations.push({ u, v, pointId: from.i64() });
    }
    out.push({ name: image, cameraId, worldToCamera: poseOf(q, t, name), observations });
  }
  return out;
}

export function readPointsText(bytes: Uint8Array, name: string): Map<number, ColmapPoint> {
  const out = new Map<number, ColmapPoint>();
  for (const line of linesOf(bytes).filter(isData)) {
    const v = line.trim().split(/\s+/).map(Number);
    if (v.length < 8 || v.slice(0, 8).some(Number.isNaN)) {
      throw badFile(name, `a point's line is not numbers: ${line.slice(0, 60)}`);
    }
    out.set(v[0]!, {
      position: [v[1]!, v[2]!, v[3]!],
      rgb: [v[4]!, v[5]!, v[6]!],
      error: v[7]!,
      track: (v.length - 8) >> 1,
    });
  }
  return out;
}

export function readPointsBinary(bytes: Uint8Array, name: string): Map<number, ColmapPoint> {
  const from = new Bytes(bytes, name);
  const out = new Map<number, ColmapPoint>();
  for (let left = from.count(51); left > 0; left--) {
    const id = from.i64();
    const position: ColmapPoint['position'] = [from.f64(), from.f64(), from.f64()];
    const rgb: ColmapPoint['rgb'] = [from.u8(), from.u8(), from.u8()];
    const error = from.f64();
    const track = from.count(8);
    from.skip(8 * track);
    out.set(id, { position, rgb, error, track });
  }
  return out;
}

/**
 * A dense depth map: `width&height&channels&`, then float32, rows from the top.
 * @throws SplatmendError `bad-file`, `too-large`
 */
export function readDenseDepth(
  bytes: Uint8Array,
  name: string,
): { width: number; height: number; data: Float32Array } {
  const head = /^(\d+)&(\d+)&(\d+)&/.exec(new TextDecoder('latin1').decode(bytes.subarray(0, 64)));
  if (!head) throw badFile(name, "does not begin like COLMAP's depth map (width&height&channels&)");
  const [width, height, channels] = head.slice(1).map(Number) as [number, number, number];
  if (channels !== 1) throw badFile(name, `${channels} channels; a depth map has 1`);
  if (width < 1 || height < 1 || width > MAX_SIDE || height > MAX_SIDE) {
    throw new SplatmendError('too-large', `${name}: says it is ${width} × ${height} pixels`);
  }
  const start = head[0].length;
  if (bytes.length - start !== 4 * width * height) {
    throw badFile(
      name,
      `${bytes.length - start} bytes of depth; ${width} × ${height} are ${4 * width * height}`,
    );
  }
  // The header's length is any: the floats need not begin at a multiple of four.
  const data = new Float32Array(bytes.slice(start).buffer);
  return { width, height, data };
}
