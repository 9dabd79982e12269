// Accepts: every file below ends in the named error (rules: support.ts), never in a cloud. Seed 7.
import { gunzipSync, gzipSync } from 'fflate';
import { beforeAll, expect, test } from 'vitest';
import { readSplats } from '../../../../core/formats/index.ts';
import { loadSpzModule } from '../../../../core/formats/spz-module.ts';
import { expectSameCloud } from '../support.ts';
import { type Bytes, type Case, cut, edited, goodFile, N, refuses, text } from './support.ts';

let good: Bytes;
let good4: Bytes;
beforeAll(async () => {
  good = await goodFile('spz');
  const spz = await loadSpzModule();
  const { loadSpzFromBuffer, saveSpzToBuffer, CoordinateSystem } = spz;
  const loaded = loadSpzFromBuffer(good, { to: CoordinateSystem.RDF });
  const options = { version: 4, from: CoordinateSystem.RDF, sh1Bits: 8, shRestBits: 8 };
  good4 = saveSpzToBuffer(loaded, options);
});

/** The good SPZ 3 with its inflated bytes edited. */
const spz = (edit: (view: DataView, bytes: Bytes) => void) =>
  gzipSync(edited(gunzipSync(good), edit));
const SPZ: Case[] = [
  ['cut to 10 bytes', 'a.spz', () => cut(good, 10), 'bad-file'],
  ['cut in the middle', 'a.spz', () => cut(good, good.length >> 1), 'bad-file'],
  ['cut by one byte', 'a.spz', () => cut(good, good.length - 1), 'bad-file'],
  [
    'a bit flipped',
    'a.spz',
    () =>
      edited(good, (_, b) => {
        b[b.length >> 1]! ^= 4;
      }),
    'bad-file',
  ],
  ['gzip of something else', 'a.spz', () => gzipSync(text('hello hello hello hello')), 'bad-file'],
  ['gzip of 3 bytes', 'a.spz', () => gzipSync(text('abc')), 'bad-file'],
  ['count too high', 'a.spz', () => spz((v) => v.setUint32(8, N + 1, true)), 'bad-file'],
  ['count too low', 'a.spz', () => spz((v) => v.setUint32(8, N - 1, true)), 'too-large'],
  ['count 4 billion', 'a.spz', () => spz((v) => v.setUint32(8, 4_000_000_000, true)), 'too-large'],
  ['count 0', 'a.spz', () => spz((v) => v.setUint32(8, 0, true)), 'bad-file'],
  ['version 9', 'a.spz', () => spz((v) => v.setUint32(4, 9, true)), 'unsupported-file'],
  ['harmonics of degree 4', 'a.spz', () => spz((v) => v.setUint8(12, 4)), 'unsupported-file'],
  [
    'bomb: 32 MB behind the splats',
    'a.spz',
    () => {
      const bomb = new Uint8Array(32 << 20);
      bomb.set(gunzipSync(good));
      return gzipSync(bomb, { level: 6 });
    },
    'too-large',
  ],
  ['version 4 cut in the header', 'a.spz', () => cut(good4, 20), 'bad-file'],
  ['version 4 cut in the table', 'a.spz', () => cut(good4, 100), 'bad-file'],
  ['version 4 cut by one byte', 'a.spz', () => cut(good4, good4.length - 1), 'bad-file'],
  [
    'version 4 count lies',
    'a.spz',
    () => edited(good4, (v) => v.setUint32(8, N + 1, true)),
    'bad-file',
  ],
  [
    'version 4 bomb',
    'a.spz',
    () => edited(good4, (v) => v.setUint32(8, 2_000_000_000, true)),
    'too-large',
  ],
  [
    'version 4 size lies',
    'a.spz',
    () => edited(good4, (v) => v.setBigUint64(40, 1n << 40n, true)),
    'bad-file',
  ],
  [
    'version 4 table outside',
    'a.spz',
    () => edited(good4, (v) => v.setUint32(16, 0xfffffff0, true)),
    'bad-file',
  ],
  [
    'version 4 stream damaged',
    'a.spz',
    () => edited(good4, (_, b) => b.fill(0x5a, 200, 300)),
    'bad-file',
  ],
];

refuses('SPZ', SPZ);

test('versions 3 and 4 of one scene are one cloud, after all that (an abort would have killed the module)', async () => {
  const three = await readSplats(good, 'a.spz');
  const four = await readSplats(good4, 'a.spz');
  expect(three.report).toMatchObject({ count: N, shDegree: 1 });
  expectSameCloud(four.cloud, three.cloud);
});
