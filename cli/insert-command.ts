/** `splatmend insert`: what was changed in a picture of the scene, as splats in the scene. */
import { basename } from 'node:path';
import { type Camera, cameraAxes, resizeCamera, type Vec3 } from '../core/camera.ts';
import { readNumbers } from '../core/depth-files/depth-map.ts';
import { readMask } from '../core/depth-files/picture.ts';
import { resizeScalar } from '../core/depth-files/resize.ts';
import type { DepthPrior } from '../core/depth-prior.ts';
import { SplatmendError } from '../core/errors.ts';
import type { Mask } from '../core/image.ts';
import {
  type EditedReference,
  INSERT_DEFAULTS,
  type InsertFigures,
  type InsertOptions,
  type InsertResult,
} from '../core/insert-types.ts';
import type { Kernels } from '../core/kernels.ts';
import { lookFrom, lookOnce } from '../core/look-once.ts';
import { orbitCamera } from '../core/orbit.ts';
import { applyPatch } from '../core/patch.ts';
import { type Picture, picturesInRows, rgbPicture } from '../core/pictures.ts';
import { throwIfCancelled } from '../core/progress.ts';
import type { SplatCloud } from '../core/splat-cloud.ts';
import { insert } from '../workers/insert.ts';
import { readCameraFile } from './camera-input.ts';
import { checkWritableFile, readBytes, writeWhole } from './files.ts';
import { choosePrior } from './inpainter-kinds.ts';
import type { BackendChoice } from './kernels-node.ts';
import { onBackend } from './on-backend.ts';
import { outputFormat } from './output-path.ts';
import { type ProgressView, secondsSince, stepName } from './progress.ts';
import { readEdited } from './reference.ts';
import type { BackendJson } from './remove-json.ts';
import { encodePng } from './report/png.ts';
import { readScene, type SceneInputJson, type SceneOutputJson, writeScene } from './scene-files.ts';
import { versions } from './version.ts';

export interface InsertFlags {
  camera: string;
  saveReference?: string;
  edited?: string;
  mask?: string;
  attach?: NonNullable<InsertOptions['attach']>;
  distance?: number;
  priorDepth?: string;
  resolution?: number;
  seed?: number;
  output?: string;
  preview?: string;
  backend: BackendChoice;
  force?: boolean;
}

export interface InsertJson {
  ok: true;
  input: SceneInputJson;
  output: SceneOutputJson;
  /** Used of the file, the first, and how many it holds. */
  camera: { width: number; height: number; count: number };
  backend: BackendJson;
  options: Required<InsertOptions>;
  priorDepth?: Record<string, unknown>;
  figures: InsertFigures;
  files: string[];
  seconds: { read: number; insert: number; write: number };
  versions: Record<string, string>;
}

/** What `insert --save-reference --json` prints. */
export interface PictureJson {
  ok: true;
  reference: { path: string; width: number; height: number };
  files: string[];
}

/** The preview's views, degrees to the right, and the longer side of each. */
const PREVIEW_DEGREES = [-20, 0, 20];
const PREVIEW_PX = 640;

function checkTogether({ saveReference, edited, mask, output, preview }: InsertFlags): void {
  if (saveReference !== undefined) {
    if (edited === undefined && mask === undefined && output === undefined && preview === undefined)
      return;
    throw new SplatmendError(
      'bad-option',
      'insert: --save-reference inserts nothing yet; give it without --edited, --mask, --preview and -o',
    );
  }
  if (edited !== undefined && output !== undefined) return;
  throw new SplatmendError(
    'bad-option',
    'insert: give --edited and -o, or --save-reference to get the picture to edit',
  );
}

/** A depth model, or a file of relative depth of the picture. */
async function priorOf(
  text: string | undefined,
): Promise<{ prior: DepthPrior; json: Record<string, unknown> } | undefined> {
  if (text === undefined || /^(onnx|oip):/.test(text)) return choosePrior(text);
  const depth = await readNumbers(await readBytes(text), basename(text));
  return {
    prior: {
      id: basename(text),
      estimate: async ({ width, height }) => resizeScalar(depth, width, height),
    },
    json: { id: 'file', path: text },
  };
}

async function readReference(flags: InsertFlags, camera: Camera): Promise<EditedReference> {
  const { width, height, rgb, alpha } = await readEdited(flags.edited!);
  const mask: Mask | undefined =
    flags.mask === undefined
      ? undefined
      : readMask(await readBytes(flags.mask), basename(flags.mask));
  return {
    camera,
    edited: { width, height, data: rgb },
    ...(alpha && { alpha: { width, height, data: alpha } }),
    ...(mask && { mask }),
  };
}

/** Middle of the new splats: around it the preview turns. */
function middleOf({ positions, count }: SplatCloud): Vec3 {
  const sum: [number, number, number] = [0, 0, 0];
  for (let i = 0; i < positions.length; i++) sum[i % 3]! += positions[i]! / count;
  return sum;
}

async function previewOf(
  cloud: SplatCloud,
  { patch: { added }, figures }: InsertResult,
  camera: Camera,
  kernels: Kernels,
  signal: AbortSignal,
): Promise<Picture> {
  const small = resizeCamera(
    camera,
    Math.min(1, PREVIEW_PX / Math.max(camera.width, camera.height)),
  );
  const { down } = cameraAxes(camera);
  const up: Vec3 = figures.up ?? [-down[0], -down[1], -down[2]];
  const middle = middleOf(added);
  const cameras = PREVIEW_DEGREES.map((degrees) => orbitCamera(small, middle, up, degrees));
  const views = await lookFrom(kernels, cloud, cameras, {}, signal);
  return picturesInRows([views.map(({ rgb }) => rgbPicture(rgb))]);
}

async function saveReference(
  cloud: SplatCloud,
  camera: Camera,
  flags: InsertFlags,
  progress: ProgressView,
  signal: AbortSignal,
): Promise<PictureJson> {
  const path = flags.saveReference!;
  const { done } = await onBackend(
    flags.backend,
    async (kernels) => {
      progress.update(0.3, 'look');
      return rgbPicture((await lookOnce(kernels, cloud, camera, {}, signal)).rgb);
    },
    progress,
    signal,
  );
  throwIfCancelled(signal);
  await writeWhole(path, encodePng(done));
  const { width, height } = camera;
  return { ok: true, reference: { path, width, height }, files: [path] };
}

/** @throws SplatmendError with any code of docs/cli.md's table but the selection's */
export async function insertCommand(
  path: string,
  flags: InsertFlags,
  progress: ProgressView,
  signal: AbortSignal,
): Promise<InsertJson | PictureJson> {
  checkTogether(flags);
  const { output } = flags;
  const format = output === undefined ? undefined : outputFormat(output);
  for (const file of [flags.saveReference, output, flags.preview]) {
    if (file !== undefined) await checkWritableFile(file, flags.force ?? false);
  }
  const cameras = await readCameraFile(flags.camera);
  const camera = cameras[0]!;
  if (cameras.length > 1) progress.say(`Camera: the first of ${cameras.length}`);
  const reference = flags.edited === undefined ? undefined : await readReference(flags, camera);
  const chosen = await priorOf(flags.priorDepth);

  let start = performance.now();
  const { scene, input } = await readScene(path, progress, signal);
  const read = secondsSince(start);
  for (const note of input.notes) progress.say(`Note: ${note}`);
  if (reference === undefined || output === undefined || format === undefined) {
    return saveReference(scene, camera, flags, progress, signal);
  }

  start = performance.now();
  const options: Required<InsertOptions> = {
    attach: flags.attach ?? INSERT_DEFAULTS.attach,
    distance: flags.distance ?? INSERT_DEFAULTS.distance,
    resolution: flags.resolution ?? INSERT_DEFAULTS.resolution,
    seed: flags.seed ?? INSERT_DEFAULTS.seed,
  };
  const { done, backend } = await onBackend(
    flags.backend,
    async (kernels) => {
      const result = await insert(
        scene,
        reference,
        kernels,
        chosen === undefined ? {} : { prior: chosen.prior },
        options,
        (p) => progress.update(0.05 + 0.8 * p.fraction, stepName(p)),
        signal,
      );
      const cloud = applyPatch(scene, result.patch);
      const preview =
        flags.preview === undefined
          ? undefined
          : await previewOf(cloud, result, camera, kernels, signal);
      return { result, cloud, preview };
    },
    progress,
    signal,
  );
  const seconds = secondsSince(start);

  start = performance.now();
  progress.update(0.95, `write ${basename(output)}`);
  const written = await writeScene(
    done.cloud,
    { path: output, format },
    [[flags.preview, done.preview && encodePng(done.preview)]],
    signal,
  );
  return {
    ok: true,
    input,
    ...written,
    camera: { width: camera.width, height: camera.height, count: cameras.length },
    backend,
    options,
    ...(chosen && { priorDepth: chosen.json }),
    figures: done.result.figures,
    seconds: { read, insert: seconds, write: secondsSince(start) },
    versions: versions(),
  };
}
