/** ONNX models written byte by byte (onnx.proto3): tests and benchmarks make their own, of any size. */

/** Pieces of a message, joined at the end: weights are not copied on the way. */
interface Bytes {
  length: number;
  parts: readonly (readonly number[] | Uint8Array)[];
}

const of = (...parts: (readonly number[] | Uint8Array)[]): Bytes => ({
  parts,
  length: parts.reduce((sum, p) => sum + p.length, 0),
});
const join = (...all: Bytes[]): Bytes => ({
  parts: all.flatMap((b) => b.parts),
  length: all.reduce((sum, b) => sum + b.length, 0),
});

function varint(value: number): number[] {
  const out: number[] = [];
  let rest = BigInt.asUintN(64, BigInt(value));
  for (; rest > 127n; rest >>= 7n) out.push(Number(rest & 127n) | 128);
  out.push(Number(rest));
  return out;
}
const bytes = (field: number, content: Bytes): Bytes =>
  join(of([...varint(field * 8 + 2), ...varint(content.length)]), content);
const int = (field: number, value: number): Bytes => of([...varint(field * 8), ...varint(value)]);
const text = (field: number, value: string) => bytes(field, of(new TextEncoder().encode(value)));

/** Element types, as ONNX numbers them. */
export const FLOAT = 1;
export const UINT8 = 2;
export const INT64 = 7;
export const FLOAT16 = 10;

/** An initializer. */
export function tensor(
  name: string,
  dims: readonly number[],
  data: Float32Array | BigInt64Array,
): Bytes {
  return join(
    ...dims.map((d) => int(1, d)),
    int(2, data instanceof Float32Array ? FLOAT : INT64),
    text(8, name),
    bytes(9, of(new Uint8Array(data.buffer, data.byteOffset, data.byteLength))),
  );
}
export const floats = (name: string, dims: readonly number[], ...values: number[]) =>
  tensor(name, dims, Float32Array.from(values));
export const ints = (name: string, ...values: number[]) =>
  tensor(name, [values.length], BigInt64Array.from(values, BigInt));

/** An input or an output; a size that is a string is free. */
export function value(name: string, dims: readonly (number | string)[], type = FLOAT): Bytes {
  const shape = join(...dims.map((d) => bytes(1, typeof d === 'number' ? int(1, d) : text(2, d))));
  return join(text(1, name), bytes(2, bytes(1, join(int(1, type), bytes(2, shape)))));
}

export function node(
  type: string,
  inputs: readonly string[],
  output: string,
  attributes: Record<string, number | number[] | string> = {},
): Bytes {
  const written = Object.entries(attributes).map(([name, v]) => {
    if (typeof v === 'number') return join(text(1, name), int(3, v), int(20, 2));
    if (typeof v === 'string') return join(text(1, name), text(4, v), int(20, 3));
    return join(text(1, name), ...v.map((i) => int(8, i)), int(20, 7));
  });
  return join(
    ...inputs.map((i) => text(1, i)),
    text(2, output),
    text(4, type),
    ...written.map((a) => bytes(5, a)),
  );
}

export interface Graph {
  nodes: Bytes[];
  constants: Bytes[];
  inputs: Bytes[];
  outputs: Bytes[];
}

/** The file. IR version 8, opset 17. */
export function model({ nodes, constants, inputs, outputs }: Graph): Blob {
  const graph = join(
    ...nodes.map((n) => bytes(1, n)),
    text(2, 'g'),
    ...constants.map((c) => bytes(5, c)),
    ...inputs.map((i) => bytes(11, i)),
    ...outputs.map((o) => bytes(12, o)),
  );
  const file = join(int(1, 8), bytes(7, graph), bytes(8, int(2, 17)));
  return new Blob(
    file.parts.map((p) =>
      p instanceof Uint8Array ? (p as Uint8Array<ArrayBuffer>) : Uint8Array.from(p),
    ),
  );
}
