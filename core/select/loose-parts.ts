import { connected } from './grow.ts';
import { neighbourList, neighboursOf, type VoxelBall } from './voxels.ts';

/** Parts hang together across gaps of up to this many voxels. */
const GAP_STEPS = 3;
/** Standing on a surface is being within this many voxels of it. */
const CONTACT_STEPS = 2;

function any(
  ball: VoxelBall,
  voxels: Int32Array,
  steps: number,
  test: (neighbour: number) => boolean,
): boolean {
  const around = neighbourList(steps);
  for (let k = 0; k < voxels.length; k++) {
    const neighbours = neighboursOf(ball, voxels[k]!, steps, around);
    for (let j = 0; j < neighbours; j++) if (test(around[j]!)) return true;
  }
  return false;
}

/** Does the part touch one of the big surfaces? What does not must be held up by something else. */
export function isSupported(ball: VoxelBall, part: Int32Array, barrier: Uint8Array): boolean {
  return any(ball, part, CONTACT_STEPS, (n) => barrier[n] !== 0);
}

/**
 * Adds the parts beside the object that nothing else holds up: they end within `reach` of the ball's
 * centre, touch no big surface, and lie across a small gap from the object (a lamp's shade over its
 * foot, what is inside a mug, specks around it).
 * @param member one byte a voxel; extended
 */
export function addLooseParts(
  ball: VoxelBall,
  member: Uint8Array,
  barrier: Uint8Array,
  reach: number,
): void {
  const seen = new Uint8Array(ball.count);
  for (let v = 0; v < ball.count; v++) {
    if (member[v] === 1 || barrier[v] !== 0 || seen[v] === 1 || ball.distances[v]! > reach)
      continue;
    // A part that leaves the reach need not be followed any further.
    let leaves = false;
    const part = connected(
      ball,
      v,
      1,
      (_from, to) => {
        if (barrier[to] !== 0 || member[to] === 1) return false;
        if (ball.distances[to]! <= reach) return true;
        leaves = true;
        return false;
      },
      seen,
    );
    if (leaves || isSupported(ball, part.voxels, barrier)) continue;
    if (!any(ball, part.voxels, GAP_STEPS, (n) => member[n] === 1)) continue;
    for (const w of part.voxels) member[w] = 1;
  }
}
