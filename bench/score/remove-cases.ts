/** Removes from cases in files (scene.ply, truth.ply, case.json) and scores the mended surface in space. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Camera, parseCamera } from '../../core/camera.ts';
import { readSplats } from '../../core/formats/index.ts';
import type { Kernels } from '../../core/kernels.ts';
import { applyPatch } from '../../core/patch.ts';
import type { RemoveOptions } from '../../core/remove-types.ts';
import { parseSelectionVolume, type Selection, selectInVolume } from '../../core/selection.ts';
import type { SplatCloud } from '../../core/splat-cloud.ts';
import { createExemplarInpainter } from '../../workers/inpainters/exemplar/index.ts';
import { remove } from '../../workers/remove.ts';
import { deleteOnly, fiveNeighbourMean } from './baselines.ts';
import { type SurfaceScore, scoreSurface } from './surface-score.ts';

export interface RemovalCase {
  name: string;
  scene: SplatCloud;
  selection: Selection;
  /** The hidden surface alone. */
  truth: SplatCloud;
  cameras: Camera[];
  toleranceMm: number;
}

/** Names of the cases in a folder. */
export async function listCases(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  return entries
    .filter((e) => e.isDirectory())
    .map((e) => e.name)
    .sort();
}

export async function readCase(folder: string): Promise<RemovalCase> {
  const json = JSON.parse(await readFile(join(folder, 'case.json'), 'utf8')) as {
    name: string;
    select: unknown;
    cameras: unknown[];
    toleranceMm?: number;
  };
  const cloud = async (file: string) =>
    (await readSplats(await readFile(join(folder, file)), file)).cloud;
  const scene = await cloud('scene.ply');
  return {
    name: json.name,
    scene,
    selection: selectInVolume(scene, parseSelectionVolume(json.select)),
    truth: await cloud('truth.ply'),
    cameras: json.cameras.map(parseCamera),
    toleranceMm: json.toleranceMm ?? 12,
  };
}

export interface CaseResult {
  name: string;
  method: 'splatmend' | 'delete only' | 'five-neighbour mean';
  score: SurfaceScore;
  toleranceMm: number;
  seconds: number;
  steps: Record<string, number>;
}

/** One case by every method. */
export async function runCase(
  item: RemovalCase,
  kernels: Kernels,
  options: RemoveOptions,
): Promise<CaseResult[]> {
  const { name, scene, selection, truth, toleranceMm } = item;
  const start = performance.now();
  const { patch, figures } = await remove(
    scene,
    selection,
    item.cameras,
    kernels,
    { inpainter: createExemplarInpainter() },
    options,
  );
  const seconds = (performance.now() - start) / 1000;
  const scored = (
    method: CaseResult['method'],
    made: Parameters<typeof applyPatch>[1],
    took: number,
    steps: Record<string, number>,
  ): CaseResult => ({
    name,
    method,
    score: scoreSurface(scene, selection, truth, applyPatch(scene, made), toleranceMm),
    toleranceMm,
    seconds: took,
    steps,
  });
  return [
    scored('splatmend', patch, seconds, figures.seconds),
    scored('five-neighbour mean', fiveNeighbourMean(scene, selection), 0, {}),
    scored('delete only', deleteOnly(scene, selection), 0, {}),
  ];
}
