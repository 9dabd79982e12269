import {
  type Camera,
  cameraAxes,
  cameraCenter,
  projectPoint,
  unprojectPoint,
  type Vec3,
} from '../../core/camera.ts';
import type { SelectionVolume } from '../../core/selection.ts';
import { add, dot, minus, normalized, scaled } from './vectors.ts';

/** A place on a volume that can be pulled. */
export type Handle =
  /** The middle: moves it across the view. */
  | { kind: 'center' }
  /** An arrow: moves it along an axis. */
  | { kind: 'move'; axis: number }
  /** A dot on the surface: a box's side, or a sphere's radius. */
  | { kind: 'size'; axis: number; sign: 1 | -1 };

export interface PlacedHandle {
  handle: Handle;
  /** World units. */
  at: Vec3;
  /** Pixels of the picture. */
  x: number;
  y: number;
}

const WORLD_AXES: [number[], number[], number[]] = [
  [1, 0, 0],
  [0, 1, 0],
  [0, 0, 1],
];
/** Half the new volume's size, as a share of what the picture shows at its depth. */
const FIRST_SIZE = 0.12;
/** An arrow's tip stands this far off the surface, CSS pixels. */
const ARROW = 36;
/** A side can be pushed in to this share of what it was. */
const LEAST_SHARE = 0.02;
/** An axis that runs this straight into the picture (sine) cannot be followed by a pointer. */
const LEAST_SINE = 0.06;

/** A fresh volume around a place, of a size that suits the view. */
export function placeVolume(
  shape: SelectionVolume['shape'],
  camera: Camera,
  center: Vec3,
  depth: number,
): SelectionVolume {
  const shown = (Math.min(camera.width, camera.height) / Math.max(camera.fx, camera.fy)) * depth;
  const half = shown * FIRST_SIZE;
  if (shape === 'sphere') return { shape, center: [...center], radius: half };
  return { shape, center: [...center], axes: WORLD_AXES, halfExtents: [half, half, half] };
}

/** The box with its sides along the scene's axes, or along the picture's. A sphere has no axes. */
export function alignVolume(volume: SelectionVolume, camera?: Camera): SelectionVolume {
  if (volume.shape === 'sphere') return volume;
  if (camera === undefined) return { ...volume, axes: WORLD_AXES };
  const { right, down, forward } = cameraAxes(camera);
  return { ...volume, axes: [[...right], [...down], [...forward]] };
}

/** The same place and about the same size in the other shape. */
export function reshapeVolume(
  volume: SelectionVolume,
  shape: SelectionVolume['shape'],
): SelectionVolume {
  if (volume.shape === shape) return volume;
  if (volume.shape === 'box') {
    return { shape: 'sphere', center: volume.center, radius: Math.max(...volume.halfExtents) };
  }
  const { center, radius } = volume;
  return { shape: 'box', center, axes: WORLD_AXES, halfExtents: [radius, radius, radius] };
}

/** Whether a volume's numbers are finite and its sizes positive. */
export function isSound(volume: SelectionVolume): boolean {
  const sizes = volume.shape === 'sphere' ? [volume.radius] : volume.halfExtents;
  return volume.center.every(Number.isFinite) && sizes.every((s) => s > 0 && Number.isFinite(s));
}

/** The three directions that a volume's handles lie along. */
export function volumeAxes(volume: SelectionVolume): Vec3[] {
  const axes = volume.shape === 'box' ? volume.axes : WORLD_AXES;
  return axes.map((a): Vec3 => [a[0]!, a[1]!, a[2]!]);
}

/** From the centre to the surface along an axis, world units. */
const reach = (volume: SelectionVolume, axis: number) =>
  volume.shape === 'sphere' ? volume.radius : volume.halfExtents[axis]!;

/**
 * The handles that are in front of the camera. `scale`: picture pixels a CSS pixel. Later ones are drawn
 * over earlier ones.
 */
export function volumeHandles(
  volume: SelectionVolume,
  camera: Camera,
  scale: number,
): PlacedHandle[] {
  const out: PlacedHandle[] = [];
  const put = (handle: Handle, at: Vec3) => {
    const { u: x, v: y, depth } = projectPoint(camera, at);
    if (depth > 0) out.push({ handle, at, x, y });
  };
  const { depth } = projectPoint(camera, volume.center);
  const arrow = (ARROW * scale * Math.max(0, depth)) / camera.fx;
  for (const [axis, direction] of volumeAxes(volume).entries()) {
    const half = reach(volume, axis);
    for (const sign of [1, -1] as const) {
      put({ kind: 'size', axis, sign }, add(volume.center, scaled(direction, sign * half)));
    }
    put({ kind: 'move', axis }, add(volume.center, scaled(direction, half + arrow)));
  }
  put({ kind: 'center' }, volume.center);
  return out;
}

/** The topmost handle within `radius` of a pixel, all in pixels of the picture. */
export function handleAt(
  handles: readonly PlacedHandle[],
  x: number,
  y: number,
  radius: number,
): Handle | undefined {
  let best: Handle | undefined;
  let least = radius;
  for (const { handle, x: hx, y: hy } of handles) {
    const far = Math.hypot(x - hx, y - hy);
    if (far > least) continue;
    least = far;
    best = handle;
  }
  return best;
}

/**
 * The volume after a handle was pulled from one pixel to another, in a view that stands still.
 * @param volume as it was when the pull began
 */
export function pullHandle(
  volume: SelectionVolume,
  handle: Handle,
  camera: Camera,
  from: readonly [number, number],
  to: readonly [number, number],
): SelectionVolume {
  if (handle.kind === 'center') {
    const { depth } = projectPoint(camera, volume.center);
    const start = unprojectPoint(camera, from[0], from[1], depth);
    const end = unprojectPoint(camera, to[0], to[1], depth);
    return { ...volume, center: [...add(volume.center, minus(end, start))] };
  }
  const direction = volumeAxes(volume)[handle.axis]!;
  const start = alongAxis(camera, volume.center, direction, from);
  const end = alongAxis(camera, volume.center, direction, to);
  if (start === undefined || end === undefined) return volume;
  const moved = end - start;
  if (handle.kind === 'move') {
    return { ...volume, center: [...add(volume.center, scaled(direction, moved))] };
  }
  const outward = moved * handle.sign;
  const half = reach(volume, handle.axis);
  if (volume.shape === 'sphere') {
    return { ...volume, radius: Math.max(half * LEAST_SHARE, half + outward) };
  }
  // The other side of the box stays where it is.
  const newHalf = Math.max(half * LEAST_SHARE, half + outward / 2);
  const halfExtents: [number, number, number] = [...volume.halfExtents];
  halfExtents[handle.axis] = newHalf;
  const center = add(volume.center, scaled(direction, (newHalf - half) * handle.sign));
  return { ...volume, center: [...center], halfExtents };
}

/**
 * How far along an axis through `origin` a pixel's ray passes closest to it, world units; undefined where the
 * axis runs into the picture, or the place is behind the camera.
 */
function alongAxis(
  camera: Camera,
  origin: Vec3,
  axis: Vec3,
  [x, y]: readonly [number, number],
): number | undefined {
  const eye = cameraCenter(camera);
  const ray = normalized(minus(unprojectPoint(camera, x, y, 1), eye));
  const toOrigin = minus(origin, eye);
  const cosine = dot(ray, axis);
  const sine2 = 1 - cosine * cosine;
  if (sine2 < LEAST_SINE * LEAST_SINE) return undefined;
  const t = (cosine * dot(ray, toOrigin) - dot(axis, toOrigin)) / sine2;
  const { depth } = projectPoint(camera, add(origin, scaled(axis, t)));
  return depth > 0 ? t : undefined;
}
