import { SplatmendError } from '../errors.ts';
import type { SplatCloud } from '../splat-cloud.ts';
import { inspectSplats } from '../usable.ts';
import { badFile, formatFromMagic, formatFromName, type SplatFormat } from './format.ts';
import { isCompressedPlyHeader, parsePlyHeader } from './ply-header.ts';
import { readPly } from './ply-read.ts';
import { writePly } from './ply-write.ts';

export { formatFromName, SPLAT_FORMATS, type SplatFormat } from './format.ts';

/** What a file held, for the user. */
export interface SceneReport {
  count: number;
  shDegree: number;
  /** Splats with NaN or infinite values (opacity aside, where ±Infinity is legal). */
  nonFinite: number;
  /** Splats far larger than the scene; see core/usable.ts. */
  oversized: number;
  zeroRotations: number;
  /** Plain sentences: what the file says that the cloud does not hold, and the like. */
  notes: string[];
}

export interface SceneFile {
  /** Every splat of the file, the unusable ones too. */
  cloud: SplatCloud;
  /** The format that was read: the content's where it and the name disagree. */
  format: SplatFormat;
  report: SceneReport;
}

interface ReadResult {
  cloud: SplatCloud;
  notes: string[];
}

/** The content's magic number wins over the name, where there is one. */
function actualFormat(bytes: Uint8Array, fileName: string): SplatFormat {
  const named = formatFromName(fileName);
  if (bytes.length === 0) throw badFile(fileName, 'the file is empty');
  const magic = formatFromMagic(bytes);
  if (magic === 'ply') {
    return isCompressedPlyHeader(parsePlyHeader(bytes, fileName)) ? 'compressed.ply' : 'ply';
  }
  if (magic !== undefined) return magic;
  if (named !== 'splat' && named !== 'ksplat') {
    throw badFile(fileName, `does not begin like a .${named} file`);
  }
  return named;
}

async function readAs(
  format: SplatFormat,
  bytes: Uint8Array,
  fileName: string,
  signal: AbortSignal | undefined,
): Promise<ReadResult> {
  if (format === 'ply') return readPly(bytes, fileName, signal);
  throw new SplatmendError('unsupported-file', `${fileName}: ${format} is not read yet`);
}

/**
 * Reads a Gaussian-splat file. All formats land in one frame and encoding: the reference
 * implementation's PLY of the same scene.
 * @throws SplatmendError `unknown-format`, `bad-file`, `unsupported-file`, `too-large`, `cancelled`
 */
export async function readSplats(
  bytes: Uint8Array,
  fileName: string,
  signal?: AbortSignal,
): Promise<SceneFile> {
  const format = actualFormat(bytes, fileName);
  const { cloud, notes } = await readAs(format, bytes, fileName, signal);
  if (format !== formatFromName(fileName)) notes.unshift(`the content is ${format}, read as that`);
  const { nonFinite, oversized, zeroRotations } = inspectSplats(cloud);
  const { count, shDegree } = cloud;
  return {
    cloud,
    format,
    report: { count, shDegree, nonFinite, oversized, zeroRotations, notes },
  };
}

/**
 * Writes a cloud. What each format keeps is in docs/formats.md; only PLY keeps everything.
 * @throws SplatmendError `cancelled`, `too-large`, `internal`
 */
export async function writeSplats(
  cloud: SplatCloud,
  format: SplatFormat,
  signal?: AbortSignal,
): Promise<Uint8Array> {
  if (format === 'ply') return writePly(cloud, signal);
  throw new SplatmendError('unsupported-file', `write: ${format} is not written yet`);
}
