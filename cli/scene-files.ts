/** Scenes as the commands read and write them, and what `--json` says of both. */
import { basename } from 'node:path';
import { readSplats, type SplatFormat, writeSplats } from '../core/formats/index.ts';
import { throwIfCancelled } from '../core/progress.ts';
import type { SplatCloud } from '../core/splat-cloud.ts';
import { readBytes, writeWhole } from './files.ts';
import type { ProgressView } from './progress.ts';

export interface SceneInputJson {
  path: string;
  format: SplatFormat;
  splats: number;
  shDegree: number;
  notes: string[];
}

export interface SceneOutputJson {
  path: string;
  format: SplatFormat;
  splats: number;
  bytes: number;
}

/** @throws SplatmendError as reading a file and a scene does */
export async function readScene(
  path: string,
  progress: ProgressView,
  signal: AbortSignal,
): Promise<{ scene: SplatCloud; input: SceneInputJson }> {
  progress.update(0, `read ${basename(path)}`);
  const { cloud, format, report } = await readSplats(await readBytes(path), basename(path), signal);
  const { count, shDegree } = cloud;
  return { scene: cloud, input: { path, format, splats: count, shDegree, notes: report.notes } };
}

/**
 * Writes a scene, and after it what goes beside it; a path or bytes that are undefined are passed over.
 * @throws SplatmendError as writing does, and `cancelled`: then nothing is written
 */
export async function writeScene(
  cloud: SplatCloud,
  { path, format }: { path: string; format: SplatFormat },
  beside: readonly (readonly [path: string | undefined, bytes: Uint8Array | undefined])[],
  signal: AbortSignal,
): Promise<{ output: SceneOutputJson; files: string[] }> {
  const bytes = await writeSplats(cloud, format, signal);
  // The last moment at which nothing is written.
  throwIfCancelled(signal);
  await writeWhole(path, bytes);
  const files = [path];
  for (const [name, data] of beside) {
    if (name === undefined || data === undefined) continue;
    await writeWhole(name, data);
    files.push(name);
  }
  return { output: { path, format, splats: cloud.count, bytes: bytes.length }, files };
}
