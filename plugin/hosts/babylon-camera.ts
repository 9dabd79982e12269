/**
 * Babylon cameras as core cameras. Babylon's world is left-handed with y up (or right-handed, when the scene
 * says so) and its camera looks along +z with y up; ours is the scene's own frame with OpenCV axes. Matrices:
 * Babylon's row-vector matrices, read flat, are the same sixteen numbers as our column-vector, column-major ones.
 */
import { Quaternion } from '@babylonjs/core/Maths/math.vector.js';
import type { Camera, Vec3 } from '../../core/camera.ts';
import { engineCamera } from './engine-camera.ts';

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
export const coreCameraOf = ({ meshWorld, ...view }: BabylonView): Camera =>
  engineCamera(
    { ...view, cloudToWorld: meshWorld },
    'Babylon',
    'give the mesh scaling.y = -1 (PLY frames are right-handed)',
  );

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
