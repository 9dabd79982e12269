// Accepts: the content's format wins over the name's, and the report counts what is wrong with a scene
// without changing it (tolerance 0). Seed 7.
import { expect, test } from 'vitest';
import {
  formatFromName,
  formatLosses,
  readSplats,
  writeSplats,
} from '../../../core/formats/index.ts';
import { expectSameCloud, randomCloud } from './support.ts';

test('content wins over the name, and the report says so', async () => {
  for (const [format, name] of [
    ['compressed.ply', 'scene.ply'],
    ['ply', 'scene.compressed.ply'],
    ['spz', 'scene.splat'],
    ['sog', 'scene.ksplat'],
    ['ply', 'scene.sog'],
  ] as const) {
    const read = await readSplats(await writeSplats(randomCloud(50), format), name);
    expect(read.format).toBe(format);
    expect(read.report.notes).toEqual([`the content is ${format}, read as that`]);
  }
});

test('format from name', () => {
  expect(formatFromName('/a.b/Scene.COMPRESSED.PLY')).toBe('compressed.ply');
  expect(formatFromName('scene.ply')).toBe('ply');
  expect(formatFromName('x.ksplat')).toBe('ksplat');
  expect(() => formatFromName('x.glb')).toThrow(/\.ply, \.compressed\.ply, .*\.sog/);
});

test('NaN, infinite, enormous and zero-quaternion splats are counted and kept', async () => {
  const cloud = randomCloud(100, 1);
  cloud.positions[0] = Number.NaN;
  cloud.positions[4] = Number.POSITIVE_INFINITY;
  cloud.logScales[6] = 80;
  cloud.rotations.fill(0, 12, 16);
  cloud.opacityLogits[4] = Number.POSITIVE_INFINITY;
  const { cloud: read, report } = await readSplats(await writeSplats(cloud, 'ply'), 'a.ply');
  expect(report).toMatchObject({ count: 100, nonFinite: 2, oversized: 1, zeroRotations: 1 });
  expectSameCloud(read, cloud);
});

test('losses are named before writing', () => {
  const cloud = randomCloud(100, 3, [{ name: 'label', data: new Uint8Array(100) }]);
  cloud.positions[0] = Number.NaN;
  cloud.dc.fill(0.5);
  cloud.dc[7] = 2;
  expect(formatLosses(cloud, 'ply')).toEqual([]);
  expect(formatLosses(cloud, 'ksplat')).toEqual([
    'not kept: label',
    'spherical harmonics above degree 2 are not kept',
    '1 splats have colours beyond black or white; they are cut off',
  ]);
  expect(formatLosses(cloud, 'sog')).toEqual([
    'not kept: label',
    '1 unusable splats (NaN, infinite, enormous) are left out',
    'the order of the splats changes',
  ]);
  cloud.logScales.fill(Math.log(1e-4));
  expect(formatLosses(cloud, 'spz').at(-1)).toMatch(/1\/4096/);
});
