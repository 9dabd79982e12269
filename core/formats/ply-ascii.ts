import { breathe, throwIfCancelled } from '../progress.ts';
import { badFile } from './format.ts';
import type { PlyHeader, PlyProperty, PlyType } from './ply-header.ts';
import type { PlyColumn } from './ply-layout.ts';

const ROWS_A_BREATH = 16384;

const INTEGER_RANGES: Partial<Record<PlyType, [number, number]>> = {
  int8: [-128, 127],
  uint8: [0, 255],
  int16: [-32768, 32767],
  uint16: [0, 65535],
  int32: [-2147483648, 2147483647],
  uint32: [0, 4294967295],
};

const POWERS_OF_TEN = Array.from({ length: 23 }, (_, i) => 10 ** i);

const isSpace = (byte: number | undefined) =>
  byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;

/**
 * Where the vertices begin in an ASCII body: elements before them are skipped line by line (a row is a
 * line in every ASCII PLY, lists included).
 * @throws SplatmendError `bad-file` when the file ends before
 */
export function skipAsciiRows(bytes: Uint8Array, header: PlyHeader, fileName: string): number {
  let at = header.bodyOffset;
  for (const element of header.elements) {
    if (element.name === 'vertex') return at;
    for (let row = 0; row < element.count; row++) {
      const end = bytes.indexOf(0x0a, at);
      if (end < 0) throw badFile(fileName, `cut off in element ${element.name}`);
      at = end + 1;
    }
  }
  return at;
}

function parseFloatWord(word: string): number {
  // Number() reads `0x10` and the empty word; neither is a PLY number.
  if (/^[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?$/.test(word)) return Number(word);
  const special = /^([-+]?)(nan|inf|infinity)(\(.*\))?$/i.exec(word);
  if (special === null) return Number.NaN;
  if (special[2]!.toLowerCase() === 'nan') return Number.NaN;
  return special[1] === '-' ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
}

/** A cursor over whitespace-separated numbers in bytes. */
class AsciiNumbers {
  private readonly bytes: Uint8Array;
  private readonly fileName: string;
  at: number;
  constructor(bytes: Uint8Array, at: number, fileName: string) {
    this.bytes = bytes;
    this.at = at;
    this.fileName = fileName;
  }

  skipSpace(): void {
    while (this.at < this.bytes.length && isSpace(this.bytes[this.at])) this.at++;
  }

  private word(): string {
    this.skipSpace();
    const from = this.at;
    while (this.at < this.bytes.length && !isSpace(this.bytes[this.at])) {
      // No number is this long: binary data under an ASCII header.
      if (++this.at - from > 512) break;
    }
    return String.fromCharCode(...this.bytes.subarray(from, this.at));
  }

  /**
   * The common number, without a string: at most 15 digits and a power of ten up to 22 are both exact
   * in a double, so one multiplication rounds correctly (Clinger 1990). Undefined, and nothing read,
   * for any other word.
   */
  private shortNumber(): number | undefined {
    this.skipSpace();
    let at = this.at;
    const sign = this.bytes[at] === 0x2d ? -1 : 1;
    if (sign < 0) at++;
    let mantissa = 0;
    let digits = 0;
    let exponent = 0;
    let point = false;
    for (; at < this.bytes.length; at++) {
      const byte = this.bytes[at]!;
      if (byte === 0x2e && !point) {
        point = true;
      } else if (byte >= 0x30 && byte <= 0x39) {
        mantissa = mantissa * 10 + (byte - 0x30);
        digits++;
        if (point) exponent--;
      } else if (isSpace(byte)) {
        break;
      } else {
        return undefined;
      }
    }
    if (digits === 0 || digits > 15) return undefined;
    this.at = at;
    return (sign * mantissa) / POWERS_OF_TEN[-exponent]!;
  }

  /** The next value, checked against its property's type. */
  next(property: PlyProperty, row: number): number {
    const short = this.shortNumber();
    const word = short === undefined ? this.word() : '';
    const value = short ?? parseFloatWord(word);
    const range = INTEGER_RANGES[property.type];
    const good =
      range === undefined
        ? !Number.isNaN(value) || /nan/i.test(word)
        : Number.isInteger(value) && value >= range[0] && value <= range[1];
    if (good) return value;
    const where = `vertex ${row}, property ${property.name}`;
    if (word === '' && short === undefined) throw badFile(this.fileName, `cut off in ${where}`);
    throw badFile(
      this.fileName,
      `"${word.slice(0, 24) || value}" in ${where} is not a ${property.type} number`,
    );
  }
}

/** Reads the vertex rows of an ASCII PLY into the columns' arrays. */
export async function readAsciiRows(
  bytes: Uint8Array,
  start: number,
  columns: PlyColumn[],
  header: PlyHeader,
  fileName: string,
  signal: AbortSignal | undefined,
): Promise<void> {
  const vertexAt = header.elements.findIndex((e) => e.name === 'vertex');
  const count = header.elements[vertexAt]!.count;
  const numbers = new AsciiNumbers(bytes, start, fileName);
  for (let row = 0; row < count; row++) {
    if (row % ROWS_A_BREATH === ROWS_A_BREATH - 1) {
      await breathe();
      throwIfCancelled(signal);
    }
    for (const { property, data, stride, offset } of columns) {
      data[row * stride + offset] = numbers.next(property, row);
    }
  }
  numbers.skipSpace();
  if (vertexAt === header.elements.length - 1 && numbers.at < bytes.length) {
    throw badFile(
      fileName,
      `more values than the header's ${count} vertex rows; the counts or the properties are wrong`,
    );
  }
}
