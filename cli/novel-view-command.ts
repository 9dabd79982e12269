/** `splatmend novel-view`: a picture and its depth, to another camera's view, with the layers that it is made of. */
import { basename, join } from 'node:path';
import { encode } from 'fast-png';
import {
  type Camera,
  type CameraJson,
  cameraOfSize,
  cameraToJson,
  fieldOfView,
  resizeCamera,
} from '../core/camera.ts';
import {
  type DepthFormat,
  depthFormatOf,
  INTEGER_DEPTH_SCALE,
  writeDepthMap,
} from '../core/depth-files/depth-map.ts';
import { SplatmendError } from '../core/errors.ts';
import { medianDepth } from '../core/median-depth.ts';
import { PHOTO_MAX_SIDE_PX } from '../core/photo-types.ts';
import { ASPECT_TOLERANCE, cameraOfAngle, wholeDepth } from '../core/picture-depth.ts';
import { rgbPicture } from '../core/pictures.ts';
import { throwIfCancelled } from '../core/progress.ts';
import { clearedPng, maskPng } from '../workers/inpainters/servers/png.ts';
import { type Turn, turned } from '../workers/novel-view/turned.ts';
import {
  NOVEL_VIEW_DEFAULTS,
  type NovelView,
  type NovelViewFill,
  type NovelViewOptions,
  novelView,
} from '../workers/novel-view.ts';
import { readCameraFile } from './camera-input.ts';
import { checkWritableFile, checkWritableFolder, writeWhole } from './files.ts';
import { type InpainterFlags, wordsOf } from './inpainter-grammar.ts';
import { chooseInpainter } from './inpainter-kinds.ts';
import type { BackendChoice } from './kernels-node.ts';
import { onBackend } from './on-backend.ts';
import {
  checkPictureDepthFlags,
  type PictureDepth,
  type PictureDepthFlags,
  type PictureLens,
  readPictureDepth,
} from './picture-depth-input.ts';
import { type ProgressView, secondsSince, stepName } from './progress.ts';
import type { BackendJson } from './remove-json.ts';
import { encodePng } from './report/png.ts';
import { versions } from './version.ts';

export interface NovelViewFlags extends PictureDepthFlags, InpainterFlags {
  camera?: string;
  to?: string;
  turn?: Turn;
  /** The new camera's horizontal angle, degrees; with `turn`. */
  toFov?: number;
  alpha?: number;
  fill?: NovelViewFill;
  /** `--no-sharpen`. */
  sharpen: boolean;
  seed?: number;
  output: string;
  backend: BackendChoice;
  force?: boolean;
}

/** A camera, its horizontal angle, degrees, and who says so: its file, or else as given here. */
export interface LensedCameraJson<From extends string> extends CameraJson {
  fovDeg: number;
  fovFrom: 'camera' | From;
}

/** What view.json says of the layers beside it. */
export interface NovelViewLayersJson {
  /** Of the picture as it was worked on, and of the layers. */
  source: LensedCameraJson<PictureLens['fovFrom']>;
  /** `source`: it has the picture's own lens. */
  target: LensedCameraJson<'flag' | 'source'>;
  /** Stored numbers of the depth files a world unit. */
  depthScale: number;
  options: Required<NovelViewOptions>;
  inpainter: Record<string, unknown>;
  figures: NovelView['figures'];
  /** By layer, in this folder. */
  layers: Record<string, string>;
}

/** What `novel-view --json` prints; docs/cli.md shows it. */
export interface NovelViewJson extends Omit<NovelViewLayersJson, 'layers' | 'depthScale'> {
  ok: true;
  input: { path: string; width: number; height: number; depth: string };
  output: { path: string; width: number; height: number };
  backend: BackendJson;
  files: string[];
  seconds: { read: number; view: number; write: number };
  versions: Record<string, string>;
}

/** The picture's camera, at the size that is worked on. */
async function sourceCamera(flags: NovelViewFlags, { rgb, lens }: PictureDepth): Promise<Camera> {
  if (flags.camera === undefined) return cameraOfAngle(rgb, lens.fovDeg);
  const camera = (await readCameraFile(flags.camera))[0]!;
  const aspect = (camera.width * rgb.height) / (camera.height * rgb.width);
  if (Math.abs(aspect - 1) > ASPECT_TOLERANCE) {
    throw new SplatmendError(
      'bad-camera',
      `novel-view: ${flags.camera} is of a picture of ${camera.width} × ${camera.height}, this one has ${rgb.width} × ${rgb.height}`,
    );
  }
  return cameraOfSize(camera, rgb);
}

async function targetCamera(
  flags: NovelViewFlags,
  source: Camera,
  pivotDepth: number,
): Promise<Camera> {
  if (flags.to === undefined) {
    const camera = turned(source, pivotDepth, flags.turn!);
    if (flags.toFov === undefined) return camera;
    const { worldToCamera } = camera;
    return { ...cameraOfAngle(camera, flags.toFov), worldToCamera };
  }
  const camera = (await readCameraFile(flags.to))[0]!;
  const factor = (flags.maxSide ?? PHOTO_MAX_SIDE_PX) / Math.max(camera.width, camera.height);
  return factor < 1 ? resizeCamera(camera, factor) : camera;
}

/** @throws SplatmendError `bad-option` */
function checkFlags(flags: NovelViewFlags): void {
  const bad = (what: string) => new SplatmendError('bad-option', `novel-view: ${what}`);
  checkPictureDepthFlags('novel-view', flags);
  if ((flags.to === undefined) === (flags.turn === undefined)) {
    throw bad('give exactly one of --to and --turn');
  }
  if (flags.camera !== undefined && flags.fov !== undefined) {
    throw bad('give --camera or --fov, not both: the file says its lens itself');
  }
  if (flags.to !== undefined && flags.toFov !== undefined) {
    throw bad('--to-fov is for --turn; the file of --to says its lens itself');
  }
}

/** Transparent where nothing is covered. */
const partialPng = ({ rgb, covered }: NovelView['partial']): Uint8Array =>
  clearedPng(rgb, { ...covered, data: covered.data.map((v) => 1 - v) });

const lensed = <From extends string>(camera: Camera, fovFrom: 'camera' | From) => ({
  ...cameraToJson(camera),
  fovDeg: fieldOfView(camera),
  fovFrom,
});

interface Target {
  format: DepthFormat;
  scale: number;
}

/** Depth as whole numbers where it came as such, else as floats in world units. */
function depthTarget({ depth, depthForm, depthScale }: NovelViewFlags): Target {
  const whole = depth !== undefined && depthForm !== 'relative' && depthFormatOf(depth) === 'png';
  return whole
    ? { format: 'png', scale: depthScale ?? INTEGER_DEPTH_SCALE }
    : { format: 'npy', scale: 1 };
}

/** Every layer as a file, by name. */
async function layerFiles(view: NovelView, target: Target, notes: string[]) {
  const { softMask, partial } = view;
  const { width, height } = softMask;
  const soft = Uint16Array.from(softMask.data, (v) => Math.round(65535 * v));
  const depthFile = async (depth: NovelView['depth'], name: string) => {
    const { bytes, tooFar } = await writeDepthMap(depth, target);
    if (tooFar > 0) notes.push(`${tooFar} pixels are too far for 16 bits, and are 0 in ${name}`);
    return bytes;
  };
  const [whole, part] = [`depth.${target.format}`, `partial-depth.${target.format}`];
  return {
    filled: ['filled.png', encodePng(rgbPicture(view.rgb))],
    partial: ['partial.png', partialPng(partial)],
    mask: ['mask.png', maskPng(view.mask)],
    softMask: ['soft-mask.png', encode({ width, height, data: soft, channels: 1, depth: 16 })],
    filledMask: ['filled-mask.png', maskPng(view.filledMask)],
    depth: [whole, await depthFile(view.depth, whole)],
    partialDepth: [part, await depthFile(partial.depth, part)],
  } satisfies Record<string, [string, Uint8Array]>;
}

const VIEW_FILE = 'view.json';
const isPicture = (output: string) => output.toLowerCase().endsWith('.png');

/** @throws SplatmendError with any code of docs/cli.md's table but the selection's */
export async function novelViewCommand(
  input: string,
  flags: NovelViewFlags,
  progress: ProgressView,
  signal: AbortSignal,
): Promise<NovelViewJson> {
  checkFlags(flags);
  const { output } = flags;
  if (isPicture(output)) await checkWritableFile(output, flags.force ?? false);
  else await checkWritableFolder(output, VIEW_FILE, flags.force ?? false);
  const inpainter = await chooseInpainter(flags.inpainter, wordsOf(flags));

  let start = performance.now();
  progress.update(0, `read ${basename(input)}`);
  const picture = await readPictureDepth('novel-view', input, flags, flags.camera !== undefined);
  const { rgb, depth: given } = picture;
  const source = await sourceCamera(flags, picture);
  const read = secondsSince(start);
  throwIfCancelled(signal);

  start = performance.now();
  const options: Required<NovelViewOptions> = {
    alpha: flags.alpha ?? NOVEL_VIEW_DEFAULTS.alpha,
    sharpen: flags.sharpen,
    fill: flags.fill ?? NOVEL_VIEW_DEFAULTS.fill,
    seed: flags.seed ?? NOVEL_VIEW_DEFAULTS.seed,
  };
  const { done: view, backend } = await onBackend(
    flags.backend,
    async (kernels) => {
      progress.update(0.03, 'complete depth');
      const depth = await wholeDepth(rgb, given, kernels, signal);
      const target = await targetCamera(flags, source, medianDepth(depth));
      return novelView(
        { rgb, depth, source, target },
        { kernels, inpainter: inpainter.make() },
        options,
        (p) => progress.update(0.1 + 0.8 * p.fraction, stepName(p)),
        signal,
      );
    },
    progress,
    signal,
  );
  const seconds = secondsSince(start);

  start = performance.now();
  progress.update(0.95, `write ${basename(output)}`);
  const written: [path: string, bytes: Uint8Array][] = [];
  const ofTurn = flags.toFov === undefined ? 'source' : 'flag';
  const said = {
    source: lensed(source, flags.camera === undefined ? picture.lens.fovFrom : 'camera'),
    target: lensed(view.camera, flags.to === undefined ? ofTurn : 'camera'),
    options,
    inpainter: inpainter.json,
    figures: view.figures,
  };
  if (isPicture(output)) written.push([output, encodePng(rgbPicture(view.rgb))]);
  else {
    const target = depthTarget(flags);
    const files = await layerFiles(view, target, view.figures.notes);
    const layers: Record<string, string> = {};
    for (const [layer, [name, bytes]] of Object.entries(files)) {
      layers[layer] = name;
      written.push([join(output, name), bytes]);
    }
    const json: NovelViewLayersJson = { ...said, depthScale: target.scale, layers };
    const text = `${JSON.stringify(json, null, 2)}\n`;
    written.push([join(output, VIEW_FILE), new TextEncoder().encode(text)]);
  }
  // The last moment at which nothing is written.
  throwIfCancelled(signal);
  for (const [path, bytes] of written) await writeWhole(path, bytes);
  return {
    ok: true,
    input: {
      path: input,
      width: rgb.width,
      height: rgb.height,
      depth: (flags.depth ?? flags.priorDepth)!,
    },
    output: { path: output, width: view.camera.width, height: view.camera.height },
    ...said,
    backend,
    files: written.map(([path]) => path),
    seconds: { read, view: seconds, write: secondsSince(start) },
    versions: versions(),
  };
}
