/** Models kept in the browser (origin private file system): downloads that go on where they stopped, checked on the way out. */
import { SplatmendError } from '../../core/errors.ts';
import { type OnProgress, throwIfCancelled } from '../../core/progress.ts';
import { sha256Of } from '../../core/sha256.ts';
import type { ModelFile } from '../../workers/models/api.ts';

export interface StoredModel {
  name: string;
  bytes: number;
  /** Of what was stored, hexadecimal; absent where the page is not a secure context. */
  sha256?: string;
  /** Where it is from; absent for a file of the user's. */
  url?: string;
}

/** Beside each model's bytes. */
interface Record extends StoredModel {
  /** The server's mark of this version: with another one a part that is here is of no use. */
  version?: string;
  complete: boolean;
}

export interface ModelStore {
  /** What is here whole. */
  list(): Promise<StoredModel[]>;
  /**
   * The model of an address: from here, else fetched; what was fetched before a cancel or a break is not fetched again,
   * where the server can answer for a part.
   * @throws SplatmendError `not-readable`, `too-large`, `bad-file`, `cancelled`
   */
  download(
    url: string,
    mostBytes: number,
    signal?: AbortSignal,
    onProgress?: OnProgress,
  ): Promise<ModelFile>;
  /** Keeps a file of the user's. */
  keep(file: File): Promise<StoredModel>;
  /** @throws SplatmendError `not-readable` when it is not here, `bad-file` when it is not what was stored */
  read(name: string): Promise<ModelFile>;
  delete(name: string): Promise<void>;
}

const FOLDER = 'splatmend-models';
/** Written down this often: a tab that is closed loses no more. */
const FLUSH_BYTES = 8_000_000;

const nameOf = (url: string) =>
  url
    .replace(/[?#].*$/, '')
    .split('/')
    .at(-1)!
    .replace(/[^\w.-]/g, '_')
    .slice(0, 100) || 'model.onnx';

/** Undefined where the browser keeps nothing for this page. */
export async function openModelStore(folder = FOLDER): Promise<ModelStore | undefined> {
  try {
    const root = await navigator.storage.getDirectory();
    const directory = await root.getDirectoryHandle(folder, { create: true });
    return new OpfsStore(directory);
  } catch {
    return undefined;
  }
}

class OpfsStore implements ModelStore {
  readonly #folder: FileSystemDirectoryHandle;

  constructor(folder: FileSystemDirectoryHandle) {
    this.#folder = folder;
  }

  async list(): Promise<StoredModel[]> {
    const out: StoredModel[] = [];
    for await (const name of this.#folder.keys()) {
      if (!name.endsWith('.json')) continue;
      const record = await this.#record(name.slice(0, -5));
      if (record?.complete) out.push(stored(record));
    }
    return out.sort((a, b) => a.name.localeCompare(b.name));
  }

  async download(
    url: string,
    mostBytes: number,
    signal?: AbortSignal,
    onProgress?: OnProgress,
  ): Promise<ModelFile> {
    throwIfCancelled(signal);
    const name = nameOf(url);
    const before = await this.#record(name);
    if (before?.complete && before.url === url) return this.read(name);
    const part = before && !before.complete && before.url === url ? await this.#bytes(name) : 0;
    const { response, from } = await request(url, name, part, before?.version, signal);
    const total = from + Number(response.headers.get('content-length') ?? Number.NaN);
    if (total > mostBytes) {
      void response.body!.cancel();
      throw tooLarge(name, total, mostBytes);
    }
    const version = versionOf(response);
    const record: Record = { name, bytes: 0, url, complete: false, ...(version && { version }) };
    await this.#write(`${name}.json`, JSON.stringify(record));
    const bytes = await this.#append(name, response, from, {
      total,
      mostBytes,
      signal,
      onProgress,
    });
    // More than was said: it came packed.
    if (bytes < total) {
      throw unreadable(name, `it broke off after ${bytes} of ${total} bytes; try again to go on`);
    }
    const { blob } = await this.#finish({ ...record, bytes });
    return { name, blob };
  }

  async keep(file: File): Promise<StoredModel> {
    const name = nameOf(file.name);
    await this.#write(name, file);
    return (await this.#finish({ name, bytes: file.size, complete: false })).model;
  }

  async read(name: string): Promise<ModelFile> {
    const record = await this.#record(name);
    if (!record?.complete) throw unreadable(name, 'it is not kept in this browser; load it again');
    const blob = await (await this.#folder.getFileHandle(name)).getFile();
    const sha256 =
      blob.size === record.bytes ? await sha256Of(await blob.arrayBuffer()) : 'another size';
    if (sha256 !== record.sha256) {
      await this.delete(name);
      throw new SplatmendError(
        'bad-file',
        `${name}: what this browser kept is damaged, and was deleted; load it again`,
      );
    }
    return { name, blob };
  }

  async delete(name: string): Promise<void> {
    for (const entry of [`${name}.json`, name]) {
      await this.#folder.removeEntry(entry).catch(() => undefined);
    }
  }

  /** Writes what comes after what is there. @returns the file's bytes then */
  async #append(
    name: string,
    response: Response,
    from: number,
    o: {
      total: number;
      mostBytes: number;
      signal: AbortSignal | undefined;
      onProgress: OnProgress | undefined;
    },
  ): Promise<number> {
    const handle = await this.#folder.getFileHandle(name, { create: true });
    const reader = response.body!.getReader();
    let bytes = from;
    let waiting: Uint8Array<ArrayBuffer>[] = [];
    let size = 0;
    // A writable's bytes are there only once it is closed.
    const flush = async () => {
      if (size === 0) return;
      const writable = await handle.createWritable({ keepExistingData: true });
      await writable.write({ type: 'write', position: bytes - size, data: new Blob(waiting) });
      await writable.truncate(bytes);
      await writable.close();
      waiting = [];
      size = 0;
    };
    try {
      for (let next = await reader.read(); !next.done; next = await reader.read()) {
        throwIfCancelled(o.signal);
        bytes += next.value.length;
        if (bytes > o.mostBytes) throw tooLarge(name, bytes, o.mostBytes);
        waiting.push(next.value);
        size += next.value.length;
        if (size >= FLUSH_BYTES) await flush();
        const fraction = Number.isFinite(o.total) ? Math.min(1, bytes / o.total) : 0;
        o.onProgress?.({ step: `download ${name}`, fraction });
      }
      await flush();
      return bytes;
    } catch (error) {
      void reader.cancel().catch(() => undefined);
      await flush();
      if (error instanceof SplatmendError) throw error;
      throwIfCancelled(o.signal);
      throw unreadable(name, 'the connection broke off; try again to go on', error);
    }
  }

  /** Notes that it is whole, by the hash of what lies here. */
  async #finish(record: Record): Promise<{ model: StoredModel; blob: Blob }> {
    const blob = await (await this.#folder.getFileHandle(record.name)).getFile();
    const sha256 = await sha256Of(await blob.arrayBuffer());
    const done = { ...record, ...(sha256 && { sha256 }), complete: true };
    await this.#write(`${record.name}.json`, JSON.stringify(done));
    return { model: stored(done), blob };
  }

  async #record(name: string): Promise<Record | undefined> {
    try {
      const file = await (await this.#folder.getFileHandle(`${name}.json`)).getFile();
      return JSON.parse(await file.text()) as Record;
    } catch {
      return undefined;
    }
  }

  async #bytes(name: string): Promise<number> {
    try {
      return (await (await this.#folder.getFileHandle(name)).getFile()).size;
    } catch {
      return 0;
    }
  }

  async #write(name: string, content: string | Blob): Promise<void> {
    const handle = await this.#folder.getFileHandle(name, { create: true });
    const writable = await handle.createWritable();
    await writable.write(content);
    await writable.close();
  }
}

const stored = ({ name, bytes, sha256, url }: Record): StoredModel => ({
  name,
  bytes,
  ...(sha256 && { sha256 }),
  ...(url && { url }),
});

const versionOf = (response: Response) =>
  response.headers.get('etag') ?? response.headers.get('last-modified') ?? undefined;

/** Asks for what comes after `part` bytes. @returns where the answer begins */
async function request(
  url: string,
  name: string,
  part: number,
  version: string | undefined,
  signal: AbortSignal | undefined,
): Promise<{ response: Response; from: number }> {
  const ask = (headers: HeadersInit) =>
    fetch(url, { headers, ...(signal && { signal }) }).catch((error: unknown) => {
      throwIfCancelled(signal);
      const why = error instanceof Error ? error.message : String(error);
      throw unreadable(
        name,
        `${why}; check the address, and that its server allows this page (CORS)`,
        error,
      );
    });
  let response = await ask(part > 0 ? { Range: `bytes=${part}-` } : {});
  const begins = Number(/^bytes (\d+)-/.exec(response.headers.get('content-range') ?? '')?.[1]);
  const same =
    version === undefined || versionOf(response) === undefined || versionOf(response) === version;
  if (response.status === 206 && begins === part && same) return { response, from: part };
  // Another version, more than there is, or a server that gives no parts: from the beginning.
  if (response.status === 206 || response.status === 416) {
    void response.body?.cancel();
    response = await ask({});
  }
  if (!response.ok || response.body === null) {
    throw unreadable(name, `status ${response.status}; check the address`);
  }
  return { response, from: 0 };
}

const unreadable = (name: string, why: string, cause?: unknown) =>
  new SplatmendError('not-readable', `${name}: could not be fetched (${why})`, { cause });

const tooLarge = (name: string, bytes: number, most: number) =>
  new SplatmendError(
    'too-large',
    `${name}: ${Math.round(bytes / 1e6)} MB is over the ${Math.round(most / 1e6)} MB allowed for a model; choose a smaller one`,
  );
