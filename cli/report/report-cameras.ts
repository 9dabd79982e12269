/** From where the report looks: the given cameras, and views from the hole's sides. */
import { mat4d, vec3d } from 'wgpu-matrix';
import {
  type Camera,
  cameraAxes,
  cameraCenter,
  lookAt,
  projectPoint,
  resizeCamera,
  type Vec3,
} from '../../core/camera.ts';
import type { SplatCloud } from '../../core/splat-cloud.ts';

/** Where the removed object was, scene frame and units. */
export interface HolePlace {
  center: Vec3;
  /** Holds 95 % of the removed centres. */
  radius: number;
}

export interface ReportCamera {
  camera: Camera;
  /** For people: whose view it is. */
  caption: string;
}

const MIN_VIEWS = 3;
const MAX_VIEWS = 4;
/** Longer side of a report picture, pixels. */
const MAX_SIDE = 800;

function quantile(values: Float64Array, q: number): number {
  const sorted = values.sort();
  return sorted[Math.round((sorted.length - 1) * q)]!;
}

/** The middle (median an axis) and reach of the given rows. */
export function holePlace(scene: SplatCloud, rows: Uint32Array): HolePlace {
  const p = scene.positions;
  const axis = (k: number) => {
    const values = Float64Array.from(rows, (r) => p[r * 3 + k]!).filter(Number.isFinite);
    return values.length === 0 ? 0 : quantile(values, 0.5);
  };
  const center: Vec3 = [axis(0), axis(1), axis(2)];
  const distances = Float64Array.from(rows, (r) =>
    Math.hypot(p[r * 3]! - center[0], p[r * 3 + 1]! - center[1], p[r * 3 + 2]! - center[2]),
  ).filter(Number.isFinite);
  const reach = distances.length === 0 ? 0 : quantile(distances, 0.95);
  // One splat alone reaches as far as it is large.
  const size = rows.length === 0 ? 1 : Math.exp(scene.logScales[rows[0]! * 3] ?? 0);
  return { center, radius: reach > 0 ? reach : Number.isFinite(size) && size > 0 ? size : 1 };
}

function faces(camera: Camera, place: HolePlace): boolean {
  const { u, v, depth } = projectPoint(camera, place.center);
  return depth > 0 && u >= 0 && v >= 0 && u <= camera.width && v <= camera.height;
}

const directionFrom = (camera: Camera, place: HolePlace) =>
  vec3d.normalize(vec3d.subtract(cameraCenter(camera) as never, place.center as never));

/** At most MAX_VIEWS of them, the first and then always the one that looks from farthest aside. */
export function spread(cameras: readonly Camera[], place: HolePlace): Camera[] {
  const facing = cameras.filter((c) => faces(c, place));
  const chosen = facing.slice(0, 1);
  while (chosen.length < Math.min(MAX_VIEWS, facing.length)) {
    const taken = chosen.map((c) => directionFrom(c, place));
    let best: Camera | undefined;
    let bestDot = Number.POSITIVE_INFINITY;
    for (const candidate of facing) {
      if (chosen.includes(candidate)) continue;
      const d = directionFrom(candidate, place);
      const nearest = Math.max(...taken.map((t) => vec3d.dot(t, d)));
      if (nearest < bestDot) {
        bestDot = nearest;
        best = candidate;
      }
    }
    chosen.push(best!);
  }
  return cameras.filter((c) => chosen.includes(c));
}

/** The camera carried around the hole by `degrees` about its own upward axis, looking at the hole. */
export function orbit(camera: Camera, place: HolePlace, degrees: number): Camera {
  const { down } = cameraAxes(camera);
  const up: Vec3 = [-down[0], -down[1], -down[2]];
  const turn = mat4d.axisRotation(up as never, (degrees * Math.PI) / 180);
  const arm = vec3d.subtract(cameraCenter(camera) as never, place.center as never);
  const eye = vec3d.add(place.center as never, vec3d.transformMat4(arm, turn));
  return {
    ...camera,
    id: `${camera.id ?? 'view'} ${degrees > 0 ? '+' : '−'}${Math.abs(degrees)}°`,
    worldToCamera: lookAt([eye[0]!, eye[1]!, eye[2]!], place.center, up),
  };
}

/** Where there is no camera at all: from four reaches away, on the side of the scene's middle. */
function fallbackCamera(scene: SplatCloud, place: HolePlace): Camera {
  const rows = Uint32Array.from({ length: Math.min(scene.count, 20_000) }, (_, i) =>
    Math.floor((i * scene.count) / Math.min(scene.count, 20_000)),
  );
  const middle = holePlace(scene, rows).center;
  let arm = vec3d.subtract(middle as never, place.center as never);
  if (!(vec3d.len(arm) > place.radius * 1e-3)) arm = vec3d.create(0, 0, -1);
  const eye = vec3d.add(place.center as never, vec3d.scale(vec3d.normalize(arm), place.radius * 4));
  // Trained scenes have y downwards.
  return {
    id: 'overview',
    width: 640,
    height: 480,
    fx: 560,
    fy: 560,
    cx: 320,
    cy: 240,
    worldToCamera: lookAt([eye[0]!, eye[1]!, eye[2]!], place.center, [0, -1, 0]),
  };
}

const inReportSize = (camera: Camera) => {
  const factor = MAX_SIDE / Math.max(camera.width, camera.height);
  return factor < 1 ? resizeCamera(camera, factor) : camera;
};

/** A fill's camera frames the hole tightly: from the same place, the hole in its surroundings. */
function widened(camera: Camera, place: HolePlace): Camera {
  const width = 640;
  const height = 480;
  const { depth } = projectPoint(camera, place.center);
  // The hole reaches over a tenth of the width, at a field of view of at most 84°.
  const focal = Math.max((0.1 * width * depth) / place.radius, 0.55 * width);
  const { down } = cameraAxes(camera);
  const up: Vec3 = [-down[0], -down[1], -down[2]];
  return {
    id: 'overview',
    width,
    height,
    fx: focal,
    fy: focal,
    cx: width / 2,
    cy: height / 2,
    worldToCamera: lookAt(cameraCenter(camera), place.center, up),
  };
}

/** Wide first: a fill that only works from the front shows from the side. */
const SIDE_ANGLES = [40, 30, 20, 12];

/**
 * At least three cameras: up to four of the given ones that face the hole, else the views that were
 * filled from, then views orbited to the hole's sides until there are three.
 * @param seen how much of the hole a camera shows, any unit (0 = hidden); asked of orbited views so
 *   that none looks out of a wall
 */
export async function chooseReportCameras(
  scene: SplatCloud,
  place: HolePlace,
  given: readonly Camera[],
  filledFrom: readonly Camera[],
  seen: (camera: Camera) => Promise<number>,
): Promise<ReportCamera[]> {
  let list: ReportCamera[] = spread(given, place).map((camera, i) => ({
    camera: inReportSize(camera),
    caption: camera.id ?? `camera ${i + 1}`,
  }));
  if (list.length === 0 && filledFrom.length > 0) {
    list = [{ camera: widened(filledFrom[0]!, place), caption: 'where the first fill was made' }];
  }
  if (list.length === 0) {
    list = [{ camera: fallbackCamera(scene, place), caption: 'overview' }];
  }
  const base = list[0]!;
  const baseSeen = list.length < MIN_VIEWS ? await seen(base.camera) : 0;
  for (const side of [1, -1]) {
    if (list.length >= MIN_VIEWS) break;
    let best: { camera: Camera; degrees: number; seen: number } | undefined;
    for (const angle of SIDE_ANGLES) {
      const degrees = side * angle;
      const camera = orbit(base.camera, place, degrees);
      const value = await seen(camera);
      if (best === undefined || value > best.seen) best = { camera, degrees, seen: value };
      if (value >= 0.35 * baseSeen) {
        best = { camera, degrees, seen: value };
        break;
      }
    }
    const { camera, degrees } = best!;
    list.push({
      camera,
      caption: `${base.caption}, ${Math.abs(degrees)}° to the ${degrees > 0 ? 'right' : 'left'}`,
    });
  }
  return list;
}

/** Pixels of a close-up. */
const CLOSE_WIDTH = 480;
const CLOSE_HEIGHT = 360;

/** The same camera zoomed onto the hole: a crop of its picture, rendered at a resolution of its own. */
export function closeUp(camera: Camera, place: HolePlace): Camera {
  const { u, v, depth } = projectPoint(camera, place.center);
  const reachPx = (place.radius * camera.fx) / Math.max(depth, place.radius);
  const zoom = Math.min(8, Math.max(0.5, (0.3 * CLOSE_HEIGHT) / Math.max(reachPx, 1e-6)));
  return {
    ...camera,
    width: CLOSE_WIDTH,
    height: CLOSE_HEIGHT,
    fx: camera.fx * zoom,
    fy: camera.fy * zoom,
    cx: (camera.cx - u) * zoom + CLOSE_WIDTH / 2,
    cy: (camera.cy - v) * zoom + CLOSE_HEIGHT / 2,
  };
}
