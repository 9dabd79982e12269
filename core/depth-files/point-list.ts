/** Lists of points in files: PLY, NPY of N × 3 or more, text of three or more numbers a line. */

import { SplatmendError } from '../errors.ts';
import { badFile, unsupportedFile } from '../formats/format.ts';
import { PLY_TYPE_BYTES, type PlyType, parsePlyHeader, rowBytes } from '../formats/ply-header.ts';
import { SAVE_AGAIN } from './advice.ts';
import { readNpy } from './npy.ts';

const POINT_ENDINGS = ['.ply', '.npy', '.txt', '.xyz', '.csv'] as const;
/** 2^27 points are 3 GB as three doubles. */
const MAX_POINTS = 2 ** 27;

export const isPointListName = (name: string): boolean =>
  POINT_ENDINGS.some((ending) => name.toLowerCase().endsWith(ending)) &&
  !name.toLowerCase().endsWith('.npy');

const GET: Record<PlyType, (v: DataView, at: number, little: boolean) => number> = {
  int8: (v, at) => v.getInt8(at),
  uint8: (v, at) => v.getUint8(at),
  int16: (v, at, le) => v.getInt16(at, le),
  uint16: (v, at, le) => v.getUint16(at, le),
  int32: (v, at, le) => v.getInt32(at, le),
  uint32: (v, at, le) => v.getUint32(at, le),
  float32: (v, at, le) => v.getFloat32(at, le),
  float64: (v, at, le) => v.getFloat64(at, le),
};

function readPly(bytes: Uint8Array, name: string): Float64Array {
  const { encoding, elements, bodyOffset } = parsePlyHeader(bytes, name);
  const vertex = elements[0];
  if (vertex?.name !== 'vertex')
    throw unsupportedFile(name, 'the first PLY element is no vertex; save its points alone');
  if (vertex.properties.some((p) => p.list)) {
    throw unsupportedFile(name, 'its vertices hold lists; save x, y, z alone');
  }
  const axes = ['x', 'y', 'z'].map((axis) => vertex.properties.findIndex((p) => p.name === axis));
  if (axes.includes(-1)) throw badFile(name, 'its vertices have no x, y, z; save them so');
  const { count } = vertex;
  if (encoding === 'ascii') {
    const words = new TextDecoder().decode(bytes.subarray(bodyOffset)).split(/\s+/, MAX_POINTS);
    const values = words.filter((w) => w !== '');
    const columns = vertex.properties.length;
    if (values.length < count * columns)
      throw badFile(name, `cut off within its vertices; ${SAVE_AGAIN}`);
    const out = new Float64Array(3 * count);
    for (let i = 0; i < out.length; i++) {
      out[i] = Number(values[Math.floor(i / 3) * columns + axes[i % 3]!]);
    }
    return out;
  }
  const stride = rowBytes(vertex);
  if (bodyOffset + count * stride > bytes.length) {
    throw badFile(name, `cut off: ${count} vertices of ${stride} bytes do not fit; ${SAVE_AGAIN}`);
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const little = encoding === 'binary_little_endian';
  const fields = axes.map((index) => ({
    get: GET[vertex.properties[index]!.type],
    at: vertex.properties.slice(0, index).reduce((sum, p) => sum + PLY_TYPE_BYTES[p.type], 0),
  }));
  const out = new Float64Array(3 * count);
  for (let i = 0; i < count; i++) {
    for (let k = 0; k < 3; k++) {
      const { get, at } = fields[k]!;
      out[3 * i + k] = get(view, bodyOffset + i * stride + at, little);
    }
  }
  return out;
}

function readText(bytes: Uint8Array, name: string): Float64Array {
  const out: number[] = [];
  const lines = new TextDecoder().decode(bytes).split('\n');
  for (const [k, line] of lines.entries()) {
    const words = line.trim().split(/[\s,;]+/);
    // Comments, and a first line that names the columns.
    if (words[0] === '' || line.startsWith('#')) continue;
    const numbers = words.slice(0, 3).map(Number);
    if (numbers.length < 3 || numbers.some(Number.isNaN)) {
      if (k === 0) continue;
      throw badFile(
        name,
        `line ${k + 1} is not three numbers: ${line.slice(0, 60)}; give x y z a line`,
      );
    }
    out.push(...numbers);
  }
  return Float64Array.from(out);
}

/**
 * The first three numbers of every point (x y z, or u v depth), 3N. Points that are not finite are left out.
 * @throws SplatmendError `bad-file`, `unsupported-file`, `unknown-format`
 */
export function readPointList(bytes: Uint8Array, name: string): Float64Array {
  const lower = name.toLowerCase();
  let points: Float64Array;
  if (lower.endsWith('.ply')) points = readPly(bytes, name);
  else if (lower.endsWith('.npy')) {
    const { shape, data } = readNpy(bytes, name);
    const [count, columns] = shape;
    if (shape.length !== 2 || columns! < 3) {
      throw badFile(name, `is ${shape.join(' × ')}; points are N × 3 or more; save them so`);
    }
    points = Float64Array.from(
      { length: 3 * count! },
      (_, i) => data[Math.floor(i / 3) * columns! + (i % 3)]!,
    );
  } else if (POINT_ENDINGS.some((ending) => lower.endsWith(ending))) points = readText(bytes, name);
  else {
    throw new SplatmendError(
      'unknown-format',
      `${name}: not a list of points; use one of ${POINT_ENDINGS.join(', ')}`,
    );
  }
  let kept = 0;
  for (let i = 0; i + 2 < points.length; i += 3) {
    if (!Number.isFinite(points[i]! + points[i + 1]! + points[i + 2]!)) continue;
    points.copyWithin(3 * kept, i, i + 3);
    kept++;
  }
  return points.subarray(0, 3 * kept);
}
