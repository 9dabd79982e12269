import type { Vec3 } from '../../core/camera.ts';

export { cross, dot } from '../../core/vec3.ts';

export const add = (a: Vec3, b: Vec3): Vec3 => [a[0] + b[0], a[1] + b[1], a[2] + b[2]];
export const minus = (a: Vec3, b: Vec3): Vec3 => [a[0] - b[0], a[1] - b[1], a[2] - b[2]];
export const scaled = (a: Vec3, s: number): Vec3 => [a[0] * s, a[1] * s, a[2] * s];
export const normalized = (a: Vec3): Vec3 => scaled(a, 1 / (Math.hypot(...a) || 1));
