// Accepts: every file below ends in the named error (rules: support.ts), never in a cloud. Seed 7.
import { beforeAll } from 'vitest';
import { plyFile, splitPly } from '../support.ts';
import { type Bytes, type Case, cut, goodFile, N, refuses, text } from './support.ts';

let good: Bytes;
beforeAll(async () => {
  good = await goodFile('ply');
});

/** The good PLY with other header lines. */
function withHeader(edit: (lines: string[]) => string[], body?: Bytes): Bytes {
  const parts = splitPly(good);
  return plyFile(edit(parts.header), body ?? parts.body);
}
const replaced = (from: string | RegExp, to: string) =>
  withHeader((lines) => lines.map((l) => l.replace(from, to)));
const ascii = (row: string, rows = 1) =>
  plyFile(
    [
      'ply',
      'format ascii 1.0',
      `element vertex ${rows}`,
      ...'x y z f_dc_0 f_dc_1 f_dc_2 opacity scale_0 scale_1 scale_2 rot_0 rot_1 rot_2 rot_3'
        .split(' ')
        .map((n) => `property float ${n}`),
      'property uchar label',
    ],
    text(row),
  );

const PLY: Case[] = [
  ['empty', 'a.ply', () => new Uint8Array(0), 'bad-file'],
  ['four bytes', 'a.ply', () => text('ply\n'), 'bad-file'],
  ['cut in the header', 'a.ply', () => cut(good, 100), 'bad-file'],
  [
    'cut after the header',
    'a.ply',
    () => plyFile(splitPly(good).header, new Uint8Array(0)),
    'bad-file',
  ],
  ['cut in the middle', 'a.ply', () => cut(good, good.length >> 1), 'bad-file'],
  ['cut by one byte', 'a.ply', () => cut(good, good.length - 1), 'bad-file'],
  ['count too high', 'a.ply', () => replaced(`vertex ${N}`, 'vertex 10000000'), 'bad-file'],
  [
    'count past 2^53',
    'a.ply',
    () => replaced(`vertex ${N}`, 'vertex 99999999999999999'),
    'bad-file',
  ],
  ['count too low', 'a.ply', () => replaced(`vertex ${N}`, `vertex ${N - 1}`), 'bad-file'],
  ['count negative', 'a.ply', () => replaced(`vertex ${N}`, 'vertex -3'), 'bad-file'],
  [
    'count 0',
    'a.ply',
    () =>
      plyFile(
        splitPly(good).header.map((l) => l.replace(`vertex ${N}`, 'vertex 0')),
        new Uint8Array(0),
      ),
    'bad-file',
  ],
  [
    'no format line',
    'a.ply',
    () => withHeader((l) => l.filter((x) => !x.startsWith('format'))),
    'bad-file',
  ],
  [
    'unknown encoding',
    'a.ply',
    () => replaced('binary_little_endian', 'binary_middle_endian'),
    'bad-file',
  ],
  ['version 2.0', 'a.ply', () => replaced('1.0', '2.0'), 'unsupported-file'],
  ['unknown type', 'a.ply', () => replaced('float x', 'quad x'), 'bad-file'],
  ['a property twice', 'a.ply', () => replaced('float y', 'float x'), 'bad-file'],
  ['no vertex element', 'a.ply', () => replaced('element vertex', 'element points'), 'bad-file'],
  ['opacity missing', 'a.ply', () => replaced('float opacity', 'float opaque'), 'bad-file'],
  [
    'no scales: a point cloud',
    'a.ply',
    () => withHeader((l) => l.filter((x) => !/scale|rot|f_|opacity/.test(x))),
    'unsupported-file',
  ],
  ['no scale_2: 2D Gaussians', 'a.ply', () => replaced('scale_2', 'other'), 'unsupported-file'],
  ['8 harmonics', 'a.ply', () => replaced('f_rest_8', 'other'), 'unsupported-file'],
  ['a gap in the harmonics', 'a.ply', () => replaced('f_rest_3', 'f_rest_12'), 'bad-file'],
  [
    'a list in the vertices',
    'a.ply',
    () => replaced('float x', 'list uchar float x'),
    'unsupported-file',
  ],
  [
    'a list element first',
    'a.ply',
    () =>
      withHeader((l) => [
        l[0]!,
        l[1]!,
        'element face 1',
        'property list uchar int i',
        ...l.slice(2),
      ]),
    'unsupported-file',
  ],
  [
    'an element first that is not there',
    'a.ply',
    () =>
      withHeader((l) => [
        l[0]!,
        l[1]!,
        'element big 99999999999',
        'property double d',
        ...l.slice(2),
      ]),
    'bad-file',
  ],
  ['big-endian, cut', 'a.ply', () => cut(replaced('little', 'big'), good.length - 50), 'bad-file'],
  ['ASCII, a value short', 'a.ply', () => ascii('1 2 3 0 0 0 1 -4 -4 -4 1 0 0 0\n'), 'bad-file'],
  [
    'ASCII, a value too many',
    'a.ply',
    () => ascii('1 2 3 0 0 0 1 -4 -4 -4 1 0 0 0 7 9\n'),
    'bad-file',
  ],
  ['ASCII, a word', 'a.ply', () => ascii('1 2 three 0 0 0 1 -4 -4 -4 1 0 0 0 7\n'), 'bad-file'],
  ['ASCII, hexadecimal', 'a.ply', () => ascii('1 2 0x10 0 0 0 1 -4 -4 -4 1 0 0 0 7\n'), 'bad-file'],
  [
    'ASCII, 300 in a byte',
    'a.ply',
    () => ascii('1 2 3 0 0 0 1 -4 -4 -4 1 0 0 0 300\n'),
    'bad-file',
  ],
  ['ASCII, count too high', 'a.ply', () => ascii('1 2 3\n', 100_000_000), 'bad-file'],
  [
    'binary under an ASCII header',
    'a.ply',
    () => replaced('binary_little_endian', 'ascii'),
    'bad-file',
  ],
  ['a PNG', 'a.ply', () => Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10, 0, 0), 'bad-file'],
];

refuses('PLY', PLY);
