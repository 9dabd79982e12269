import { forEachNeighbour, type VoxelBall } from './voxels.ts';

export interface Component {
  /** One byte a voxel. */
  member: Uint8Array;
  /** The members. */
  voxels: Int32Array;
  count: number;
  /** Largest distance of a member from the ball's centre, world units. */
  extent: number;
}

/**
 * The voxels connected with `seed` (26-neighbourhood, or across gaps of `steps` − 1 voxels).
 * @param open whether the flood goes from one voxel to another
 * @param member one byte a voxel, set where the flood has been; give one to many floods that do not meet
 */
export function connected(
  ball: VoxelBall,
  seed: number,
  steps: number,
  open: (from: number, to: number) => boolean,
  member = new Uint8Array(ball.count),
): Component {
  const queue: number[] = [seed];
  member[seed] = 1;
  let extent = 0;
  for (let head = 0; head < queue.length; head++) {
    const v = queue[head]!;
    extent = Math.max(extent, ball.distances[v]!);
    forEachNeighbour(ball, v, steps, (n) => {
      if (member[n] === 1 || !open(v, n)) return;
      member[n] = 1;
      queue.push(n);
    });
  }
  return { member, voxels: Int32Array.from(queue), count: queue.length, extent };
}
