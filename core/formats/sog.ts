import { unzipSync, zipSync } from 'fflate';
import { SplatmendError } from '../errors.ts';
import { throwIfCancelled } from '../progress.ts';
import { SH_REST_COUNT, type ShDegree, type SplatCloud } from '../splat-cloud.ts';
import {
  cloudFromTable,
  loadSplatTransform,
  type SplatTransform,
  tableFromCloud,
} from './data-table.ts';
import { badFile } from './format.ts';
import { checkCount } from './limits.ts';
import { packHarmonics } from './sog-harmonics.ts';
import { parseSogMeta, type SogMeta } from './sog-meta.ts';
import { webpSize } from './webp-size.ts';

const META = 'meta.json';
/** Three codebooks of 256 numbers take 20 kB. */
const MAX_META_BYTES = 1 << 20;
/** WebP does not deflate any further: a zip that grows more than this is a bomb. */
const MAX_ZIP_GROWTH = 4;
/** A picture may have this many pixels a splat: writers round its sides up. */
const MAX_PIXELS_A_SPLAT = 4;
const FREE_PIXELS = 1 << 16;
/** Labels are 16 bits, 64 palette entries a row. */
const MAX_PALETTE_ROWS = 1024;
const PALETTE_ENTRIES_A_ROW = 64;
/** Of a file that is being written, in messages. */
const FILE_NAME = 'scene.sog';

/** The zip's files, each checked against its declared size before it is inflated. */
function unzip(bytes: Uint8Array, fileName: string): Map<string, Uint8Array> {
  const declared = new Map<string, number>();
  let total = 0;
  try {
    const files = unzipSync(bytes, {
      filter: ({ name, size, originalSize, compression }) => {
        total += originalSize;
        const limit = name === META ? MAX_META_BYTES : MAX_ZIP_GROWTH * bytes.length;
        if (originalSize > limit || total > MAX_META_BYTES + MAX_ZIP_GROWTH * bytes.length) {
          throw new SplatmendError(
            'too-large',
            `${fileName}: ${name} claims ${originalSize} bytes in a file of ${bytes.length}; a broken file or a decompression bomb`,
          );
        }
        if (compression === 0 && size !== originalSize) throw new Error(`${name} has two sizes`);
        declared.set(name, originalSize);
        return true;
      },
    });
    const entries = new Map(Object.entries(files));
    for (const [name, size] of declared) {
      if (entries.get(name)?.length !== size) throw new Error(`${name} is cut off`);
    }
    return entries;
  } catch (error) {
    if (error instanceof SplatmendError) throw error;
    const why = error instanceof Error ? error.message : String(error);
    throw badFile(fileName, `the zip archive is damaged or cut off (${why})`, error);
  }
}

/** Checks every picture's size before any is decoded; gives the SH degree (the old format has it there). */
function checkPictures(meta: SogMeta, files: Map<string, Uint8Array>, fileName: string): ShDegree {
  const sizeOf = (name: string) => {
    const picture = files.get(name);
    if (picture === undefined) throw badFile(fileName, `${name} is missing`);
    return webpSize(picture, name, fileName);
  };
  for (const name of meta.splatFiles) {
    const { width, height } = sizeOf(name);
    const pixels = width * height;
    if (pixels < meta.count) {
      throw badFile(fileName, `${name} has ${pixels} pixels for ${meta.count} splats`);
    }
    if (pixels > FREE_PIXELS + MAX_PIXELS_A_SPLAT * meta.count) {
      throw new SplatmendError(
        'too-large',
        `${fileName}: ${name} has ${pixels} pixels for ${meta.count} splats`,
      );
    }
  }
  if (meta.palette === undefined) return 0;
  const { width, height } = sizeOf(meta.palette.file);
  const degree = ([1, 2, 3] as const).find(
    (d) => width === PALETTE_ENTRIES_A_ROW * SH_REST_COUNT[d],
  );
  if (
    degree === undefined ||
    (meta.shDegree !== 0 && meta.shDegree !== degree) ||
    height * PALETTE_ENTRIES_A_ROW < meta.palette.entries ||
    height > MAX_PALETTE_ROWS
  ) {
    throw badFile(
      fileName,
      `the palette of harmonics is ${width} × ${height} pixels, which does not go with ${meta.palette.entries} entries`,
    );
  }
  return degree;
}

/**
 * Reads SOG (a zip of lossless WebP pictures; version 2 and the older one) through splat-transform,
 * after checking the zip's sizes, meta.json and every picture's size.
 * @throws SplatmendError `bad-file`, `unsupported-file`, `too-large`, `cancelled`
 */
export async function readSog(
  bytes: Uint8Array,
  fileName: string,
  signal?: AbortSignal,
): Promise<{ cloud: SplatCloud; notes: string[] }> {
  throwIfCancelled(signal);
  const files = unzip(bytes, fileName);
  const metaBytes = files.get(META);
  if (metaBytes === undefined) throw badFile(fileName, `a zip without ${META}; no SOG file`);
  const meta = parseSogMeta(metaBytes, fileName);
  checkCount(meta.count, bytes.length, fileName);
  const shDegree = checkPictures(meta, files, fileName);

  const library = await loadSplatTransform();
  const memory = new library.MemoryReadFileSystem();
  for (const [name, data] of files) memory.set(name, name === META ? meta.json : data);
  let table: Awaited<ReturnType<typeof library.readSog>>;
  try {
    table = await library.readSog(memory, META);
  } catch (error) {
    throw badFile(fileName, 'a picture of the SOG file does not decode', error);
  }
  throwIfCancelled(signal);
  return { cloud: cloudFromTable(library, table, meta.count, shDegree, fileName), notes: [] };
}

/** Adds the harmonics to a SOG of degree 0. */
async function addHarmonics(
  library: SplatTransform,
  bytes: Uint8Array,
  cloud: SplatCloud,
  order: Uint32Array,
  signal: AbortSignal | undefined,
): Promise<Uint8Array> {
  const files = unzipSync(bytes);
  const size = webpSize(files['means_l.webp']!, 'means_l.webp', FILE_NAME);
  const { centroids, labels, ...shN } = await packHarmonics(cloud, order, size, signal);
  const codec = await library.WebPCodec.create();
  const names = ['shN_centroids.webp', 'shN_labels.webp'] as const;
  for (const [i, { rgba, width, height }] of [centroids, labels].entries()) {
    throwIfCancelled(signal);
    files[names[i]!] = codec.encodeLosslessRGBA(rgba, width, height);
  }
  const meta = JSON.parse(new TextDecoder().decode(files[META]));
  meta.shN = { ...shN, files: names };
  files[META] = new TextEncoder().encode(JSON.stringify(meta));
  return zipSync(files, { level: 0 });
}

/**
 * Writes SOG version 2: everything but the harmonics through splat-transform. Rows come out in Morton
 * order. Every splat must be finite.
 */
export async function writeSog(cloud: SplatCloud, signal?: AbortSignal): Promise<Uint8Array> {
  const library = await loadSplatTransform();
  throwIfCancelled(signal);
  // In this thread: we are in a worker of our own already, and the library's would need a URL in every bundler.
  library.WorkerQueue.maxWorkers = 0;
  const bare: SplatCloud = { ...cloud, shDegree: 0, shRest: new Float32Array(0) };
  const dataTable = tableFromCloud(library, bare);
  const indices = Uint32Array.from({ length: cloud.count }, (_, i) => i);
  library.sortMortonOrder(dataTable, indices);
  const files = new library.MemoryFileSystem();
  await library.writeSog(
    { filename: FILE_NAME, dataTable, indices, bundle: true, iterations: 0, logging: 'silent' },
    files,
  );
  throwIfCancelled(signal);
  const bytes = files.results.get(FILE_NAME)!;
  return cloud.shDegree === 0 ? bytes : addHarmonics(library, bytes, cloud, indices, signal);
}
