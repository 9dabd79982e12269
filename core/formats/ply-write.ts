import { SplatmendError } from '../errors.ts';
import { breathe, throwIfCancelled } from '../progress.ts';
import type { ExtraData, SplatCloud } from '../splat-cloud.ts';
import { plyColumnNames, slotOf } from './ply-layout.ts';

const ROWS_A_BLOCK = 1024;
const BLOCKS_A_BREATH = 64;

/** The names that the reference implementation and most readers use. */
function typeName(data: ExtraData): string {
  if (data instanceof Float32Array) return 'float';
  if (data instanceof Float64Array) return 'double';
  if (data instanceof Int8Array) return 'char';
  if (data instanceof Uint8Array) return 'uchar';
  if (data instanceof Int16Array) return 'short';
  if (data instanceof Uint16Array) return 'ushort';
  if (data instanceof Int32Array) return 'int';
  return 'uint';
}

interface Source {
  name: string;
  data: ExtraData;
  stride: number;
  offset: number;
}

function sourcesOf(cloud: SplatCloud): Source[] {
  return plyColumnNames(cloud).map((name) => {
    const slot = slotOf(name, cloud.shDegree);
    if (slot !== undefined) {
      return { name, data: cloud[slot.attribute], stride: slot.stride, offset: slot.offset };
    }
    const extra = cloud.extras.find((e) => e.name === name)!;
    if (/\s/.test(name) || name === '' || extra.data.length !== cloud.count) {
      throw new SplatmendError('internal', `write PLY: extra property "${name}" is malformed`);
    }
    return { name, data: extra.data, stride: 1, offset: 0 };
  });
}

/** Copies a block of one column into the file's bytes, as bits. */
function writeColumn(
  view: DataView,
  source: Source,
  firstRow: number,
  rows: number,
  at: number,
  bytesARow: number,
): void {
  const { data, stride, offset } = source;
  const width = data.BYTES_PER_ELEMENT;
  if (width < 4) {
    for (let r = 0; r < rows; r++) {
      const value = data[(firstRow + r) * stride + offset]!;
      if (width === 1) view.setUint8(at + r * bytesARow, value);
      else view.setUint16(at + r * bytesARow, value, true);
    }
    return;
  }
  const words = width / 4;
  const bits = new Uint32Array(data.buffer, data.byteOffset, data.byteLength / 4);
  for (let word = 0; word < words; word++) {
    let from = (firstRow * stride + offset) * words + word;
    let to = at + word * 4;
    for (let r = 0; r < rows; r++) {
      view.setUint32(to, bits[from]!, true);
      from += stride * words;
      to += bytesARow;
    }
  }
}

/**
 * Writes binary little-endian PLY: everything that a cloud holds, bit for bit, properties in the order
 * of the file that it came from. Comments and other elements are not in a cloud and so not in the file.
 */
export async function writePly(cloud: SplatCloud, signal?: AbortSignal): Promise<Uint8Array> {
  throwIfCancelled(signal);
  const sources = sourcesOf(cloud);
  const header = new TextEncoder().encode(
    [
      'ply',
      'format binary_little_endian 1.0',
      `element vertex ${cloud.count}`,
      ...sources.map((s) => `property ${typeName(s.data)} ${s.name}`),
      'end_header\n',
    ].join('\n'),
  );
  const bytesARow = sources.reduce((sum, s) => sum + s.data.BYTES_PER_ELEMENT, 0);
  const bytes = new Uint8Array(header.length + bytesARow * cloud.count);
  bytes.set(header);
  const view = new DataView(bytes.buffer);
  for (let row = 0, block = 0; row < cloud.count; row += ROWS_A_BLOCK, block++) {
    if (block % BLOCKS_A_BREATH === BLOCKS_A_BREATH - 1) {
      await breathe();
      throwIfCancelled(signal);
    }
    const rows = Math.min(ROWS_A_BLOCK, cloud.count - row);
    let at = header.length + row * bytesARow;
    for (const source of sources) {
      writeColumn(view, source, row, rows, at, bytesARow);
      at += source.data.BYTES_PER_ELEMENT;
    }
  }
  return bytes;
}
