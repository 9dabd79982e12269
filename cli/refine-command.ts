/** `splatmend refine`: read posed views, refine, write. */
import { basename, extname, join } from 'node:path';
import { CONFIDENCE_MAP, DEPTH_MAP, robustRange } from '../core/colour-map.ts';
import { writeDepthMap, writeShares } from '../core/depth-files/depth-map.ts';
import { SplatmendError } from '../core/errors.ts';
import {
  fullRect,
  mappedPicture,
  type Picture,
  picturesInRows,
  rgbPicture,
} from '../core/pictures.ts';
import { POINT_FORMATS, type PointFormat, writePoints } from '../core/refine/points3d.ts';
import {
  type ConfidenceLimit,
  REFINE_DEFAULTS,
  type RefinedView,
  type RefineFigures,
  type RefineOptions,
} from '../core/refine/refine-types.ts';
import { refine } from '../workers/refine.ts';
import { checkWritableFile, checkWritableFolder, writeWhole } from './files.ts';
import type { BackendChoice } from './kernels-node.ts';
import { onBackend } from './on-backend.ts';
import { outputFormat } from './output-path.ts';
import { type ProgressView, secondsSince, stepName } from './progress.ts';
import { openViews, type RefineInputFlags } from './refine-input.ts';
import type { BackendJson } from './remove-json.ts';
import { encodePng } from './report/png.ts';
import { type SceneOutputJson, writeScene } from './scene-files.ts';
import { versions } from './version.ts';

export interface RefineFlags extends RefineInputFlags {
  output: string;
  points?: string;
  depths?: string;
  preview?: string;
  /** A number of the source's measure, or a share as `20%`. */
  minConfidence?: ConfidenceLimit;
  keep?: number;
  maxSide?: number;
  neighbours?: number;
  spacing?: number;
  backend: BackendChoice;
  force?: boolean;
}

/** What `refine --json` prints; docs/cli.md shows it. */
export interface RefineJson {
  ok: true;
  input: { path: string; kind: string; views: number; notes: string[] };
  output: SceneOutputJson;
  backend: BackendJson;
  options: Required<Omit<RefineOptions, 'minConfidence'>> & {
    minConfidence: ConfidenceLimit | null;
  };
  figures: RefineFigures;
  /** OUT first. */
  files: string[];
  seconds: { open: number; refine: number; write: number };
  versions: Record<string, string>;
}

function pointFormat(path: string): PointFormat {
  const ending = extname(path).slice(1).toLowerCase();
  const found = POINT_FORMATS.find((format) => format === ending);
  if (found !== undefined) return found;
  throw new SplatmendError(
    'bad-option',
    `--points: ${path}; name it .txt or .bin (COLMAP's points3D) or .ply`,
  );
}

/** Rows of the preview. */
const SHOWN = 4;

/** Some views, spread evenly: picture, depth as given, completed, confidence. */
function previewOf(views: readonly RefinedView[]): Picture {
  const shown = Array.from(
    { length: Math.min(SHOWN, views.length) },
    (_, k) => views[Math.floor(((k + 0.5) * views.length) / Math.min(SHOWN, views.length))]!,
  );
  const rows = shown.map(({ camera: { width, height }, rgb, depth, confidence, from }) => {
    const image = (data: Float32Array) => ({ width, height, data });
    const range = robustRange([image(depth)], fullRect({ width, height }));
    const map = (data: Float32Array) => mappedPicture(image(data), DEPTH_MAP, range, undefined, 0);
    return [
      rgbPicture({ width, height, data: Float32Array.from(rgb, (v) => v / 255) }),
      map(depth.map((z, i) => (from[i] === 2 ? z : 0))),
      map(depth),
      mappedPicture(image(confidence), CONFIDENCE_MAP, { low: 0, high: 1 }),
    ];
  });
  return picturesInRows(rows);
}

/** `frame-1/a.jpg` as a file's name. */
const fileNameOf = (id: string) => id.replace(/[/\\]/g, '_').replace(/\.(jpe?g|png)$/i, '');

const depthFiles = (folder: string, id: string) => ({
  depth: join(folder, `${fileNameOf(id)}.depth.npy`),
  confidence: join(folder, `${fileNameOf(id)}.confidence.png`),
});

async function writeDepths(folder: string, views: readonly RefinedView[]): Promise<string[]> {
  const written: string[] = [];
  for (const { id, camera, depth, confidence, rejected } of views) {
    const { width, height } = camera;
    const files = depthFiles(folder, id);
    const kept = { width, height, data: depth.map((z, i) => (rejected[i] === 0 ? z : 0)) };
    await writeWhole(files.depth, (await writeDepthMap(kept, { format: 'npy', scale: 1 })).bytes);
    await writeWhole(
      files.confidence,
      await writeShares({ width, height, data: confidence }, 'png'),
    );
    written.push(files.depth, files.confidence);
  }
  return written;
}

/** @throws SplatmendError with any code of docs/cli.md's table but the selection's */
export async function refineCommand(
  input: string,
  flags: RefineFlags,
  progress: ProgressView,
  signal: AbortSignal,
): Promise<RefineJson> {
  const { output } = flags;
  const force = flags.force ?? false;
  const format = outputFormat(output);
  const points = flags.points === undefined ? undefined : pointFormat(flags.points);
  for (const path of [output, flags.points, flags.preview]) {
    if (path !== undefined) await checkWritableFile(path, force);
  }

  let start = performance.now();
  progress.update(0, `read ${basename(input)}`);
  const source = await openViews(input, flags);
  if (flags.depths !== undefined) {
    await checkWritableFolder(flags.depths, basename(depthFiles('', source.ids[0]!).depth), force);
  }
  progress.say(`${source.kind}: ${source.ids.length} views`);
  for (const note of source.notes) progress.say(`Note: ${note}`);
  const open = secondsSince(start);

  start = performance.now();
  const options: RefineOptions = {
    maxSidePx: flags.maxSide ?? REFINE_DEFAULTS.maxSidePx,
    neighbours: flags.neighbours ?? REFINE_DEFAULTS.neighbours,
    spacingPx: flags.spacing ?? REFINE_DEFAULTS.spacingPx,
    keepConfidence: flags.keep ?? REFINE_DEFAULTS.keepConfidence,
    ...(flags.minConfidence && { minConfidence: flags.minConfidence }),
  };
  const { done: result, backend } = await onBackend(
    flags.backend,
    (kernels) =>
      refine(
        source,
        kernels,
        options,
        (p) => progress.update(0.02 + 0.95 * p.fraction, stepName(p)),
        signal,
      ),
    progress,
    signal,
  );
  const refined = secondsSince(start);

  start = performance.now();
  progress.update(0.97, `write ${basename(output)}`);
  const pointBytes = points && writePoints(result.points, points);
  const preview = flags.preview === undefined ? undefined : encodePng(previewOf(result.views));
  const { output: scene, files } = await writeScene(
    result.cloud,
    { path: output, format },
    [
      [flags.points, pointBytes],
      [flags.preview, preview],
    ],
    signal,
  );
  if (flags.depths !== undefined) files.push(...(await writeDepths(flags.depths, result.views)));
  return {
    ok: true,
    input: { path: input, kind: source.kind, views: source.ids.length, notes: [...source.notes] },
    output: scene,
    backend,
    options: { ...REFINE_DEFAULTS, ...options, minConfidence: flags.minConfidence ?? null },
    figures: result.figures,
    files,
    seconds: { open, refine: refined, write: secondsSince(start) },
    versions: versions(),
  };
}
