import { mat4d } from 'wgpu-matrix';
import type { Camera, Vec3 } from './camera.ts';

/**
 * A camera carried around an axis, as if it were fixed to it: what lies on the axis stays where it is in the picture. It has no id.
 * @param pivot a point of the axis, world
 * @param up the axis' direction, unit length
 * @param degrees positive: the camera moves to its right where `up` is up in its picture
 */
export function orbitCamera(camera: Camera, pivot: Vec3, up: Vec3, degrees: number): Camera {
  const back = mat4d.translation([-pivot[0], -pivot[1], -pivot[2]]);
  const turn = mat4d.axisRotation([...up], (-degrees * Math.PI) / 180);
  const there = mat4d.translation([...pivot]);
  const world = mat4d.multiply(there, mat4d.multiply(turn, back));
  const { id: _, ...lens } = camera;
  return {
    ...lens,
    worldToCamera: mat4d.multiply(camera.worldToCamera, world) as Float64Array,
  };
}
