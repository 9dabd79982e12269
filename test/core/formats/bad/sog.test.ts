// Accepts: every file below ends in the named error (rules: support.ts), never in a cloud. Seed 7.
import { unzipSync, type Zippable, zipSync } from 'fflate';
import { beforeAll, expect, test } from 'vitest';
import { readSplats } from '../../../../core/formats/index.ts';
import { expectSameCloud } from '../support.ts';
import { type Bytes, type Case, cut, edited, goodFile, N, refuses, text } from './support.ts';

let good: Bytes;
beforeAll(async () => {
  good = await goodFile('sog');
});

/** The good SOG with files changed; stored, as SOG writers do, unless told otherwise. */
function sog(edit: (files: Record<string, Bytes>) => void, level: 0 | 9 = 0): Bytes {
  const files = unzipSync(good);
  edit(files);
  return zipSync(files as Zippable, { level });
}
// biome-ignore lint/suspicious/noExplicitAny: any part of the JSON may be made wrong
const meta = (edit: (meta: any) => void) =>
  sog((files) => {
    const json = JSON.parse(new TextDecoder().decode(files['meta.json']));
    edit(json);
    files['meta.json'] = text(JSON.stringify(json));
  });
/** Header of a lossless WebP of 16384 × 16384 pixels, 1 GB when decoded. */
const hugePicture = (webp: Bytes) => edited(webp, (v) => v.setUint32(21, 0x0fffffff, true));
const SOG: Case[] = [
  ['cut to its first bytes', 'a.sog', () => cut(good, 30), 'bad-file'],
  ['cut in the middle', 'a.sog', () => cut(good, good.length >> 1), 'bad-file'],
  ['cut by ten bytes', 'a.sog', () => cut(good, good.length - 10), 'bad-file'],
  [
    'no meta.json',
    'a.sog',
    () =>
      sog((f) => {
        delete f['meta.json'];
      }),
    'bad-file',
  ],
  [
    'meta.json is no JSON',
    'a.sog',
    () =>
      sog((f) => {
        f['meta.json'] = text('{"version":');
      }),
    'bad-file',
  ],
  [
    'meta.json is null',
    'a.sog',
    () =>
      sog((f) => {
        f['meta.json'] = text('null');
      }),
    'bad-file',
  ],
  [
    'meta.json is 16 MB of blanks',
    'a.sog',
    () =>
      sog((f) => {
        f['meta.json'] = new Uint8Array(16 << 20).fill(32);
      }, 9),
    'too-large',
  ],
  [
    'a picture missing',
    'a.sog',
    () =>
      sog((f) => {
        delete f['quats.webp'];
      }),
    'bad-file',
  ],
  [
    'a picture cut',
    'a.sog',
    () =>
      sog((f) => {
        f['quats.webp'] = cut(f['quats.webp']!, 200);
      }),
    'bad-file',
  ],
  [
    'a picture damaged',
    'a.sog',
    () =>
      sog((f) => {
        f['quats.webp'] = edited(f['quats.webp']!, (_, b) => b.fill(0xff, 30));
      }),
    'bad-file',
  ],
  [
    'a picture of 16384 × 16384',
    'a.sog',
    () =>
      sog((f) => {
        f['quats.webp'] = hugePicture(f['quats.webp']!);
      }),
    'too-large',
  ],
  [
    'a palette of 16384 × 16384',
    'a.sog',
    () =>
      sog((f) => {
        f['shN_centroids.webp'] = hugePicture(f['shN_centroids.webp']!);
      }),
    'bad-file',
  ],
  [
    'a text as picture',
    'a.sog',
    () =>
      sog((f) => {
        f['sh0.webp'] = text('no picture, but long enough for a header');
      }),
    'bad-file',
  ],
  [
    'a lossy picture',
    'a.sog',
    () =>
      sog((f) => {
        f['sh0.webp'] = edited(f['sh0.webp']!, (_, b) => b.set(text('VP8 '), 12));
      }),
    'bad-file',
  ],
  [
    'count too high',
    'a.sog',
    () =>
      meta((m) => {
        m.count = 5000;
      }),
    'bad-file',
  ],
  [
    'count a billion',
    'a.sog',
    () =>
      meta((m) => {
        m.count = 1e9;
      }),
    'too-large',
  ],
  [
    'count a text',
    'a.sog',
    () =>
      meta((m) => {
        m.count = '300';
      }),
    'bad-file',
  ],
  [
    'short codebook',
    'a.sog',
    () =>
      meta((m) => {
        m.scales.codebook.length = 200;
      }),
    'bad-file',
  ],
  [
    'codebook with a text',
    'a.sog',
    () =>
      meta((m) => {
        m.sh0.codebook[7] = 'x';
      }),
    'bad-file',
  ],
  [
    'two bounds',
    'a.sog',
    () =>
      meta((m) => {
        m.means.mins.pop();
      }),
    'bad-file',
  ],
  [
    'files is no list',
    'a.sog',
    () =>
      meta((m) => {
        m.quats.files = 'quats.webp';
      }),
    'bad-file',
  ],
  [
    'harmonics of degree 4',
    'a.sog',
    () =>
      meta((m) => {
        m.shN.bands = 4;
      }),
    'bad-file',
  ],
  [
    'degree and palette disagree',
    'a.sog',
    () =>
      meta((m) => {
        m.shN.bands = 2;
      }),
    'bad-file',
  ],
  [
    'more palette entries than pixels',
    'a.sog',
    () =>
      meta((m) => {
        m.shN.count = 60000;
      }),
    'bad-file',
  ],
  [
    'version 3',
    'a.sog',
    () =>
      meta((m) => {
        m.version = 3;
      }),
    'unsupported-file',
  ],
  ['a zip of something else', 'a.sog', () => zipSync({ 'a.txt': text('a') }), 'bad-file'],
];

refuses('SOG', SOG);

test('after all that the good file still reads, deflated too', async () => {
  const stored = await readSplats(good, 'a.sog');
  expect(stored.report).toMatchObject({ count: N, shDegree: 1 });
  expectSameCloud(
    (
      await readSplats(
        sog(() => {}, 9),
        'a.sog',
      )
    ).cloud,
    stored.cloud,
  );
});

test('a codebook whose first entry is null reads as PlayCanvas’s engine extrapolates it', async () => {
  const file = meta((m) => {
    m.scales.codebook = Array.from({ length: 256 }, (_, i) => (i === 0 ? null : i / 100));
  });
  const { cloud } = await readSplats(file, 'a.sog');
  expect(Math.min(...cloud.logScales)).toBeCloseTo(0.01 + (0.01 - 2.55) / 255, 6);
});

test('the older SOG without a version reads', async () => {
  const file = meta((m) => {
    delete m.version;
    delete m.count;
    m.means.shape = [N, 3];
    const range = (length: number) => ({
      mins: Array(length).fill(-2),
      maxs: Array(length).fill(3),
    });
    m.scales = { ...range(3), files: m.scales.files };
    m.sh0 = { ...range(4), files: m.sh0.files };
    m.shN = { mins: -1, maxs: 1, files: m.shN.files };
  });
  const { cloud, report } = await readSplats(file, 'a.sog');
  expect(report).toMatchObject({ count: N, shDegree: 1, nonFinite: 0 });
  expect(cloud.positions).toEqual((await readSplats(good, 'a.sog')).cloud.positions);
  // Bytes over a range of 5: every value is a whole number of steps above −2.
  for (const v of cloud.logScales)
    expect(((v + 2) / 5) * 255).toBeCloseTo(Math.round(((v + 2) / 5) * 255), 3);
});
