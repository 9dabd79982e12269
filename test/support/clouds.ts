import { createRandom } from '../../core/random.ts';
import {
  createSplatCloud,
  type ExtraProperty,
  SH_REST_COUNT,
  type ShDegree,
  type SplatCloud,
} from '../../core/splat-cloud.ts';

/** The arrays of a cloud with their names, extras last. */
export function arraysOf(cloud: SplatCloud): [string, ArrayBufferView][] {
  return [
    ['positions', cloud.positions],
    ['logScales', cloud.logScales],
    ['rotations', cloud.rotations],
    ['opacityLogits', cloud.opacityLogits],
    ['dc', cloud.dc],
    ['shRest', cloud.shRest],
    ...cloud.extras.map((e): [string, ArrayBufferView] => [`extra ${e.name}`, e.data]),
  ];
}

/** Name of the first attribute that differs in any bit, or undefined. */
export function firstDifference(a: SplatCloud, b: SplatCloud): string | undefined {
  if (a.count !== b.count) return `count ${a.count} ≠ ${b.count}`;
  if (a.shDegree !== b.shDegree) return 'shDegree';
  const others = new Map(arraysOf(b));
  for (const [name, x] of arraysOf(a)) {
    const y = others.get(name);
    if (y === undefined || x.byteLength !== y.byteLength) return `${name}: length`;
    const p = new Uint8Array(x.buffer, x.byteOffset, x.byteLength);
    const q = new Uint8Array(y.buffer, y.byteOffset, y.byteLength);
    for (let i = 0; i < p.length; i++) if (p[i] !== q[i]) return `${name}: byte ${i}`;
  }
  return undefined;
}

/** Every attribute filled with random bits, NaNs with payloads among them: nothing may be rewritten on the way. */
export function randomBitsCloud(count: number, shDegree: ShDegree, seed: number): SplatCloud {
  const random = createRandom(seed);
  const extras: ExtraProperty[] = [
    { name: 'label', data: new Uint8Array(count) },
    { name: 'nx', data: new Float32Array(count) },
    { name: 'id', data: new Int32Array(count) },
  ];
  const cloud = createSplatCloud(count, shDegree, extras);
  for (const [, array] of arraysOf(cloud)) {
    const bytes = new Uint8Array(array.buffer);
    for (let i = 0; i < bytes.length; i++) bytes[i] = Math.floor(random() * 256);
  }
  if (cloud.shRest.length !== count * 3 * SH_REST_COUNT[shDegree]) throw new Error('shRest');
  // A signalling NaN, an infinity and a negative zero for certain.
  if (count > 0) {
    new Uint32Array(cloud.positions.buffer).set([0x7fa00001, 0xff800000, 0x80000000], 0);
  }
  return cloud;
}
