import type { GaussianCloud, SpzModule } from '@adobe/spz';
import { SplatmendError } from '../errors.ts';
import { throwIfCancelled } from '../progress.ts';
import { createSplatCloud, SH_REST_COUNT, type ShDegree, type SplatCloud } from '../splat-cloud.ts';
import { badFile, unsupportedFile } from './format.ts';
import { measureGzip } from './gunzip.ts';
import { checkCount } from './limits.ts';

const MAGIC = 0x5053474e;
const LEGACY_HEADER_BYTES = 16;
const HEADER_BYTES = 32;
const FLAG_ANTIALIASED = 1;
const FLAG_EXTENSIONS = 2;
/** Room for extension records behind a legacy body; known ones take under 100 bytes. */
const MAX_EXTENSION_BYTES = 1 << 16;
/** Positions are 24-bit fixed point with 12 fractional bits: ±2048 units, steps of 1/4096. */
const POSITION_LIMIT = 2048;

interface SpzHeader {
  version: number;
  count: number;
  shDegree: ShDegree;
  flags: number;
}

function parseHeader(head: Uint8Array, fileBytes: number, fileName: string): SpzHeader {
  const view = new DataView(head.buffer, head.byteOffset, head.byteLength);
  if (view.getUint32(0, true) !== MAGIC) throw badFile(fileName, 'not an SPZ file (no NGSP mark)');
  const version = view.getUint32(4, true);
  const count = view.getUint32(8, true);
  const shDegree = view.getUint8(12);
  if (version < 2 || version > 4) {
    throw unsupportedFile(fileName, `SPZ version ${version}; versions 2 to 4 are read`);
  }
  if (count === 0) throw badFile(fileName, 'holds no splats');
  checkCount(count, fileBytes, fileName);
  if (shDegree > 3) {
    throw unsupportedFile(fileName, `spherical harmonics of degree ${shDegree}; 0 to 3 are read`);
  }
  return { version, count, shDegree: shDegree as ShDegree, flags: view.getUint8(14) };
}

/** Bytes of each attribute, in file order: positions, alphas, colours, scales, rotations, harmonics. */
function attributeBytes({ version, count, shDegree }: SpzHeader): number[] {
  const perSplat = [9, 1, 3, 3, version >= 3 ? 4 : 3, 3 * SH_REST_COUNT[shDegree]];
  return perSplat.map((n) => n * count);
}

/** Versions 2 and 3: one gzip stream with the header inside. */
async function checkLegacy(
  bytes: Uint8Array,
  fileName: string,
  signal: AbortSignal | undefined,
): Promise<SpzHeader> {
  let header: SpzHeader | undefined;
  let body = 0;
  const size = await measureGzip(
    bytes,
    fileName,
    LEGACY_HEADER_BYTES,
    (head) => {
      header = parseHeader(head, bytes.length, fileName);
      if (header.version > 3) throw badFile(fileName, `SPZ version ${header.version} inside gzip`);
      body = LEGACY_HEADER_BYTES + attributeBytes(header).reduce((a, b) => a + b, 0);
      return body + ((header.flags & FLAG_EXTENSIONS) !== 0 ? MAX_EXTENSION_BYTES : 0);
    },
    signal,
  );
  if (size < body) {
    throw badFile(fileName, `cut off: the header promises ${body} bytes, ${size} are there`);
  }
  return header!;
}

/** Version 4: a plain header, then a table of Zstandard streams' sizes, then the streams. */
function checkStreams(bytes: Uint8Array, fileName: string): SpzHeader {
  if (bytes.length < HEADER_BYTES) throw badFile(fileName, 'the file is cut off in its header');
  const header = parseHeader(bytes.subarray(0, HEADER_BYTES), bytes.length, fileName);
  if (header.version !== 4) throw badFile(fileName, `SPZ version ${header.version} without gzip`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const streams = view.getUint8(15);
  const table = view.getUint32(16, true);
  const wanted = attributeBytes(header).filter((n) => n > 0);
  if (streams !== wanted.length || table < HEADER_BYTES || table + streams * 16 > bytes.length) {
    throw badFile(fileName, 'the SPZ table of streams does not fit the header or the file');
  }
  let end = table + streams * 16;
  for (const [i, size] of wanted.entries()) {
    const compressed = Number(view.getBigUint64(table + i * 16, true));
    const inflated = Number(view.getBigUint64(table + i * 16 + 8, true));
    end += compressed;
    if (inflated !== size) {
      throw badFile(
        fileName,
        `SPZ stream ${i} claims ${inflated} bytes; ${header.count} splats take ${size}`,
      );
    }
  }
  if (end !== bytes.length) {
    throw badFile(
      fileName,
      `cut off or damaged: its streams end at ${end}, the file at ${bytes.length}`,
    );
  }
  return header;
}

/** Between SPZ's order (coefficient, then channel) and ours (channel, then coefficient). */
function reorderHarmonics(sh: Float32Array, out: Float32Array, k: number, toSpz: boolean): void {
  for (let base = 0; base < out.length; base += 3 * k) {
    for (let c = 0; c < 3; c++) {
      for (let j = 0; j < k; j++) {
        const ours = base + c * k + j;
        const theirs = base + j * 3 + c;
        if (toSpz) out[theirs] = sh[ours]!;
        else out[ours] = sh[theirs]!;
      }
    }
  }
}

function toCloud(spz: GaussianCloud, header: SpzHeader): SplatCloud {
  const cloud = createSplatCloud(header.count, header.shDegree);
  cloud.positions.set(spz.positions);
  cloud.logScales.set(spz.scales);
  cloud.opacityLogits.set(spz.alphas);
  cloud.dc.set(spz.colors);
  for (let i = 0; i < cloud.rotations.length; i += 4) {
    cloud.rotations[i] = spz.rotations[i + 3]!;
    cloud.rotations[i + 1] = spz.rotations[i]!;
    cloud.rotations[i + 2] = spz.rotations[i + 1]!;
    cloud.rotations[i + 3] = spz.rotations[i + 2]!;
  }
  reorderHarmonics(spz.sh, cloud.shRest, SH_REST_COUNT[header.shDegree], false);
  return cloud;
}

/** Runs the WASM module; an abort inside it becomes an error of ours, and the next call gets a fresh module. */
async function withModule<T>(
  work: (module: SpzModule) => T,
  failed: (cause: unknown) => SplatmendError,
): Promise<T> {
  const { loadSpzModule, dropSpzModule } = await import('./spz-module.ts');
  const module = await loadSpzModule();
  try {
    return work(module);
  } catch (error) {
    dropSpzModule();
    throw failed(error);
  }
}

/**
 * Reads SPZ versions 2 to 4 through Niantic's and Adobe's own WASM module, after checking the header,
 * the sizes and (for gzip) the inflated size. SPZ holds the scene with x right, y up, z back; it comes
 * out in the frame of the PLY that it was made from (x right, y down, z forward).
 * @throws SplatmendError `bad-file`, `unsupported-file`, `too-large`, `cancelled`
 */
export async function readSpz(
  bytes: Uint8Array,
  fileName: string,
  signal?: AbortSignal,
): Promise<{ cloud: SplatCloud; notes: string[] }> {
  throwIfCancelled(signal);
  const header =
    bytes[0] === 0x1f ? await checkLegacy(bytes, fileName, signal) : checkStreams(bytes, fileName);
  const cloud = await withModule(
    (module) => {
      const spz = module.loadSpzFromBuffer(bytes, { to: module.CoordinateSystem.RDF });
      if (spz.numPoints !== header.count || spz.shDegree !== header.shDegree) return undefined;
      return toCloud(spz, header);
    },
    (cause) => badFile(fileName, 'the SPZ data is damaged', cause),
  );
  if (cloud === undefined) throw badFile(fileName, 'the SPZ data is damaged');
  throwIfCancelled(signal);
  const notes: string[] = [];
  if ((header.flags & FLAG_ANTIALIASED) !== 0) notes.push('the antialiasing mark is not kept');
  if ((header.flags & FLAG_EXTENSIONS) !== 0) notes.push('SPZ extension records are not kept');
  return { cloud, notes };
}

function checkPositions(cloud: SplatCloud): void {
  let reach = 0;
  for (const v of cloud.positions) reach = Math.max(reach, Math.abs(v));
  if (reach < POSITION_LIMIT) return;
  throw new SplatmendError(
    'unsupported-file',
    `write SPZ: a splat lies ${reach.toPrecision(4)} units from the origin, SPZ holds ±${POSITION_LIMIT}; choose another format`,
  );
}

/**
 * Writes SPZ version 3 (gzip), which more readers know than version 4, with all 8 bits of every
 * harmonic. Every splat must be finite.
 * @throws SplatmendError `unsupported-file` when a splat lies beyond ±2048 units, `cancelled`
 */
export async function writeSpz(cloud: SplatCloud, signal?: AbortSignal): Promise<Uint8Array> {
  throwIfCancelled(signal);
  checkPositions(cloud);
  const rotations = new Float32Array(cloud.rotations.length);
  for (let i = 0; i < rotations.length; i += 4) {
    rotations[i] = cloud.rotations[i + 1]!;
    rotations[i + 1] = cloud.rotations[i + 2]!;
    rotations[i + 2] = cloud.rotations[i + 3]!;
    rotations[i + 3] = cloud.rotations[i]!;
  }
  const sh = new Float32Array(cloud.shRest.length);
  reorderHarmonics(cloud.shRest, sh, SH_REST_COUNT[cloud.shDegree], true);
  return withModule(
    (module) =>
      module.saveSpzToBuffer(
        {
          numPoints: cloud.count,
          shDegree: cloud.shDegree,
          antialiased: false,
          extensions: [],
          positions: cloud.positions,
          scales: cloud.logScales,
          rotations,
          alphas: cloud.opacityLogits,
          colors: cloud.dc,
          sh,
        },
        { version: 3, from: module.CoordinateSystem.RDF, sh1Bits: 8, shRestBits: 8 },
      ),
    (cause) => new SplatmendError('internal', 'write SPZ: the encoder failed', { cause }),
  );
}
