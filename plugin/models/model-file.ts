import { SplatmendError } from '../../core/errors.ts';
import { throwIfCancelled } from '../../core/progress.ts';
import type { ModelFile } from '../../workers/models/api.ts';

/** A model that the user gives: a file, where it can be fetched from, or what reads it when it is wanted. */
export type ModelSource = Blob | URL | string | (() => Promise<Blob>);

const megabytes = (bytes: number) => `${Math.round(bytes / 1e6).toLocaleString('en')} MB`;

/**
 * A model's bytes, still unread where they are a file.
 * @param mostBytes a download stops past it
 * @throws SplatmendError `bad-file` (empty), `too-large`, `not-readable`, `cancelled`
 */
export async function readModel(
  source: ModelSource,
  mostBytes: number,
  signal?: AbortSignal,
): Promise<ModelFile> {
  const given = typeof source === 'function' ? await source() : source;
  const model =
    given instanceof Blob
      ? { name: given instanceof File ? given.name : 'model', blob: given }
      : await fetchModel(given, mostBytes, signal);
  const { name, blob } = model;
  if (blob.size === 0) {
    throw new SplatmendError('bad-file', `${name}: the file is empty; choose another`);
  }
  if (blob.size > mostBytes) throw tooLarge(name, blob.size, mostBytes);
  return model;
}

const tooLarge = (name: string, bytes: number, most: number) =>
  new SplatmendError(
    'too-large',
    `${name}: ${megabytes(bytes)} is over the ${megabytes(most)} allowed for a model; choose a smaller one`,
  );

async function fetchModel(
  source: URL | string,
  mostBytes: number,
  signal: AbortSignal | undefined,
): Promise<ModelFile> {
  const name =
    String(source)
      .replace(/[?#].*$/, '')
      .split('/')
      .at(-1) || 'model';
  const unreadable = (why: string, cause?: unknown) =>
    new SplatmendError(
      'not-readable',
      `${name}: could not be fetched (${why}); check the address, and that its server allows this page (CORS)`,
      { cause },
    );
  try {
    const response = await fetch(source, signal ? { signal } : {});
    if (!response.ok || response.body === null) throw unreadable(`status ${response.status}`);
    const parts: Uint8Array<ArrayBuffer>[] = [];
    let bytes = 0;
    const reader = response.body.getReader();
    for (let part = await reader.read(); !part.done; part = await reader.read()) {
      bytes += part.value.length;
      if (bytes > mostBytes) {
        void reader.cancel();
        throw tooLarge(name, bytes, mostBytes);
      }
      parts.push(part.value);
    }
    return { name, blob: new Blob(parts) };
  } catch (error) {
    if (error instanceof SplatmendError) throw error;
    throwIfCancelled(signal);
    throw unreadable(error instanceof Error ? error.message : String(error), error);
  }
}
