/** Small vectors and the quaternion of a frame. */
export type Point = [number, number, number];

export const dot = (a: Point, b: Point): number => a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
export const length = (a: Point): number => Math.hypot(a[0], a[1], a[2]);
export const cross = (a: Point, b: Point): Point => [
  a[1] * b[2] - a[2] * b[1],
  a[2] * b[0] - a[0] * b[2],
  a[0] * b[1] - a[1] * b[0],
];
export function normalize(a: Point): Point {
  const l = length(a) || 1;
  return [a[0] / l, a[1] / l, a[2] / l];
}

/** Quaternion w x y z of the rotation whose columns are a, b, n (orthonormal, right-handed). */
export function frameQuaternion(a: Point, b: Point, n: Point): [number, number, number, number] {
  const trace = a[0] + b[1] + n[2];
  if (trace > 0) {
    const s = 2 * Math.sqrt(trace + 1);
    return [s / 4, (b[2] - n[1]) / s, (n[0] - a[2]) / s, (a[1] - b[0]) / s];
  }
  if (a[0] > b[1] && a[0] > n[2]) {
    const s = 2 * Math.sqrt(1 + a[0] - b[1] - n[2]);
    return [(b[2] - n[1]) / s, s / 4, (b[0] + a[1]) / s, (n[0] + a[2]) / s];
  }
  if (b[1] > n[2]) {
    const s = 2 * Math.sqrt(1 + b[1] - a[0] - n[2]);
    return [(n[0] - a[2]) / s, (b[0] + a[1]) / s, s / 4, (n[1] + b[2]) / s];
  }
  const s = 2 * Math.sqrt(1 + n[2] - a[0] - b[1]);
  return [(a[1] - b[0]) / s, (n[0] + a[2]) / s, (n[1] + b[2]) / s, s / 4];
}
