import type { Camera } from '../../../core/camera.ts';
import {
  createMask,
  createRgbImage,
  createScalarImage,
  type Mask,
  type ScalarImage,
} from '../../../core/image.ts';
import type { RenderedView } from '../../../core/kernels.ts';
import { pixelRays } from '../../../core/pixel-rays.ts';

export interface WorldPlane {
  normal: readonly [number, number, number];
  offset: number;
}

/** Depth at which each pixel's ray meets the plane, 0 where it does not. */
export function depthOfPlane(camera: Camera, { normal: n, offset }: WorldPlane): ScalarImage {
  const out = createScalarImage(camera.width, camera.height);
  const rays = pixelRays(camera);
  const o = rays.origin;
  for (let y = 0; y < camera.height; y++) {
    for (let x = 0; x < camera.width; x++) {
      const d = rays.direction(x, y);
      const t =
        (offset - (n[0] * o[0] + n[1] * o[1] + n[2] * o[2])) /
        (n[0] * d[0] + n[1] * d[1] + n[2] * d[2]);
      if (t > 0) out.data[y * camera.width + x] = t;
    }
  }
  return out;
}

export function maskOf(
  width: number,
  height: number,
  set: (x: number, y: number) => boolean,
): Mask {
  const out = createMask(width, height);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) if (set(x, y)) out.data[y * width + x] = 1;
  }
  return out;
}

/** A view of a whole surface, of one colour, opaque where it has depth. */
export function viewOf(camera: Camera, depth: ScalarImage, grey = 0.5): RenderedView {
  const { width, height } = camera;
  const view: RenderedView = {
    camera,
    rgb: createRgbImage(width, height),
    alpha: createScalarImage(width, height),
    depthMean: { ...depth, data: depth.data.slice() },
    depthMedian: { ...depth, data: depth.data.slice() },
    marked: createScalarImage(width, height),
  };
  for (let i = 0; i < depth.data.length; i++) {
    if (!(depth.data[i]! > 0)) continue;
    view.alpha.data[i] = 1;
    view.rgb.data.fill(grey, i * 3, i * 3 + 3);
  }
  return view;
}

/** Looks along +z from the origin. */
export function straightCamera(width: number, height = width, focal = width): Camera {
  const worldToCamera = new Float64Array(16);
  for (let k = 0; k < 4; k++) worldToCamera[k * 5] = 1;
  return { width, height, fx: focal, fy: focal, cx: width / 2, cy: height / 2, worldToCamera };
}
