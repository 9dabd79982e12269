import { forEachNeighbour, type VoxelBall } from './voxels.ts';

export interface Component {
  /** One byte a voxel. */
  member: Uint8Array;
  count: number;
  /** Largest distance of a member from the ball's centre, world units. */
  extent: number;
}

/**
 * The voxels connected with `seed` (26-neighbourhood, or across gaps of `steps` − 1 voxels).
 * @param open one byte a voxel: 0 stops the flood
 */
export function connected(
  ball: VoxelBall,
  seed: number,
  steps: number,
  open: (from: number, to: number) => boolean,
): Component {
  const member = new Uint8Array(ball.count);
  const queue = new Int32Array(ball.count);
  let head = 0;
  let tail = 0;
  queue[tail++] = seed;
  member[seed] = 1;
  let extent2 = 0;
  const [cx, cy, cz] = ball.center;
  while (head < tail) {
    const v = queue[head++]!;
    const dx = ball.means[v * 3]! - cx;
    const dy = ball.means[v * 3 + 1]! - cy;
    const dz = ball.means[v * 3 + 2]! - cz;
    extent2 = Math.max(extent2, dx * dx + dy * dy + dz * dz);
    forEachNeighbour(ball, v, steps, (n) => {
      if (member[n] === 1 || !open(v, n)) return;
      member[n] = 1;
      queue[tail++] = n;
    });
  }
  return { member, count: tail, extent: Math.sqrt(extent2) };
}
