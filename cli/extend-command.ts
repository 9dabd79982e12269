/** `splatmend extend`: a scene grown along a path of cameras. */
import { basename } from 'node:path';
import type { Camera } from '../core/camera.ts';
import { SplatmendError } from '../core/errors.ts';
import {
  EXTEND_DEFAULTS,
  type ExtendedView,
  type ExtendFigures,
  type ExtendOptions,
} from '../core/extend-types.ts';
import type { Kernels } from '../core/kernels.ts';
import { lookFrom } from '../core/look-once.ts';
import { applyPatch } from '../core/patch.ts';
import { type Picture, picturesInRows, rgbPicture } from '../core/pictures.ts';
import type { SplatCloud } from '../core/splat-cloud.ts';
import { extend } from '../workers/extend.ts';
import { readCameraFile } from './camera-input.ts';
import { readPath } from './extend-path.ts';
import { checkWritableFile } from './files.ts';
import { type InpainterFlags, wordsOf } from './inpainter-grammar.ts';
import { chooseInpainter, choosePrior } from './inpainter-kinds.ts';
import type { BackendChoice } from './kernels-node.ts';
import { onBackend } from './on-backend.ts';
import { outputFormat } from './output-path.ts';
import { type ProgressView, secondsSince, stepName } from './progress.ts';
import type { BackendJson } from './remove-json.ts';
import { encodePng } from './report/png.ts';
import { readScene, type SceneInputJson, type SceneOutputJson, writeScene } from './scene-files.ts';
import { splats } from './splats.ts';
import { versions } from './version.ts';

export interface ExtendFlags extends InpainterFlags {
  camera: string;
  path: string;
  angle?: number;
  steps?: number;
  maxSide?: number;
  sky?: 'leave' | 'fill';
  seed?: number;
  priorDepth?: string;
  output: string;
  preview?: string;
  backend: BackendChoice;
  force?: boolean;
}

export interface ExtendJson {
  ok: true;
  input: SceneInputJson;
  output: SceneOutputJson;
  path: string;
  backend: BackendJson;
  inpainter: Record<string, unknown>;
  priorDepth?: Record<string, unknown>;
  options: Omit<Required<ExtendOptions>, 'prompt'>;
  /** The path's views; the start first. */
  views: (Pick<ExtendedView, 'open' | 'filled' | 'left'> & { added: number })[];
  figures: ExtendFigures;
  files: string[];
  seconds: { read: number; extend: number; write: number };
  versions: Record<string, string>;
}

/** Pictures a row of the preview. */
const MOST_SHOWN = 8;

/** Views along the path, without and with what was added; in the order of the path. */
async function previewOf(
  scene: SplatCloud,
  grown: SplatCloud,
  views: readonly ExtendedView[],
  kernels: Kernels,
  signal: AbortSignal,
): Promise<Picture> {
  const step = Math.max(1, Math.ceil(views.length / MOST_SHOWN));
  const cameras: Camera[] = views.filter((_, k) => k % step === 0).map(({ camera }) => camera);
  const rows: Picture[][] = [];
  for (const cloud of [scene, grown]) {
    const seen = await lookFrom(kernels, cloud, cameras, {}, signal);
    rows.push(seen.map(({ rgb }) => rgbPicture(rgb)));
  }
  return picturesInRows(rows, 2);
}

function optionsOf(flags: ExtendFlags): Required<ExtendOptions> {
  return {
    angleDeg: flags.angle ?? EXTEND_DEFAULTS.angleDeg,
    steps: flags.steps ?? EXTEND_DEFAULTS.steps,
    maxSidePx: flags.maxSide ?? EXTEND_DEFAULTS.maxSidePx,
    sky: flags.sky ?? EXTEND_DEFAULTS.sky,
    seed: flags.seed ?? EXTEND_DEFAULTS.seed,
    prompt: flags.prompt ?? EXTEND_DEFAULTS.prompt,
  };
}

/** @throws SplatmendError with any code of docs/cli.md's table but the selection's `bad-`, `empty-` and `everything-selected` */
export async function extendCommand(
  path: string,
  flags: ExtendFlags,
  progress: ProgressView,
  signal: AbortSignal,
): Promise<ExtendJson> {
  const format = outputFormat(flags.output);
  const start = (await readCameraFile(flags.camera))[0]!;
  const way = await readPath(flags.path);
  const turns = way.kind === 'ring' || way.kind === 'orbit';
  if (!turns && (flags.angle ?? flags.steps) !== undefined) {
    throw new SplatmendError(
      'bad-option',
      'extend: --angle and --steps are for a ring or an orbit; a view or a file says its cameras itself',
    );
  }
  for (const file of [flags.output, flags.preview]) {
    if (file !== undefined) await checkWritableFile(file, flags.force ?? false);
  }
  const inpainter = await chooseInpainter(flags.inpainter, wordsOf(flags));
  const prior = await choosePrior(flags.priorDepth);

  let begun = performance.now();
  const { scene, input } = await readScene(path, progress, signal);
  const read = secondsSince(begun);
  progress.say(`${basename(path)}: ${splats(scene.count)}, SH degree ${scene.shDegree}`);
  for (const note of input.notes) progress.say(`Note: ${note}`);
  progress.say(
    `Filled by ${inpainter.sentence}${prior ? `; depth guided by ${prior.sentence}` : ''}`,
  );

  begun = performance.now();
  const options = optionsOf(flags);
  const { done, backend } = await onBackend(
    flags.backend,
    async (kernels) => {
      const result = await extend(
        scene,
        start,
        way,
        kernels,
        { inpainter: inpainter.make(), prior: prior?.prior },
        options,
        (p) => progress.update(0.03 + 0.9 * p.fraction, stepName(p)),
        signal,
      );
      const grown = applyPatch(scene, result.patch);
      if (flags.preview === undefined) return { result, grown, preview: undefined };
      progress.update(0.93, 'render the preview');
      const preview = await previewOf(scene, grown, result.views, kernels, signal);
      return { result, grown, preview };
    },
    progress,
    signal,
  );
  const { result, grown, preview } = done;
  const seconds = secondsSince(begun);

  begun = performance.now();
  progress.update(0.97, `write ${basename(flags.output)}`);
  const written = await writeScene(
    grown,
    { path: flags.output, format },
    [[flags.preview, preview && encodePng(preview)]],
    signal,
  );
  const { prompt: _, ...shown } = options;
  return {
    ok: true,
    input,
    ...written,
    path: flags.path,
    backend,
    inpainter: inpainter.json,
    ...(prior && { priorDepth: prior.json }),
    options: shown,
    views: result.views.map(({ open, filled, left, count }) => ({
      open,
      filled,
      left,
      added: count,
    })),
    figures: result.figures,
    seconds: { read, extend: seconds, write: secondsSince(begun) },
    versions: versions(),
  };
}
