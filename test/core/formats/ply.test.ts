// Accepts: PLY in and out bit for bit (tolerance 0) for every SH degree, extra property type, encoding
// and line ending. Seeds: 7 unless given. ASCII is written with 9 significant digits, which name every
// float32 uniquely, so there too the tolerance is 0.
import { expect, test } from 'vitest';
import { readSplats, writeSplats } from '../../../core/formats/index.ts';
import {
  concatSplats,
  createSplatCloud,
  type ExtraProperty,
  type ShDegree,
  takeSplats,
} from '../../../core/splat-cloud.ts';
import {
  cloudBytes,
  expectSameCloud,
  expectSameFile,
  plyFile,
  randomCloud,
  splitPly,
} from './support.ts';

const N = 3000; // three blocks of the reader, the last one partial

const EXTRAS = (): ExtraProperty[] => [
  { name: 'nx', data: Float32Array.from({ length: N }, (_, i) => Math.sin(i)) },
  { name: 'label', data: Uint8Array.from({ length: N }, (_, i) => i % 251) },
  { name: 'signed', data: Int8Array.from({ length: N }, (_, i) => (i % 251) - 125) },
  { name: 'half', data: Uint16Array.from({ length: N }, (_, i) => i * 21) },
  { name: 'short', data: Int16Array.from({ length: N }, (_, i) => i * 21 - 30000) },
  { name: 'id', data: Uint32Array.from({ length: N }, (_, i) => 4294967295 - i) },
  { name: 'offset', data: Int32Array.from({ length: N }, (_, i) => -2147483648 + i) },
  { name: 'time', data: Float64Array.from({ length: N }, (_, i) => Math.PI * 10 ** (i % 300)) },
];

test.each([0, 1, 2, 3] as ShDegree[])('round trip bit for bit, SH degree %i', async (degree) => {
  const cloud = randomCloud(N, degree, EXTRAS());
  cloud.opacityLogits[5] = Number.POSITIVE_INFINITY;
  const file = await writeSplats(cloud, 'ply');
  const read = await readSplats(file, 'scene.ply');
  expectSameCloud(read.cloud, cloud);
  expect(read.report).toEqual({
    count: N,
    shDegree: degree,
    nonFinite: 0,
    oversized: 0,
    zeroRotations: 0,
    notes: [],
  });
  expectSameFile(await writeSplats(read.cloud, 'ply'), file);
});

test('a file with its own property order and NaN payloads comes out byte for byte', async () => {
  const cloud = randomCloud(N, 1, EXTRAS());
  const order = ['rot_3', 'time', 'x', 'opacity', 'label', 'f_rest_8', 'z'];
  cloud.columnOrder = order;
  // A signalling NaN with a payload: it becomes another NaN when copied as a number.
  new Uint32Array(cloud.dc.buffer)[0] = 0x7f812345;
  const file = await writeSplats(cloud, 'ply');
  const names = splitPly(file).header.filter((l) => l.startsWith('property'));
  expect(names.slice(0, 7).map((l) => l.split(' ')[2])).toEqual(order);
  const read = await readSplats(file, 'scene.PLY');
  expect(read.report.nonFinite).toBe(1);
  expectSameFile(await writeSplats(read.cloud, 'ply'), file);
});

test('survivors keep every bit and property through take and concat', async () => {
  const cloud = randomCloud(N, 3, EXTRAS());
  new Uint32Array(cloud.shRest.buffer)[45 * 7] = 0xff812345;
  const rows = Array.from({ length: N }, (_, i) => i).filter((i) => i % 3 !== 0);
  rows.push(9); // any order
  const added = randomCloud(10, 3, [], 8);
  const edited = concatSplats(takeSplats(cloud, rows), added);
  const { cloud: read } = await readSplats(await writeSplats(edited, 'ply'), 'a.ply');
  const before = cloudBytes(cloud);
  const after = cloudBytes(read);
  for (const [name, bytes] of Object.entries(before)) {
    const width = bytes.length / N;
    for (const [row, from] of rows.entries()) {
      const got = after[name]!.subarray(row * width, (row + 1) * width);
      const want = bytes.subarray(from * width, (from + 1) * width);
      if (!got.every((b, i) => b === want[i])) throw new Error(`${name} of row ${from} changed`);
    }
  }
  expect(read.count).toBe(rows.length + 10);
  expect(read.extras.find((e) => e.name === 'label')!.data.at(-1)).toBe(0);
});

test('big-endian reads as little-endian does', async () => {
  const cloud = randomCloud(N, 2, EXTRAS());
  const file = await writeSplats(cloud, 'ply');
  const { header, body } = splitPly(file);
  const widths = header
    .filter((l) => l.startsWith('property'))
    .map(
      (l) =>
        ({ float: 4, double: 8, uchar: 1, char: 1, short: 2, ushort: 2, int: 4, uint: 4 })[
          l.split(' ')[1]!
        ]!,
    );
  let at = 0;
  for (let row = 0; row < N; row++) {
    for (const width of widths) {
      body.subarray(at, at + width).reverse();
      at += width;
    }
  }
  header[1] = 'format binary_big_endian 1.0';
  const read = await readSplats(plyFile(header, body), 'scene.ply');
  expectSameCloud(read.cloud, cloud);
});

test.each(['\n', '\r\n', '\r'])('ASCII with line ends %j', async (eol) => {
  const cloud = randomCloud(400, 1, [{ name: 'label', data: new Uint8Array(400).fill(200) }]);
  cloud.opacityLogits[3] = Number.POSITIVE_INFINITY;
  cloud.opacityLogits[4] = Number.NEGATIVE_INFINITY;
  cloud.positions[9] = -0;
  cloud.logScales[7] = 1e-38;
  cloud.logScales[8] = 3.4e38;
  cloud.shRest[6] = 1e-45;
  const { header } = splitPly(await writeSplats(cloud, 'ply'));
  header[1] = 'format ascii 1.0';
  header.splice(2, 0, 'comment by hand', 'obj_info none');
  const digits = (v: number) =>
    Number.isInteger(v) && !Object.is(v, -0) ? `${v}` : v.toPrecision(9);
  const lines: string[] = [];
  for (let i = 0; i < cloud.count; i++) {
    const of = (a: Float32Array, stride: number) => [...a.subarray(i * stride, (i + 1) * stride)];
    const values = [
      ...of(cloud.positions, 3),
      ...of(cloud.dc, 3),
      ...of(cloud.shRest, 9),
      cloud.opacityLogits[i]!,
      ...of(cloud.logScales, 3),
      ...of(cloud.rotations, 4),
      200,
    ];
    lines.push(
      values
        .map((v) =>
          Object.is(v, -0) ? '-0.0' : Number.isFinite(v) ? digits(v) : v > 0 ? 'inf' : '-Infinity',
        )
        .join(i % 2 ? ' ' : '\t '),
    );
  }
  const body = new TextEncoder().encode(lines.join(eol) + eol);
  const read = await readSplats(plyFile(header, body, eol), 'scene.ply');
  expectSameCloud(read.cloud, cloud);
});

test('binary with CRLF header, other elements around the vertices, and a body that begins with a line end', async () => {
  const cloud = randomCloud(50, 0);
  new Uint32Array(cloud.positions.buffer)[0] = 0x400a0d0a;
  const { header, body } = splitPly(await writeSplats(cloud, 'ply'));
  const wide = new Uint8Array(12 + body.length + 6);
  wide.set(body, 12);
  const vertexLines = header.slice(2);
  const read = await readSplats(
    plyFile(
      [
        ...header.slice(0, 2),
        'element camera 3',
        'property float  focal',
        ...vertexLines,
        'element face 2',
        'property list uchar int vertex_indices',
      ],
      wide,
      '\r\n',
    ),
    'scene.ply',
  );
  expectSameCloud(read.cloud, cloud);
  expect(read.report.notes).toEqual([
    'element camera (3 rows) is not kept',
    'element face (2 rows) is not kept',
  ]);
});

test('double and integer standard properties become float32, and the report says so', async () => {
  const names =
    'x y z f_dc_0 f_dc_1 f_dc_2 opacity scale_0 scale_1 scale_2 rot_0 rot_1 rot_2 rot_3';
  const row = [1.1, 2.2, 3.3, 0.1, 0.2, 0.3, 2, -4, -4.5, -5, 1, 0, 0, 0];
  const body = new Uint8Array(14 * 8 - 7);
  const view = new DataView(body.buffer);
  for (let i = 0; i < 13; i++) view.setFloat64(i * 8, row[i]!, true);
  const header = [
    'ply',
    'format binary_little_endian 1.0',
    'element vertex 1',
    ...names.split(' ').map((n) => `property ${n === 'rot_3' ? 'uchar' : 'double'} ${n}`),
  ];
  const { cloud, report } = await readSplats(plyFile(header, body), 'scene.ply');
  expect(cloud.positions).toEqual(Float32Array.from(row.slice(0, 3)));
  expect(cloud.rotations).toEqual(Float32Array.from(row.slice(10)));
  expect(report.notes[0]).toMatch(/^x, y, z.* converted to float32$/);
});

test('reads of a subarray of a larger buffer stay inside it', async () => {
  const cloud = randomCloud(100, 0);
  const file = await writeSplats(cloud, 'ply');
  const padded = new Uint8Array(file.length + 20).fill(255);
  padded.set(file, 7);
  const read = await readSplats(padded.subarray(7, 7 + file.length), 'scene.ply');
  expectSameCloud(read.cloud, cloud);
});

test('cancel: before and in the middle', async () => {
  const file = await writeSplats(createSplatCloud(200_000), 'ply');
  await expect(readSplats(file, 'a.ply', AbortSignal.abort())).rejects.toMatchObject({
    code: 'cancelled',
  });
  const controller = new AbortController();
  const reading = readSplats(file, 'a.ply', controller.signal);
  controller.abort();
  await expect(reading).rejects.toMatchObject({ code: 'cancelled' });
});
