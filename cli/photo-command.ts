/** `splatmend photo`: a picture and its depth, to layered splats. */
import { basename } from 'node:path';
import { type Camera, lookAt, type Vec3 } from '../core/camera.ts';
import { readDepthMap, readNumbers } from '../core/depth-files/depth-map.ts';
import { readPicture } from '../core/depth-files/picture.ts';
import { resizeRgb } from '../core/depth-files/resize.ts';
import { SplatmendError } from '../core/errors.ts';
import { type SplatFormat, writeSplats } from '../core/formats/index.ts';
import type { RgbImage, ScalarImage } from '../core/image.ts';
import type { Kernels } from '../core/kernels.ts';
import { type Picture, picturesInRows, rgbPicture } from '../core/pictures.ts';
import { throwIfCancelled } from '../core/progress.ts';
import { depthOfRelative } from '../workers/photo/relative-depth.ts';
import {
  PHOTO_DEFAULTS,
  type PhotoOptions,
  type PhotoResult,
  photoToSplats,
} from '../workers/photo.ts';
import { checkWritableFile, readBytes, writeWhole } from './files.ts';
import { chooseInpainter, choosePrior } from './inpainter-kinds.ts';
import type { BackendChoice } from './kernels-node.ts';
import { onBackend } from './on-backend.ts';
import { outputFormat } from './output-path.ts';
import { type ProgressView, secondsSince, stepName } from './progress.ts';
import type { BackendJson } from './remove-json.ts';
import { encodePng } from './report/png.ts';
import { versions } from './version.ts';

export interface PhotoFlags {
  depth?: string;
  depthForm?: 'depth' | 'relative';
  depthScale?: number;
  priorDepth?: string;
  /** Of relative depth: how many times as far its farthest is as its nearest. */
  farOverNear?: number;
  fov?: number;
  maxSide?: number;
  angle?: number;
  layers?: number;
  /** `--no-sharpen`. */
  sharpen: boolean;
  seed?: number;
  inpainter?: string;
  output: string;
  preview?: string;
  backend: BackendChoice;
  force?: boolean;
}

export interface PhotoJson {
  ok: true;
  input: { path: string; width: number; height: number; depth: string };
  output: { path: string; format: SplatFormat; splats: number; bytes: number };
  camera: { fx: number; fy: number; cx: number; cy: number; pivotDepth: number };
  backend: BackendJson;
  inpainter: Record<string, unknown>;
  options: Required<PhotoOptions>;
  figures: PhotoResult['figures'];
  files: string[];
  seconds: { read: number; photo: number; write: number };
  versions: Record<string, string>;
}

export const DEFAULT_FOV_DEG = 55;
export const DEFAULT_MAX_SIDE_PX = 800;
export const DEFAULT_FAR_OVER_NEAR = 8;
/** Depth maps have the picture's shape, to within a rounding. */
const ASPECT_TOLERANCE = 0.02;

/** At another size, the nearest pixel's: a mean would put depth between two surfaces. */
function resizeDepth(depth: ScalarImage, width: number, height: number): ScalarImage {
  if (depth.width === width && depth.height === height) return depth;
  const data = new Float32Array(width * height);
  for (let i = 0; i < data.length; i++) {
    const x = Math.floor((((i % width) + 0.5) * depth.width) / width);
    const y = Math.floor(((Math.floor(i / width) + 0.5) * depth.height) / height);
    data[i] = depth.data[y * depth.width + x]!;
  }
  return { width, height, data };
}

async function readDepth(flags: PhotoFlags, rgb: RgbImage): Promise<ScalarImage> {
  const farOverNear = flags.farOverNear ?? DEFAULT_FAR_OVER_NEAR;
  if (flags.depth === undefined) {
    const chosen = (await choosePrior(flags.priorDepth))!;
    return depthOfRelative(await chosen.prior.estimate(rgb), farOverNear);
  }
  const name = basename(flags.depth);
  const bytes = await readBytes(flags.depth);
  const depth =
    flags.depthForm === 'relative'
      ? depthOfRelative(await readNumbers(bytes, name), farOverNear)
      : (await readDepthMap(bytes, name, flags.depthScale)).depth;
  const aspect = (depth.width * rgb.height) / (depth.height * rgb.width);
  if (Math.abs(aspect - 1) > ASPECT_TOLERANCE) {
    throw new SplatmendError(
      'bad-option',
      `photo: the depth is ${depth.width} × ${depth.height}, the photo ${rgb.width} × ${rgb.height}; they show different things`,
    );
  }
  if (!depth.data.some((z) => z > 0)) {
    throw new SplatmendError('bad-file', `photo: ${flags.depth} has no known depth`);
  }
  return resizeDepth(depth, rgb.width, rgb.height);
}

/** Depth of every pixel: what is unknown is completed along the photo. */
async function wholeDepth(
  rgb: RgbImage,
  depth: ScalarImage,
  kernels: Kernels,
  signal: AbortSignal,
) {
  const known = { ...depth, data: Uint8Array.from(depth.data, (z) => (z > 0 ? 1 : 0)) };
  if (!known.data.includes(0)) return depth;
  return (await kernels.complete({ depth, known, rgb }, {}, signal)).depth;
}

/** The camera of the photo turned around its pivot, by angles to the right, degrees. */
export function orbited(camera: Camera, pivotDepth: number, degrees: number): Camera {
  const a = (degrees * Math.PI) / 180;
  const eye: Vec3 = [pivotDepth * Math.sin(a), 0, pivotDepth * (1 - Math.cos(a))];
  return { ...camera, worldToCamera: lookAt(eye, [0, 0, pivotDepth], [0, -1, 0]) };
}

async function previewOf(
  { cloud, pivotDepth }: PhotoResult,
  camera: Camera,
  angle: number,
  kernels: Kernels,
  signal: AbortSignal,
): Promise<Picture> {
  const renderer = await kernels.createRenderer(cloud);
  const pictures: Picture[] = [];
  try {
    for (const degrees of [-angle, 0, angle]) {
      const view = await renderer.render(orbited(camera, pivotDepth, degrees), {}, signal);
      pictures.push(rgbPicture(view.rgb));
    }
  } finally {
    renderer.destroy();
  }
  return picturesInRows([pictures]);
}

/** @throws SplatmendError with any code of docs/cli.md's table but the selection's */
export async function photoCommand(
  input: string,
  flags: PhotoFlags,
  progress: ProgressView,
  signal: AbortSignal,
): Promise<PhotoJson> {
  if ((flags.depth === undefined) === (flags.priorDepth === undefined)) {
    throw new SplatmendError('bad-option', 'photo: give exactly one of --depth and --prior-depth');
  }
  const { output } = flags;
  const format = outputFormat(output);
  for (const path of [output, flags.preview]) {
    if (path !== undefined) await checkWritableFile(path, flags.force ?? false);
  }
  const inpainter = await chooseInpainter(flags.inpainter);

  let start = performance.now();
  progress.update(0, `read ${basename(input)}`);
  const full = readPicture(await readBytes(input), basename(input));
  const factor = Math.min(
    1,
    (flags.maxSide ?? DEFAULT_MAX_SIDE_PX) / Math.max(full.width, full.height),
  );
  const [width, height] = [full.width, full.height].map((side) =>
    Math.max(1, Math.round(side * factor)),
  );
  const rgb = resizeRgb(full, width!, height!);
  const given = await readDepth(flags, rgb);
  const read = secondsSince(start);
  const focal = rgb.width / 2 / Math.tan(((flags.fov ?? DEFAULT_FOV_DEG) * Math.PI) / 360);
  const camera: Camera = {
    ...{ width: rgb.width, height: rgb.height, fx: focal, fy: focal },
    ...{ cx: rgb.width / 2, cy: rgb.height / 2 },
    worldToCamera: lookAt([0, 0, 0], [0, 0, 1], [0, -1, 0]),
  };
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
  const bytes = await writeSplats(result.cloud, format, signal);
  // The last moment at which nothing is written.
  throwIfCancelled(signal);
  await writeWhole(output, bytes);
  const files = [output];
  if (flags.preview !== undefined && preview !== undefined) {
    await writeWhole(flags.preview, encodePng(preview));
    files.push(flags.preview);
  }
  const { fx, fy, cx, cy } = camera;
  return {
    ok: true,
    input: {
      path: input,
      width: rgb.width,
      height: rgb.height,
      depth: (flags.depth ?? flags.priorDepth)!,
    },
    output: { path: output, format, splats: result.cloud.count, bytes: bytes.length },
    camera: { fx, fy, cx, cy, pivotDepth: result.pivotDepth },
    backend,
    inpainter: inpainter.json,
    options,
    figures: result.figures,
    files,
    seconds: { read, photo: seconds, write: secondsSince(start) },
    versions: versions(),
  };
}
