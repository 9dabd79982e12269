/** An extension's ends in the page: what is asked of the worker, what came back and waits, and when that is no extension. */
import { type Camera, cameraOfSize } from '../core/camera.ts';
import { SplatmendError } from '../core/errors.ts';
import {
  EXTEND_DEFAULTS,
  type ExtendOptions,
  type ExtendPath,
  type ExtendResult,
} from '../core/extend-types.ts';
import type { Marks } from '../core/marks.ts';
import type { ExtendRequest } from '../workers/api.ts';
import type { ExtendCandidate, Extension } from './mender-types.ts';
import { referenceSize } from './reference-size.ts';

/** @param view the user's camera: its shape is kept, its size is not what the window happens to have */
export function extendRequest(
  view: Camera,
  path: ExtendPath,
  options: ExtendOptions,
  marks: Marks | undefined,
): ExtendRequest {
  const camera = cameraOfSize(view, referenceSize(view));
  return { camera, path, options, ...(marks ? { marks } : {}) };
}

/** What was asked for first, once more: from another seed than all that were tried, unless told. */
export function askedAgain(
  { camera, path, candidates }: Extension,
  changed: ExtendOptions,
  marks: Marks | undefined,
): ExtendRequest {
  const first = candidates[0]!.options;
  const seed = (first.seed ?? EXTEND_DEFAULTS.seed) + candidates.length;
  const options = { ...first, seed, ...changed };
  return { camera, path, options, ...(marks ? { marks } : {}) };
}

/** An extension of which this candidate shows. @throws SplatmendError `bad-option` where there is none of that number */
export function extensionOf(
  { camera, path }: Pick<Extension, 'camera' | 'path'>,
  candidates: readonly ExtendCandidate[],
  chosen: number,
): Extension {
  const candidate = candidates[chosen];
  if (!candidate) throw noCandidate(chosen, candidates.length);
  const { options, result } = candidate;
  return { camera, path, options, result, candidates, chosen };
}

export const noCandidate = (index: number, count: number) =>
  new SplatmendError(
    'bad-option',
    `choose: there is no candidate ${index + 1}; there are ${count}`,
  );

/** @throws SplatmendError `camera-sees-nothing` where nothing was added, with why and what to do */
export function refuseNothing({ patch, views, figures }: ExtendResult, path: ExtendPath): void {
  if (patch.added.count > 0) return;
  const here = path.kind === 'view' ? 'in this view' : 'along this path';
  throw new SplatmendError('camera-sees-nothing', `extend: ${why(here, views, figures.sky)}`);
}

function why(here: string, views: ExtendResult['views'], sky: boolean): string {
  if (views.some(({ open }) => open > 0)) {
    return `too little of the scene shows ${here} to go on from; turn the camera so that more of it does`;
  }
  if (!views.some(({ left }) => left > 0)) {
    return `nothing to extend here: the scene fills all that shows ${here}; turn the camera to the scene's edge, where the background shows, and extend again`;
  }
  return sky
    ? `nothing to extend here: what is empty ${here} lies above the scene and was taken for sky; have the sky filled as well, or turn the camera to the scene's edge beside or below`
    : `nothing to extend here: what is empty ${here} lies farther away than the scene reaches, where nothing is made; turn the camera to the scene's edge, or go nearer to it`;
}
