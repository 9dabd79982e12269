import { SplatmendError } from './errors.ts';
import type { NumberArray } from './number-array.ts';

/** Zeroth spherical-harmonic basis value: rgb = 0.5 + SH_C0 · dc (Kerbl et al. 2023). */
export const SH_C0 = 0.28209479177387814;

/** A channel's colour, 0..1 and beyond, without what depends on the direction. @param dc zeroth coefficient */
export const colourOf = (dc: number): number => 0.5 + SH_C0 * dc;

/** The other way: the `dc` of a colour, 0..1. */
export const dcOf = (colour: number): number => (colour - 0.5) / SH_C0;

export type ShDegree = 0 | 1 | 2 | 3;

/** Coefficients a colour channel above the zeroth, by degree. */
export const SH_REST_COUNT: Record<ShDegree, number> = { 0: 0, 1: 3, 2: 8, 3: 15 };

export type ExtraData = NumberArray;

/** A per-splat property that the method does not read (normals, labels …), kept bit for bit. */
export interface ExtraProperty {
  name: string;
  /** One value a splat; the array's type is the file's type. */
  data: ExtraData;
}

/**
 * Gaussian splats as structure of arrays, in the scene's own frame and units. N = `count`.
 * Values are encoded as in the reference implementation's PLY, so that a survivor is a plain copy.
 */
export interface SplatCloud {
  count: number;
  /** 3N: x y z, world units. */
  positions: Float32Array;
  /** 3N: natural log of the standard deviation along each local axis, world units. */
  logScales: Float32Array;
  /** 4N: quaternion w x y z, local axes to world; not necessarily of unit length. */
  rotations: Float32Array;
  /** N: logit of the opacity. ±Infinity is allowed (opacity exactly 0 or 1). */
  opacityLogits: Float32Array;
  /** 3N: zeroth SH coefficient a channel; rgb = 0.5 + SH_C0 · dc. */
  dc: Float32Array;
  shDegree: ShDegree;
  /** N × 3K with K = SH_REST_COUNT[shDegree], channel-major a splat as in PLY's f_rest (all red, all green, all blue). */
  shRest: Float32Array;
  extras: ExtraProperty[];
  /** Names of the PLY properties in the order of the file that the cloud came from, so that a PLY comes out as it went in. */
  columnOrder?: readonly string[];
}

export function createSplatCloud(
  count: number,
  shDegree: ShDegree = 0,
  extras: ExtraProperty[] = [],
): SplatCloud {
  return {
    count,
    positions: new Float32Array(count * 3),
    logScales: new Float32Array(count * 3),
    rotations: new Float32Array(count * 4),
    opacityLogits: new Float32Array(count),
    dc: new Float32Array(count * 3),
    shDegree,
    shRest: new Float32Array(count * 3 * SH_REST_COUNT[shDegree]),
    extras,
  };
}

/**
 * That the arrays are as long as `count` and `shDegree` say: from pages without types anything may come, and would fail much later.
 * @throws SplatmendError `bad-option`
 */
export function checkCloud(cloud: SplatCloud, where: string): void {
  const bad = (why: string) =>
    new SplatmendError('bad-option', `${where}: ${why}; see SplatCloud, or open a file`);
  const { count, shDegree } = cloud ?? {};
  if (!Number.isInteger(count) || count < 0) throw bad('count is no number of splats');
  if (!(shDegree in SH_REST_COUNT)) throw bad('shDegree is none of 0, 1, 2 and 3');
  const strides = {
    positions: 3,
    logScales: 3,
    rotations: 4,
    opacityLogits: 1,
    dc: 3,
    shRest: 3 * SH_REST_COUNT[shDegree],
  };
  for (const [name, stride] of Object.entries(strides)) {
    const array: unknown = cloud[name as keyof typeof strides];
    if (!(array instanceof Float32Array)) throw bad(`${name} is no Float32Array`);
    if (array.length !== count * stride) {
      throw bad(`${name} has ${array.length} numbers, not ${count * stride}`);
    }
  }
  if (!Array.isArray(cloud.extras)) throw bad('extras is no array');
  for (const { name, data } of cloud.extras) {
    if (data?.length !== count) throw bad(`extra ${name} does not have a value a splat`);
  }
}

/** The same memory as unsigned integers: copying floats as numbers may rewrite a NaN's payload, copying these cannot. */
export function bitsOf(data: ExtraData): Uint8Array | Uint16Array | Uint32Array {
  const { buffer, byteOffset, byteLength } = data;
  if (data.BYTES_PER_ELEMENT === 1) return new Uint8Array(buffer, byteOffset, byteLength);
  if (data.BYTES_PER_ELEMENT === 2) return new Uint16Array(buffer, byteOffset, byteLength / 2);
  return new Uint32Array(buffer, byteOffset, byteLength / 4);
}

function gather<T extends ExtraData>(source: T, stride: number, rows: ArrayLike<number>): T {
  const out = new (source.constructor as new (n: number) => T)(rows.length * stride);
  const fromBits = bitsOf(source);
  const toBits = bitsOf(out);
  const words = source.length === 0 ? stride : stride * (fromBits.length / source.length);
  for (let i = 0; i < rows.length; i++) {
    const from = rows[i]! * words;
    const to = i * words;
    for (let k = 0; k < words; k++) toBits[to + k] = fromBits[from + k]!;
  }
  return out;
}

function keptOrder(cloud: SplatCloud): Pick<SplatCloud, 'columnOrder'> {
  return cloud.columnOrder === undefined ? {} : { columnOrder: cloud.columnOrder };
}

/** A new cloud of the given rows, in the given order, every attribute bit for bit. */
export function takeSplats(cloud: SplatCloud, rows: ArrayLike<number>): SplatCloud {
  return {
    count: rows.length,
    positions: gather(cloud.positions, 3, rows),
    logScales: gather(cloud.logScales, 3, rows),
    rotations: gather(cloud.rotations, 4, rows),
    opacityLogits: gather(cloud.opacityLogits, 1, rows),
    dc: gather(cloud.dc, 3, rows),
    shDegree: cloud.shDegree,
    shRest: gather(cloud.shRest, 3 * SH_REST_COUNT[cloud.shDegree], rows),
    extras: cloud.extras.map((e) => ({ name: e.name, data: gather(e.data, 1, rows) })),
    ...keptOrder(cloud),
  };
}

function joined<T extends ExtraData>(a: T, b: ArrayLike<number>): T {
  const out = new (a.constructor as new (n: number) => T)(a.length + b.length);
  out.set(a as ArrayLike<number>, 0);
  out.set(b, a.length);
  return out;
}

/**
 * `a`'s splats followed by `b`'s. The SH degrees must be equal; `a`'s extra properties are kept and
 * `b`'s rows get 0 where it has none of that name.
 * @throws SplatmendError `internal` when the SH degrees differ
 */
export function concatSplats(a: SplatCloud, b: SplatCloud): SplatCloud {
  if (a.shDegree !== b.shDegree) {
    throw new SplatmendError(
      'internal',
      `concat: SH degree ${a.shDegree} and ${b.shDegree} differ`,
    );
  }
  return {
    count: a.count + b.count,
    positions: joined(a.positions, b.positions),
    logScales: joined(a.logScales, b.logScales),
    rotations: joined(a.rotations, b.rotations),
    opacityLogits: joined(a.opacityLogits, b.opacityLogits),
    dc: joined(a.dc, b.dc),
    shDegree: a.shDegree,
    shRest: joined(a.shRest, b.shRest),
    extras: a.extras.map((e) => ({
      name: e.name,
      data: joined(
        e.data,
        b.extras.find((other) => other.name === e.name)?.data ?? new Uint8Array(b.count),
      ),
    })),
  };
}

/** The cloud in memory of its own, every attribute bit for bit. */
export function copySplats(cloud: SplatCloud): SplatCloud {
  return {
    ...cloud,
    positions: cloud.positions.slice(),
    logScales: cloud.logScales.slice(),
    rotations: cloud.rotations.slice(),
    opacityLogits: cloud.opacityLogits.slice(),
    dc: cloud.dc.slice(),
    shRest: cloud.shRest.slice(),
    extras: cloud.extras.map((e) => ({ name: e.name, data: e.data.slice() })),
  };
}

/** The buffers of a cloud, for postMessage's transfer list: the sender's arrays are detached. */
export function splatCloudTransferables(cloud: SplatCloud): ArrayBuffer[] {
  const arrays: { buffer: ArrayBufferLike }[] = [
    cloud.positions,
    cloud.logScales,
    cloud.rotations,
    cloud.opacityLogits,
    cloud.dc,
    cloud.shRest,
    ...cloud.extras.map((e) => e.data),
  ];
  return [...new Set(arrays.map((a) => a.buffer))].filter(
    (b): b is ArrayBuffer => b instanceof ArrayBuffer,
  );
}
