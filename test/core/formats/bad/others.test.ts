// Accepts: every file below ends in the named error (rules: support.ts), never in a cloud. Seed 7.
import { beforeAll } from 'vitest';
import { type Bytes, type Case, cut, edited, goodFile, N, refuses, text } from './support.ts';

const good: Record<string, Bytes> = {};
beforeAll(async () => {
  for (const format of ['ply', 'splat', 'ksplat'] as const) good[format] = await goodFile(format);
});

const OTHERS: Case[] = [
  ['.splat empty', 'a.splat', () => new Uint8Array(0), 'bad-file'],
  ['.splat cut', 'a.splat', () => cut(good.splat!, good.splat!.length - 5), 'bad-file'],
  [
    '.splat of noise',
    'a.splat',
    () => Uint8Array.from({ length: 3200 }, (_, i) => (i * i * 2654435761) >>> 13),
    'bad-file',
  ],
  [
    '.splat of text',
    'a.splat',
    () => text('The quick brown fox jumps over it'.repeat(32)),
    'bad-file',
  ],
  ['.ksplat short', 'a.ksplat', () => cut(good.ksplat!, 4000), 'bad-file'],
  [
    '.ksplat cut in the splats',
    'a.ksplat',
    () => cut(good.ksplat!, good.ksplat!.length - 1),
    'bad-file',
  ],
  [
    '.ksplat count lies',
    'a.ksplat',
    () => edited(good.ksplat!, (v) => v.setUint32(16, N + 1, true)),
    'bad-file',
  ],
  [
    '.ksplat count 4 billion',
    'a.ksplat',
    () => edited(good.ksplat!, (v) => v.setUint32(16, 4e9, true)),
    'too-large',
  ],
  [
    '.ksplat 4 billion sections',
    'a.ksplat',
    () => edited(good.ksplat!, (v) => v.setUint32(4, 4e9, true)),
    'bad-file',
  ],
  [
    '.ksplat section lies',
    'a.ksplat',
    () => edited(good.ksplat!, (v) => v.setUint32(4100, 4e9, true)),
    'bad-file',
  ],
  [
    '.ksplat degree 3',
    'a.ksplat',
    () => edited(good.ksplat!, (v) => v.setUint16(4136, 3, true)),
    'unsupported-file',
  ],
  [
    '.ksplat level 7',
    'a.ksplat',
    () => edited(good.ksplat!, (v) => v.setUint16(20, 7, true)),
    'unsupported-file',
  ],
  [
    '.ksplat level 1 without buckets',
    'a.ksplat',
    () => edited(good.ksplat!, (v) => v.setUint16(20, 1, true)),
    'bad-file',
  ],
  [
    '.ksplat version 3.1',
    'a.ksplat',
    () => edited(good.ksplat!, (v) => v.setUint8(0, 3)),
    'unsupported-file',
  ],
  ['unknown extension', 'scene.obj', () => good.ply!, 'unknown-format'],
  ['no extension', 'scene', () => good.ply!, 'unknown-format'],
];

refuses('.splat, .ksplat and unknown ones', OTHERS);
