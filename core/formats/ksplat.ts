import { throwIfCancelled } from '../progress.ts';
import { SH_REST_COUNT, type ShDegree, type SplatCloud } from '../splat-cloud.ts';
import { cloudFromTable, loadSplatTransform } from './data-table.ts';
import { badFile, unsupportedFile } from './format.ts';
import { checkCount } from './limits.ts';
import { writeColourBytes } from './splat.ts';

// Layout of .ksplat 0.1 (mkkellogg's GaussianSplats3D, SplatBuffer): a header, then a header a
// section, then the sections' data: bucket tables, then the splats.
const HEADER_BYTES = 4096;
const SECTION_HEADER_BYTES = 1024;
/** Bytes of a splat without its harmonics, and of one harmonic, by compression level. */
const SPLAT_BYTES = [44, 24, 24];
const HARMONIC_BYTES = [4, 2, 1];
/** The format ends at degree 2. */
const MAX_DEGREE = 2;
const BUCKET_BYTES = 12;

interface KsplatHeader {
  count: number;
  shDegree: ShDegree;
}

/** Checks one section's header; gives its splats, its degree and where its data ends. */
function checkSection(view: DataView, at: number, dataAt: number, level: number, fileName: string) {
  const splats = view.getUint32(at, true);
  const capacity = view.getUint32(at + 4, true);
  const bucketSize = view.getUint32(at + 8, true);
  const buckets = view.getUint32(at + 12, true);
  const bucketBytes = view.getUint16(at + 20, true);
  const full = view.getUint32(at + 32, true);
  const partial = view.getUint32(at + 36, true);
  const degree = view.getUint16(at + 40, true);
  if (degree > MAX_DEGREE)
    throw unsupportedFile(fileName, `spherical harmonics of degree ${degree}`);
  const splatBytes =
    SPLAT_BYTES[level]! + 3 * SH_REST_COUNT[degree as ShDegree] * HARMONIC_BYTES[level]!;
  const tables = partial * 4 + buckets * bucketBytes;
  const end = dataAt + tables + capacity * splatBytes;
  if (splats > capacity || end > view.byteLength) {
    throw badFile(
      fileName,
      `cut off or damaged: a section of ${capacity} splats ends at ${end}, the file at ${view.byteLength}`,
    );
  }
  if (level > 0) {
    let inBuckets = full * bucketSize;
    for (let i = 0; i < partial; i++) inBuckets += view.getUint32(dataAt + i * 4, true);
    if (bucketBytes !== BUCKET_BYTES || full + partial !== buckets || inBuckets < splats) {
      throw badFile(fileName, 'the buckets of a section do not hold its splats');
    }
  }
  return { splats, degree: degree as ShDegree, end };
}

function checkKsplat(bytes: Uint8Array, fileName: string): KsplatHeader & { level: number } {
  if (bytes.length < HEADER_BYTES + SECTION_HEADER_BYTES) {
    throw badFile(fileName, `${bytes.length} bytes are too few for a .ksplat file`);
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const version = `${view.getUint8(0)}.${view.getUint8(1)}`;
  if (version !== '0.1') throw unsupportedFile(fileName, `.ksplat version ${version}; 0.1 is read`);
  const sections = view.getUint32(4, true);
  const count = view.getUint32(16, true);
  const level = view.getUint16(20, true);
  if (level > 2)
    throw unsupportedFile(fileName, `.ksplat compression level ${level}; 0 to 2 exist`);
  if (count === 0) throw badFile(fileName, 'holds no splats');
  checkCount(count, bytes.length, fileName);
  let at = HEADER_BYTES + sections * SECTION_HEADER_BYTES;
  if (at > bytes.length) throw badFile(fileName, `cut off in its ${sections} section headers`);
  let shDegree: ShDegree = 0;
  let splats = 0;
  for (let s = 0; s < sections; s++) {
    const section = checkSection(
      view,
      HEADER_BYTES + s * SECTION_HEADER_BYTES,
      at,
      level,
      fileName,
    );
    splats += section.splats;
    at = section.end;
    if (section.splats > 0 && section.degree > shDegree) shDegree = section.degree;
  }
  if (splats !== count) {
    throw badFile(fileName, `its sections hold ${splats} splats, its header promises ${count}`);
  }
  return { count, shDegree, level };
}

/**
 * Reads .ksplat 0.1 of any compression level through splat-transform, after checking every section
 * against the file's size.
 * @throws SplatmendError `bad-file`, `unsupported-file`, `too-large`, `cancelled`
 */
export async function readKsplat(
  bytes: Uint8Array,
  fileName: string,
  signal?: AbortSignal,
): Promise<{ cloud: SplatCloud; notes: string[] }> {
  throwIfCancelled(signal);
  const { count, shDegree } = checkKsplat(bytes, fileName);
  const library = await loadSplatTransform();
  const files = new library.MemoryReadFileSystem();
  files.set(fileName, bytes);
  let table: Awaited<ReturnType<typeof library.readKsplat>>;
  try {
    table = await library.readKsplat(await files.createSource(fileName));
  } catch (error) {
    throw badFile(fileName, 'the .ksplat data is damaged', error);
  }
  throwIfCancelled(signal);
  return { cloud: cloudFromTable(library, table, count, shDegree, fileName), notes: [] };
}

/** Column of our channel-major harmonics for .ksplat's i-th: degree 1 (channel by channel), then degree 2. */
function harmonicColumn(i: number, perChannel: number): number {
  const [first, width, before] = i < 9 ? [0, 3, 0] : [9, 5, 3];
  const inDegree = i - first;
  const channel = Math.floor(inDegree / width);
  return channel * perChannel + before + (inDegree % width);
}

/**
 * Writes .ksplat 0.1, level 0 (uncompressed), one section, rows in order: float32 position, scale,
 * quaternion and harmonics (degree 2 at most), bytes for colour and opacity. Written here because
 * GaussianSplats3D's own generator brings three.js, boxes every number and shuffles the rows.
 */
export async function writeKsplat(cloud: SplatCloud, signal?: AbortSignal): Promise<Uint8Array> {
  throwIfCancelled(signal);
  const degree = Math.min(cloud.shDegree, MAX_DEGREE) as ShDegree;
  const harmonics = 3 * SH_REST_COUNT[degree];
  const splatBytes = SPLAT_BYTES[0]! + harmonics * HARMONIC_BYTES[0]!;
  const dataAt = HEADER_BYTES + SECTION_HEADER_BYTES;
  const bytes = new Uint8Array(dataAt + cloud.count * splatBytes);
  const view = new DataView(bytes.buffer);
  view.setUint8(1, 1); // version 0.1
  view.setUint32(4, 1, true); // sections: room for, and present
  view.setUint32(8, 1, true);
  view.setUint32(12, cloud.count, true);
  view.setUint32(16, cloud.count, true);
  view.setFloat32(36, -1.5, true); // range of 8-bit harmonics, its default; level 0 has none
  view.setFloat32(40, 1.5, true);
  view.setUint32(HEADER_BYTES, cloud.count, true);
  view.setUint32(HEADER_BYTES + 4, cloud.count, true);
  view.setUint32(HEADER_BYTES + 28, cloud.count * splatBytes, true);
  view.setUint16(HEADER_BYTES + 40, degree, true);

  const floats = new Float32Array(bytes.buffer);
  const clamped = new Uint8ClampedArray(bytes.buffer);
  const perChannel = SH_REST_COUNT[cloud.shDegree];
  const columns = Array.from({ length: harmonics }, (_, i) => harmonicColumn(i, perChannel));
  for (let i = 0; i < cloud.count; i++) {
    const at = dataAt + i * splatBytes;
    const f = at / 4;
    for (let k = 0; k < 3; k++) {
      floats[f + k] = cloud.positions[i * 3 + k]!;
      floats[f + 3 + k] = Math.exp(cloud.logScales[i * 3 + k]!);
    }
    // The format's readers expect unit quaternions.
    const q = cloud.rotations.subarray(i * 4, i * 4 + 4);
    const length = Math.hypot(q[0]!, q[1]!, q[2]!, q[3]!) || 1;
    for (let k = 0; k < 4; k++) floats[f + 6 + k] = q[k]! / length;
    writeColourBytes(cloud, i, clamped.subarray(at + 40, at + 44));
    for (const [k, column] of columns.entries()) {
      floats[f + 11 + k] = cloud.shRest[i * 3 * perChannel + column]!;
    }
  }
  throwIfCancelled(signal);
  return bytes;
}
