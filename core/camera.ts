import { mat4d, vec3d } from 'wgpu-matrix';
import { SplatmendError } from './errors.ts';

/**
 * A pinhole camera with OpenCV axes: x right, y down, z forward. A world point p lands at
 * u = fx · X/Z + cx, v = fy · Y/Z + cy with (X, Y, Z) = worldToCamera · p, and the centre of the
 * first pixel is (u, v) = (0.5, 0.5).
 */
export interface Camera {
  id?: string;
  /** Pixels. */
  width: number;
  height: number;
  /** Focal lengths and principal point, pixels. */
  fx: number;
  fy: number;
  cx: number;
  cy: number;
  /** 4×4, column-major (wgpu-matrix), world to camera; rigid. */
  worldToCamera: Float64Array;
}

/** A camera in case.json's form; see docs/conventions.md. */
export interface CameraJson {
  id?: string;
  width: number;
  height: number;
  fx: number;
  fy: number;
  cx: number;
  cy: number;
  /** Rows of the 4×4 camera-to-world matrix. */
  cameraToWorld: number[][];
}

export type Vec3 = readonly [number, number, number];

const toVec3 = (v: ArrayLike<number>): Vec3 => [v[0]!, v[1]!, v[2]!];

/** Camera-to-world, 4×4 column-major. */
export function cameraToWorld(camera: Camera): Float64Array {
  return mat4d.inverse(camera.worldToCamera) as Float64Array;
}

/** The camera's centre, world units. */
export function cameraCenter(camera: Camera): Vec3 {
  const m = cameraToWorld(camera);
  return [m[12]!, m[13]!, m[14]!];
}

/** The camera's x (right), y (down) and z (forward) axes in the world. */
export function cameraAxes(camera: Camera): { right: Vec3; down: Vec3; forward: Vec3 } {
  const m = camera.worldToCamera;
  return {
    right: [m[0]!, m[4]!, m[8]!],
    down: [m[1]!, m[5]!, m[9]!],
    forward: [m[2]!, m[6]!, m[10]!],
  };
}

/** What is seen to the sides and up and down: tangents of the half angles. */
export interface Lens {
  tanX: number;
  tanY: number;
}

/** The lens around the principal point that sees all of a camera's picture. */
export function lensOf({ width, height, fx, fy, cx, cy }: Camera): Lens {
  return { tanX: Math.max(cx, width - cx) / fx, tanY: Math.max(cy, height - cy) / fy };
}

/** Horizontal angle of a camera's picture, degrees. */
export function fieldOfView({ width, fx, cx }: Camera): number {
  return ((Math.atan(cx / fx) + Math.atan((width - cx) / fx)) * 180) / Math.PI;
}

/** World point to pixel coordinates and depth along z (≤ 0 when behind the camera). */
export function projectPoint(camera: Camera, p: Vec3): { u: number; v: number; depth: number } {
  const q = vec3d.transformMat4(p as unknown as Float64Array, camera.worldToCamera);
  const z = q[2]!;
  return {
    u: (camera.fx * q[0]!) / z + camera.cx,
    v: (camera.fy * q[1]!) / z + camera.cy,
    depth: z,
  };
}

/** Pixel coordinates and depth along z to a world point: the exact inverse of `projectPoint`. */
export function unprojectPoint(camera: Camera, u: number, v: number, depth: number): Vec3 {
  const x = ((u - camera.cx) / camera.fx) * depth;
  const y = ((v - camera.cy) / camera.fy) * depth;
  return toVec3(
    vec3d.transformMat4([x, y, depth] as unknown as Float64Array, cameraToWorld(camera)),
  );
}

/** World-to-camera of a camera at `eye` that looks at `target` with `up` upwards in the picture. */
export function lookAt(eye: Vec3, target: Vec3, up: Vec3): Float64Array {
  const forward = vec3d.normalize(vec3d.subtract(target as never, eye as never));
  let right = vec3d.cross(forward, up as never);
  if (vec3d.len(right) < 1e-9) {
    // Looking along `up`: any horizontal axis will do.
    const other = Math.abs(forward[0]!) < 0.9 ? [1, 0, 0] : [0, 1, 0];
    right = vec3d.cross(forward, other as never);
  }
  right = vec3d.normalize(right);
  const down = vec3d.cross(forward, right);
  const m = new Float64Array(16);
  for (const [row, axis] of [right, down, forward].entries()) {
    m[row] = axis[0]!;
    m[row + 4] = axis[1]!;
    m[row + 8] = axis[2]!;
    m[row + 12] = -vec3d.dot(axis, eye as never);
  }
  m[15] = 1;
  return m;
}

/** The same view at another size: intrinsics scaled by `factor`. */
export function resizeCamera(camera: Camera, factor: number): Camera {
  const width = Math.max(1, Math.round(camera.width * factor));
  const height = Math.max(1, Math.round(camera.height * factor));
  return cameraOfSize(camera, { width, height });
}

/** The same view on a picture of this size, pixels: intrinsics scaled along each axis. */
export function cameraOfSize(
  camera: Camera,
  { width, height }: { width: number; height: number },
): Camera {
  const sx = width / camera.width;
  const sy = height / camera.height;
  return {
    ...camera,
    width,
    height,
    fx: camera.fx * sx,
    fy: camera.fy * sy,
    cx: camera.cx * sx,
    cy: camera.cy * sy,
  };
}

const MAX_SIDE = 8192;

/**
 * Reads a camera in case.json's form.
 * @throws SplatmendError `bad-camera` with what is wrong
 */
export function parseCamera(json: unknown): Camera {
  const bad = (why: string) =>
    new SplatmendError('bad-camera', `camera: ${why}; see docs/conventions.md for the form`);
  if (typeof json !== 'object' || json === null) throw bad('not an object');
  const c = json as Partial<CameraJson>;
  for (const key of ['width', 'height', 'fx', 'fy', 'cx', 'cy'] as const) {
    if (typeof c[key] !== 'number' || !Number.isFinite(c[key])) throw bad(`${key} is not a number`);
  }
  const { width, height, fx, fy, cx, cy } = c as CameraJson;
  if (!Number.isInteger(width) || !Number.isInteger(height) || width < 1 || height < 1) {
    throw bad(`size ${width} × ${height} is not in whole pixels`);
  }
  if (width > MAX_SIDE || height > MAX_SIDE) throw bad(`size is over ${MAX_SIDE} pixels a side`);
  if (fx <= 0 || fy <= 0) throw bad('fx and fy must be positive');
  const rows = c.cameraToWorld;
  if (!Array.isArray(rows) || rows.length < 3) throw bad('cameraToWorld is not 4 rows of 4');
  const m = new Float64Array(16);
  for (let r = 0; r < 4; r++) {
    const row = rows[r] ?? [0, 0, 0, 1];
    if (!Array.isArray(row) || row.length !== 4 || !row.every((v) => Number.isFinite(v))) {
      throw bad(`cameraToWorld row ${r} is not 4 finite numbers`);
    }
    for (let k = 0; k < 4; k++) m[k * 4 + r] = row[k]!;
  }
  for (let k = 0; k < 3; k++) {
    const length = Math.hypot(m[k * 4]!, m[k * 4 + 1]!, m[k * 4 + 2]!);
    if (Math.abs(length - 1) > 1e-2) throw bad('cameraToWorld is not rigid (axes not of length 1)');
  }
  const camera: Camera = {
    width,
    height,
    fx,
    fy,
    cx,
    cy,
    worldToCamera: mat4d.inverse(m) as Float64Array,
  };
  if (typeof c.id === 'string') camera.id = c.id;
  return camera;
}

/** A camera in case.json's form. */
export function cameraToJson(camera: Camera): CameraJson {
  const m = cameraToWorld(camera);
  const { width, height, fx, fy, cx, cy } = camera;
  const rows = [0, 1, 2, 3].map((r) => [m[r]!, m[4 + r]!, m[8 + r]!, m[12 + r]!]);
  return {
    ...(camera.id === undefined ? {} : { id: camera.id }),
    width,
    height,
    fx,
    fy,
    cx,
    cy,
    cameraToWorld: rows,
  };
}

/**
 * The part [x0, x1) × [y0, y1) of a camera's picture as a camera of its own, `scale` times as fine.
 * Pose unchanged; the principal point may lie outside the new picture.
 */
export function cropCamera(
  camera: Camera,
  rect: { x0: number; y0: number; x1: number; y1: number },
  scale: number,
): Camera {
  const width = Math.max(1, Math.round((rect.x1 - rect.x0) * scale));
  const height = Math.max(1, Math.round((rect.y1 - rect.y0) * scale));
  return {
    ...camera,
    width,
    height,
    fx: camera.fx * scale,
    fy: camera.fy * scale,
    cx: (camera.cx - rect.x0) * scale,
    cy: (camera.cy - rect.y0) * scale,
  };
}
