/** By hand: the picture with its hole, saved for any image editor, and read back when it was painted. */
import { basename } from 'node:path';
import type { Camera } from '../core/camera.ts';
import { readPicture } from '../core/depth-files/picture.ts';
import { decodePng, isPng } from '../core/depth-files/png.ts';
import { SplatmendError } from '../core/errors.ts';
import { countMask, type RgbImage } from '../core/image.ts';
import { editedPicture, type PictureWithAlpha } from '../core/reference-picture.ts';
import type { HolePreview, RemoveOptions } from '../core/remove-types.ts';
import type { Selection } from '../core/selection.ts';
import type { SplatCloud } from '../core/splat-cloud.ts';
import { clearedPng } from '../workers/inpainters/servers/png.ts';
import { previewHole } from '../workers/preview-hole.ts';
import { readBytes } from './files.ts';
import { type BackendChoice, runOnKernels } from './kernels-node.ts';
import type { ProgressView } from './progress.ts';

/**
 * The hole in the first camera, as the removal would fill it first.
 * @throws SplatmendError `bad-option` without a camera, and as the line does
 */
export function holeInFirst(
  scene: SplatCloud,
  selection: Selection,
  cameras: readonly Camera[],
  options: RemoveOptions,
  backend: BackendChoice,
  progress: ProgressView,
  signal: AbortSignal,
): Promise<HolePreview> {
  const camera = cameras[0];
  if (camera === undefined) {
    throw new SplatmendError(
      'bad-option',
      'reference: the picture needs a camera, and the same one when it comes back; give --camera',
    );
  }
  return runOnKernels(
    backend,
    (kernels) =>
      previewHole(
        scene,
        selection,
        camera,
        kernels,
        options,
        (p) => progress.update(p.fraction, p.step),
        signal,
      ),
    (line) => progress.say(line),
    signal,
  );
}

function requireHole({ mask }: HolePreview): void {
  if (countMask(mask) > 0) return;
  throw new SplatmendError(
    'camera-sees-nothing',
    'reference: nothing is open in the first camera; look from where the hole shows',
  );
}

/** A PNG whose hole is transparent. @throws SplatmendError `camera-sees-nothing` when there is no hole */
export function referencePng(hole: HolePreview): Uint8Array {
  requireHole(hole);
  return clearedPng(hole.rgb, hole.mask);
}

export interface EditedFile extends PictureWithAlpha {
  name: string;
}

/** What was made of it. @throws SplatmendError `not-readable`, `bad-file`, `unsupported-file`, `too-large` */
export async function readEdited(path: string): Promise<EditedFile> {
  const name = basename(path);
  return { ...withAlpha(await readBytes(path), name), name };
}

/** The picture for its hole. @throws SplatmendError `camera-sees-nothing`, or `bad-answer` when the hole is not painted */
export function forHole(edited: EditedFile, hole: HolePreview): RgbImage {
  requireHole(hole);
  return editedPicture(edited, hole.mask, edited.name);
}

function withAlpha(bytes: Uint8Array, name: string): PictureWithAlpha {
  const { width, height, data: rgb } = readPicture(bytes, name);
  if (!isPng(bytes)) return { width, height, rgb };
  const { channels, data, depth } = decodePng(bytes, name);
  if (channels !== 2 && channels !== 4) return { width, height, rgb };
  const alpha = new Float32Array(width * height);
  const white = 2 ** depth - 1;
  for (let i = 0; i < alpha.length; i++) alpha[i] = data[i * channels + channels - 1]! / white;
  return { width, height, rgb, alpha };
}
