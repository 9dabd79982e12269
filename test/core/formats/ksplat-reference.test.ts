// Accepts: our .ksplat opens in GaussianSplats3D's own reader with the same values (float32 rounding,
// 1e-6; quaternions up to sign), and its own generator's files of all three compression levels read as
// the scene they were made of (level 0: 1e-5; levels 1 and 2: 16-bit positions in blocks of 5 units,
// half floats: 2e-3; 8-bit harmonics over their own range of 1: 1/255). Seed 7.
import { expect, test } from 'vitest';
import { readSplats, writeSplats } from '../../../core/formats/index.ts';
import { SH_C0, takeSplats } from '../../../core/splat-cloud.ts';
import { maxAngle, maxDifference, nearestRows, randomCloud } from './support.ts';

// It ships no types; a name in a variable is not resolved by the type checker.
const REFERENCE = '@mkkellogg/gaussian-splats-3d';
const reference = () => import(/* @vite-ignore */ REFERENCE);

const exactBuffer = (bytes: Uint8Array) =>
  bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength);

test('GaussianSplats3D reads what we write', async () => {
  const { SplatBuffer } = await reference();
  const { Vector3, Quaternion, Vector4 } = await import('three');
  const cloud = randomCloud(500, 2);
  const buffer = new SplatBuffer(exactBuffer(await writeSplats(cloud, 'ksplat')));
  expect(buffer.getSplatCount()).toBe(500);
  const [center, scale, rotation, colour] = [
    new Vector3(),
    new Vector3(),
    new Quaternion(),
    new Vector4(),
  ];
  for (let i = 0; i < 500; i += 7) {
    buffer.getSplatCenter(i, center);
    expect(center.toArray()).toEqual([...cloud.positions.subarray(i * 3, i * 3 + 3)]);
    buffer.getSplatScaleAndRotation(i, scale, rotation);
    const scales = cloud.logScales.subarray(i * 3, i * 3 + 3).map(Math.exp);
    expect(maxDifference(scale.toArray(), scales)).toBeLessThan(1e-6);
    const wxyz = Float32Array.of(rotation.w, rotation.x, rotation.y, rotation.z);
    expect(maxAngle(wxyz, cloud.rotations.subarray(i * 4, i * 4 + 4))).toBeLessThan(1e-3);
    buffer.getSplatColor(i, colour);
    const rgb = [0, 1, 2].map((k) => (0.5 + SH_C0 * cloud.dc[i * 3 + k]!) * 255);
    expect(maxDifference(colour.toArray().slice(0, 3), rgb)).toBeLessThanOrEqual(0.5001);
    expect(colour.w).toBeCloseTo(255 / (1 + Math.exp(-cloud.opacityLogits[i]!)), -0.31);
  }
  // Its harmonics come out coefficient by coefficient: r g b of the first, of the second …
  const harmonics = new Float32Array(500 * 24);
  buffer.fillSphericalHarmonicsArray(harmonics, 2, undefined, 0, 499, 0, 0);
  const ours = Float32Array.from(harmonics, (_, at) => {
    const [i, j, c] = [Math.floor(at / 24), Math.floor((at % 24) / 3), at % 3];
    return cloud.shRest[i * 24 + c * 8 + j]!;
  });
  expect(maxDifference(harmonics, ours)).toBeLessThan(1e-6);
});

test.each([0, 1, 2])('we read what GaussianSplats3D writes at level %i', async (level) => {
  const { PlyParser, SplatBufferGenerator } = await reference();
  const cloud = randomCloud(700, 2);
  const ply = exactBuffer(await writeSplats(cloud, 'ply'));
  const generator = SplatBufferGenerator.getStandardGenerator(0, level);
  const buffer = generator.generateFromUncompressedSplatArray(
    PlyParser.parseToUncompressedSplatArray(ply, 2),
  );
  const { cloud: read, report } = await readSplats(new Uint8Array(buffer.bufferData), 'a.ksplat');
  expect(report).toMatchObject({ count: 700, shDegree: 2, nonFinite: 0 });
  const got = takeSplats(read, nearestRows(cloud, read));
  const limit = level === 0 ? 1e-5 : 2e-3;
  expect(maxDifference(got.positions, cloud.positions)).toBeLessThan(limit);
  expect(maxDifference(got.logScales, cloud.logScales)).toBeLessThan(limit);
  expect(maxAngle(got.rotations, cloud.rotations)).toBeLessThan(limit);
  // Its generator cuts colours off instead of rounding them.
  expect(maxDifference(got.dc, cloud.dc)).toBeLessThan(1 / 255 / SH_C0 + 1e-4);
  expect(maxDifference(got.shRest, cloud.shRest)).toBeLessThan(level === 2 ? 1 / 255 : limit);
});
