/** `splatmend photo`: a picture and its depth, to layered splats. */
import { basename } from 'node:path';
import type { Camera } from '../core/camera.ts';
import type { Kernels } from '../core/kernels.ts';
import { lookFrom } from '../core/look-once.ts';
import { orbitCamera } from '../core/orbit.ts';
import { PHOTO_DEFAULTS, type PhotoFigures, type PhotoOptions } from '../core/photo-types.ts';
import { cameraOfAngle, depthNotes, wholeDepth } from '../core/picture-depth.ts';
import { type Picture, picturesInRows, rgbPicture } from '../core/pictures.ts';
import { throwIfCancelled } from '../core/progress.ts';
import { type PhotoResult, photoToSplats } from '../workers/photo.ts';
import { checkWritableFile } from './files.ts';
import { type InpainterFlags, wordsOf } from './inpainter-grammar.ts';
import { chooseInpainter } from './inpainter-kinds.ts';
import type { BackendChoice } from './kernels-node.ts';
import { onBackend } from './on-backend.ts';
import { outputFormat } from './output-path.ts';
import {
  checkPictureDepthFlags,
  type PictureDepth,
  type PictureDepthFlags,
  readPictureDepth,
} from './picture-depth-input.ts';
import { type ProgressView, secondsSince, stepName } from './progress.ts';
import type { BackendJson } from './remove-json.ts';
import { encodePng } from './report/png.ts';
import { type SceneOutputJson, writeScene } from './scene-files.ts';
import { versions } from './version.ts';

export interface PhotoFlags extends PictureDepthFlags, InpainterFlags {
  angle?: number;
  layers?: number;
  /** `--no-sharpen`. */
  sharpen: boolean;
  seed?: number;
  output: string;
  preview?: string;
  backend: BackendChoice;
  force?: boolean;
}

export interface PhotoJson {
  ok: true;
  input: { path: string; width: number; height: number; depth: string };
  output: SceneOutputJson;
  camera: {
    fx: number;
    fy: number;
    cx: number;
    cy: number;
    pivotDepth: number;
  } & PictureDepth['lens'];
  backend: BackendJson;
  inpainter: Record<string, unknown>;
  options: Required<PhotoOptions>;
  figures: PhotoFigures;
  files: string[];
  seconds: { read: number; photo: number; write: number };
  versions: Record<string, string>;
}

async function previewOf(
  { cloud, pivotDepth }: PhotoResult,
  camera: Camera,
  angle: number,
  kernels: Kernels,
  signal: AbortSignal,
): Promise<Picture> {
  const cameras = [-angle, 0, angle].map((degrees) =>
    orbitCamera(camera, [0, 0, pivotDepth], [0, -1, 0], degrees),
  );
  const views = await lookFrom(kernels, cloud, cameras, {}, signal);
  return picturesInRows([views.map(({ rgb }) => rgbPicture(rgb))]);
}

/** @throws SplatmendError with any code of docs/cli.md's table but the selection's */
export async function photoCommand(
  input: string,
  flags: PhotoFlags,
  progress: ProgressView,
  signal: AbortSignal,
): Promise<PhotoJson> {
  checkPictureDepthFlags('photo', flags);
  const { output } = flags;
  const format = outputFormat(output);
  for (const path of [output, flags.preview]) {
    if (path !== undefined) await checkWritableFile(path, flags.force ?? false);
  }
  const inpainter = await chooseInpainter(flags.inpainter, wordsOf(flags));

  let start = performance.now();
  progress.update(0, `read ${basename(input)}`);
  const { rgb, depth: given, lens } = await readPictureDepth('photo', input, flags);
  const read = secondsSince(start);
  const camera = cameraOfAngle(rgb, lens.fovDeg);
  throwIfCancelled(signal);

  start = performance.now();
  const options: Required<PhotoOptions> = {
    angleDeg: flags.angle ?? PHOTO_DEFAULTS.angleDeg,
    layers: flags.layers ?? PHOTO_DEFAULTS.layers,
    sharpen: flags.sharpen,
    seed: flags.seed ?? PHOTO_DEFAULTS.seed,
  };
  const { done, backend } = await onBackend(
    flags.backend,
    async (kernels) => {
      progress.update(0.03, 'complete depth');
      const depth = await wholeDepth(rgb, given, kernels, signal);
      const result = await photoToSplats(
        rgb,
        depth,
        camera,
        { kernels, inpainter: inpainter.make() },
        options,
        (p) => progress.update(0.1 + 0.8 * p.fraction, stepName(p, 'layer')),
        signal,
      );
      const preview =
        flags.preview === undefined
          ? undefined
          : await previewOf(result, camera, options.angleDeg, kernels, signal);
      return { result, preview };
    },
    progress,
    signal,
  );
  const { result, preview } = done;
  const seconds = secondsSince(start);

  start = performance.now();
  progress.update(0.95, `write ${basename(output)}`);
  const written = await writeScene(
    result.cloud,
    { path: output, format },
    [[flags.preview, preview && encodePng(preview)]],
    signal,
  );
  const { fx, fy, cx, cy } = camera;
  return {
    ok: true,
    input: {
      path: input,
      width: rgb.width,
      height: rgb.height,
      depth: (flags.depth ?? flags.priorDepth)!,
    },
    ...written,
    camera: { fx, fy, cx, cy, ...lens, pivotDepth: result.pivotDepth },
    backend,
    inpainter: inpainter.json,
    options,
    figures: { ...result.figures, notes: depthNotes(given) },
    seconds: { read, photo: seconds, write: secondsSince(start) },
    versions: versions(),
  };
}
