import { SplatmendError } from './errors.ts';
import type { SplatCloud } from './splat-cloud.ts';

/** Which splats are selected: one byte a splat, 1 = selected. */
export type Selection = Uint8Array;

/** A volume in the scene's frame, in case.json's `select` form. A splat is in it when its centre is. */
export type SelectionVolume =
  | {
      shape: 'box';
      center: [number, number, number];
      /** Three unit axes, one a row. */
      axes: [number[], number[], number[]];
      /** Half the box's size along each axis, world units. */
      halfExtents: [number, number, number];
    }
  | { shape: 'sphere'; center: [number, number, number]; radius: number };

export function countSelected(selection: Selection): number {
  let n = 0;
  for (const v of selection) if (v !== 0) n++;
  return n;
}

/** Row numbers of the selected (or, with `wanted` 0, of the other) splats, ascending. */
export function selectedRows(selection: Selection, wanted: 0 | 1 = 1): Uint32Array {
  const out = new Uint32Array(
    wanted === 1 ? countSelected(selection) : selection.length - countSelected(selection),
  );
  let n = 0;
  for (let i = 0; i < selection.length; i++) {
    if ((selection[i] !== 0 ? 1 : 0) === wanted) out[n++] = i;
  }
  return out;
}

/** Selects the splats whose centres lie in the volume; its border counts as inside. */
export function selectInVolume(cloud: SplatCloud, volume: SelectionVolume): Selection {
  const selection = new Uint8Array(cloud.count);
  const [cx, cy, cz] = volume.center;
  const p = cloud.positions;
  for (let i = 0; i < cloud.count; i++) {
    const x = p[i * 3]! - cx;
    const y = p[i * 3 + 1]! - cy;
    const z = p[i * 3 + 2]! - cz;
    if (volume.shape === 'sphere') {
      if (x * x + y * y + z * z <= volume.radius * volume.radius) selection[i] = 1;
      continue;
    }
    let inside = true;
    for (let a = 0; a < 3 && inside; a++) {
      const axis = volume.axes[a]!;
      inside = Math.abs(x * axis[0]! + y * axis[1]! + z * axis[2]!) <= volume.halfExtents[a]!;
    }
    if (inside) selection[i] = 1;
  }
  return selection;
}

/**
 * Reads a selection volume from JSON (case.json's `select` object).
 * @throws SplatmendError `bad-selection` with what is wrong
 */
export function parseSelectionVolume(json: unknown): SelectionVolume {
  const bad = (why: string) => new SplatmendError('bad-selection', `selection: ${why}`);
  const isVec3 = (v: unknown): v is [number, number, number] =>
    Array.isArray(v) &&
    v.length === 3 &&
    v.every((x) => typeof x === 'number' && Number.isFinite(x));
  if (typeof json !== 'object' || json === null) throw bad('not an object');
  const s = json as Record<string, unknown>;
  if (!isVec3(s.center)) throw bad('center is not three numbers');
  if (s.shape === 'sphere') {
    if (typeof s.radius !== 'number' || !(s.radius > 0))
      throw bad('radius is not a positive number');
    return { shape: 'sphere', center: s.center, radius: s.radius };
  }
  if (s.shape !== 'box')
    throw bad(`shape ${JSON.stringify(s.shape)} is neither "box" nor "sphere"`);
  if (!isVec3(s.halfExtents) || !s.halfExtents.every((h) => h > 0)) {
    throw bad('halfExtents is not three positive numbers');
  }
  const axes = s.axes ?? [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ];
  if (!Array.isArray(axes) || axes.length !== 3 || !axes.every(isVec3)) {
    throw bad('axes is not three rows of three numbers');
  }
  for (const a of axes) {
    if (Math.abs(Math.hypot(...(a as number[])) - 1) > 1e-2)
      throw bad('an axis is not of length 1');
  }
  return {
    shape: 'box',
    center: s.center,
    axes: axes as [[number, number, number], [number, number, number], [number, number, number]],
    halfExtents: s.halfExtents,
  };
}
