/** Looking through a three.js camera as through a core camera. */
import type { Lens, Vec3 } from '../../core/camera.ts';
import type { ThreeCamera, ThreeControls } from './gaussian-splats-3d-viewer.ts';

/** How something is looked at, in three.js's world. */
export interface WorldLook {
  eye: Vec3;
  target: Vec3;
  /** The picture's axes, of length 1. */
  right: Vec3;
  up: Vec3;
}

/** So far from level, as a sine, a horizon still counts as level: half a degree. */
const LEVEL = 0.01;
/** Of the distance to the target: controls round, and where they have limits they move the camera by more. */
const SAME_PLACE = 1e-4;

const dot = (a: Vec3, b: Vec3) => a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
const apart = (a: Vec3, b: Vec3) => Math.hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2]);
const vec3 = ({ x, y, z }: ThreeCamera['position']): Vec3 => [x, y, z];

/**
 * Puts a perspective camera without a parent at an eye, turned to a target, so that all of the given angles shows. It keeps its own up, about which
 * controls turn, where that shows the picture upright and they let it; else it gets the picture's.
 * @param lens to see, around the target
 */
export function lookThrough(
  camera: ThreeCamera,
  controls: ThreeControls | undefined,
  { eye, target, right, up }: WorldLook,
  lens: Lens,
): void {
  const distance = apart(eye, target);
  camera.fov =
    (360 / Math.PI) * Math.atan(camera.zoom * Math.max(lens.tanY, lens.tanX / camera.aspect));
  camera.near = Math.min(camera.near, distance * 0.02);
  camera.far = Math.max(camera.far, distance * 100);
  camera.updateProjectionMatrix();
  // What a drag left over would go on turning it.
  controls?.clearDampedRotation?.();
  controls?.clearDampedPan?.();
  const place = () => {
    camera.position.set(...eye);
    camera.lookAt(...target);
    controls?.target.set(...target);
    controls?.update();
  };
  const own = vec3(camera.up);
  const upright = Math.abs(dot(own, right)) < LEVEL && dot(own, up) > LEVEL;
  if (upright) {
    place();
    if (apart(vec3(camera.position), eye) < SAME_PLACE * distance) return;
  }
  camera.up.set(...up);
  place();
}
