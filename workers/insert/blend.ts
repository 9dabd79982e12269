/** The scene with what was added, as its camera sees it: so that the blend shows the edited colours. */
import { type Camera, cropCamera } from '../../core/camera.ts';
import {
  createMask,
  createRgbImage,
  type Mask,
  maskBounds,
  type RgbImage,
} from '../../core/image.ts';
import type { Kernels } from '../../core/kernels.ts';
import { erode } from '../../core/morphology.ts';
import { concatSplats, type SplatCloud } from '../../core/splat-cloud.ts';
import { renderMended, survivorsInView, wholeWorkingScene } from '../line/render-view.ts';
import { solveColours } from '../steps/solve-colours.ts';

export interface Blend {
  /** Mean |Δrgb| against the edited picture inside the outline, 0..1. */
  error(added: SplatCloud): Promise<number>;
  /** Moves the colours of `front` (in place) until the blend shows the edited ones; `behind` is added too, and stays as it is. */
  solve(front: SplatCloud, behind?: SplatCloud): Promise<void>;
}

const ROUNDS = 2;
const MARGIN_PX = 2;

export function createBlend(
  scene: SplatCloud,
  camera: Camera,
  mask: Mask,
  wanted: RgbImage,
  kernels: Kernels,
  signal?: AbortSignal,
): Blend {
  const rect = maskBounds(mask, MARGIN_PX) ?? { x0: 0, y0: 0, x1: 1, y1: 1 };
  const close = cropCamera(camera, rect, 1);
  const { width, height } = close;
  const own = createMask(width, height);
  const colours = createRgbImage(width, height);
  for (let i = 0; i < own.data.length; i++) {
    const from = (Math.floor(i / width) + rect.y0) * mask.width + (i % width) + rect.x0;
    own.data[i] = mask.data[from]!;
    for (let c = 0; c < 3; c++) colours.data[3 * i + c] = wanted.data[3 * from + c]!;
  }
  // The picture's border does not shrink it here either.
  const inner = erode(own, 1);
  const around = survivorsInView(wholeWorkingScene(scene), camera, Infinity);
  const seen = (added: SplatCloud) => renderMended(around, added, close, kernels, signal);
  return {
    async error(added) {
      const { rgb } = await seen(added);
      let [sum, count] = [0, 0];
      for (let i = 0; i < inner.data.length; i++) {
        if (inner.data[i] === 0) continue;
        count += 3;
        for (let k = 3 * i; k < 3 * i + 3; k++) sum += Math.abs(rgb.data[k]! - colours.data[k]!);
      }
      return count === 0 ? 0 : sum / count;
    },
    async solve(front, behind) {
      for (let round = 0; round < ROUNDS; round++) {
        const { rgb } = await seen(behind === undefined ? front : concatSplats(front, behind));
        solveColours(front, close, colours, rgb, own);
      }
    },
  };
}
