import { neighbourList, neighboursOf, type VoxelBall } from './voxels.ts';

export interface Component {
  /** One byte a voxel. */
  member: Uint8Array;
  /** The members. */
  voxels: Int32Array;
  count: number;
  /** Largest distance of a member from the ball's centre, world units. */
  extent: number;
}

/** Voxels that wait in a flood; lives over the calls, which never overlap. */
let queue = new Int32Array(0);

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
  if (queue.length < ball.count) queue = new Int32Array(2 * ball.count);
  const around = neighbourList(steps);
  let count = 0;
  queue[count++] = seed;
  member[seed] = 1;
  let extent = 0;
  for (let head = 0; head < count; head++) {
    const v = queue[head]!;
    if (ball.distances[v]! > extent) extent = ball.distances[v]!;
    const neighbours = neighboursOf(ball, v, steps, around);
    for (let k = 0; k < neighbours; k++) {
      const n = around[k]!;
      if (member[n] === 1 || !open(v, n)) continue;
      member[n] = 1;
      queue[count++] = n;
    }
  }
  return { member, voxels: queue.slice(0, count), count, extent };
}
