/** Removes objects of the sample scene and compares with its truth. */
import { type Camera, projectPoint } from '../../core/camera.ts';
import type { Kernels } from '../../core/kernels.ts';
import type { RemoveOptions, SplatPatch } from '../../core/remove-types.ts';
import type { Selection } from '../../core/selection.ts';
import type { TabletopObject, TabletopScene } from '../../samples/scenes/tabletop.ts';
import { createExemplarInpainter } from '../../workers/inpainters/exemplar/index.ts';
import { remove } from '../../workers/remove.ts';
import { deleteOnly, fiveNeighbourMean } from './baselines.ts';
import { createHeldTruth, type PictureScore } from './picture-score.ts';

export interface ObjectResult {
  object: TabletopObject;
  method: 'splatmend' | 'delete only' | 'five-neighbour mean';
  patch: SplatPatch;
  scores: PictureScore[];
  /** Wall-clock of the removal. */
  seconds: number;
  /** Seconds a step; empty for the baselines. */
  steps: Record<string, number>;
}

export interface TabletopRun {
  kernels: Kernels;
  options?: RemoveOptions;
  /** Side of the held pictures. */
  heldPx: number;
}

export function selectObject(scene: TabletopScene, object: TabletopObject): Selection {
  return scene.labels.map((label) => (label === object.id ? 1 : 0));
}

/** The first of the scene's own cameras whose picture holds the whole object: where a user would stand. */
export function userCamera(scene: TabletopScene, object: TabletopObject): Camera {
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
export async function removeFromTabletop(
  scene: TabletopScene,
  object: TabletopObject,
  run: TabletopRun,
): Promise<ObjectResult[]> {
  const selection = selectObject(scene, object);
  const held = await createHeldTruth(scene, object, run.kernels, run.heldPx);
  const results: ObjectResult[] = [];
  const add = async (
    method: ObjectResult['method'],
    make: () => Promise<{ patch: SplatPatch; steps: Record<string, number> }>,
  ) => {
    const start = performance.now();
    const { patch, steps } = await make();
    const seconds = (performance.now() - start) / 1000;
    const scores = await held.score(patch);
    results.push({ object, method, patch, scores, seconds, steps });
  };
  await add('splatmend', async () => {
    const { patch, figures } = await remove(
      scene.cloud,
      selection,
      [userCamera(scene, object)],
      run.kernels,
      { inpainter: createExemplarInpainter() },
      run.options ?? {},
    );
    return { patch, steps: figures.seconds };
  });
  await add('five-neighbour mean', async () => ({
    patch: fiveNeighbourMean(scene.cloud, selection),
    steps: {},
  }));
  await add('delete only', async () => ({
    patch: deleteOnly(scene.cloud, selection),
    steps: {},
  }));
  return results;
}

/** Mean over an object's held cameras. */
export function meanDb(scores: readonly PictureScore[], key: 'boxDb' | 'hiddenDb'): number {
  return scores.reduce((sum, s) => sum + s[key], 0) / scores.length;
}
