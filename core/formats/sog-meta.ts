import type { ShDegree } from '../splat-cloud.ts';
import { badFile, unsupportedFile } from './format.ts';

/** What of a SOG's meta.json its reader needs: counts, and which pictures hold what. */
export interface SogMeta {
  count: number;
  shDegree: ShDegree;
  /** Pictures with a pixel a splat. */
  splatFiles: string[];
  /** The palette of harmonics: 64 entries a row, one pixel a coefficient. */
  palette?: { file: string; entries: number };
  /** meta.json's bytes, put right where known writers get it wrong. */
  json: Uint8Array;
}

type Json = Record<string, unknown>;

const isNumbers = (v: unknown, length: number): v is number[] =>
  Array.isArray(v) && v.length === length && v.every((x) => Number.isFinite(x));

/** Some PlayCanvas versions wrote the first entry of a codebook as null (NaN); their engine extrapolates it so. */
function repairCodebook(section: Json): void {
  const book = section.codebook;
  if (Array.isArray(book) && book.length === 256 && book[0] === null) {
    book[0] = book[1] + (book[1] - book[255]) / 255;
  }
}

/**
 * Checks the meta.json of a SOG file, version 2 or the older one without a version.
 * @throws SplatmendError `bad-file`, `unsupported-file`
 */
export function parseSogMeta(bytes: Uint8Array, fileName: string): SogMeta {
  const bad = (why: string) => badFile(fileName, `meta.json: ${why}`);
  let meta: Json;
  try {
    meta = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (error) {
    throw badFile(fileName, 'meta.json is not JSON', error);
  }
  const section = (name: string, parent: Json = meta): Json => {
    const value = parent?.[name];
    if (typeof value !== 'object' || value === null) throw bad(`${name} is missing`);
    return value as Json;
  };
  const files = (of: Json, name: string, length: number): string[] => {
    const list = of.files;
    if (!Array.isArray(list) || list.length < length || !list.every((f) => typeof f === 'string')) {
      throw bad(`${name}.files is not ${length} file names`);
    }
    return list.slice(0, length);
  };
  if (typeof meta !== 'object' || meta === null) throw bad('not an object');
  const old = meta.version === undefined;
  if (!old && meta.version !== 2) {
    throw unsupportedFile(fileName, `SOG version ${String(meta.version)}; 1 and 2 are read`);
  }

  const means = section('means');
  const count = old ? (means.shape as unknown[] | undefined)?.[0] : meta.count;
  if (typeof count !== 'number' || !Number.isInteger(count) || count <= 0) {
    throw bad('the count is not a positive whole number');
  }
  const splatFiles = files(means, 'means', 2);
  for (const bound of ['mins', 'maxs']) {
    if (!isNumbers(means[bound], 3)) throw bad(`means.${bound} is not three numbers`);
  }
  splatFiles.push(...files(section('quats'), 'quats', 1));
  for (const [name, channels] of [
    ['scales', 3],
    ['sh0', 4],
  ] as const) {
    const part = section(name);
    repairCodebook(part);
    const good = old
      ? isNumbers(part.mins, channels) && isNumbers(part.maxs, channels)
      : isNumbers(part.codebook, 256);
    if (!good) throw bad(`${name} has no complete ${old ? 'range' : 'codebook'}`);
    splatFiles.push(...files(part, name, 1));
  }

  const result: SogMeta = { count, shDegree: 0, splatFiles, json: bytes };
  if (meta.shN !== undefined && meta.shN !== null) {
    const shN = section('shN');
    repairCodebook(shN);
    const [centroids, labels] = files(shN, 'shN', 2) as [string, string];
    splatFiles.push(labels);
    if (old) {
      if (!Number.isFinite(shN.mins) || !Number.isFinite(shN.maxs)) throw bad('shN has no range');
      // Degree and entries are told by the palette's width alone.
      result.palette = { file: centroids, entries: 1 };
    } else {
      const { bands, count: entries } = shN;
      if (bands !== 1 && bands !== 2 && bands !== 3) throw bad('shN.bands is not 1, 2 or 3');
      if (typeof entries !== 'number' || !Number.isInteger(entries) || entries < 1) {
        throw bad('shN.count is not a positive whole number');
      }
      if (!isNumbers(shN.codebook, 256)) throw bad('shN has no complete codebook');
      result.shDegree = bands;
      result.palette = { file: centroids, entries };
    }
  }
  result.json = new TextEncoder().encode(JSON.stringify(meta));
  return result;
}
