import { expect } from 'vitest';
import { createRandom } from '../../../core/random.ts';
import {
  createSplatCloud,
  type ExtraProperty,
  type ShDegree,
  type SplatCloud,
} from '../../../core/splat-cloud.ts';

/** A cloud of plausible splats in a 4 × 3 × 2 box: every attribute different in every row. */
export function randomCloud(
  count: number,
  shDegree: ShDegree = 0,
  extras: ExtraProperty[] = [],
  seed = 7,
): SplatCloud {
  const random = createRandom(seed);
  const cloud = createSplatCloud(count, shDegree, extras);
  for (let i = 0; i < count; i++) {
    cloud.positions.set([random() * 4 - 2, random() * 3, random() * 2 + 1], i * 3);
    cloud.logScales.set([-5 + random(), -4 + random(), -6 + 2 * random()], i * 3);
    cloud.rotations.set(randomRotation(random), i * 4);
    cloud.opacityLogits[i] = random() * 8 - 3;
    cloud.dc.set([random() * 2 - 1, random() * 2 - 1, random() * 2 - 1], i * 3);
  }
  for (let i = 0; i < cloud.shRest.length; i++) cloud.shRest[i] = random() - 0.5;
  return cloud;
}

/** A unit quaternion, uniformly random (Shoemake 1992), w x y z. */
function randomRotation(random: () => number): number[] {
  const [u, a, b] = [random(), random() * 2 * Math.PI, random() * 2 * Math.PI];
  const [s, c] = [Math.sqrt(1 - u), Math.sqrt(u)];
  return [c * Math.cos(b), s * Math.sin(a), s * Math.cos(a), c * Math.sin(b)];
}

/** All of a cloud's numbers as raw bytes, for comparing bit for bit. */
export function cloudBytes(cloud: SplatCloud): Record<string, Uint8Array> {
  const arrays: [string, ArrayBufferView][] = [
    ['positions', cloud.positions],
    ['logScales', cloud.logScales],
    ['rotations', cloud.rotations],
    ['opacityLogits', cloud.opacityLogits],
    ['dc', cloud.dc],
    ['shRest', cloud.shRest],
    ...cloud.extras.map((e): [string, ArrayBufferView] => [`extra ${e.name}`, e.data]),
  ];
  return Object.fromEntries(
    arrays.map(([name, a]) => [name, new Uint8Array(a.buffer, a.byteOffset, a.byteLength)]),
  );
}

const sameBytes = (a: Uint8Array, b: Uint8Array) => Buffer.compare(a, b) === 0;

/** Fails when two clouds differ in a bit, naming the attribute (toEqual on megabytes takes seconds). */
export function expectSameCloud(got: SplatCloud, wanted: SplatCloud): void {
  const [a, b] = [cloudBytes(got), cloudBytes(wanted)];
  expect(Object.keys(a).sort()).toEqual(Object.keys(b).sort());
  expect(got.shDegree).toBe(wanted.shDegree);
  expect(Object.keys(a).filter((name) => !sameBytes(a[name]!, b[name]!))).toEqual([]);
}

/** Fails when two files differ in a byte. */
export function expectSameFile(got: Uint8Array, wanted: Uint8Array): void {
  expect(got.length).toBe(wanted.length);
  expect(sameBytes(got, wanted), 'same bytes').toBe(true);
}

const text = new TextEncoder();

/** Header lines and a body as a file. */
export function plyFile(header: string[], body: Uint8Array, eol = '\n'): Uint8Array {
  const head = text.encode([...header, 'end_header', ''].join(eol));
  const bytes = new Uint8Array(head.length + body.length);
  bytes.set(head);
  bytes.set(body, head.length);
  return bytes;
}

/** Splits a PLY of ours into header lines (without end_header) and body. */
export function splitPly(bytes: Uint8Array): { header: string[]; body: Uint8Array } {
  const marker = text.encode('end_header\n');
  let at = 0;
  while (!marker.every((b, i) => bytes[at + i] === b)) at++;
  const header = new TextDecoder().decode(bytes.subarray(0, at)).trimEnd().split('\n');
  return { header, body: bytes.slice(at + marker.length) };
}

/** For every splat of `a`, the row of the nearest centre in `b` (brute force; small clouds). */
export function nearestRows(a: SplatCloud, b: SplatCloud): Uint32Array {
  const rows = new Uint32Array(a.count);
  for (let i = 0; i < a.count; i++) {
    let best = Number.POSITIVE_INFINITY;
    for (let j = 0; j < b.count; j++) {
      const d =
        (a.positions[i * 3]! - b.positions[j * 3]!) ** 2 +
        (a.positions[i * 3 + 1]! - b.positions[j * 3 + 1]!) ** 2 +
        (a.positions[i * 3 + 2]! - b.positions[j * 3 + 2]!) ** 2;
      if (d < best) {
        best = d;
        rows[i] = j;
      }
    }
  }
  return rows;
}

/** Largest |a − b| over two arrays of one length. */
export function maxDifference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let worst = a.length === b.length ? 0 : Number.POSITIVE_INFINITY;
  for (let i = 0; i < a.length; i++) worst = Math.max(worst, Math.abs(a[i]! - b[i]!));
  return worst;
}

/** Largest angle between two lists of rotations, radians; q and −q are one rotation. */
export function maxAngle(a: Float32Array, b: Float32Array): number {
  let worst = 0;
  for (let i = 0; i < a.length; i += 4) {
    const qa = a.subarray(i, i + 4);
    const qb = b.subarray(i, i + 4);
    const dot = Math.abs(qa.reduce((sum, v, k) => sum + v * qb[k]!, 0));
    const cosine = Math.min(1, dot / (Math.hypot(...qa) * Math.hypot(...qb)));
    worst = Math.max(worst, 2 * Math.acos(cosine));
  }
  return worst;
}
