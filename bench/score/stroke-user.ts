/** A user who corrects a selection: sees where it is most wrong and brushes over there. */
import { type Camera, projectPoint, type Vec3 } from '../../core/camera.ts';
import { pickSplat } from '../../core/select/pick-splat.ts';
import type { Stroke } from '../../core/select-types.ts';
import type { Selection } from '../../core/selection.ts';
import type { SplatCloud } from '../../core/splat-cloud.ts';

/** Places looked at to see what is wrong. */
const LOOKS = 300;

/** Intersection over union with the wanted splats. */
export function overlapWith(selection: Selection, wanted: Uint8Array): number {
  let both = 0;
  let either = 0;
  for (let i = 0; i < wanted.length; i++) {
    if (selection[i] === 1 && wanted[i] === 1) both++;
    if (selection[i] === 1 || wanted[i] === 1) either++;
  }
  return either === 0 ? 1 : both / either;
}

/**
 * The stroke such a user makes: along the longer extent of what is visibly wrong, over its middle half.
 * @returns undefined when nothing wrong is to be seen
 */
export function nextStroke(
  cloud: SplatCloud,
  camera: Camera,
  selection: Selection,
  wanted: Uint8Array,
  radiusPx: number,
): { stroke: Stroke; sign: 'add' | 'remove' } | undefined {
  const wrong: number[] = [];
  for (let i = 0; i < cloud.count; i++) if (selection[i] !== wanted[i]) wrong.push(i);
  const seen = { add: [] as [number, number][], remove: [] as [number, number][] };
  const every = Math.max(1, wrong.length / LOOKS);
  for (let k = 0; k < wrong.length; k += every) {
    const i = wrong[Math.floor(k)]!;
    const p = cloud.positions.subarray(i * 3, i * 3 + 3) as unknown as Vec3;
    const { u, v, depth } = projectPoint(camera, p);
    if (!(depth > 0 && u >= 0 && v >= 0 && u < camera.width && v < camera.height)) continue;
    const row = pickSplat(cloud, camera, { x: u, y: v })?.row;
    if (row === undefined || selection[row] === wanted[row]) continue;
    seen[wanted[row] === 1 ? 'add' : 'remove'].push([u, v]);
  }
  const sign = seen.add.length > seen.remove.length ? 'add' : 'remove';
  const points = seen[sign];
  if (points.length < 3) return undefined;
  const spread = (axis: 0 | 1) => {
    const values = points.map((p) => p[axis]).sort((a, b) => a - b);
    return values[Math.floor(values.length * 0.9)]! - values[Math.floor(values.length * 0.1)]!;
  };
  const along = spread(0) >= spread(1) ? 0 : 1;
  points.sort((a, b) => a[along] - b[along]);
  const line = [0.25, 0.4, 0.5, 0.6, 0.75].flatMap((at) => points[Math.floor(at * points.length)]!);
  return { stroke: { points: Float32Array.from(line), radiusPx }, sign };
}
