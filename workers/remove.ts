/**
 * The removal line: delete the selected splats and mend the hole, view by view.
 * Only this file knows the order of the steps; see docs/architecture.md.
 */
import type { Camera } from '../core/camera.ts';
import { countMask, type Mask } from '../core/image.ts';
import type { Inpainter } from '../core/inpainter.ts';
import type { Kernels } from '../core/kernels.ts';
import { type OnProgress, throwIfCancelled } from '../core/progress.ts';
import type { FilledView, RemoveOptions, RemoveResult } from '../core/remove-types.ts';
import type { Selection } from '../core/selection.ts';
import { concatSplats, type SplatCloud } from '../core/splat-cloud.ts';
import { begin, cameraSeesNothing } from './line/begin.ts';
import { fillView } from './line/fill-view.ts';
import { type Judged, judge } from './line/judge.ts';
import { type Candidate, candidateCameras } from './steps/choose-cameras.ts';
import { median } from './steps/measure-seam.ts';

export interface Models {
  inpainter: Inpainter;
}

/** Candidates that are looked through again after each fill. */
const KEPT_CANDIDATES = 8;
/** A hole whose outline shows less surface than this hangs in the open: better left open than closed by a sheet. */
const MIN_FRAMED = 0.3;
/** A view is not worth filling below this share of the largest opening seen at the start. */
const MIN_OPEN_SHARE = 0.006;

export async function remove(
  scene: SplatCloud,
  selection: Selection,
  cameras: readonly Camera[],
  kernels: Kernels,
  models: Models,
  options: RemoveOptions = {},
  onProgress: OnProgress = () => {},
  signal?: AbortSignal,
): Promise<RemoveResult> {
  const removal = begin(scene, selection, options);
  const { settings, shape, working, clock, hidden } = removal;
  const lookAgain = (candidate: Candidate | Judged) =>
    judge(candidate, working, shape, kernels, clock, { seed: settings.seed, hidden }, signal);

  const candidates = candidateCameras(cameras, shape);
  let judged: Judged[] = [];
  for (const [i, candidate] of candidates.entries()) {
    throwIfCancelled(signal);
    onProgress({ step: 'choose cameras', fraction: (0.3 * i) / candidates.length });
    const seen = await lookAgain(candidate);
    if (seen !== undefined) judged.push(seen);
    removal.givenLooks = judged.filter((j) => j.given).map((j) => j.look);
  }
  if (judged.every((j) => countMask(j.look.footprint) === 0)) throw cameraSeesNothing();
  const largest = Math.max(...judged.map((j) => j.open));
  judged.sort((a, b) => b.score - a.score);
  judged = judged.slice(0, KEPT_CANDIDATES);
  const missingAtStart = sumMissing(judged);
  const filledViews: FilledView[] = [];
  const seamDepth: number[] = [];
  const seamColour: number[] = [];
  /** Views tried, and those of them that had something to fill. */
  let views = 0;
  let filledCount = 0;
  const mendFrom = async (camera: Camera, localOnly: boolean, painted?: Mask) => {
    throwIfCancelled(signal);
    views++;
    const start = 0.3 + (0.68 * (views - 1)) / settings.views;
    const filled = await fillView({
      ...removal,
      camera,
      kernels,
      models,
      localOnly,
      painted,
      onStep: (step, done) =>
        onProgress({
          step,
          fraction: Math.min(0.98, start + (done * 0.68) / settings.views),
          view: views,
          views: settings.views,
        }),
      signal,
    });
    if (filled === undefined) return;
    filledCount++;
    seamDepth.push(...filled.seam.depth);
    seamColour.push(...filled.seam.colour);
    working.added = concatSplats(working.added, filled.splats);
    if (settings.keepViews) filledViews.push(filled.view);
    const again: Judged[] = [];
    for (const j of judged) {
      const next = await lookAgain(j);
      if (next !== undefined) again.push(next);
    }
    judged = again;
  };

  if (settings.painted !== null)
    await mendFrom(settings.painted.camera, false, settings.painted.mask);
  const tried = new Set<Camera>();
  while (views < settings.views) {
    judged.sort((a, b) => b.score - a.score);
    const best = judged.find((j) => !tried.has(j.camera) && j.look.framed >= MIN_FRAMED);
    if (best === undefined || best.open < MIN_OPEN_SHARE * largest) break;
    if (1 - sumMissing(judged) / missingAtStart >= settings.coverageGoal) break;
    tried.add(best.camera);
    await mendFrom(removal.fillCamera(best.camera)!, !best.given);
  }
  const coverage = missingAtStart > 0 ? Math.max(0, 1 - sumMissing(judged) / missingAtStart) : 1;
  return {
    patch: { removed: removal.removedRows, added: working.added },
    figures: {
      selected: removal.removedRows.length,
      added: working.added.count,
      coverage,
      seamDepth: median(seamDepth),
      seamColour: median(seamColour),
      views: filledCount,
      seconds: clock.seconds,
      notes: notesOn(coverage, filledCount, judged),
    },
    filledViews,
    backend: kernels.kind,
  };
}

const sumMissing = (judged: Judged[]) => judged.reduce((sum, j) => sum + j.missing, 0);

/** Plain sentences on what was and was not mended. */
function notesOn(coverage: number, views: number, judged: Judged[]): string[] {
  const notes = [
    `Filled ${Math.round(coverage * 100)} % of the hole from ${views} view${views === 1 ? '' : 's'}.`,
  ];
  if (coverage < 0.9) {
    const best = judged.reduce((a, b) => (a.open > b.open ? a : b));
    notes.push(
      best.look.framed < MIN_FRAMED
        ? 'Part of the hole borders on nothing that was captured; it is left open.'
        : 'Some of the hole is seen only at a glancing angle; add views to fill more.',
    );
  }
  return notes;
}
