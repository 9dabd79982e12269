import { type Camera, lookAt, type Vec3 } from '../../core/camera.ts';

/** A place to look from, in the cloud's frame. */
export interface View {
  eye: Vec3;
  target: Vec3;
  up: Vec3;
}

/** Focal length of all views, in picture widths. */
export const FOCAL = 0.8;
/** Turn between two views, degrees: enough for every engine to sort anew. */
const TURN = 7;

/** Views one after the other around the target, so that nobody has sorted for the next. */
export function turned({ eye, target, up }: View, k: number): View {
  const angle = (((k % 5) - 2) * TURN * Math.PI) / 180;
  const length = Math.hypot(...up);
  const [x, y, z] = [up[0] / length, up[1] / length, up[2] / length];
  const [a, b, c] = [eye[0] - target[0], eye[1] - target[1], eye[2] - target[2]];
  const along = (x * a + y * b + z * c) * (1 - Math.cos(angle));
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
  return {
    target,
    up,
    eye: [
      target[0] + a * cos + (y * c - z * b) * sin + x * along,
      target[1] + b * cos + (z * a - x * c) * sin + y * along,
      target[2] + c * cos + (x * b - y * a) * sin + z * along,
    ],
  };
}

/** The bench scene's first view. */
export const BENCH_VIEW: View = {
  eye: [2.4, -0.6, -2.6],
  target: [-0.5, 0.3, 0.5],
  up: [0, -1, 0],
};

export function cameraOf({ eye, target, up }: View, width: number, height: number): Camera {
  return {
    width,
    height,
    fx: width * FOCAL,
    fy: width * FOCAL,
    cx: width / 2,
    cy: height / 2,
    worldToCamera: lookAt(eye, target, up),
  };
}
