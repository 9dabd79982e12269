import { throwIfCancelled } from '../progress.ts';
import type { ShDegree, SplatCloud } from '../splat-cloud.ts';
import { cloudFromTable, loadSplatTransform } from './data-table.ts';
import { badFile, unsupportedFile } from './format.ts';
import { HEADER_BYTES, ksplatRowBytes, MAX_DEGREE, SECTION_HEADER_BYTES } from './ksplat-layout.ts';
import { checkCount } from './limits.ts';

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
  const splatBytes = ksplatRowBytes(level, degree as ShDegree);
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
