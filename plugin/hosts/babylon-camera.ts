/**
 * Babylon cameras as core cameras. Babylon's world is left-handed with y up (or right-handed, when the scene
 * says so) and its camera looks along +z with y up; ours is the scene's own frame with OpenCV axes. Matrices:
 * Babylon's row-vector matrices, read flat, are the same sixteen numbers as our column-vector, column-major ones.
 */
import { Quaternion } from '@babylonjs/core/Maths/math.vector.js';
import { mat4d } from 'wgpu-matrix';
import type { Camera, Vec3 } from '../../core/camera.ts';
import { SplatmendError } from '../../core/errors.ts';

/** What is read of a Babylon camera, its scene and the splat mesh, as plain numbers. */
export interface BabylonView {
  /** `camera.getViewMatrix().m` */
  view: ArrayLike<number>;
  /** `camera.getProjectionMatrix().m`; perspective only. */
  projection: ArrayLike<number>;
  /** World matrix of the splat mesh: the cloud's frame to Babylon's world; rigid up to one scale and a mirror. */
  meshWorld: ArrayLike<number>;
  /** `scene.useRightHandedSystem` */
  rightHanded: boolean;
  /** Size of the picture, pixels. */
  width: number;
  height: number;
}

/**
 * The core camera, in the cloud's own frame and units, that sees what the Babylon camera sees.
 * @throws SplatmendError `bad-camera` for an orthographic view, or a mesh that is sheared or scaled unevenly,
 *   or mirrored against the view (a right-handed cloud in a left-handed world without the flip)
 */
export function coreCameraOf(v: BabylonView): Camera {
  const p = v.projection;
  const perspective = p[11]!;
  if (Math.abs(perspective) < 0.5) {
    throw new SplatmendError(
      'bad-camera',
      'Babylon: the camera is orthographic; switch it to perspective',
    );
  }
  // Babylon's camera space to OpenCV's: y down, and z forward where it pointed backwards.
  const toOpenCv = mat4d.scaling([1, -1, v.rightHanded ? -1 : 1]);
  const view = mat4d.multiply(toOpenCv, mat4d.copy(Float64Array.from(v.view) as never));
  const m = mat4d.multiply(view, Float64Array.from(v.meshWorld) as never) as Float64Array;
  const scale = Math.hypot(m[0]!, m[1]!, m[2]!);
  const even = [4, 8].every(
    (k) => Math.abs(Math.hypot(m[k]!, m[k + 1]!, m[k + 2]!) / scale - 1) < 1e-3,
  );
  if (!even || !(scale > 0)) {
    throw new SplatmendError(
      'bad-camera',
      'Babylon: the splat mesh is scaled unevenly; bake its transform first',
    );
  }
  // A uniform scale belongs to the world, not to the camera: depth stays in the cloud's units.
  for (let k = 0; k < 15; k++) if (k % 4 !== 3) m[k]! /= scale;
  if (mat4d.determinant(m) < 0) {
    throw new SplatmendError(
      'bad-camera',
      'Babylon: the splat mesh is mirrored; give it scaling.y = -1 (PLY frames are right-handed)',
    );
  }
  const { width, height } = v;
  return {
    width,
    height,
    fx: (p[0]! * width) / 2,
    fy: (p[5]! * height) / 2,
    cx: (width / 2) * (1 + p[8]! / perspective),
    cy: (height / 2) * (1 - p[9]! / perspective),
    worldToCamera: m,
  };
}

/**
 * How to place the splat mesh so that the cloud's `up` becomes Babylon's +y, in a left-handed world:
 * `rotationQuaternion`, after a scaling of (1, −1, 1) that turns the right-handed frame into a left-handed one.
 */
export function uprightRotation(up: Vec3): Quaternion {
  // The rotation that takes `up` to (0, −1, 0), which the flip then turns into +y.
  const n = Math.hypot(...up) || 1;
  const [x, y, z] = [up[0] / n, up[1] / n, up[2] / n];
  // Shortest arc from u to −y: axis u × (0, −1, 0) = (z, 0, −x), w = 1 + u·(0, −1, 0).
  const w = 1 - y;
  const q = w < 1e-9 ? new Quaternion(1, 0, 0, 0) : new Quaternion(z, 0, -x, w).normalize();
  // Babylon scales first and turns afterwards: the same turn seen behind the mirror y → −y.
  return new Quaternion(-q.x, q.y, -q.z, q.w);
}
