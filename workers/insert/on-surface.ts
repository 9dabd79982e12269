/** The scene's own depth under a change, and what lies just in front of it. */
import type { Camera } from '../../core/camera.ts';
import { SplatmendError } from '../../core/errors.ts';
import {
  countMask,
  createMask,
  createScalarImage,
  type Mask,
  type ScalarImage,
} from '../../core/image.ts';
import type { DepthCompleter, RenderedView } from '../../core/kernels.ts';
import { dilate } from '../../core/morphology.ts';
import { slantCosine } from '../../core/slant-cosine.ts';

/** With fewer known pixels than this share of the picture there is no scene to put anything on. */
const LEAST_KNOWN = 0.002;
/** A surface seen more flatly than this is taken as seen so. */
const LEAST_COSINE = 0.15;
/** Half side of the window whose median a pixel's depth is held against, and how far off it may be. */
const STRAY_PX = 2;
const STRAY = 0.02;

/** Single pixels that see through a surface, or a speck in front of it, take the median around them. */
function withoutStrays({ width, height, data }: ScalarImage, mask: Mask): ScalarImage {
  const out = createScalarImage(width, height);
  out.data.set(data);
  const around: number[] = [];
  for (let i = 0; i < data.length; i++) {
    if (mask.data[i] === 0 || !(data[i]! > 0)) continue;
    const [x, y] = [i % width, Math.floor(i / width)];
    around.length = 0;
    for (let v = Math.max(0, y - STRAY_PX); v <= Math.min(height - 1, y + STRAY_PX); v++) {
      for (let u = Math.max(0, x - STRAY_PX); u <= Math.min(width - 1, x + STRAY_PX); u++) {
        const z = data[v * width + u]!;
        if (z > 0) around.push(z);
      }
    }
    around.sort((a, b) => a - b);
    const middle = around[around.length >> 1]!;
    if (Math.abs(data[i]! / middle - 1) > STRAY) out.data[i] = middle;
  }
  return out;
}

/**
 * Median depth as the camera sees it; under the change completed where there is none, and without strays.
 * @throws SplatmendError `camera-sees-nothing`
 */
export async function sceneDepth(
  view: RenderedView,
  change: Mask,
  completer: DepthCompleter,
  signal?: AbortSignal,
): Promise<ScalarImage> {
  const { width, height } = change;
  const known = createMask(width, height);
  const wanted = createMask(width, height);
  const near = dilate(change, 2);
  for (let i = 0; i < known.data.length; i++) {
    if (view.depthMedian.data[i]! > 0) known.data[i] = 1;
    else if (near.data[i] !== 0) wanted.data[i] = 1;
  }
  if (countMask(known) < LEAST_KNOWN * known.data.length) {
    throw new SplatmendError(
      'camera-sees-nothing',
      'insert: the camera sees nothing of the scene; use the camera that the picture was taken from',
    );
  }
  const whole =
    countMask(wanted) === 0
      ? view.depthMedian
      : (await completer.complete({ depth: view.depthMedian, known, wanted }, undefined, signal))
          .depth;
  return withoutStrays(whole, near);
}

/** Depth just in front of a surface: so many pixels' footprints along its normal's side, 0 outside the mask. */
export function inFront(
  depth: ScalarImage,
  mask: Mask,
  camera: Camera,
  footprints: number,
): ScalarImage {
  const out = createScalarImage(depth.width, depth.height);
  for (let i = 0; i < out.data.length; i++) {
    const z = depth.data[i]!;
    if (mask.data[i] === 0 || !(z > 0)) continue;
    const cosine = Math.max(LEAST_COSINE, slantCosine(depth, camera, i));
    out.data[i] = z * (1 - footprints / (camera.fx * cosine));
  }
  return out;
}
