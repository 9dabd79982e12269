/** Reads NumPy's array files (format versions 1 to 3): numbers and booleans, either byte and memory order. */

export interface NpyArray {
  shape: number[];
  /** Row-major (C order), whatever the file's order is. 64-bit whole numbers beyond 2^53 lose their last digits. */
  data: Float64Array;
}

const READ: Record<string, (view: DataView, at: number, little: boolean) => number> = {
  b1: (v, at) => (v.getUint8(at) === 0 ? 0 : 1),
  i1: (v, at) => v.getInt8(at),
  u1: (v, at) => v.getUint8(at),
  i2: (v, at, little) => v.getInt16(at, little),
  u2: (v, at, little) => v.getUint16(at, little),
  i4: (v, at, little) => v.getInt32(at, little),
  u4: (v, at, little) => v.getUint32(at, little),
  i8: (v, at, little) => Number(v.getBigInt64(at, little)),
  u8: (v, at, little) => Number(v.getBigUint64(at, little)),
  f4: (v, at, little) => v.getFloat32(at, little),
  f8: (v, at, little) => v.getFloat64(at, little),
};
const MAGIC = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59];

/** @throws Error that names what is wrong with the file */
export function readNpy(bytes: Uint8Array, name = 'npy'): NpyArray {
  const fail = (what: string) => new Error(`${name}: ${what}`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < 12 || MAGIC.some((byte, k) => bytes[k] !== byte)) {
    throw fail('does not begin as a NumPy array file');
  }
  const version = bytes[6]!;
  if (version < 1 || version > 3) throw fail(`format version ${version}; 1 to 3 are read`);
  const [lengthBytes, length] =
    version === 1 ? [2, view.getUint16(8, true)] : [4, view.getUint32(8, true)];
  const start = 8 + lengthBytes + length;
  if (start > bytes.length) throw fail('ends within its header');
  // A Python literal, always of these three keys.
  const header = new TextDecoder().decode(bytes.subarray(8 + lengthBytes, start));
  const kind = /'descr':\s*'([<>|=])(\w+)'/.exec(header);
  const order = /'fortran_order':\s*(True|False)/.exec(header);
  const dimensions = /'shape':\s*\(([\d,\s]*)\)/.exec(header);
  if (!order || !dimensions) throw fail(`header not understood: ${header.trim()}`);
  const read = kind ? READ[kind[2]!] : undefined;
  if (!kind || !read) throw fail(`holds no plain numbers: ${header.trim()}`);
  const shape = (dimensions[1]!.match(/\d+/g) ?? []).map(Number);
  const count = shape.reduce((a, b) => a * b, 1);
  const size = Number(kind[2]![1]);
  if (bytes.length - start !== count * size) {
    throw fail(
      `${bytes.length - start} bytes of numbers; ${shape.join(' × ')} of ${kind[2]} are ${count * size}`,
    );
  }
  const little = kind[1] !== '>';
  const values = new Float64Array(count);
  for (let i = 0; i < count; i++) values[i] = read(view, start + i * size, little);
  return { shape, data: order[1] === 'True' ? rowMajor(values, shape) : values };
}

/** From an order in which the first index runs fastest. */
function rowMajor(values: Float64Array, shape: number[]): Float64Array {
  const out = new Float64Array(values.length);
  const index = new Array<number>(shape.length).fill(0);
  for (let i = 0; i < out.length; i++) {
    let from = 0;
    for (let d = shape.length - 1; d >= 0; d--) from = from * shape[d]! + index[d]!;
    out[i] = values[from]!;
    for (let d = shape.length - 1; d >= 0 && ++index[d]! === shape[d]; d--) index[d] = 0;
  }
  return out;
}
