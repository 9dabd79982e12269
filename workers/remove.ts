/**
 * The removal line: delete the selected splats and mend the hole, view by view.
 * Only this file knows the order of the steps; see docs/architecture.md.
 */
import type { Camera } from '../core/camera.ts';
import { SplatmendError } from '../core/errors.ts';
import { countMask } from '../core/image.ts';
import type { Inpainter } from '../core/inpainter.ts';
import type { Kernels } from '../core/kernels.ts';
import { measureObject, type ObjectShape } from '../core/object-shape.ts';
import { type OnProgress, throwIfCancelled } from '../core/progress.ts';
import {
  type FilledView,
  REMOVE_DEFAULTS,
  type RemoveOptions,
  type RemoveResult,
} from '../core/remove-types.ts';
import { countSelected, type Selection, selectedRows } from '../core/selection.ts';
import {
  concatSplats,
  createSplatCloud,
  type ExtraData,
  type SplatCloud,
  takeSplats,
} from '../core/splat-cloud.ts';
import { measureSurroundings, type Surroundings } from '../core/surroundings.ts';
import { fillView } from './line/fill-view.ts';
import { type Look, look, type WorkingScene } from './line/look.ts';
import { StepClock } from './line/step-clock.ts';
import { type Candidate, candidateCameras, frameObject } from './steps/choose-cameras.ts';

export interface Models {
  inpainter: Inpainter;
}

/** Side of the small pictures that candidates are judged by, pixels. */
const JUDGE_PX = 72;

interface Judged extends Candidate {
  look: Look;
  /** Open hole area, world units². */
  open: number;
  score: number;
}

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
  const settings = { ...REMOVE_DEFAULTS, ...options };
  checkSelection(scene, selection);
  const removedRows = selectedRows(selection);
  const clock = new StepClock();
  const removed = takeSplats(scene, removedRows);
  const shape = measureObject(removed);
  const surroundings = measureSurroundings(scene, selection, shape);
  const working: WorkingScene = { scene, selection, added: emptyLike(scene) };

  const candidates = candidateCameras(cameras, shape);
  const judge = async (candidate: Candidate): Promise<Judged | undefined> => {
    const camera = frameObject(candidate.camera, shape, JUDGE_PX);
    if (camera === undefined) return undefined;
    const seen = await look(working, camera, shape, kernels, { seamPx: 1 }, signal);
    return { ...candidate, look: seen, ...scoreOf(seen, candidate) };
  };
  let judged: Judged[] = [];
  for (const [i, candidate] of candidates.entries()) {
    throwIfCancelled(signal);
    onProgress({ step: 'choose cameras', fraction: (0.25 * i) / candidates.length });
    const j = await clock.time('choose cameras', () => judge(candidate));
    if (j !== undefined) judged.push(j);
  }
  if (judged.every((j) => countMask(j.look.footprint) === 0)) {
    throw new SplatmendError(
      'camera-sees-nothing',
      'remove: no camera sees the selected splats; move the camera so that they are in the picture',
    );
  }
  const openAtStart = judged.reduce((s, j) => s + j.open, 0);
  const filledViews: FilledView[] = [];
  let views = 0;
  while (views < settings.views) {
    judged.sort((a, b) => b.score - a.score);
    const best = judged[0];
    if (best === undefined || best.score <= 0) break;
    const size = fillSize(shape, surroundings, settings.resolution);
    const camera = frameObject(best.camera, shape, size)!;
    const filled = await fillView({
      working,
      camera,
      shape,
      surroundings,
      kernels,
      models,
      settings,
      clock,
      signal,
    });
    judged = judged.filter((j) => j !== best);
    views++;
    if (filled !== undefined) {
      working.added = concatSplats(working.added, filled.splats);
      if (settings.keepViews) filledViews.push(filled.view);
    }
    judged = judged.slice(0, 14);
    const again: Judged[] = [];
    for (const j of judged) {
      const next = await clock.time('choose cameras', () => judge(j));
      if (next !== undefined) again.push(next);
    }
    judged = again;
  }
  return {
    patch: { removed: removedRows, added: working.added },
    figures: {
      selected: removedRows.length,
      added: working.added.count,
      coverage: 0,
      seamDepth: 0,
      seamColour: 0,
      views,
      seconds: clock.seconds,
      notes: [],
    },
    filledViews,
    backend: kernels.kind,
  };
}

/** Open area and how good a place this is to fill it from. */
function scoreOf(seen: Look, candidate: Candidate): { open: number; score: number } {
  const { camera, hole, completed, framed } = seen;
  let open = 0;
  for (let i = 0; i < hole.data.length; i++) {
    if (hole.data[i] === 0) continue;
    const z = completed.depth.data[i]!;
    open += (z / camera.fx) * (z / camera.fy);
  }
  return { open, score: open * framed ** 3 * (candidate.given ? 1.2 : 1) };
}

function fillSize(shape: ObjectShape, surroundings: Surroundings, resolution: number): number {
  const wanted = (4.2 * shape.radius * 3) / surroundings.spacing;
  return Math.round(Math.min(resolution, Math.max(160, wanted)));
}

function checkSelection(scene: SplatCloud, selection: Selection): void {
  if (selection.length !== scene.count) {
    throw new SplatmendError(
      'bad-selection',
      `remove: the selection is for ${selection.length} splats, the scene has ${scene.count}`,
    );
  }
  const n = countSelected(selection);
  if (n === 0)
    throw new SplatmendError('empty-selection', 'remove: 0 splats selected; select some first');
  if (n === scene.count) {
    throw new SplatmendError(
      'everything-selected',
      'remove: all splats are selected; nothing would be left to mend from',
    );
  }
}

function emptyLike(scene: SplatCloud): SplatCloud {
  return createSplatCloud(
    0,
    scene.shDegree,
    scene.extras.map((e) => ({
      name: e.name,
      data: new (e.data.constructor as new (n: number) => ExtraData)(0),
    })),
  );
}
