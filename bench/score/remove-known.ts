/** Removes objects of generated scenes and compares with their truth. */
import { type Camera, projectPoint } from '../../core/camera.ts';
import type { Kernels } from '../../core/kernels.ts';
import { dilate } from '../../core/morphology.ts';
import {
  type FilledView,
  REMOVE_DEFAULTS,
  type RemoveOptions,
  type SplatPatch,
} from '../../core/remove-types.ts';
import type { Selection } from '../../core/selection.ts';
import { createExemplarInpainter } from '../../workers/inpainters/exemplar/index.ts';
import { previewHole } from '../../workers/preview-hole.ts';
import { remove } from '../../workers/remove.ts';
import type { TruthObject, TruthScene } from '../scenes/truth-scene.ts';
import { deleteOnly, fiveNeighbourMean } from './baselines.ts';
import { createHeldTruth, type PictureScore, renderAll, shown } from './picture-score.ts';

/** What is compared. `one view, whole footprint`: no hole is looked for and one view is filled, as InFusion does it (Liu et al. 2024). */
export const METHODS = [
  'splatmend',
  'one view, whole footprint',
  'five-neighbour mean',
  'delete only',
] as const;
export type Method = (typeof METHODS)[number];

export interface ObjectResult {
  object: TruthObject;
  method: Method;
  patch: SplatPatch;
  scores: PictureScore[];
  /** Wall-clock of the removal. */
  seconds: number;
  /** Seconds a step; empty for the baselines. */
  steps: Record<string, number>;
  /** Intersection over union of the first view's hole as found and as it is, both grown by the seam; only where one is looked for. */
  maskIou?: number;
}

export interface KnownRun {
  kernels: Kernels;
  options?: RemoveOptions;
  /** Side of the held pictures. */
  heldPx: number;
  /** Default: all. */
  methods?: readonly Method[];
}

export function selectObject(scene: TruthScene, object: TruthObject): Selection {
  return scene.labels.map((label) => (label === object.id ? 1 : 0));
}

/** The first of the scene's own cameras whose picture holds the whole object: where a user would stand. */
export function userCamera(scene: TruthScene, object: TruthObject): Camera {
  const found = scene.cameras.find((camera) => {
    const { u, v, depth } = projectPoint(camera, object.center);
    const reach = (camera.fx * object.radius) / depth;
    return (
      depth > 0 && u > reach && v > reach && u < camera.width - reach && v < camera.height - reach
    );
  });
  if (found === undefined) throw new Error(`no camera of the scene sees all of the ${object.name}`);
  return found;
}

/** One object by every method, on the same held cameras. */
export async function removeKnown(
  scene: TruthScene,
  object: TruthObject,
  run: KnownRun,
): Promise<ObjectResult[]> {
  const selection = selectObject(scene, object);
  const held = await createHeldTruth(scene, object, run.kernels, run.heldPx);
  const results: ObjectResult[] = [];
  for (const method of run.methods ?? METHODS) {
    const start = performance.now();
    const made = await MAKERS[method]({ scene, object, selection, run });
    const seconds = (performance.now() - start) / 1000;
    const { patch, steps = {}, first } = made;
    const result: ObjectResult = {
      object,
      method,
      patch,
      scores: await held.score(patch),
      seconds,
      steps,
    };
    if (first !== undefined) result.maskIou = await maskIou(first, scene, object, run);
    results.push(result);
  }
  return results;
}

interface Work {
  scene: TruthScene;
  object: TruthObject;
  selection: Selection;
  run: KnownRun;
}
interface Made {
  patch: SplatPatch;
  steps?: Record<string, number>;
  /** The first view that was filled, where its hole was looked for. */
  first?: FilledView | undefined;
}

const models = () => ({ inpainter: createExemplarInpainter() });

const MAKERS: Record<Method, (work: Work) => Promise<Made> | Made> = {
  async splatmend({ scene, object, selection, run }) {
    const { patch, figures, filledViews } = await remove(
      scene.cloud,
      selection,
      [userCamera(scene, object)],
      run.kernels,
      models(),
      { ...run.options, keepViews: true },
    );
    return { patch, steps: figures.seconds, first: filledViews[0] };
  },
  async 'one view, whole footprint'({ scene, object, selection, run }) {
    const camera = userCamera(scene, object);
    const look = await previewHole(scene.cloud, selection, camera, run.kernels, run.options);
    const painted = { camera: look.camera, mask: look.footprint };
    const options = { ...run.options, views: 1, painted };
    const { patch } = await remove(
      scene.cloud,
      selection,
      [camera],
      run.kernels,
      models(),
      options,
    );
    return { patch };
  },
  'five-neighbour mean': ({ scene, selection }) => ({
    patch: fiveNeighbourMean(scene.cloud, selection),
  }),
  'delete only': ({ scene, selection }) => ({ patch: deleteOnly(scene.cloud, selection) }),
};

/** The truth's hole: pixels that show what the object hid. The line grows its own by the seam. */
async function maskIou(
  { camera, mask }: FilledView,
  scene: TruthScene,
  object: TruthObject,
  { kernels, options }: KnownRun,
): Promise<number> {
  const truth = scene.truthWithout(object.id);
  const survivors = scene.labels.filter((label) => label !== object.id).length;
  const isHidden = new Uint8Array(truth.count).fill(1, survivors);
  const [view] = await renderAll(kernels, truth, [camera], isHidden);
  const wanted = dilate(shown(view!), options?.seamPx ?? REMOVE_DEFAULTS.seamPx);
  let both = 0;
  let either = 0;
  for (let i = 0; i < mask.data.length; i++) {
    if (mask.data[i] !== 0 && wanted.data[i] !== 0) both++;
    if (mask.data[i] !== 0 || wanted.data[i] !== 0) either++;
  }
  return both / either;
}

/** Mean over an object's held cameras. */
export function meanOf(
  scores: readonly PictureScore[],
  key: 'boxDb' | 'hiddenDb' | 'covered',
): number {
  return scores.reduce((sum, s) => sum + s[key], 0) / scores.length;
}
