// Accepts: each lossy format gives every splat back within its own quantisation (the tolerances below
// are half a step of the format, named at each; the scene spans 4 × 3 × 2 units, seed 7), in the frame
// it went in, and the reader agrees with an independent implementation where there is one.
import { gunzipSync } from 'fflate';
import { expect, test } from 'vitest';
import { readSplats, type SplatFormat, writeSplats } from '../../../core/formats/index.ts';
import { SH_REST_COUNT, type ShDegree, takeSplats } from '../../../core/splat-cloud.ts';
import { maxAngle, maxDifference, nearestRows, randomCloud } from './support.ts';

const N = 1500;
const DEGREES: ShDegree[] = [0, 1, 2, 3];

interface Tolerances {
  positions: number;
  logScales: number;
  /** Radians. */
  rotations: number;
  /** Of the opacity, 0..1. */
  opacity: number;
  dc: number;
  shRest: number;
}

const TOLERANCES: Record<Exclude<SplatFormat, 'ply'>, Tolerances> = {
  // Per chunk of 256: 11, 10 and 11 bits over up to 4 × 3 × 2 units and 2 log units, 10 bits a quaternion
  // part over √2, 8 bits opacity and colour (range 0.57, dc = rgb / 0.282), 8 bits over 8 a harmonic.
  'compressed.ply': {
    positions: 3 / 1023 / 2 + 1e-5,
    logScales: 2 / 2047 / 2 + 1e-4,
    rotations: 0.005,
    opacity: 0.5 / 255 + 1e-5,
    dc: 2 / 255 / 2 + 1e-4,
    shRest: 8 / 256 / 2 + 1e-5,
  },
  // float32 position and scale (through exp and log), 7 bits a quaternion part, 8 bits colour.
  splat: {
    positions: 0,
    logScales: 2e-6,
    rotations: 0.02,
    opacity: 0.5 / 255 + 1e-5,
    dc: 0.5 / 255 / 0.282,
    shRest: 0,
  },
  ksplat: {
    positions: 0,
    logScales: 2e-6,
    rotations: 1e-3,
    opacity: 0.5 / 255 + 1e-5,
    dc: 0.5 / 255 / 0.282,
    shRest: 0,
  },
  // 1/4096 units, 1/16 log units, 9 bits and sign a quaternion part, dc = (byte / 255 − 0.5) / 0.15, 1/128.
  spz: {
    positions: 0.5 / 4096 + 1e-6,
    logScales: 0.5 / 16 + 1e-5,
    rotations: 0.004,
    opacity: 0.5 / 255 + 1e-5,
    dc: 0.5 / 255 / 0.15 + 1e-5,
    shRest: 0.5 / 128 + 1e-5,
  },
  // 16 bits over the log-mapped box, cut off, not rounded: a whole step, largest at the far corner;
  // 8 bits a quaternion part and opacity, cut off; codebooks of 256 over 2 (scale, dc) and 1 (harmonics).
  sog: {
    positions: (2 * Math.log(4) * 4) / 65535 + 1e-5,
    logScales: 3 / 256,
    rotations: 0.035,
    opacity: 1 / 255 + 1e-5,
    dc: 2 / 256,
    shRest: 2 / 256,
  },
};

const opacities = (logits: Float32Array) => logits.map((v) => 1 / (1 + Math.exp(-v)));

async function roundTrip(format: Exclude<SplatFormat, 'ply'>, degree: ShDegree): Promise<void> {
  const cloud = randomCloud(N, degree);
  cloud.opacityLogits[1] = Number.POSITIVE_INFINITY;
  // SOG's WebP loses the colour of splats whose opacity byte is 0 (docs/formats.md).
  if (format !== 'sog') cloud.opacityLogits[2] = Number.NEGATIVE_INFINITY;
  const read = await readSplats(await writeSplats(cloud, format), `scene.${format}`);
  expect(read.format).toBe(format);
  expect(read.report).toMatchObject({ count: N, nonFinite: 0, oversized: 0, zeroRotations: 0 });
  const rows = nearestRows(cloud, read.cloud);
  expect(new Set(rows).size, 'every splat is found once').toBe(N);
  const got = takeSplats(read.cloud, rows);
  const limit = TOLERANCES[format];
  expect(maxDifference(got.positions, cloud.positions)).toBeLessThanOrEqual(limit.positions);
  expect(maxDifference(got.logScales, cloud.logScales)).toBeLessThanOrEqual(limit.logScales);
  expect(maxAngle(got.rotations, cloud.rotations)).toBeLessThanOrEqual(limit.rotations);
  expect(
    maxDifference(opacities(got.opacityLogits), opacities(cloud.opacityLogits)),
  ).toBeLessThanOrEqual(limit.opacity);
  expect(maxDifference(got.dc, cloud.dc)).toBeLessThanOrEqual(limit.dc);

  // .splat holds no harmonics, .ksplat those of degree 2.
  const most: ShDegree = format === 'splat' ? 0 : format === 'ksplat' ? 2 : 3;
  const keptDegree = Math.min(degree, most) as ShDegree;
  expect(read.report.shDegree).toBe(keptDegree);
  const [k, kept] = [SH_REST_COUNT[degree], SH_REST_COUNT[keptDegree]];
  const wanted = cloud.shRest.filter((_, i) => i % k < kept);
  expect(maxDifference(got.shRest, wanted)).toBeLessThanOrEqual(limit.shRest);

  const inOrder = format === 'splat' || format === 'ksplat' || format === 'spz';
  expect(
    rows.every((row, i) => row === i),
    'rows in order',
  ).toBe(inOrder);
}

for (const format of ['compressed.ply', 'splat', 'ksplat', 'spz'] as const) {
  test.each(DEGREES)(`${format} round trip, SH degree %i`, (degree) => roundTrip(format, degree));
}
// A SOG takes seconds to write: two of the four.
test.each([0, 3] as ShDegree[])('sog round trip, SH degree %i', (degree) =>
  roundTrip('sog', degree),
);

test('SPZ on disk has y up and z back, as its specification says', async () => {
  const cloud = randomCloud(1);
  cloud.positions.set([1, 2, 3]);
  const raw = gunzipSync(await writeSplats(cloud, 'spz'));
  const fixed = (at: number) =>
    (((raw[at]! | (raw[at + 1]! << 8) | (raw[at + 2]! << 16)) << 8) >> 8) / 4096;
  expect([fixed(16), fixed(19), fixed(22)]).toEqual([1, -2, -3]);
});

test('a quaternion rotation survives SPZ’s change of axes together with its harmonics', async () => {
  // One coefficient a splat: a wrong sign in the flip of any harmonic shows as twice its value.
  const cloud = randomCloud(15, 3);
  cloud.shRest.fill(0);
  for (let i = 0; i < 15; i++) cloud.shRest[i * 45 + i] = 0.5;
  const { cloud: read } = await readSplats(await writeSplats(cloud, 'spz'), 'a.spz');
  expect(maxDifference(read.shRest, cloud.shRest)).toBeLessThan(0.005);
});

test('unusable splats are left out of quantised formats and spoil nothing else', async () => {
  const clean = randomCloud(600, 1);
  const spoiled = randomCloud(600, 1);
  spoiled.positions[3 * 5] = Number.NaN;
  spoiled.logScales[3 * 6] = 80;
  spoiled.positions[3 * 7] = 1e30;
  const kept = [...Array(600).keys()].filter((i) => i < 5 || i > 7);
  for (const format of ['compressed.ply', 'spz'] as const) {
    const { cloud } = await readSplats(await writeSplats(spoiled, format), `a.${format}`);
    expect(cloud.count).toBe(597);
    const rows = nearestRows(takeSplats(clean, kept), cloud);
    expect(new Set(rows).size).toBe(597);
  }
  // .splat and .ksplat hold floats: nothing is left out, and the report counts them.
  for (const format of ['splat', 'ksplat'] as const) {
    const { report } = await readSplats(await writeSplats(spoiled, format), `a.${format}`);
    expect(report).toMatchObject({ count: 600, nonFinite: 1, oversized: 2 });
  }
});

test('SPZ refuses what lies beyond its range, and no format writes an empty scene', async () => {
  const cloud = randomCloud(100);
  cloud.positions.set(cloud.positions.map((v) => v * 1000));
  await expect(writeSplats(cloud, 'spz')).rejects.toMatchObject({ code: 'unsupported-file' });
  for (const format of ['ply', 'compressed.ply', 'splat', 'ksplat', 'spz', 'sog'] as const) {
    await expect(writeSplats(randomCloud(0), format)).rejects.toMatchObject({
      code: 'everything-selected',
    });
  }
});
