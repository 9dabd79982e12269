/** The removal line for one thing: view by view. Only this file knows the order of the views; see docs/architecture.md. */
import type { Camera } from '../../core/camera.ts';
import type { DepthPrior } from '../../core/depth-prior.ts';
import { countMask, type Mask } from '../../core/image.ts';
import type { Inpainter } from '../../core/inpainter.ts';
import type { Kernels } from '../../core/kernels.ts';
import { type OnProgress, throwIfCancelled } from '../../core/progress.ts';
import type { RemoveFigures, RemoveOptions, RemoveResult } from '../../core/remove-types.ts';
import type { Selection } from '../../core/selection.ts';
import { concatSplats, type SplatCloud, takeSplats } from '../../core/splat-cloud.ts';
import { type Candidate, candidateCameras } from '../steps/choose-cameras.ts';
import { begin, cameraSeesNothing } from './begin.ts';
import { FillTally, notesOn } from './figures.ts';
import { fillView } from './fill-view.ts';
import { type Judged, judge } from './judge.ts';
import { farthest } from './look.ts';
import { type FilledFrom, polishFills } from './polish-fills.ts';
import { backsFinder } from './sees-backs.ts';

export interface Models {
  inpainter: Inpainter;
  /** Guides the hole's depth. Default: none. */
  prior?: DepthPrior | undefined;
}

/** Candidates that are looked through again after each fill. */
const KEPT_CANDIDATES = 8;
/** A hole whose outline shows less surface than this hangs in the open: better left open than closed by a sheet. */
const MIN_FRAMED = 0.3;
/** A view is not worth filling below this share of the largest opening seen at the start. */
const MIN_OPEN_SHARE = 0.006;
/** A coarse look may see a hole where a close one finds none: so many such views end the search. */
const MOST_EMPTY_VIEWS = 6;
/** Shares of the whole at which views begin to be filled and end, and with a polish to come. */
const FILL_FROM = 0.3;
const FILL_TO = 0.98;
const FILL_TO_POLISH = 0.8;
/** A polish watches this many seams' widths of what is around the fills. */
const BAND_SEAMS = 3;

/**
 * Deletes one thing and mends the hole.
 * @throws SplatmendError as `remove`
 */
export async function mend(
  scene: SplatCloud,
  selection: Selection,
  cameras: readonly Camera[],
  kernels: Kernels,
  models: Models,
  options: RemoveOptions,
  onProgress: OnProgress,
  signal: AbortSignal | undefined,
): Promise<RemoveResult> {
  const removal = begin(scene, selection, options);
  const { settings, shape, working, clock, hidden, drawn } = removal;
  const lookAgain = (candidate: Candidate | Judged) =>
    judge(
      candidate,
      working,
      shape,
      kernels,
      clock,
      { seed: settings.seed, hidden, drawn },
      signal,
    );
  const lookAgainAt = async (before: readonly Judged[]) => {
    const after: Judged[] = [];
    for (const j of before) {
      const seen = await lookAgain(j);
      if (seen !== undefined) after.push(seen);
    }
    return after;
  };

  const candidates = candidateCameras(cameras, shape);
  let judged: Judged[] = [];
  let seesBacks: ReturnType<typeof backsFinder> | undefined;
  for (const [i, candidate] of candidates.entries()) {
    throwIfCancelled(signal);
    onProgress({ step: 'choose cameras', fraction: (0.3 * i) / candidates.length });
    const seen = await lookAgain(candidate);
    if (seen === undefined) continue;
    if (!seen.given) {
      seesBacks ??= backsFinder(removal.givenLooks, shape);
      if (seesBacks(seen.look)) continue;
    }
    judged.push(seen);
    removal.givenLooks = judged.filter((j) => j.given).map((j) => j.look);
  }
  if (judged.every((j) => countMask(j.look.footprint) === 0)) throw cameraSeesNothing();
  const largest = Math.max(...judged.map((j) => j.open));
  const unframed = judged
    .filter((j) => j.look.framed < MIN_FRAMED && j.open > 0)
    .sort((a, b) => b.open - a.open)
    .slice(0, KEPT_CANDIDATES);
  const openAtStart = sumOpen(judged);
  judged.sort((a, b) => b.score - a.score);
  judged = judged.slice(0, KEPT_CANDIDATES);
  const missingAtStart = sumMissing(judged);
  const filledFrom: FilledFrom[] = [];
  // Kept out of what is looked at: seen past an edge, a fill's dark body would pass for the face that is to be filled there.
  let body = takeSplats(scene, []);
  const tally = new FillTally();
  /** Views that were filled from, and those that showed nothing to fill once looked at closely. */
  let views = 0;
  let emptyViews = 0;
  const fillTo = settings.polish > 0 ? FILL_TO_POLISH : FILL_TO;
  const viewShare = (fillTo - FILL_FROM) / settings.views;
  const mendFrom = async (camera: Camera, localOnly: boolean, painted?: Mask) => {
    throwIfCancelled(signal);
    const start = FILL_FROM + viewShare * views;
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
          fraction: Math.min(fillTo, start + done * viewShare),
          view: views + 1,
          views: settings.views,
        }),
      signal,
    });
    if (filled === undefined) {
      emptyViews++;
      return;
    }
    views++;
    tally.add(filled);
    drawn.push(filled.drawn);
    working.added = concatSplats(working.added, filled.splats);
    body = concatSplats(body, filled.body);
    if (settings.keepViews || settings.polish > 0) {
      filledFrom.push({ view: filled.view, maxDepth: farthest(camera, shape, localOnly) });
    }
    judged = await lookAgainAt(judged);
  };

  if (settings.painted !== null)
    await mendFrom(settings.painted.camera, false, settings.painted.mask);
  const tried = new Set<Camera>();
  while (views < settings.views && emptyViews < MOST_EMPTY_VIEWS) {
    judged.sort((a, b) => b.score - a.score);
    const best = judged.find((j) => !tried.has(j.camera) && j.look.framed >= MIN_FRAMED);
    if (best === undefined || best.open < MIN_OPEN_SHARE * largest) break;
    if (1 - sumMissing(judged) / missingAtStart >= settings.coverageGoal) break;
    tried.add(best.camera);
    await mendFrom(removal.fillCamera(best.camera)!, !best.given);
  }
  working.added = concatSplats(working.added, body);
  let polish: RemoveFigures['polish'];
  if (settings.polish > 0 && working.added.count > 0) {
    const { splats, before, after, seams } = await polishFills({
      working,
      filled: filledFrom,
      kernels,
      clock,
      steps: settings.polish,
      bandPx: BAND_SEAMS * settings.seamPx,
      onStep: (done) =>
        onProgress({ step: 'polish', fraction: fillTo + done * (FILL_TO - fillTo) }),
      signal,
    });
    working.added = splats;
    polish = { before, after };
    tally.setSeams(
      seams,
      filledFrom.map(({ view }) => view.camera),
    );
    judged = await lookAgainAt(judged);
  }
  const coverage = missingAtStart > 0 ? Math.max(0, 1 - sumMissing(judged) / missingAtStart) : 1;
  const leftOpen = await lookAgainAt(unframed);
  const unseen = openAtStart > 0 ? Math.min(1, sumOpen(leftOpen) / openAtStart) : 0;
  const { seam, perView } = tally;
  const added = working.added.count;
  return {
    patch: { removed: removal.removedRows, added: working.added },
    figures: {
      selected: removal.removedRows.length,
      added,
      coverage,
      unseen,
      ...seam,
      views,
      perView,
      ...(polish && { polish }),
      seconds: clock.seconds,
      notes: notesOn({ coverage, unseen, views, added, ...seam }),
    },
    filledViews: settings.keepViews ? filledFrom.map(({ view }) => view) : [],
    backend: kernels.kind,
  };
}

const sumOpen = (judged: Judged[]) => judged.reduce((sum, j) => sum + j.open, 0);
const sumMissing = (judged: Judged[]) => judged.reduce((sum, j) => sum + j.missing, 0);
