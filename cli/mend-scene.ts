/** The work between reading and writing: run the line on the chosen kernels, then picture it. */
import { basename } from 'node:path';
import type { Camera } from '../core/camera.ts';
import { SplatmendError } from '../core/errors.ts';
import type { Kernels } from '../core/kernels.ts';
import { applyPatch } from '../core/patch.ts';
import { throwIfCancelled } from '../core/progress.ts';
import type { PaintedMask, RemoveResult } from '../core/remove-types.ts';
import type { Selection } from '../core/selection.ts';
import type { SplatCloud } from '../core/splat-cloud.ts';
import { byHandNotes } from '../workers/inpainters/by-hand.ts';
import { type Models, remove } from '../workers/remove.ts';
import type { BackendChoice } from './kernels-node.ts';
import { onBackend } from './on-backend.ts';
import { type ProgressView, secondsSince, stepName } from './progress.ts';
import type { BackendJson, RemoveJson } from './remove-json.ts';
import { makeReport } from './report/index.ts';
import { versions } from './version.ts';

export interface MendRequest {
  /** For the report's title. */
  input: string;
  output: string;
  scene: SplatCloud;
  selection: Selection;
  cameras: readonly Camera[];
  /** Where the cameras are from, for people. */
  cameraSource: string;
  backend: BackendChoice;
  options: RemoveJson['options'] & { painted?: PaintedMask };
  /** Who fills, for people. */
  filledBy: string;
  /** Made anew for each run of the line. */
  models: () => Models;
  wantsReport: boolean;
}

export interface MendedScene {
  result: RemoveResult;
  /** Survivors, then the fill. */
  mended: SplatCloud;
  backend: BackendJson;
  /** The report's files by name, when one was wanted and could be made. */
  report?: Map<string, Uint8Array>;
  /** What the report failed with; the mended scene is whole. */
  reportFailure?: unknown;
  seconds: { remove: number; report: number };
}

/** Shares of the whole command: reading before, writing after. */
const START = 0.05;
const END = 0.97;

/** @throws SplatmendError as the line does, and `no-webgpu` */
export async function mendScene(
  request: MendRequest,
  progress: ProgressView,
  signal: AbortSignal,
): Promise<MendedScene> {
  const mend = async (kernels: Kernels, backend: BackendJson): Promise<MendedScene> => {
    const { scene, options, wantsReport } = request;
    const mendedAt = wantsReport ? 0.65 : END;
    const start = performance.now();
    const models = request.models();
    const result = await remove(
      scene,
      request.selection,
      request.cameras,
      kernels,
      models,
      { ...options, keepViews: wantsReport },
      (p) => progress.update(START + p.fraction * (mendedAt - START), stepName(p)),
      signal,
    );
    result.figures.notes.push(...byHandNotes(models.inpainter));
    const removed = performance.now();
    const done: MendedScene = {
      result,
      mended: applyPatch(scene, result.patch),
      backend,
      seconds: { remove: (removed - start) / 1000, report: 0 },
    };
    if (!wantsReport) return done;
    const show = (fraction: number) =>
      progress.update(mendedAt + fraction * (END - mendedAt), 'render the report');
    show(0);
    try {
      done.report = await picture(request, done, kernels, show, signal);
    } catch (error) {
      throwIfCancelled(signal);
      // A GPU that fails is replaced, see runOnKernels. Else the mended scene is worth more than its pictures.
      const code = error instanceof SplatmendError ? error.code : undefined;
      const replaceable = code === 'device-lost' || code === 'out-of-memory';
      if (kernels.kind === 'webgpu' && request.backend === 'auto' && replaceable) throw error;
      done.reportFailure = error;
    }
    done.seconds.report = secondsSince(removed);
    return done;
  };
  return (await onBackend(request.backend, mend, progress, signal)).done;
}

function picture(
  request: MendRequest,
  done: MendedScene,
  kernels: Kernels,
  onFraction: (fraction: number) => void,
  signal: AbortSignal,
): Promise<Map<string, Uint8Array>> {
  const { scene, cameras, cameraSource, options } = request;
  const facts = {
    inputPath: basename(request.input),
    outputPath: basename(request.output),
    splatsBefore: scene.count,
    splatsAfter: done.mended.count,
    shDegree: scene.shDegree,
    backendDescription: done.backend.description,
    backendReason: done.backend.reason,
    filledBy: request.filledBy,
    seed: options.seed,
    cameraSource,
    versions: versions(),
    date: new Date(),
  };
  return makeReport({ scene, result: done.result, cameras, kernels, facts }, onFraction, signal);
}
