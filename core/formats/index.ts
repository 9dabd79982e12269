import { SplatmendError } from '../errors.ts';
import { throwIfCancelled } from '../progress.ts';
import { selectedRows } from '../selection.ts';
import { type SplatCloud, takeSplats } from '../splat-cloud.ts';
import { inspectSplats, usableSplats } from '../usable.ts';
import { readCompressedPly, writeCompressedPly } from './compressed-ply.ts';
import {
  badFile,
  formatFromMagic,
  formatFromName,
  type SplatFormat,
  unknownFormat,
} from './format.ts';
import { readKsplat } from './ksplat.ts';
import { writeKsplat } from './ksplat-write.ts';
import { QUANTISED } from './losses.ts';
import { isCompressedPlyHeader, parsePlyHeader } from './ply-header.ts';
import { readPly } from './ply-read.ts';
import { writePly } from './ply-write.ts';
import { readSog, writeSog } from './sog.ts';
import { readSplat, writeSplat } from './splat.ts';
import { readSpz, writeSpz } from './spz.ts';

export { formatFromName, SPLAT_FORMATS, type SplatFormat } from './format.ts';
export { formatLosses } from './losses.ts';

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

const READERS: Record<
  SplatFormat,
  (bytes: Uint8Array, fileName: string, signal?: AbortSignal) => Promise<ReadResult>
> = {
  ply: readPly,
  'compressed.ply': readCompressedPly,
  splat: readSplat,
  ksplat: readKsplat,
  spz: readSpz,
  sog: readSog,
};

const WRITERS: Record<
  SplatFormat,
  (cloud: SplatCloud, signal?: AbortSignal) => Promise<Uint8Array>
> = {
  ply: writePly,
  'compressed.ply': writeCompressedPly,
  splat: writeSplat,
  ksplat: writeKsplat,
  spz: writeSpz,
  sog: writeSog,
};

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
  const { cloud, notes } = await READERS[format](bytes, fileName, signal);
  if (format !== formatFromName(fileName)) notes.unshift(`the content is ${format}, read as that`);
  const { nonFinite, oversized, zeroRotations } = inspectSplats(cloud);
  const { count, shDegree } = cloud;
  return {
    cloud,
    format,
    report: { count, shDegree, nonFinite, oversized, zeroRotations, notes },
  };
}

/** The cloud without the splats that `usableSplats` refuses; the same object when there are none. */
function usableOnly(cloud: SplatCloud): SplatCloud {
  const usable = usableSplats(cloud);
  if (!usable.includes(0)) return cloud;
  return takeSplats(cloud, selectedRows(usable));
}

/**
 * Writes a cloud. What each format keeps is in docs/formats.md; only PLY keeps everything.
 * compressed.ply, spz and sog leave unusable splats (NaN, infinite, enormous) out.
 * @throws SplatmendError `everything-selected` when no splat is left to write, `unsupported-file` when
 * the format cannot hold the scene, `unknown-format`, `cancelled`, `internal`
 */
export async function writeSplats(
  cloud: SplatCloud,
  format: SplatFormat,
  signal?: AbortSignal,
): Promise<Uint8Array> {
  throwIfCancelled(signal);
  if (!Object.hasOwn(WRITERS, format)) throw unknownFormat(`write: ${format}`);
  const kept = QUANTISED.includes(format) ? usableOnly(cloud) : cloud;
  if (kept.count === 0) {
    throw new SplatmendError('everything-selected', `write ${format}: no splat is left to write`);
  }
  return WRITERS[format](kept, signal);
}
