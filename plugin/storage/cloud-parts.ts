/** A cloud as columns of bytes, cut into parts, and back. */
import { SplatmendError } from '../../core/errors.ts';
import {
  type ExtraData,
  SH_REST_COUNT,
  type ShDegree,
  type SplatCloud,
} from '../../core/splat-cloud.ts';
import type { SavedColumn, SessionRecord } from './database.ts';

/** Bytes of a part: written in some 10 ms. */
export const PART_BYTES = 8 * 1024 * 1024;

const OWN = ['positions', 'logScales', 'rotations', 'opacityLogits', 'dc', 'shRest'] as const;
const NUMBERS = (degree: ShDegree): Record<(typeof OWN)[number], number> => ({
  positions: 3,
  logScales: 3,
  rotations: 4,
  opacityLogits: 1,
  dc: 3,
  shRest: 3 * SH_REST_COUNT[degree],
});
const EXTRA = 'extra:';
const TYPES: Record<string, new (buffer: ArrayBuffer) => ExtraData> = {
  Float32Array,
  Float64Array,
  Int8Array,
  Uint8Array,
  Int16Array,
  Uint16Array,
  Int32Array,
  Uint32Array,
};

/** The cloud's columns in a fixed order. */
export function columnsOf(cloud: SplatCloud): { meta: SavedColumn; data: ExtraData }[] {
  const named: [string, ExtraData][] = [
    ...OWN.map((name): [string, ExtraData] => [name, cloud[name]]),
    ...cloud.extras.map(({ name, data }): [string, ExtraData] => [`${EXTRA}${name}`, data]),
  ];
  return named.map(([name, data]) => ({
    meta: { name, type: data.constructor.name, bytes: data.byteLength },
    data,
  }));
}

/** One part of a column, in memory of its own. */
export function partOf(data: ExtraData, part: number): ArrayBuffer {
  const first = data.byteOffset + part * PART_BYTES;
  const end = Math.min(data.byteOffset + data.byteLength, first + PART_BYTES);
  return (data.buffer as ArrayBuffer).slice(first, end);
}

export const partCount = (column: SavedColumn) => Math.ceil(column.bytes / PART_BYTES);

const damaged = (why: string) =>
  new SplatmendError('bad-file', `restore: the saved session is damaged (${why}); discard it`);

/** What the columns of a record must look like, before anything is allocated for them. */
function checkColumns({ count, shDegree, columns }: SessionRecord): void {
  if (!Number.isSafeInteger(count) || count < 0 || SH_REST_COUNT[shDegree] === undefined) {
    throw damaged('its header');
  }
  const numbers = NUMBERS(shDegree);
  for (const name of OWN) {
    const column = columns.find((c) => c.name === name);
    if (column?.type !== 'Float32Array' || column.bytes !== 4 * count * numbers[name]) {
      throw damaged(name);
    }
  }
  for (const { name, type, bytes } of columns) {
    const Type = TYPES[type] as unknown as { BYTES_PER_ELEMENT: number } | undefined;
    if (Type === undefined) throw damaged(name);
    if (name.startsWith(EXTRA) && bytes !== count * Type.BYTES_PER_ELEMENT) throw damaged(name);
  }
}

/**
 * The cloud of a record. `read` gives a part's bytes.
 * @throws SplatmendError `bad-file` where bytes are missing or too many
 */
export async function assembleCloud(
  record: SessionRecord,
  read: (column: number, part: number) => Promise<ArrayBuffer | undefined>,
): Promise<SplatCloud> {
  checkColumns(record);
  const arrays = new Map<string, ExtraData>();
  for (const [index, column] of record.columns.entries()) {
    const bytes = new Uint8Array(column.bytes);
    for (let part = 0; part < partCount(column); part++) {
      const piece = await read(index, part);
      const first = part * PART_BYTES;
      if (piece?.byteLength !== Math.min(PART_BYTES, column.bytes - first)) {
        throw damaged(`${column.name}, part ${part + 1}`);
      }
      bytes.set(new Uint8Array(piece), first);
    }
    arrays.set(column.name, new TYPES[column.type]!(bytes.buffer));
  }
  const own = (name: (typeof OWN)[number]) => arrays.get(name) as Float32Array;
  const cloud: SplatCloud = {
    count: record.count,
    positions: own('positions'),
    logScales: own('logScales'),
    rotations: own('rotations'),
    opacityLogits: own('opacityLogits'),
    dc: own('dc'),
    shDegree: record.shDegree,
    shRest: own('shRest'),
    extras: record.columns
      .filter((c) => c.name.startsWith(EXTRA))
      .map((c) => ({ name: c.name.slice(EXTRA.length), data: arrays.get(c.name)! })),
  };
  if (record.columnOrder) cloud.columnOrder = record.columnOrder;
  return cloud;
}
