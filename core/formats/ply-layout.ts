import { type ExtraData, SH_REST_COUNT, type ShDegree, type SplatCloud } from '../splat-cloud.ts';
import { badFile, unsupportedFile } from './format.ts';
import type { PlyElement, PlyProperty } from './ply-header.ts';

/** Where a PLY property lives in a cloud: `cloud[attribute][row * stride + offset]`. */
export interface Slot {
  attribute: 'positions' | 'logScales' | 'rotations' | 'opacityLogits' | 'dc' | 'shRest';
  stride: number;
  offset: number;
}

/** Where a property's values go: `data[row * stride + offset]`. */
export interface PlyColumn {
  property: PlyProperty;
  data: ExtraData;
  stride: number;
  offset: number;
}

const FIXED_SLOTS = new Map<string, Slot>();
for (const [attribute, names] of [
  ['positions', ['x', 'y', 'z']],
  ['dc', ['f_dc_0', 'f_dc_1', 'f_dc_2']],
  ['opacityLogits', ['opacity']],
  ['logScales', ['scale_0', 'scale_1', 'scale_2']],
  ['rotations', ['rot_0', 'rot_1', 'rot_2', 'rot_3']],
] as const) {
  for (const [offset, name] of names.entries()) {
    FIXED_SLOTS.set(name, { attribute, stride: names.length, offset });
  }
}

/** The reference implementation's property order, spherical harmonics above degree 0 aside. */
const FIXED_NAMES = [...FIXED_SLOTS.keys()];

/** The slot of a property that the method knows; undefined for an extra one. */
export function slotOf(name: string, shDegree: ShDegree): Slot | undefined {
  const fixed = FIXED_SLOTS.get(name);
  if (fixed !== undefined) return fixed;
  const rest = /^f_rest_(\d{1,2})$/.exec(name);
  const stride = 3 * SH_REST_COUNT[shDegree];
  if (rest === null || Number(rest[1]) >= stride || String(Number(rest[1])) !== rest[1]) {
    return undefined;
  }
  return { attribute: 'shRest', stride, offset: Number(rest[1]) };
}

/** Property names of a cloud's PLY in order: the file's own where it came from one, else the reference implementation's. */
export function plyColumnNames(cloud: SplatCloud): string[] {
  const extras = cloud.extras.map((e) => e.name);
  const isNormal = (name: string) => name === 'nx' || name === 'ny' || name === 'nz';
  const rest = Array.from({ length: 3 * SH_REST_COUNT[cloud.shDegree] }, (_, i) => `f_rest_${i}`);
  const usual = [
    ...FIXED_NAMES.slice(0, 3),
    ...extras.filter(isNormal),
    ...FIXED_NAMES.slice(3, 6),
    ...rest,
    ...FIXED_NAMES.slice(6),
    ...extras.filter((name) => !isNormal(name)),
  ];
  const present = new Set(usual);
  const first = (cloud.columnOrder ?? []).filter((name) => present.has(name));
  return [...new Set([...first, ...usual])];
}

const SH_DEGREES = new Map<number, ShDegree>(
  ([0, 1, 2, 3] as const).map((degree) => [3 * SH_REST_COUNT[degree], degree]),
);

function shDegreeOf(vertex: PlyElement, fileName: string): ShDegree {
  const found = new Set(vertex.properties.map((p) => p.name).filter((n) => /^f_rest_/.test(n)));
  const degree = SH_DEGREES.get(found.size);
  if (degree === undefined) {
    throw unsupportedFile(
      fileName,
      `${found.size} f_rest properties; spherical harmonics of degree 0 to 3 have 0, 9, 24 or 45`,
    );
  }
  for (let i = 0; i < found.size; i++) {
    if (!found.has(`f_rest_${i}`)) throw badFile(fileName, `property f_rest_${i} is missing`);
  }
  return degree;
}

/**
 * Checks that a PLY's vertices are Gaussian splats and gives their SH degree.
 * @throws SplatmendError `unsupported-file` (point cloud, mesh, 2D Gaussians, lists, SH above 3) or `bad-file`
 */
export function checkSplatElement(vertex: PlyElement, fileName: string): ShDegree {
  const list = vertex.properties.find((p) => p.list);
  if (list !== undefined) {
    throw unsupportedFile(fileName, `vertex property ${list.name} is a list; splats have none`);
  }
  const names = new Set(vertex.properties.map((p) => p.name));
  const missing = FIXED_NAMES.filter((name) => !names.has(name));
  if (missing.length > 0) {
    const has = (...wanted: string[]) => wanted.every((name) => names.has(name));
    if (has('x', 'y', 'z') && !has('scale_0') && !has('rot_0')) {
      throw unsupportedFile(
        fileName,
        `a point cloud or mesh (${[...names].slice(0, 8).join(' ')}), not Gaussian splats; train splats from it first`,
      );
    }
    if (has('scale_0', 'scale_1') && missing.length === 1 && missing[0] === 'scale_2') {
      throw unsupportedFile(fileName, '2D Gaussians (no scale_2); convert to 3D Gaussians first');
    }
    throw badFile(fileName, `not Gaussian splats: property ${missing.join(', ')} missing`);
  }
  return shDegreeOf(vertex, fileName);
}
