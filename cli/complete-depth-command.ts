/** `splatmend complete-depth`: read, complete, write. */
import { basename, extname } from 'node:path';
import { CONFIDENCE_MAP, DEPTH_MAP, robustRange } from '../core/colour-map.ts';
import {
  type DepthFormat,
  type DepthMap,
  depthFormatOf,
  INTEGER_DEPTH_SCALE,
  isWhole,
  writeDepthMap,
  writeShares,
} from '../core/depth-files/depth-map.ts';
import { SplatmendError } from '../core/errors.ts';
import { countMask } from '../core/image.ts';
import type { CompletedDepth } from '../core/kernels.ts';
import {
  fullRect,
  mappedPicture,
  type Picture,
  picturesInRows,
  rgbPicture,
} from '../core/pictures.ts';
import { throwIfCancelled } from '../core/progress.ts';
import {
  checkDepthFlags,
  type DepthInput,
  type DepthInputFlags,
  readDepthInput,
} from './complete-depth-input.ts';
import { checkWritableFile, writeWhole } from './files.ts';
import type { BackendChoice } from './kernels-node.ts';
import { onBackend } from './on-backend.ts';
import { type ProgressView, secondsSince } from './progress.ts';
import type { BackendJson } from './remove-json.ts';
import { encodePng } from './report/png.ts';
import { versions } from './version.ts';

export interface CompleteDepthFlags extends DepthInputFlags {
  output: string;
  confidence?: string;
  preview?: string;
  outputScale?: number;
  backend: BackendChoice;
  force?: boolean;
}

/** What `complete-depth --json` prints; docs/cli.md shows it. */
export interface CompleteDepthJson {
  ok: true;
  input: {
    width: number;
    height: number;
    depth: string;
    /** Stored numbers a world unit; null for points. */
    scale: number | null;
    rgb: string | null;
    mask: string | null;
    prior: string | null;
  };
  output: { path: string; format: DepthFormat; scale: number; bytes: number };
  backend: BackendJson;
  figures: {
    /** Pixels: known, asked for, filled, and asked for without an answer. */
    known: number;
    wanted: number;
    filled: number;
    open: number;
    /** Of the filled pixels, 0..1; null where there is none. */
    meanConfidence: number | null;
    notes: string[];
  };
  /** OUT, confidence, preview. */
  files: string[];
  seconds: { read: number; complete: number; write: number };
  versions: Record<string, string>;
}

/** `out.npy` to `out.confidence.png`. */
const beside = (output: string, what: string) =>
  `${output.slice(0, output.length - extname(output).length)}.${what}.png`;

/** Whole numbers stay at the source's scale where the output holds such; floats are world units. */
function scaleOf(format: DepthFormat, map: DepthMap | undefined): number {
  const whole = map !== undefined && isWhole(map.stored);
  if (format === 'png') return whole ? map.scale : INTEGER_DEPTH_SCALE;
  if (map === undefined || (whole && !(map.stored instanceof Uint16Array && format === 'npy'))) {
    return 1;
  }
  return map.scale;
}

/** The picture, the depth as given, as completed, and the confidence, side by side. */
function preview({ problem }: DepthInput, { depth, confidence }: CompletedDepth): Picture {
  const { width, height } = depth;
  const range = robustRange([depth], fullRect(depth));
  const given = {
    width,
    height,
    data: problem.depth.data.map((z, i) => z * problem.known.data[i]!),
  };
  const panels = [
    ...(problem.rgb ? [rgbPicture(problem.rgb)] : []),
    mappedPicture(given, DEPTH_MAP, range, undefined, 0),
    mappedPicture(depth, DEPTH_MAP, range, undefined, 0),
    mappedPicture(confidence, CONFIDENCE_MAP, { low: 0, high: 1 }),
  ];
  return picturesInRows([panels]);
}

function figuresOf(
  { problem, hidden }: DepthInput,
  { depth, confidence }: CompletedDepth,
): CompleteDepthJson['figures'] {
  let filled = 0;
  let sum = 0;
  for (let i = 0; i < depth.data.length; i++) {
    if (problem.wanted.data[i] === 0 || !(depth.data[i]! > 0)) continue;
    filled++;
    sum += confidence.data[i]!;
  }
  const wanted = countMask(problem.wanted);
  const notes: string[] = [];
  if (hidden > 0) notes.push(`${hidden} points lie behind nearer ones and were left out`);
  if (filled < wanted) notes.push(`${wanted - filled} pixels touch no known depth and stay 0`);
  return {
    known: countMask(problem.known),
    wanted,
    filled,
    open: wanted - filled,
    meanConfidence: filled === 0 ? null : sum / filled,
    notes,
  };
}

/** @throws SplatmendError with any code of docs/cli.md's table but the selection's */
export async function completeDepthCommand(
  flags: CompleteDepthFlags,
  progress: ProgressView,
  signal: AbortSignal,
): Promise<CompleteDepthJson> {
  // All that can be refused without reading is refused first.
  checkDepthFlags(flags);
  const { output } = flags;
  const confidencePath = flags.confidence ?? beside(output, 'confidence');
  const previewPath = flags.preview ?? beside(output, 'preview');
  const named = (flag: string, path: string) => {
    try {
      return depthFormatOf(path);
    } catch (error) {
      throw new SplatmendError('bad-option', `${flag}: ${(error as Error).message}`);
    }
  };
  const format = named('-o', output);
  const confidenceFormat = named('--confidence', confidencePath);
  if (!previewPath.toLowerCase().endsWith('.png')) {
    throw new SplatmendError('bad-option', `--preview: ${previewPath} is no .png`);
  }
  for (const path of [output, confidencePath, previewPath]) {
    await checkWritableFile(path, flags.force ?? false);
  }

  let start = performance.now();
  progress.update(0, `read ${basename(flags.depth ?? flags.points ?? '')}`);
  const input = await readDepthInput(flags);
  const { problem, map } = input;
  const read = secondsSince(start);
  throwIfCancelled(signal);
  const known = countMask(problem.known);
  progress.say(
    `${problem.depth.width} × ${problem.depth.height}: ${known} pixels known, ${countMask(problem.wanted)} wanted`,
  );

  start = performance.now();
  const { done: completed, backend } = await onBackend(
    flags.backend,
    (kernels) => {
      const show = (fraction: number) => progress.update(0.1 + 0.8 * fraction, 'complete depth');
      show(0);
      return kernels.complete(problem, {}, signal, show);
    },
    progress,
    signal,
  );
  const complete = secondsSince(start);

  start = performance.now();
  progress.update(0.9, `write ${basename(output)}`);
  const scale = flags.outputScale ?? scaleOf(format, map);
  const from = map && { from: { map, known: problem.known } };
  const { bytes, tooFar } = await writeDepthMap(completed.depth, { format, scale, ...from });
  const figures = figuresOf(input, completed);
  if (tooFar > 0) {
    figures.notes.push(
      `${tooFar} pixels are farther than ${65535 / scale}, the most that 16 bits hold, and are 0 in ${basename(output)}`,
    );
  }
  const confidenceBytes = await writeShares(completed.confidence, confidenceFormat);
  const previewBytes = encodePng(preview(input, completed));
  // The last moment at which nothing is written.
  throwIfCancelled(signal);
  await writeWhole(output, bytes);
  await writeWhole(confidencePath, confidenceBytes);
  await writeWhole(previewPath, previewBytes);
  return {
    ok: true,
    input: {
      width: problem.depth.width,
      height: problem.depth.height,
      depth: (flags.depth ?? flags.points)!,
      scale: map?.scale ?? null,
      rgb: flags.rgb ?? null,
      mask: flags.mask ?? null,
      prior: flags.prior ?? null,
    },
    output: { path: output, format, scale, bytes: bytes.length },
    backend,
    figures,
    files: [output, confidencePath, previewPath],
    seconds: { read, complete, write: secondsSince(start) },
    versions: versions(),
  };
}
