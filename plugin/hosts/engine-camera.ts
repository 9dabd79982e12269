import { mat4d } from 'wgpu-matrix';
import type { Camera } from '../../core/camera.ts';
import { SplatmendError } from '../../core/errors.ts';

/** What is read of an engine's camera and of what holds its splats: column-major matrices of column vectors. */
export interface EngineView {
  /** World to camera space: x right, y up. */
  view: ArrayLike<number>;
  /** Camera space to clip space; perspective only. */
  projection: ArrayLike<number>;
  /** The cloud's frame to the engine's world; rigid up to one scale and a mirror. */
  cloudToWorld: ArrayLike<number>;
  /** Whether the camera looks along −z, as in a right-handed world, rather than along +z. */
  rightHanded: boolean;
  /** Size of the picture, pixels. */
  width: number;
  height: number;
}

/**
 * The core camera, in the cloud's own frame and units, that sees what the engine's camera sees.
 * @param name the host's, for messages
 * @param mirrorAdvice what to do about a mirrored cloud
 * @throws SplatmendError `bad-camera` for an orthographic view, or splats that are sheared or scaled unevenly,
 *   or mirrored against the view
 */
export function engineCamera(v: EngineView, name: string, mirrorAdvice: string): Camera {
  const p = v.projection;
  const perspective = p[11]!;
  if (Math.abs(perspective) < 0.5) {
    throw new SplatmendError(
      'bad-camera',
      `${name}: the camera is orthographic; switch it to perspective`,
    );
  }
  // The engine's camera space to OpenCV's: y down, and z forward where it pointed backwards.
  const toOpenCv = mat4d.scaling([1, -1, v.rightHanded ? -1 : 1]);
  const view = mat4d.multiply(toOpenCv, Float64Array.from(v.view) as never);
  const m = mat4d.multiply(view, Float64Array.from(v.cloudToWorld) as never) as Float64Array;
  const scale = Math.hypot(m[0]!, m[1]!, m[2]!);
  const even = [4, 8].every(
    (k) => Math.abs(Math.hypot(m[k]!, m[k + 1]!, m[k + 2]!) / scale - 1) < 1e-3,
  );
  if (!even || !(scale > 0)) {
    throw new SplatmendError(
      'bad-camera',
      `${name}: the splats are scaled unevenly; bake their transform first`,
    );
  }
  // A uniform scale belongs to the world, not to the camera: depth stays in the cloud's units.
  for (let k = 0; k < 15; k++) if (k % 4 !== 3) m[k]! /= scale;
  if (mat4d.determinant(m) < 0) {
    throw new SplatmendError('bad-camera', `${name}: the splats are mirrored; ${mirrorAdvice}`);
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
