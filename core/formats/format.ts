import { SplatmendError } from '../errors.ts';

export const SPLAT_FORMATS = ['ply', 'compressed.ply', 'splat', 'ksplat', 'spz', 'sog'] as const;
export type SplatFormat = (typeof SPLAT_FORMATS)[number];

const SUPPORTED = SPLAT_FORMATS.map((f) => `.${f}`).join(', ');

/** `bad-file` with where and why; `next` says what to do. */
export function badFile(fileName: string, why: string, cause?: unknown): SplatmendError {
  return new SplatmendError('bad-file', `${fileName}: ${why}`, { cause });
}

export function unsupportedFile(fileName: string, why: string): SplatmendError {
  return new SplatmendError('unsupported-file', `${fileName}: ${why}`);
}

/**
 * The format that a file's name says.
 * @throws SplatmendError `unknown-format`, naming the supported ones
 */
export function formatFromName(fileName: string): SplatFormat {
  const lower = fileName.toLowerCase();
  // Longest first: `.compressed.ply` ends with `.ply` too.
  const found = [...SPLAT_FORMATS]
    .sort((a, b) => b.length - a.length)
    .find((format) => lower.endsWith(`.${format}`));
  if (found !== undefined) return found;
  throw unknownFormat(fileName);
}

export function unknownFormat(name: string): SplatmendError {
  return new SplatmendError(
    'unknown-format',
    `${name}: not a known splat format; use one of ${SUPPORTED}`,
  );
}

const startsWith = (bytes: Uint8Array, ...magic: number[]) =>
  bytes.length >= magic.length && magic.every((b, i) => bytes[i] === b);

/** The format that the first bytes prove, or undefined: .splat and .ksplat have no magic number. */
export function formatFromMagic(bytes: Uint8Array): 'ply' | 'spz' | 'sog' | undefined {
  if (startsWith(bytes, 0x70, 0x6c, 0x79) && (bytes[3] === 0x0a || bytes[3] === 0x0d)) return 'ply';
  if (startsWith(bytes, 0x1f, 0x8b, 0x08)) return 'spz';
  if (startsWith(bytes, 0x4e, 0x47, 0x53, 0x50)) return 'spz';
  if (startsWith(bytes, 0x50, 0x4b, 0x03, 0x04)) return 'sog';
  return undefined;
}
