import {
  type Camera,
  cameraCenter,
  cropCamera,
  lookAt,
  projectPoint,
  type Vec3,
} from '../../core/camera.ts';
import type { ObjectShape } from '../../core/object-shape.ts';

/** A camera that could be filled from. */
export interface Candidate {
  camera: Camera;
  /** Whether the user (or the scene's file) gave it, or we made it. */
  given: boolean;
}

/** A fill picture shows this many object radii on each side of the object's centre. */
const FRAME_RADII = 2.1;
/** Made cameras stand this many object radii away from its centre. */
const ORBIT_RADII = 4.5;
const ORBIT_COUNT = 26;
/** At most this many of the given cameras are considered, evenly picked. */
const MAX_GIVEN = 8;

/**
 * The part of a camera's view around the object, at the given resolution (pixels a side; square).
 * @returns undefined when the object is behind or around the camera
 */
export function frameObject(
  camera: Camera,
  shape: ObjectShape,
  sizePx: number,
): Camera | undefined {
  const { u, v, depth } = projectPoint(camera, shape.center);
  // Not `<`: an object without a finite place has no frame either.
  if (!(depth >= shape.radius * 1.2)) return undefined;
  const reachX = (camera.fx * shape.radius * FRAME_RADII) / depth;
  const scale = sizePx / (2 * reachX);
  const reachY = reachX;
  return cropCamera(
    camera,
    { x0: u - reachX, y0: v - reachY, x1: u + reachX, y1: v + reachY },
    scale,
  );
}

/**
 * Candidates: the given cameras that see the object, in their order, then an orbit of our own all
 * around it (a Fibonacci sphere). The orbit needs no notion of up; views from inside walls or from
 * under a table show nothing of the object and drop out when they are judged.
 */
export function candidateCameras(given: readonly Camera[], shape: ObjectShape): Candidate[] {
  const out: Candidate[] = [];
  const every = Math.max(1, Math.ceil(given.length / MAX_GIVEN));
  for (const [i, camera] of given.entries()) {
    if (i % every !== 0) continue;
    const { u, v, depth } = projectPoint(camera, shape.center);
    const seen =
      depth > shape.radius * 1.2 && u > 0 && v > 0 && u < camera.width && v < camera.height;
    if (seen) out.push({ camera, given: true });
  }
  const up: Vec3 = given[0] === undefined ? [0, -1, 0] : upOf(given[0]);
  const golden = Math.PI * (3 - Math.sqrt(5));
  for (let i = 0; i < ORBIT_COUNT; i++) {
    const z = 1 - (2 * (i + 0.5)) / ORBIT_COUNT;
    const r = Math.sqrt(1 - z * z);
    const direction: Vec3 = [Math.cos(golden * i) * r, Math.sin(golden * i) * r, z];
    const distance = ORBIT_RADII * shape.radius;
    const eye = shape.center.map((c, k) => c + direction[k]! * distance) as unknown as Vec3;
    out.push({
      given: false,
      camera: {
        id: `orbit-${i}`,
        width: 512,
        height: 512,
        fx: 512,
        fy: 512,
        cx: 256,
        cy: 256,
        worldToCamera: lookAt(eye, shape.center, up),
      },
    });
  }
  return out;
}

function upOf(camera: Camera): Vec3 {
  const m = camera.worldToCamera;
  return [-m[1]!, -m[5]!, -m[9]!];
}

/** Unit vector from the object to the camera. */
export function viewDirection(camera: Camera, shape: ObjectShape): Vec3 {
  const c = cameraCenter(camera);
  const d = [c[0] - shape.center[0], c[1] - shape.center[1], c[2] - shape.center[2]];
  const l = Math.hypot(...d);
  return [d[0]! / l, d[1]! / l, d[2]! / l];
}
