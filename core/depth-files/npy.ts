/** NumPy's array files (format versions 1 to 3): numbers and booleans, either byte and memory order. */

import { badFile } from '../formats/format.ts';
import { fromHalf } from '../half.ts';
import type { NumberArray } from '../number-array.ts';
import { NAME_OR_SAVE, SAVE_AGAIN } from './advice.ts';

export interface NpyArray {
  shape: number[];
  /**
   * Row-major (C order), whatever the file's order is, in the file's own type. Booleans are 0 and 1 in a Uint8Array, half floats a
   * Float32Array, 64-bit whole numbers a Float64Array: beyond 2^53 they lose their last digits.
   */
  data: NumberArray;
}

interface Kind {
  bytes: number;
  make(count: number): NumberArray;
  read(view: DataView, at: number, little: boolean): number;
}

const f64 = (n: number) => new Float64Array(n);
const KINDS: Record<string, Kind> = {
  b1: { bytes: 1, make: (n) => new Uint8Array(n), read: (v, at) => (v.getUint8(at) ? 1 : 0) },
  i1: { bytes: 1, make: (n) => new Int8Array(n), read: (v, at) => v.getInt8(at) },
  u1: { bytes: 1, make: (n) => new Uint8Array(n), read: (v, at) => v.getUint8(at) },
  i2: { bytes: 2, make: (n) => new Int16Array(n), read: (v, at, le) => v.getInt16(at, le) },
  u2: { bytes: 2, make: (n) => new Uint16Array(n), read: (v, at, le) => v.getUint16(at, le) },
  i4: { bytes: 4, make: (n) => new Int32Array(n), read: (v, at, le) => v.getInt32(at, le) },
  u4: { bytes: 4, make: (n) => new Uint32Array(n), read: (v, at, le) => v.getUint32(at, le) },
  i8: { bytes: 8, make: f64, read: (v, at, le) => Number(v.getBigInt64(at, le)) },
  u8: { bytes: 8, make: f64, read: (v, at, le) => Number(v.getBigUint64(at, le)) },
  f2: {
    bytes: 2,
    make: (n) => new Float32Array(n),
    read: (v, at, le) => fromHalf(v.getUint16(at, le)),
  },
  f4: { bytes: 4, make: (n) => new Float32Array(n), read: (v, at, le) => v.getFloat32(at, le) },
  f8: { bytes: 8, make: f64, read: (v, at, le) => v.getFloat64(at, le) },
};
const MAGIC = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59];

/**
 * Nothing is allocated before the file's size has been held against what its header says.
 * @throws SplatmendError `bad-file` that names what is wrong with the file
 */
export function readNpy(bytes: Uint8Array, name = 'npy'): NpyArray {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < 12 || MAGIC.some((byte, k) => bytes[k] !== byte)) {
    throw badFile(name, `does not begin as a NumPy array file; ${NAME_OR_SAVE}`);
  }
  const version = bytes[6]!;
  if (version < 1 || version > 3) {
    throw badFile(name, `format version ${version}; 1 to 3 are read; save it again by np.save`);
  }
  const [lengthBytes, length] =
    version === 1 ? [2, view.getUint16(8, true)] : [4, view.getUint32(8, true)];
  const start = 8 + lengthBytes + length;
  if (start > bytes.length) throw badFile(name, `ends within its header; ${SAVE_AGAIN}`);
  // A Python literal, always of these three keys.
  const header = new TextDecoder().decode(bytes.subarray(8 + lengthBytes, start));
  const kind = /'descr':\s*'([<>|=])(\w+)'/.exec(header);
  const order = /'fortran_order':\s*(True|False)/.exec(header);
  const dimensions = /'shape':\s*\(([\d,\s]*)\)/.exec(header);
  const shown = header.trim().slice(0, 200);
  if (!order || !dimensions)
    throw badFile(name, `header not understood: ${shown}; save it again by np.save`);
  const type = kind && Object.hasOwn(KINDS, kind[2]!) ? KINDS[kind[2]!] : undefined;
  if (!kind || !type) throw badFile(name, `holds no plain numbers: ${shown}; save it as float32`);
  const shape = (dimensions[1]!.match(/\d+/g) ?? []).map(Number);
  const count = shape.reduce((a, b) => a * b, 1);
  if (bytes.length - start !== count * type.bytes) {
    throw badFile(
      name,
      `${bytes.length - start} bytes of numbers; ${shape.join(' × ')} of ${kind[2]} are ${count * type.bytes}; ${SAVE_AGAIN}`,
    );
  }
  const little = kind[1] !== '>';
  const data = type.make(count);
  for (let i = 0; i < count; i++) data[i] = type.read(view, start + i * type.bytes, little);
  return { shape, data: order[1] === 'True' ? rowMajor(data, shape) : data };
}

/** From an order in which the first index runs fastest. */
function rowMajor(values: NumberArray, shape: number[]): NumberArray {
  const out = new (values.constructor as new (n: number) => NumberArray)(values.length);
  const index = new Array<number>(shape.length).fill(0);
  for (let i = 0; i < out.length; i++) {
    let from = 0;
    for (let d = shape.length - 1; d >= 0; d--) from = from * shape[d]! + index[d]!;
    out[i] = values[from]!;
    for (let d = shape.length - 1; d >= 0 && ++index[d]! === shape[d]; d--) index[d] = 0;
  }
  return out;
}

function descrOf(data: NumberArray): string {
  if (data instanceof Float32Array) return '<f4';
  if (data instanceof Float64Array) return '<f8';
  const signed =
    data instanceof Int8Array || data instanceof Int16Array || data instanceof Int32Array;
  return `${data.BYTES_PER_ELEMENT === 1 ? '|' : '<'}${signed ? 'i' : 'u'}${data.BYTES_PER_ELEMENT}`;
}

/** A version 1 file, row-major, little-endian. */
export function writeNpy({ shape, data }: NpyArray): Uint8Array {
  const dimensions = shape.length === 1 ? `${shape[0]},` : shape.join(', ');
  const text = `{'descr': '${descrOf(data)}', 'fortran_order': False, 'shape': (${dimensions}), }`;
  // NumPy pads the header so that the numbers begin at a multiple of 64 bytes.
  const headerBytes = Math.ceil((10 + text.length + 1) / 64) * 64;
  const size = data.BYTES_PER_ELEMENT;
  const bytes = new Uint8Array(headerBytes + data.length * size);
  bytes.set([...MAGIC, 1, 0]);
  new DataView(bytes.buffer).setUint16(8, headerBytes - 10, true);
  bytes.set(new TextEncoder().encode(`${text.padEnd(headerBytes - 11)}\n`), 10);
  // All machines that run this are little-endian: typed arrays are the file's bytes.
  bytes.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), headerBytes);
  return bytes;
}
