/** Refinement's line: read posed views, complete each with the others' help, check them against each other, fuse. */
import { nearestSet } from '../core/cpu/complete-depth/nearest.ts';
import { SplatmendError } from '../core/errors.ts';
import type { Kernels } from '../core/kernels.ts';
import { breathe, type OnProgress, restful, throwIfCancelled } from '../core/progress.ts';
import {
  agreementOf,
  judge,
  measureTolerance,
  type Witness,
  witness,
} from '../core/refine/agree.ts';
import { cloudOf } from '../core/refine/cloud.ts';
import { fuseViews } from '../core/refine/fuse.ts';
import { matchOwn } from '../core/refine/match-own.ts';
import { chooseNeighbours } from '../core/refine/neighbours.ts';
import { planesOfPoints } from '../core/refine/planes-of-points.ts';
import { type PreparedView, prepareView } from '../core/refine/prepare-view.ts';
import {
  REFINE_DEFAULTS,
  type RefinedView,
  type RefineFigures,
  type RefineOptions,
  type RefineResult,
} from '../core/refine/refine-types.ts';
import { depthOfOthers } from '../core/refine/transfer.ts';
import type { ViewSource } from '../core/refine/view.ts';

/** All views stay in memory, some 20 bytes a pixel. */
const MAX_PIXELS = 2 ** 27;
/** Others' points nearer to a view's own known pixels than this add their noise and no news. */
const GAP_PX = 4;
/** A measured pixel falls only when this many others more measured past it than agree. */
const MEASURED_STANDS = 1;
/** And they must have measured past it this far around: an outline a little off is no contradiction. */
const MEASURED_RADIUS_PX = 2;
/** A filled pixel falls when the weight of those that see past it is at least this and outweighs those that agree. */
const FILLED_FALLS = 0.5;
/** Of a filled pixel's confidence, as a witness against others' filled pixels. */
const FILLED_WEIGHT = 0.5;

/** Where in the whole the stages begin. */
const STAGES = { load: 0, check: 0.08, complete: 0.12, agree: 0.9, fuse: 0.95 } as const;

type Options = Required<Omit<RefineOptions, 'minConfidence'>> &
  Pick<RefineOptions, 'minConfidence'>;

async function loadViews(
  source: ViewSource,
  options: Options,
  onProgress: OnProgress,
  signal?: AbortSignal,
): Promise<PreparedView[]> {
  const views: PreparedView[] = [];
  const count = source.ids.length;
  let pixels = 0;
  for (let i = 0; i < count; i++) {
    throwIfCancelled(signal);
    onProgress({
      step: 'read views',
      fraction: (STAGES.check * i) / count,
      view: i + 1,
      views: count,
    });
    const view = prepareView(await source.load(i), options);
    pixels += view.depth.length;
    if (pixels > MAX_PIXELS) {
      throw new SplatmendError(
        'too-large',
        `refine: ${count} views take over ${MAX_PIXELS} pixels; use fewer (--every) or smaller ones (--max-side)`,
      );
    }
    views.push(view);
    await breathe();
  }
  return views;
}

/** Takes out measured pixels that other views measured past. @returns how many */
function dropContradicted(
  views: PreparedView[],
  neighbours: readonly number[][],
  witnesses: readonly Witness[],
  tolerance: number,
): number {
  let dropped = 0;
  // All verdicts are of the depth as given: the order of the views does not matter.
  const falls = views.map((view, i) => {
    const others = neighbours[i]!.map((j) => witnesses[j]!);
    const { agree, through } = judge(view, others, tolerance);
    return through.map((t, k) => (t > agree[k]! + MEASURED_STANDS ? 1 : 0));
  });
  for (const [i, view] of views.entries()) {
    for (let k = 0; k < view.depth.length; k++) {
      if (falls[i]![k] === 0) continue;
      view.depth[k] = 0;
      dropped++;
    }
  }
  return dropped;
}

/** The view's known depth and, away from it, what the others measured. */
function knownWithOthers(
  view: PreparedView,
  others: readonly PreparedView[],
  tolerance: number,
): Float32Array {
  const { camera, depth } = view;
  const { width, height } = camera;
  const coloured = ({ guide, rgb, ...rest }: PreparedView) => ({
    ...rest,
    rgb: guide ? rgb : undefined,
  });
  const seen = depthOfOthers(coloured(view), others.map(coloured), tolerance);
  const fitted = matchOwn(depth, seen, width, height, tolerance);
  const { distancePx } = nearestSet(depth.map((z) => +(z > 0)) as never, width, height);
  return depth.map((z, i) => (z > 0 ? z : distancePx[i]! > GAP_PX ? fitted[i]! : 0));
}

/** Without a picture, and with depth at less than this share of the pixels, a view is points: see `planesOfPoints`. */
const SPARSE = 0.3;

/**
 * Where a view is points, what is completed from is their planes, which have neither the points' noise nor the outliers; elsewhere the depth itself.
 * @returns depth along z, 0 = unknown, and how sure it is of it
 */
async function completedFrom(view: PreparedView, known: Float32Array, signal?: AbortSignal) {
  const { camera, guide, rgb, coloured } = view;
  const count = known.reduce((n, z) => n + +(z > 0), 0);
  const sure = new Float32Array(known.length).fill(1);
  if (guide || count > SPARSE * known.length) return { depth: known, sure };
  const colours = rgb && coloured && { rgb, coloured };
  const { width, height } = camera;
  const planes = await planesOfPoints(known, width, height, colours, restful(signal));
  const depth = planes.depth.map((z, i) => (z > 0 ? z : known[i]!));
  return { depth, sure: planes.support.map((s, i) => (known[i]! > 0 ? 1 : s)) };
}

async function completeView(
  view: PreparedView,
  others: readonly PreparedView[],
  tolerance: number,
  kernels: Kernels,
  signal?: AbortSignal,
): Promise<RefinedView> {
  const { id, camera, depth, rgb, guide } = view;
  const { width, height } = camera;
  const known = others.length > 0 ? knownWithOthers(view, others, tolerance) : depth.slice();
  const from = Uint8Array.from(known, (z, i) => (depth[i]! > 0 ? 2 : z > 0 ? 1 : 0));
  const given = await completedFrom(view, known, signal);
  const isGiven = Uint8Array.from(given.depth, (z) => (z > 0 ? 1 : 0));
  const image = <T>(data: T) => ({ width, height, data });
  const done = await kernels.complete(
    {
      depth: image(given.depth),
      known: image(isGiven),
      ...(guide && rgb && { rgb: image(Float32Array.from(rgb, (v) => v / 255)) }),
    },
    {},
    signal,
  );
  return {
    id,
    camera,
    rgb: rgb ?? new Uint8Array(3 * width * height),
    depth: done.depth.data.map((z, i) => (known[i]! > 0 ? known[i]! : z)),
    confidence: done.confidence.data.map((c, i) => (isGiven[i] !== 0 ? given.sure[i]! : c)),
    from,
    rejected: new Uint8Array(width * height),
  };
}

/**
 * Marks what others see through; measured depth was judged before. What stays is averaged with those that agree, so that views of one
 * surface become one layer.
 * @returns depth to fuse, 0 where rejected
 */
function rejectSeenThrough(
  views: readonly RefinedView[],
  neighbours: readonly number[][],
  tolerance: number,
): Float32Array[] {
  const weights = views.map(({ confidence, from }) =>
    confidence.map((c, i) => (from[i] === 0 ? FILLED_WEIGHT * c : 1)),
  );
  const witnesses = views.map(({ camera, depth }, i) =>
    witness({ camera, depth, weight: weights[i]! }),
  );
  return views.map((view, i) => {
    const others = neighbours[i]!.map((j) => witnesses[j]!);
    const { agree, through, depthSum } = judge(view, others, tolerance);
    return view.depth.map((z, k) => {
      if (!(z > 0)) return 0;
      // Another view's measurement is one voice for the pixel already.
      const stands = agree[k]! + (view.from[k] === 1 ? 1 : 0);
      if (view.from[k] !== 2 && through[k]! >= FILLED_FALLS && through[k]! > stands) {
        view.rejected[k] = 1;
        view.confidence[k] = 0;
        return 0;
      }
      const own = weights[i]![k]!;
      const all = own + agree[k]!;
      return all > 0 ? (own * z + depthSum[k]!) / all : z;
    });
  });
}

/**
 * Refines posed views with partial depth to one initial cloud. Depth that is missing or of low confidence is unknown; what other views
 * measured there is carried in, fitted to the view's own; the rest is completed with the picture as guide. What others see
 * through is rejected, and all is fused, a point a cell. Equivariant to the scene's scale.
 * @throws SplatmendError `bad-file` (no known depth at all), `bad-option`, `too-large`, `cancelled`, and as the source and kernels do
 */
export async function refine(
  source: ViewSource,
  kernels: Kernels,
  asked: RefineOptions = {},
  onProgress: OnProgress = () => {},
  signal?: AbortSignal,
): Promise<RefineResult> {
  const options: Options = { ...REFINE_DEFAULTS, ...asked };
  const seconds = { read: 0, check: 0, complete: 0, agree: 0, fuse: 0 };
  let start = performance.now();
  const lap = (stage: keyof typeof seconds) => {
    seconds[stage] = (performance.now() - start) / 1000;
    start = performance.now();
  };
  const views = await loadViews(source, options, onProgress, signal);
  lap('read');

  onProgress({ step: 'compare views', fraction: STAGES.check });
  const neighbours = chooseNeighbours(views, options.neighbours);
  const witnesses = views.map((view) => witness(view, MEASURED_RADIUS_PX));
  const tolerance = measureTolerance(
    views.map((view, i) => ({ view, others: neighbours[i]!.map((j) => witnesses[j]!) })),
  );
  const before = agreementOf(views, neighbours);
  const total = views.reduce((n, view) => n + view.depth.length, 0);
  const contradicted = dropContradicted(views, neighbours, witnesses, tolerance);
  const measured = views.reduce((n, v) => n + v.depth.reduce((m, z) => m + +(z > 0), 0), 0);
  if (measured === 0) {
    throw new SplatmendError(
      'bad-file',
      'refine: no view has depth of enough confidence; lower --min-confidence, or give depth',
    );
  }
  await breathe();
  throwIfCancelled(signal);
  lap('check');

  const refined: RefinedView[] = [];
  for (const [i, view] of views.entries()) {
    const share = (STAGES.agree - STAGES.complete) * (i / views.length);
    onProgress({
      step: 'complete depth',
      fraction: STAGES.complete + share,
      view: i + 1,
      views: views.length,
    });
    const others = neighbours[i]!.map((j) => views[j]!);
    refined.push(await completeView(view, others, tolerance, kernels, signal));
    throwIfCancelled(signal);
  }
  lap('complete');

  onProgress({ step: 'compare completed views', fraction: STAGES.agree });
  await breathe();
  const completed = agreementOf(refined, neighbours);
  const averaged = rejectSeenThrough(refined, neighbours, tolerance);
  const kept = refined.map(({ camera, depth, rejected }) => ({
    camera,
    depth: depth.map((z, k) => (rejected[k] === 0 ? z : 0)),
  }));
  const after = agreementOf(kept, neighbours);
  throwIfCancelled(signal);
  lap('agree');

  onProgress({ step: 'fuse', fraction: STAGES.fuse });
  await breathe();
  const points = fuseViews(
    refined.map((view, i) => ({ ...view, depth: averaged[i]! })),
    { spacingPx: options.spacingPx, minConfidence: options.keepConfidence },
  );
  lap('fuse');
  const share = (level: number) =>
    refined.reduce((n, v) => n + v.from.reduce((m, f) => m + +(f === level), 0), 0) / total;
  const figures: RefineFigures = {
    views: views.length,
    pixels: total,
    known: share(2),
    fromOthers: share(1),
    filled: share(0),
    contradicted,
    rejected: refined.reduce((n, v) => n + v.rejected.reduce((m, r) => m + r, 0), 0),
    tolerance,
    agreement: { before, completed, after },
    points: points.count,
    outside: points.outside,
    seconds,
  };
  return { points, cloud: cloudOf(points), views: refined, figures };
}
