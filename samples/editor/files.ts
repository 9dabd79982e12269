import { SplatmendError } from '../../core/errors.ts';
import { formatFromName, type SplatFormat } from '../../core/formats/format.ts';
import { byteSize } from '../../plugin/ui/figures.ts';

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

/** Hands bytes to the browser's downloads. */
export function download(bytes: Uint8Array, base: string, format: SplatFormat): void {
  const url = URL.createObjectURL(new Blob([bytes as Uint8Array<ArrayBuffer>]));
  const link = document.createElement('a');
  link.href = url;
  link.download = `${base}-mended.${format}`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}
