/** The files of `splatmend complete-depth` as one problem of one size. */
import { basename } from 'node:path';
import { parseCamera } from '../core/camera.ts';
import { type DepthMap, readDepthMap, readNumbers } from '../core/depth-files/depth-map.ts';
import { readMask, readPicture } from '../core/depth-files/picture.ts';
import { readPointList } from '../core/depth-files/point-list.ts';
import { depthFromPoints, depthFromUvz, dropHidden } from '../core/depth-files/points-to-depth.ts';
import { resizeRgb } from '../core/depth-files/resize.ts';
import { SplatmendError } from '../core/errors.ts';
import { createMask, type Mask, type RgbImage, type ScalarImage } from '../core/image.ts';
import type { DepthProblem } from '../core/kernels.ts';
import { readBytes, readJson } from './files.ts';

export interface DepthInputFlags {
  rgb?: string;
  depth?: string;
  points?: string;
  camera?: string;
  mask?: string;
  prior?: string;
  /** What a larger number of the prior means. */
  priorForm?: 'near' | 'far';
  depthScale?: number;
}

export interface DepthInput {
  problem: DepthProblem & { wanted: Mask };
  /** The depth map that was read; absent where points were. */
  map?: DepthMap;
  /** Pixels of points that nearer points hide, left out. */
  hidden: number;
}

/** Sides may differ in scale, as a camera's picture and its depth sensor's do; by more than this they show different things. */
const ASPECT_TOLERANCE = 0.01;

interface Sized {
  width: number;
  height: number;
}

function differ(what: string, a: Sized, of: string, b: Sized): SplatmendError {
  return new SplatmendError(
    'bad-option',
    `complete-depth: ${what} is ${a.width} × ${a.height}, ${of} ${b.width} × ${b.height}; give images of one size`,
  );
}

/** @throws SplatmendError `bad-option` where the flags cannot go together */
export function checkDepthFlags(flags: DepthInputFlags): void {
  const bad = (why: string) => new SplatmendError('bad-option', `complete-depth: ${why}`);
  if ((flags.depth === undefined) === (flags.points === undefined)) {
    throw bad('give exactly one of --depth and --points');
  }
  if (flags.camera !== undefined && flags.points === undefined) {
    throw bad('--camera goes with --points');
  }
  if (flags.points !== undefined && flags.camera === undefined && flags.rgb === undefined) {
    throw bad('points as u v depth need --rgb for the size, world points --camera');
  }
  if (flags.priorForm !== undefined && flags.prior === undefined) {
    throw bad('--prior-form goes with --prior');
  }
}

const read = async (path: string) => [await readBytes(path), basename(path)] as const;

async function givenDepth(
  flags: DepthInputFlags,
  rgb: RgbImage | undefined,
): Promise<{ depth: ScalarImage; map?: DepthMap; hidden: number }> {
  if (flags.depth !== undefined) {
    const map = await readDepthMap(...(await read(flags.depth)), flags.depthScale);
    return { depth: map.depth, map, hidden: 0 };
  }
  const points = readPointList(...(await read(flags.points!)));
  if (flags.camera === undefined) {
    const { depth } = depthFromUvz(points, rgb!.width, rgb!.height);
    return { depth, hidden: dropHidden(depth) };
  }
  const camera = parseCamera(await readJson(flags.camera, 'bad-camera'));
  return depthFromPoints(points, camera);
}

/** A prior as the kernels take it: larger is nearer. */
async function readPrior(path: string, far: boolean): Promise<ScalarImage> {
  const prior = await readNumbers(...(await read(path)));
  if (far) prior.data = prior.data.map((z) => (z > 0 ? 1 / z : Number.NaN));
  return prior;
}

/**
 * Reads all that was named. Known is what has a depth and is not masked; wanted is the mask, or without one all that is unknown.
 * @throws SplatmendError `bad-option`, `bad-file`, `bad-camera`, `unsupported-file`, `unknown-format`, `too-large`, `not-readable`
 */
export async function readDepthInput(flags: DepthInputFlags): Promise<DepthInput> {
  checkDepthFlags(flags);
  let rgb = flags.rgb === undefined ? undefined : readPicture(...(await read(flags.rgb)));
  const { depth, map, hidden } = await givenDepth(flags, rgb);
  const { width, height } = depth;
  if (rgb !== undefined) {
    const aspect = (rgb.width * height) / (rgb.height * width);
    if (Math.abs(aspect - 1) > ASPECT_TOLERANCE) throw differ('--rgb', rgb, 'depth', depth);
    rgb = resizeRgb(rgb, width, height);
  }
  const known = createMask(width, height);
  const wanted = createMask(width, height);
  const mask = flags.mask === undefined ? undefined : readMask(...(await read(flags.mask)));
  if (mask && (mask.width !== width || mask.height !== height)) {
    throw differ('--mask', mask, 'depth', depth);
  }
  for (let i = 0; i < known.data.length; i++) {
    const masked = mask !== undefined && mask.data[i] !== 0;
    known.data[i] = depth.data[i]! > 0 && !masked ? 1 : 0;
    wanted.data[i] = (mask === undefined ? known.data[i] === 0 : masked) ? 1 : 0;
  }
  if (!known.data.includes(1)) {
    throw new SplatmendError(
      'bad-file',
      `complete-depth: ${flags.depth ?? flags.points} has no known depth${mask ? ' outside the mask' : ''}; there is nothing to continue`,
    );
  }
  const problem: DepthInput['problem'] = { depth, known, wanted };
  if (rgb !== undefined) problem.rgb = rgb;
  if (flags.prior !== undefined) {
    problem.prior = await readPrior(flags.prior, flags.priorForm === 'far');
    if (problem.prior.width !== width || problem.prior.height !== height) {
      throw differ('--prior', problem.prior, 'depth', depth);
    }
  }
  return { problem, hidden, ...(map && { map }) };
}
