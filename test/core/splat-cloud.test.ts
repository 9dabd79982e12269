// Accepts: taking, joining and transferring copy every attribute bit for bit (tolerance 0). Seed 7.
import { expect, test } from 'vitest';
import { applyPatch } from '../../core/patch.ts';
import {
  concatSplats,
  createSplatCloud,
  type ExtraProperty,
  type ShDegree,
  splatCloudTransferables,
  takeSplats,
} from '../../core/splat-cloud.ts';
import { cloudBytes, expectSameCloud, randomCloud } from './formats/support.ts';

const N = 64;
const extras = (): ExtraProperty[] => [
  { name: 'label', data: Uint8Array.from({ length: N }, (_, i) => i * 3) },
  { name: 'half', data: Int16Array.from({ length: N }, (_, i) => i * 500 - 16000) },
  { name: 'time', data: Float64Array.from({ length: N }, (_, i) => Math.E ** (i - 30)) },
];

test.each([0, 1, 2, 3] as ShDegree[])('takes rows in any order, SH degree %i', (degree) => {
  const cloud = randomCloud(N, degree, extras());
  // A signalling NaN: copying it as a number would quieten it.
  new Uint32Array(cloud.positions.buffer)[3 * 9] = 0x7fa00001;
  cloud.columnOrder = ['y', 'x', 'label'];
  const rows = [63, 9, 9, 0];
  const taken = takeSplats(cloud, rows);
  expect(taken.columnOrder).toEqual(['y', 'x', 'label']);
  const [from, to] = [cloudBytes(cloud), cloudBytes(taken)];
  for (const name of Object.keys(from)) {
    const width = from[name]!.length / N;
    const wanted = rows.flatMap((r) => [...from[name]!.subarray(r * width, (r + 1) * width)]);
    expect([...to[name]!], name).toEqual(wanted);
  }
  const all = Array.from({ length: N }, (_, i) => i);
  expectSameCloud(takeSplats(cloud, all), cloud);
  expect(takeSplats(cloud, []).count).toBe(0);
});

test('joining keeps the first cloud’s properties; the second’s are 0 where it has none', () => {
  const a = randomCloud(N, 2, extras());
  const b = randomCloud(3, 2, [
    { name: 'label', data: Uint8Array.of(7, 8, 9) },
    { name: 'unknown', data: new Float32Array(3) },
  ]);
  const joined = concatSplats(a, b);
  expectSameCloud(takeSplats(joined, [...Array(N).keys()]), a);
  expect([...joined.positions.subarray(3 * N)]).toEqual([...b.positions]);
  expect([...joined.shRest.subarray(24 * N)]).toEqual([...b.shRest]);
  expect(joined.extras.map((e) => [e.name, [...e.data.slice(N)]])).toEqual([
    ['label', [7, 8, 9]],
    ['half', [0, 0, 0]],
    ['time', [0, 0, 0]],
  ]);
  expect(() => concatSplats(a, createSplatCloud(1, 1))).toThrow(/degree 2 and 1/);
});

test('a patch leaves the survivors as they were, and its input too', () => {
  const cloud = randomCloud(N, 1, extras());
  const before = randomCloud(N, 1, extras());
  const removed = Uint32Array.of(0, 5, 63);
  const after = applyPatch(cloud, { removed, added: randomCloud(2, 1, [], 8) });
  expectSameCloud(cloud, before);
  expect(after.count).toBe(N - 3 + 2);
  const kept = [...Array(N).keys()].filter((i) => !removed.includes(i));
  expectSameCloud(takeSplats(after, [...kept.keys()]), takeSplats(cloud, kept));
});

test('transferring detaches every array of the sender', () => {
  const cloud = randomCloud(N, 3, extras());
  const copy = structuredClone(cloud, { transfer: splatCloudTransferables(cloud) });
  expectSameCloud(copy, randomCloud(N, 3, extras()));
  const { positions, logScales, rotations, opacityLogits, dc, shRest } = cloud;
  const own = [positions, logScales, rotations, opacityLogits, dc, shRest];
  for (const sent of [...own, ...cloud.extras.map((e) => e.data)]) expect(sent.length).toBe(0);
});
