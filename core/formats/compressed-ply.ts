import { throwIfCancelled } from '../progress.ts';
import type { ShDegree, SplatCloud } from '../splat-cloud.ts';
import {
  cloudFromTable,
  loadSplatTransform,
  shDegreeOfRest,
  tableFromCloud,
} from './data-table.ts';
import { badFile, unsupportedFile } from './format.ts';
import { type PlyElement, type PlyHeader, parsePlyHeader, rowBytes } from './ply-header.ts';

const CHUNK_SPLATS = 256;
const AXES = ['x', 'y', 'z'];
const BOUNDS = [
  ...['min_', 'max_', 'min_scale_', 'max_scale_'].flatMap((p) => AXES.map((a) => p + a)),
];
const COLOUR_BOUNDS = ['min_', 'max_'].flatMap((p) => ['r', 'g', 'b'].map((c) => p + c));
const PACKED = ['packed_position', 'packed_rotation', 'packed_scale', 'packed_color'];

/** Whether an element has exactly these properties, in any order, all of one type. */
function hasExactly(element: PlyElement, names: string[], type: string): boolean {
  return (
    element.properties.length === names.length &&
    element.properties.every((p) => !p.list && p.type === type && names.includes(p.name))
  );
}

function checkElements(header: PlyHeader, fileName: string): { count: number; shDegree: ShDegree } {
  if (header.encoding !== 'binary_little_endian') {
    throw unsupportedFile(
      fileName,
      `compressed PLY in ${header.encoding}; only little-endian exists`,
    );
  }
  const [chunk, vertex, sh, ...others] = header.elements;
  if (chunk?.name !== 'chunk' || vertex?.name !== 'vertex' || others.length > 0) {
    throw badFile(fileName, 'a compressed PLY has the elements chunk, vertex and perhaps sh');
  }
  const withColours = [...BOUNDS, ...COLOUR_BOUNDS];
  if (!hasExactly(chunk, BOUNDS, 'float32') && !hasExactly(chunk, withColours, 'float32')) {
    throw badFile(fileName, 'the compressed PLY has unknown chunk properties');
  }
  if (!hasExactly(vertex, PACKED, 'uint32')) {
    throw badFile(fileName, 'the compressed PLY has unknown vertex properties');
  }
  const { count } = vertex;
  if (count === 0) throw badFile(fileName, 'holds no splats');
  if (chunk.count !== Math.ceil(count / CHUNK_SPLATS)) {
    throw badFile(fileName, `${chunk.count} chunks do not go with ${count} splats`);
  }
  if (sh === undefined) return { count, shDegree: 0 };
  const names = sh.properties.map((_, i) => `f_rest_${i}`);
  const shDegree = shDegreeOfRest(names.length);
  if (sh.name !== 'sh' || !hasExactly(sh, names, 'uint8') || shDegree === undefined) {
    throw unsupportedFile(fileName, `element ${sh.name} with ${names.length} properties`);
  }
  if (sh.count !== count) throw badFile(fileName, `${sh.count} sh rows for ${count} splats`);
  return { count, shDegree };
}

/** The header as splat-transform wants it: LF, short type names, no comments. */
function plainHeader(header: PlyHeader): Uint8Array {
  const short = { float32: 'float', uint32: 'uint', uint8: 'uchar' } as Record<string, string>;
  const lines = header.elements.flatMap((e) => [
    `element ${e.name} ${e.count}`,
    ...e.properties.map((p) => `property ${short[p.type]} ${p.name}`),
  ]);
  return new TextEncoder().encode(
    ['ply', 'format binary_little_endian 1.0', ...lines, 'end_header\n'].join('\n'),
  );
}

/**
 * Reads PlayCanvas's compressed PLY through splat-transform, after checking the header and the size.
 * @throws SplatmendError `bad-file`, `unsupported-file`, `cancelled`
 */
export async function readCompressedPly(
  bytes: Uint8Array,
  fileName: string,
  signal?: AbortSignal,
): Promise<{ cloud: SplatCloud; notes: string[] }> {
  throwIfCancelled(signal);
  const header = parsePlyHeader(bytes, fileName);
  const { count, shDegree } = checkElements(header, fileName);
  const body = header.elements.reduce((sum, e) => sum + e.count * rowBytes(e), 0);
  const have = bytes.length - header.bodyOffset;
  if (have !== body) {
    throw badFile(
      fileName,
      `${have < body ? 'cut off' : 'too long'}: the header explains ${body} bytes, the file has ${have}`,
    );
  }
  const library = await loadSplatTransform();
  const head = plainHeader(header);
  const file = new Uint8Array(head.length + body);
  file.set(head);
  file.set(bytes.subarray(header.bodyOffset), head.length);
  const files = new library.MemoryReadFileSystem();
  files.set(fileName, file);
  let table: Awaited<ReturnType<typeof library.readPly>>;
  try {
    table = await library.readPly(await files.createSource(fileName));
  } catch (error) {
    throw badFile(fileName, 'the compressed PLY does not decode', error);
  }
  throwIfCancelled(signal);
  return { cloud: cloudFromTable(library, table, count, shDegree, fileName), notes: [] };
}

/** Writes compressed PLY through splat-transform. Rows come out in Morton order. Every splat must be finite. */
export async function writeCompressedPly(
  cloud: SplatCloud,
  signal?: AbortSignal,
): Promise<Uint8Array> {
  const library = await loadSplatTransform();
  throwIfCancelled(signal);
  const files = new library.MemoryFileSystem();
  const filename = 'scene.compressed.ply';
  await library.writeCompressedPly({ filename, dataTable: tableFromCloud(library, cloud) }, files);
  throwIfCancelled(signal);
  return files.results.get(filename)!;
}
