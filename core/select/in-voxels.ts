import type { Vec3 } from '../camera.ts';
import { forEachRowInBox, type SceneIndex } from './scene-index.ts';
import { type VoxelBall, voxelAt } from './voxels.ts';

/** A box, world units. */
export interface Box {
  low: Vec3;
  high: Vec3;
}

/** A box around all voxels that are members, half a voxel wider; undefined when there are none. */
export function boxOfVoxels(ball: VoxelBall, member: Uint8Array): Box | undefined {
  const { side, cells, count, size, center } = ball;
  let [x0, y0, z0, x1, y1, z1] = [side, side, side, -1, -1, -1];
  for (let v = 0; v < count; v++) {
    if (member[v] === 0) continue;
    const cell = cells[v]!;
    const x = cell % side;
    const y = Math.floor(cell / side) % side;
    const z = Math.floor(cell / (side * side));
    if (x < x0) x0 = x;
    if (y < y0) y0 = y;
    if (z < z0) z0 = z;
    if (x > x1) x1 = x;
    if (y > y1) y1 = y;
    if (z > z1) z1 = z;
  }
  if (x1 < 0) return undefined;
  const half = side / 2;
  const low = (k: number, i: number) => center[k]! + (i - half - 0.5) * size;
  const high = (k: number, i: number) => center[k]! + (i - half + 1.5) * size;
  return {
    low: [low(0, x0), low(1, y0), low(2, z0)],
    high: [high(0, x1), high(1, y1), high(2, z1)],
  };
}

/** Calls `visit` with each row whose centre lies in a voxel that is a member, faint splats' too. */
export function forEachRowInVoxels(
  index: SceneIndex,
  ball: VoxelBall,
  member: Uint8Array,
  visit: (row: number) => void,
): void {
  const box = boxOfVoxels(ball, member);
  if (!box) return;
  const s = index.spheres;
  forEachRowInBox(index, box.low, box.high, (row, k) => {
    const v = voxelAt(ball, s[k * 4]!, s[k * 4 + 1]!, s[k * 4 + 2]!);
    if (v >= 0 && member[v] === 1) visit(row);
  });
}
