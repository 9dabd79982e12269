/** `FILE[,MANIFEST.json]`: a model's bytes and how it wants its tensors. */
import { availableParallelism } from 'node:os';
import { basename } from 'node:path';
import { SplatmendError } from '../core/errors.ts';
import type { ModelFile } from '../workers/models/api.ts';
import { nodeRuntime } from '../workers/models/node-runtime.ts';
import { useRuntime } from '../workers/models/onnx.ts';
import { readBytes } from './files.ts';

/** A manifest is a few lines. */
const MOST_MANIFEST_BYTES = 1_000_000;

/**
 * @param readManifest checks the manifest's JSON
 * @throws SplatmendError `bad-option`, `not-readable`
 */
export async function readModelFlag<M>(
  flag: string,
  text: string,
  readManifest: (json: unknown) => M,
): Promise<{ file: ModelFile; manifest: M | undefined }> {
  const comma = text.toLowerCase().endsWith('.json') ? text.lastIndexOf(',') : -1;
  const path = comma < 0 ? text : text.slice(0, comma);
  if (path === '') {
    throw new SplatmendError('bad-option', `${flag}: no file is named; give onnx:FILE`);
  }
  const manifest = comma < 0 ? undefined : readManifest(await readJsonFile(text.slice(comma + 1)));
  const bytes = await readBytes(path);
  useRuntime(() => nodeRuntime(availableParallelism()));
  const blob = new Blob([bytes as Uint8Array<ArrayBuffer>]);
  return { file: { name: basename(path), blob }, manifest };
}

async function readJsonFile(path: string): Promise<unknown> {
  const bytes = await readBytes(path);
  try {
    if (bytes.length > MOST_MANIFEST_BYTES) throw new Error('over 1 MB');
    return JSON.parse(new TextDecoder().decode(bytes));
  } catch (error) {
    throw new SplatmendError(
      'bad-option',
      `manifest: ${path}: not a manifest (${(error as Error).message}); see docs/models.md`,
      { cause: error },
    );
  }
}
