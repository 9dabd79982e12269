// Accepts: every file below ends in the named error (rules: support.ts), never in a cloud. Seed 7.
import { beforeAll, test } from 'vitest';
import { readSplats } from '../../../../core/formats/index.ts';
import { expectSameCloud, plyFile, splitPly } from '../support.ts';
import { type Bytes, type Case, cut, goodFile, N, refuses } from './support.ts';

let good: Bytes;
beforeAll(async () => {
  good = await goodFile('compressed.ply');
});

function lying(from: string, to: string): Bytes {
  const { header, body } = splitPly(good);
  const lines = header.map((l) => l.replace(from, to));
  return plyFile(lines, body);
}

const COMPRESSED: Case[] = [
  ['cut in the header', 'a.compressed.ply', () => cut(good, 300), 'bad-file'],
  ['cut in the chunks', 'a.compressed.ply', () => cut(good, 1200), 'bad-file'],
  ['cut by one byte', 'a.compressed.ply', () => cut(good, good.length - 1), 'bad-file'],
  ['one byte more', 'a.compressed.ply', () => new Uint8Array([...good, 0]), 'bad-file'],
  ['vertex count lies', 'a.compressed.ply', () => lying(`vertex ${N}`, 'vertex 400'), 'bad-file'],
  ['chunk count lies', 'a.ply', () => lying('chunk 2', 'chunk 4000000'), 'bad-file'],
  ['sh count lies', 'a.ply', () => lying(`sh ${N}`, `sh ${N - 1}`), 'bad-file'],
  ['big-endian', 'a.ply', () => lying('little_endian', 'big_endian'), 'unsupported-file'],
  ['unknown chunk property', 'a.ply', () => lying('max_b', 'max_q'), 'bad-file'],
  ['packed as float', 'a.ply', () => lying('uint packed_color', 'float packed_color'), 'bad-file'],
  ['8 harmonics', 'a.ply', () => lying('property uchar f_rest_8', 'comment'), 'unsupported-file'],
];

refuses('compressed PLY', COMPRESSED);

test('compressed PLY with CRLF and comments reads', async () => {
  const { header, body } = splitPly(good);
  header.splice(2, 0, 'comment made by hand');
  const types = header.map((l) => l.replace('property uint ', 'property uint32 '));
  const read = await readSplats(plyFile(types, body, '\r\n'), 'a.ply');
  expectSameCloud(read.cloud, (await readSplats(good, 'a.ply')).cloud);
});
