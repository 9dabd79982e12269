import { badFile, unsupportedFile } from './format.ts';

export type PlyType =
  | 'int8'
  | 'uint8'
  | 'int16'
  | 'uint16'
  | 'int32'
  | 'uint32'
  | 'float32'
  | 'float64';

/** Both spellings that are in use, to the sized one. */
const TYPES: Record<string, PlyType> = {
  char: 'int8',
  uchar: 'uint8',
  short: 'int16',
  ushort: 'uint16',
  int: 'int32',
  uint: 'uint32',
  float: 'float32',
  double: 'float64',
  int8: 'int8',
  uint8: 'uint8',
  int16: 'int16',
  uint16: 'uint16',
  int32: 'int32',
  uint32: 'uint32',
  float32: 'float32',
  float64: 'float64',
};

export const PLY_TYPE_BYTES: Record<PlyType, number> = {
  int8: 1,
  uint8: 1,
  int16: 2,
  uint16: 2,
  int32: 4,
  uint32: 4,
  float32: 4,
  float64: 8,
};

export interface PlyProperty {
  name: string;
  type: PlyType;
  /** A list's rows have no fixed size. */
  list: boolean;
}

export interface PlyElement {
  name: string;
  count: number;
  properties: PlyProperty[];
}

export interface PlyHeader {
  encoding: 'ascii' | 'binary_little_endian' | 'binary_big_endian';
  elements: PlyElement[];
  /** Where the body begins, bytes from the file's start. */
  bodyOffset: number;
}

/** A header longer than this is not one. */
const MAX_HEADER_BYTES = 1 << 20;
const MAX_PROPERTIES = 4096;

/** Bytes of one row in a binary file. */
export function rowBytes(element: PlyElement): number {
  return element.properties.reduce((sum, p) => sum + PLY_TYPE_BYTES[p.type], 0);
}

/** Header lines (LF, CRLF or lone CR) up to `end_header`, and where the body begins. */
function headerLines(bytes: Uint8Array, fileName: string) {
  const loneCr = bytes[3] === 0x0d && bytes[4] !== 0x0a;
  const lineEnd = loneCr ? 0x0d : 0x0a;
  const limit = Math.min(bytes.length, MAX_HEADER_BYTES);
  const decoder = new TextDecoder();
  const lines: string[] = [];
  for (let from = 0; from < limit; ) {
    const at = bytes.subarray(from, limit).indexOf(lineEnd);
    if (at < 0) break;
    const line = decoder.decode(bytes.subarray(from, from + at)).trim();
    from += at + 1;
    if (line === 'end_header') return { lines, bodyOffset: from };
    lines.push(line);
  }
  throw badFile(fileName, 'the PLY header has no end_header line; the file is cut off or no PLY');
}

function parseCount(word: string | undefined, line: string, fileName: string): number {
  const count = Number(word);
  if (word === undefined || !/^\d+$/.test(word) || !Number.isSafeInteger(count)) {
    throw badFile(fileName, `PLY header line "${line}" has no valid count`);
  }
  return count;
}

function parseProperty(words: string[], line: string, fileName: string): PlyProperty {
  const list = words[1] === 'list';
  const [typeWord, name] = list ? [words[3], words[4]] : [words[1], words[2]];
  const type = typeWord === undefined ? undefined : TYPES[typeWord];
  if (type === undefined || name === undefined || words.length !== (list ? 5 : 3)) {
    throw badFile(fileName, `PLY header line "${line}" is not a property of a known type`);
  }
  return { name, type, list };
}

/**
 * Parses a PLY header: any of the three encodings, any element and property.
 * @throws SplatmendError `bad-file` when it is malformed, `unsupported-file` for an unknown version
 */
export function parsePlyHeader(bytes: Uint8Array, fileName: string): PlyHeader {
  const { lines, bodyOffset } = headerLines(bytes, fileName);
  let encoding: PlyHeader['encoding'] | undefined;
  const elements: PlyElement[] = [];
  let properties = 0;
  for (const line of lines.slice(1)) {
    const words = line.split(/\s+/);
    const keyword = words[0];
    if (keyword === '' || keyword === 'comment' || keyword === 'obj_info') continue;
    if (keyword === 'format') {
      const name = words[1];
      if (
        encoding !== undefined ||
        (name !== 'ascii' && name !== 'binary_little_endian' && name !== 'binary_big_endian')
      ) {
        throw badFile(fileName, `PLY header line "${line}" is not a known format`);
      }
      if (words[2] !== '1.0') {
        throw unsupportedFile(fileName, `PLY version ${words[2] ?? '?'}; only 1.0 exists`);
      }
      encoding = name;
    } else if (keyword === 'element') {
      const name = words[1];
      if (name === undefined || words.length !== 3) {
        throw badFile(fileName, `PLY header line "${line}" is not an element`);
      }
      if (elements.some((e) => e.name === name)) {
        throw badFile(fileName, `the PLY header names element ${name} twice`);
      }
      elements.push({ name, count: parseCount(words[2], line, fileName), properties: [] });
    } else if (keyword === 'property') {
      const element = elements.at(-1);
      if (element === undefined || ++properties > MAX_PROPERTIES) {
        throw badFile(fileName, `PLY header line "${line.slice(0, 80)}" is out of place`);
      }
      const property = parseProperty(words, line, fileName);
      if (element.properties.some((p) => p.name === property.name)) {
        throw badFile(fileName, `the PLY header names property ${property.name} twice`);
      }
      element.properties.push(property);
    } else {
      throw badFile(fileName, `unknown PLY header line "${line.slice(0, 80)}"`);
    }
  }
  if (encoding === undefined) throw badFile(fileName, 'the PLY header has no format line');
  return { encoding, elements, bodyOffset };
}

/** Whether the elements are those of PlayCanvas's compressed PLY. */
export function isCompressedPlyHeader(header: PlyHeader): boolean {
  const vertex = header.elements.find((e) => e.name === 'vertex');
  return (
    header.elements.some((e) => e.name === 'chunk') &&
    vertex?.properties.some((p) => p.name === 'packed_position') === true
  );
}
