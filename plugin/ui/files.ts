import { SplatmendError } from '../../core/errors.ts';
import { formatFromName } from '../../core/formats/format.ts';
import { byteSize } from './figures.ts';

/** Chromium's largest ArrayBuffer is a little over 2 GB; a scene also needs its decoded form beside it. */
const MOST_BYTES = 2_000_000_000;

/**
 * A picked or dropped file's bytes, checked before they are read.
 * @throws SplatmendError `unknown-format`, `bad-file` (empty), `too-large`, `not-readable`
 */
export async function readFileBytes(file: File): Promise<Uint8Array> {
  formatFromName(file.name);
  if (file.size === 0) {
    throw new SplatmendError('bad-file', `${file.name}: the file is empty; choose another`);
  }
  if (file.size > MOST_BYTES) {
    throw new SplatmendError(
      'too-large',
      `${file.name}: ${byteSize(file.size)} is more than a browser tab can hold (${byteSize(MOST_BYTES)}); save it as .spz, .sog or .compressed.ply, or use the command line`,
    );
  }
  try {
    return new Uint8Array(await file.arrayBuffer());
  } catch (error) {
    throw new SplatmendError(
      'not-readable',
      `${file.name}: could not be read; is it a folder, or has it moved?`,
      { cause: error },
    );
  }
}

/** `kitchen.compressed.ply` → `kitchen`, for the name of an export. */
export function baseName(fileName: string): string {
  return fileName.replace(/\.(compressed\.ply|ply|splat|ksplat|spz|sog)$/i, '') || 'scene';
}

/**
 * What an export is called: as the scene, and once that is `edited` mended as well. One that was mended before is not
 * named so twice.
 */
export function exportName(fileName: string, format: string, edited: boolean): string {
  const name = baseName(fileName);
  return `${edited ? `${name.replace(/-mended$/, '')}-mended` : name}.${format}`;
}

/** Hands bytes to the browser's downloads. `fileName` is a suggestion; the browser makes it harmless. */
export function download(content: Uint8Array | Blob, fileName: string): void {
  const blob = content instanceof Blob ? content : new Blob([content as Uint8Array<ArrayBuffer>]);
  const url = URL.createObjectURL(blob);
  const link = document.createElement('a');
  link.href = url;
  link.download = fileName;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}

/** Asks the user for one file. @param accept endings like `.ply,.spz`; empty for any */
export function pickFile(accept: string): Promise<File | undefined> {
  const input = document.createElement('input');
  input.type = 'file';
  input.accept = accept;
  return new Promise((resolve) => {
    input.addEventListener('change', () => resolve(input.files?.[0]));
    input.addEventListener('cancel', () => resolve(undefined));
    input.click();
  });
}

/** Asks the user for any number of files at once. */
export function pickFiles(accept: string): Promise<File[]> {
  const input = document.createElement('input');
  input.type = 'file';
  input.accept = accept;
  input.multiple = true;
  return new Promise((resolve) => {
    input.addEventListener('change', () => resolve([...(input.files ?? [])]));
    input.addEventListener('cancel', () => resolve([]));
    input.click();
  });
}

/** What Chromium has and TypeScript's library does not know. */
interface Picker {
  showOpenFilePicker?(): Promise<FileSystemFileHandle[]>;
}

/** Asks the user for a scene, with a handle to it where the browser gives one; undefined where the user thought better of it. */
export async function pickScene(): Promise<
  { file: File; handle?: FileSystemFileHandle } | undefined
> {
  const { showOpenFilePicker } = window as Picker;
  if (!showOpenFilePicker) {
    const file = await pickFile('');
    return file && { file };
  }
  try {
    const [handle] = await showOpenFilePicker.call(window);
    return handle && { file: await handle.getFile(), handle };
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') return undefined;
    throw error;
  }
}

/** A picture as PNG. */
export async function encodePng(picture: ImageBitmap): Promise<Blob> {
  const canvas = new OffscreenCanvas(picture.width, picture.height);
  canvas.getContext('2d')!.drawImage(picture, 0, 0);
  return canvas.convertToBlob({ type: 'image/png' });
}
