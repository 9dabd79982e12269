/** Files at the command line's edge: read whole, written whole or not at all. */
import { type FileHandle, mkdir, open, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { SplatmendError } from '../core/errors.ts';

const reason = (error: unknown) => {
  const code = (error as NodeJS.ErrnoException).code;
  if (code === 'ENOENT') return 'there is no such file or folder';
  if (code === 'EACCES' || code === 'EPERM') return 'permission denied';
  if (code === 'EROFS') return 'the disk is read-only';
  if (code === 'ENOSPC') return 'the disk is full';
  if (code === 'ENOTDIR') return 'a part of the path is a file, not a folder';
  return error instanceof Error ? error.message : String(error);
};

/** What one array of bytes may hold in Node, and what a pipe may bring. */
const MAX_BYTES = 2 ** 32;

const tooLarge = (path: string, size: string) =>
  new SplatmendError('too-large', `read: ${path}: ${size} are more than can be read (4 GiB)`);

/** All that a pipe or a device brings: it has no size before its end. */
async function readToEnd(file: FileHandle, path: string): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const part of file.createReadStream({ autoClose: false })) {
    parts.push(part);
    size += part.length;
    if (size > MAX_BYTES) throw tooLarge(path, 'the bytes of this stream');
  }
  return Buffer.concat(parts, size);
}

/**
 * The file's bytes in one allocation (Node's readFile refuses 2 GiB). Of a pipe (`<(…)` in a shell, /dev/stdin) all that comes.
 * @throws SplatmendError `not-readable`, `too-large`
 */
export async function readBytes(path: string): Promise<Uint8Array> {
  try {
    const file = await open(path, 'r');
    try {
      const info = await file.stat();
      if (info.isDirectory()) throw new Error('it is a folder');
      if (!info.isFile()) return await readToEnd(file, path);
      if (info.size > MAX_BYTES) throw tooLarge(path, `its ${info.size} bytes`);
      const bytes = new Uint8Array(info.size);
      let at = 0;
      while (at < bytes.length) {
        const wanted = Math.min(bytes.length - at, 1 << 28);
        const { bytesRead } = await file.read(bytes, at, wanted, at);
        if (bytesRead === 0) break;
        at += bytesRead;
      }
      return at === bytes.length ? bytes : bytes.subarray(0, at);
    } finally {
      await file.close();
    }
  } catch (error) {
    if (error instanceof SplatmendError) throw error;
    throw new SplatmendError('not-readable', `read: ${path}: ${reason(error)}; check the path`, {
      cause: error,
    });
  }
}

/** Over this a JSON file is no selection and no camera list: 10M row numbers are some 90 MB. */
const MAX_JSON_BYTES = 256 * 2 ** 20;

/**
 * The parsed JSON of a file.
 * @param code what to call a file that is no JSON
 * @throws SplatmendError `not-readable`, or `code`
 */
export async function readJson(path: string, code: 'bad-selection' | 'bad-camera') {
  const bytes = await readBytes(path);
  if (bytes.length > MAX_JSON_BYTES) {
    throw new SplatmendError(code, `read: ${path}: over 256 MiB; is it the right file?`);
  }
  try {
    return JSON.parse(new TextDecoder().decode(bytes)) as unknown;
  } catch (error) {
    throw new SplatmendError(code, `read: ${path}: not JSON (${(error as Error).message})`, {
      cause: error,
    });
  }
}

const notWritable = (path: string, why: string, cause?: unknown) =>
  new SplatmendError('not-writable', `write: ${path}: ${why}; choose another place`, { cause });

const temporaryName = (path: string) =>
  join(dirname(path), `.${basename(path).slice(0, 100)}.splatmend-${process.pid}.tmp`);

async function exists(path: string): Promise<'file' | 'folder' | 'no'> {
  try {
    return (await stat(path)).isDirectory() ? 'folder' : 'file';
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return 'no';
    throw notWritable(path, reason(error), error);
  }
}

async function probe(folder: string, path: string) {
  const name = join(folder, `.splatmend-${process.pid}.probe`);
  try {
    await (await open(name, 'wx')).close();
  } catch (error) {
    throw notWritable(path, reason(error), error);
  }
  await rm(name, { force: true });
}

/**
 * Proves, before the work, that a file can be written there: makes and takes away an empty one
 * beside it (root passes every permission check, a read-only disk does not).
 * @throws SplatmendError `not-writable`
 */
export async function checkWritableFile(path: string, force: boolean): Promise<void> {
  const there = await exists(path);
  if (there === 'folder') throw notWritable(path, 'it is a folder');
  if (there === 'file' && !force) {
    throw new SplatmendError(
      'not-writable',
      `write: ${path} is there already; give another -o, or --force to overwrite it`,
    );
  }
  const folder = dirname(resolve(path));
  if ((await exists(folder)) !== 'folder') throw notWritable(path, `there is no folder ${folder}`);
  await probe(folder, path);
}

/**
 * Proves that a folder can be made and written in. Makes nothing.
 * @param owned the file whose presence means that an earlier run's output is there
 * @throws SplatmendError `not-writable`
 */
export async function checkWritableFolder(path: string, owned: string, force: boolean) {
  const there = await exists(path);
  if (there === 'file') throw notWritable(path, 'it is a file, not a folder');
  if (there === 'folder' && !force && (await exists(join(path, owned))) !== 'no') {
    throw new SplatmendError(
      'not-writable',
      `write: ${join(path, owned)} is there already; give another folder, or --force to overwrite it`,
    );
  }
  let folder = resolve(path);
  for (;;) {
    const kind = await exists(folder);
    if (kind === 'folder') break;
    if (kind === 'file') throw notWritable(path, `${folder} is a file, not a folder`);
    folder = dirname(folder);
  }
  await probe(folder, path);
}

/**
 * Writes a file whole or not at all: beside its place first, then renamed into it.
 * @throws SplatmendError `not-writable`
 */
export async function writeWhole(path: string, bytes: Uint8Array): Promise<void> {
  const temporary = temporaryName(path);
  try {
    await mkdir(dirname(path), { recursive: true });
    const file = await open(temporary, 'w');
    try {
      // One write call takes at most 2 GiB.
      for (let at = 0; at < bytes.length; ) {
        const { bytesWritten } = await file.write(
          bytes,
          at,
          Math.min(bytes.length - at, 1 << 28),
          at,
        );
        at += bytesWritten;
      }
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw notWritable(path, reason(error), error);
  }
}
