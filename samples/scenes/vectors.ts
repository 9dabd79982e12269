/** Small vectors and the quaternion of a frame. */
export { cross, dot, quaternionOfAxes as frameQuaternion } from '../../core/vec3.ts';

export type Point = [number, number, number];

export const length = (a: Point): number => Math.hypot(a[0], a[1], a[2]);
export function normalize(a: Point): Point {
  const l = length(a) || 1;
  return [a[0] / l, a[1] / l, a[2] / l];
}
