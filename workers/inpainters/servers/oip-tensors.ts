/**
 * Tensors of the Open Inference Protocol v2 as a request's and an answer's body: JSON, and the binary tensor data extension
 * (JSON, then each tensor's bytes, little-endian, row-major; `Inference-Header-Content-Length` says where they begin).
 * Specification: kserve/open-inference-protocol, specification/protocol/inference_rest.md; Triton's extension_binary_data.md.
 */
import { joinBytes } from '../../../core/bytes.ts';
import { fromHalf, toHalf } from '../../../core/half.ts';
import { type Fields, fieldsOf, listOf, numberOf, textOf } from './answer-fields.ts';
import { badAnswer, type Peer } from './failures.ts';
import type { Answer } from './http.ts';
import { parseJson } from './read-answer.ts';

export interface Tensor {
  name: string;
  datatype: string;
  shape: readonly number[];
  data: Float32Array;
}

interface Encoding {
  bytes: number;
  write(view: DataView, at: number, value: number): void;
  read(view: DataView, at: number): number;
}

const ENCODINGS: Readonly<Record<string, Encoding>> = {
  BOOL: {
    bytes: 1,
    write: (view, at, v) => view.setUint8(at, v === 0 ? 0 : 1),
    read: (view, at) => view.getUint8(at),
  },
  UINT8: {
    bytes: 1,
    write: (view, at, v) => view.setUint8(at, Math.round(v)),
    read: (view, at) => view.getUint8(at),
  },
  FP16: {
    bytes: 2,
    write: (view, at, v) => view.setUint16(at, toHalf(v), true),
    read: (view, at) => fromHalf(view.getUint16(at, true)),
  },
  FP32: {
    bytes: 4,
    write: (view, at, v) => view.setFloat32(at, v, true),
    read: (view, at) => view.getFloat32(at, true),
  },
  FP64: {
    bytes: 8,
    write: (view, at, v) => view.setFloat64(at, v, true),
    read: (view, at) => view.getFloat64(at, true),
  },
};

export const isKnownDatatype = (datatype: string) => Object.hasOwn(ENCODINGS, datatype);
export const sizeOfShape = (shape: readonly number[]) => shape.reduce((a, b) => a * b, 1);

/** The request's body, and the headers that belong to it. */
export function encodeTensors(
  inputs: readonly Tensor[],
  output: string,
  binary: boolean,
): { bytes: Uint8Array<ArrayBuffer>; type: string; headers: Record<string, string> } {
  const parts = binary ? inputs.map(toBytes) : [];
  const header = {
    inputs: inputs.map(({ name, datatype, shape, data }, k) => ({
      name,
      datatype,
      shape,
      ...(binary
        ? { parameters: { binary_data_size: parts[k]!.length } }
        : { data: jsonData(datatype, data) }),
    })),
    outputs: [{ name: output, ...(binary ? { parameters: { binary_data: true } } : {}) }],
  };
  const json = new TextEncoder().encode(JSON.stringify(header));
  if (!binary) return { bytes: new Uint8Array(json), type: 'application/json', headers: {} };
  return {
    bytes: joinBytes([json, ...parts]),
    type: 'application/octet-stream',
    headers: { 'inference-header-content-length': String(json.length) },
  };
}

function toBytes({ datatype, data }: Tensor): Uint8Array {
  const { bytes, write } = ENCODINGS[datatype]!;
  const out = new Uint8Array(data.length * bytes);
  const view = new DataView(out.buffer);
  for (let i = 0; i < data.length; i++) write(view, i * bytes, data[i]!);
  return out;
}

function jsonData(datatype: string, data: Float32Array): (number | boolean)[] {
  if (datatype === 'BOOL') return Array.from(data, (v) => v !== 0);
  if (datatype === 'UINT8') return Array.from(data, Math.round);
  // Seven digits are float32's own; the rest only makes the text longer.
  return Array.from(data, (v) => Number(v.toPrecision(7)));
}

/** @throws bad-answer for an answer without that output, or whose data does not fit its shape */
export function decodeTensor(peer: Peer, answer: Answer, output: string): Tensor {
  const headerLength = answer.headers.get('inference-header-content-length');
  const type = answer.headers.get('content-type') ?? '';
  if (headerLength === null && /octet-stream/.test(type)) {
    throw badAnswer(
      peer,
      'its binary answer does not say where the tensors begin',
      'let it send Access-Control-Expose-Headers: Inference-Header-Content-Length',
    );
  }
  const jsonBytes = headerLength === null ? answer.bytes.length : Number(headerLength);
  if (!(jsonBytes > 0 && jsonBytes <= answer.bytes.length)) {
    throw badAnswer(peer, 'its answer is cut off', 'its own log may say why');
  }
  const json = fieldsOf(parseJson(peer, answer.bytes.subarray(0, jsonBytes)));
  let at = jsonBytes;
  for (const item of listOf(json?.outputs)) {
    const fields = fieldsOf(item) ?? {};
    const size = numberOf(fieldsOf(fields.parameters)?.binary_data_size);
    if (fields.name === output) return tensorOf(peer, fields, answer.bytes, at, size);
    at += size ?? 0;
  }
  throw badAnswer(peer, `its answer has no output “${output}”`, 'its metadata promised it');
}

function tensorOf(
  peer: Peer,
  fields: Fields,
  bytes: Uint8Array,
  at: number,
  size: number | undefined,
): Tensor {
  const name = String(fields.name);
  const datatype = textOf(fields.datatype) ?? '';
  const shape = listOf(fields.shape).map((v) => numberOf(v) ?? -1);
  const wrong = (what: string) =>
    badAnswer(peer, `its output “${name}” ${what}`, 'its own log may say why');
  const encoding = ENCODINGS[datatype];
  if (encoding === undefined || !Object.hasOwn(ENCODINGS, datatype)) {
    throw wrong(`is ${datatype.slice(0, 20) || 'of no type'}, which is no picture’s`);
  }
  if (shape.length === 0 || !shape.every((v) => Number.isInteger(v) && v > 0)) {
    throw wrong('has no shape');
  }
  const count = sizeOfShape(shape);
  if (size !== undefined) {
    if (size !== count * encoding.bytes || at + size > bytes.length) {
      throw wrong('does not have the bytes that its shape asks for');
    }
    const view = new DataView(bytes.buffer, bytes.byteOffset + at, size);
    const data = Float32Array.from({ length: count }, (_, i) =>
      encoding.read(view, i * encoding.bytes),
    );
    return { name, datatype, shape, data };
  }
  // Some servers nest by dimension, as numpy prints.
  const flat = listOf(fields.data).flat(8);
  if (flat.length !== count) throw wrong(`has ${flat.length} numbers, its shape asks for ${count}`);
  return { name, datatype, shape, data: Float32Array.from(flat, (v) => Number(v)) };
}
