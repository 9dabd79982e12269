import type { Vec3 } from '../camera.ts';
import { SH_C0, type SplatCloud } from '../splat-cloud.ts';
import { REACH_SIGMAS } from './near-splats.ts';
import { sceneIndex } from './scene-index.ts';
import { createSplatFrame, splatFrame } from './splat-frame.ts';

/**
 * A ball of the scene in voxels: dense look-up, compact lists. Splats fill every voxel that they
 * reach over, so a few large splats connect as well as many small ones do.
 */
export interface VoxelBall {
  center: Vec3;
  /** World units. */
  radius: number;
  /** A voxel's side, world units. */
  size: number;
  /** Voxels a side. */
  side: number;
  /** side³: index into the lists below, or −1. */
  index: Int32Array;
  /** Occupied voxels. */
  count: number;
  /** Dense cell of each. */
  cells: Int32Array;
  /** 3 × count: mean of what lies in it, world units. */
  means: Float64Array;
  /** Of each mean from the ball's centre, world units. */
  distances: Float64Array;
  /** 3 × count: mean colour, 0..1. */
  colours: Float32Array;
  /** Samples in each. */
  weights: Float32Array;
}

/** Samples along half an axis: bounds the work that an enormous splat makes. */
const MAX_STEPS = 6;
/**
 * @param rows splats that reach into the ball
 * @param halfSide voxels from the centre to the ball's border
 */
export function voxelizeBall(
  cloud: SplatCloud,
  rows: Uint32Array,
  center: Vec3,
  radius: number,
  halfSide: number,
): VoxelBall {
  const size = radius / halfSide;
  const side = 2 * halfSide;
  const index = new Int32Array(side * side * side).fill(-1);
  const { positions: p, dc } = cloud;
  const { sigmas } = sceneIndex(cloud);
  const [cx, cy, cz] = center;
  let capacity = 4096;
  let cells = new Int32Array(capacity);
  let sums = new Float64Array(capacity * 7);
  let count = 0;
  let colour: readonly [number, number, number] = [0, 0, 0];

  const put = (dx: number, dy: number, dz: number): void => {
    if (dx * dx + dy * dy + dz * dz >= radius * radius) return;
    const ix = Math.floor(dx / size) + halfSide;
    const iy = Math.floor(dy / size) + halfSide;
    const iz = Math.floor(dz / size) + halfSide;
    if (ix < 0 || iy < 0 || iz < 0 || ix >= side || iy >= side || iz >= side) return;
    const cell = (iz * side + iy) * side + ix;
    let v = index[cell]!;
    if (v < 0) {
      if (count === capacity) {
        capacity *= 2;
        const moreCells = new Int32Array(capacity);
        moreCells.set(cells);
        cells = moreCells;
        const moreSums = new Float64Array(capacity * 7);
        moreSums.set(sums);
        sums = moreSums;
      }
      v = count++;
      index[cell] = v;
      cells[v] = cell;
    }
    sums[v * 7] = sums[v * 7]! + 1;
    sums[v * 7 + 1] = sums[v * 7 + 1]! + dx;
    sums[v * 7 + 2] = sums[v * 7 + 2]! + dy;
    sums[v * 7 + 3] = sums[v * 7 + 3]! + dz;
    for (let k = 0; k < 3; k++) sums[v * 7 + 4 + k] = sums[v * 7 + 4 + k]! + colour[k]!;
  };

  const frame = createSplatFrame();
  for (const i of rows) {
    const dx = p[i * 3]! - cx;
    const dy = p[i * 3 + 1]! - cy;
    const dz = p[i * 3 + 2]! - cz;
    const reach = REACH_SIGMAS * sigmas[i]!;
    colour = [0.5 + SH_C0 * dc[i * 3]!, 0.5 + SH_C0 * dc[i * 3 + 1]!, 0.5 + SH_C0 * dc[i * 3 + 2]!];
    if (reach <= 0.6 * size) {
      put(dx, dy, dz);
      continue;
    }
    splatFrame(cloud, i, frame);
    const a = frame.axes;
    const reachA = REACH_SIGMAS * frame.sigmas[0]!;
    const reachB = REACH_SIGMAS * frame.sigmas[1]!;
    const stepsA = Math.min(MAX_STEPS, Math.ceil(reachA / size));
    const stepsB = Math.min(MAX_STEPS, reachB > 0.6 * size ? Math.ceil(reachB / size) : 0);
    for (let u = -stepsA; u <= stepsA; u++) {
      const fu = (reachA * u) / stepsA;
      for (let w = -stepsB; w <= stepsB; w++) {
        const fw = stepsB === 0 ? 0 : (reachB * w) / stepsB;
        if (stepsB > 0 && (u / stepsA) ** 2 + (w / stepsB) ** 2 > 1.01) continue;
        put(
          dx + fu * a[0]! + fw * a[3]!,
          dy + fu * a[1]! + fw * a[4]!,
          dz + fu * a[2]! + fw * a[5]!,
        );
      }
    }
  }

  const means = new Float64Array(count * 3);
  const colours = new Float32Array(count * 3);
  const weights = new Float32Array(count);
  const distances = new Float64Array(count);
  for (let v = 0; v < count; v++) {
    const n = sums[v * 7]!;
    weights[v] = n;
    const [dx, dy, dz] = [sums[v * 7 + 1]!, sums[v * 7 + 2]!, sums[v * 7 + 3]!];
    distances[v] = Math.sqrt(dx * dx + dy * dy + dz * dz) / n;
    for (let k = 0; k < 3; k++) {
      means[v * 3 + k] = center[k]! + sums[v * 7 + 1 + k]! / n;
      colours[v * 3 + k] = sums[v * 7 + 4 + k]! / n;
    }
  }
  return {
    center,
    radius,
    size,
    side,
    index,
    count,
    cells: cells.slice(0, count),
    means,
    distances,
    colours,
    weights,
  };
}

/** The voxel that holds a point, or −1. */
export function voxelAt(ball: VoxelBall, x: number, y: number, z: number): number {
  const half = ball.side / 2;
  const ix = Math.floor((x - ball.center[0]) / ball.size) + half;
  const iy = Math.floor((y - ball.center[1]) / ball.size) + half;
  const iz = Math.floor((z - ball.center[2]) / ball.size) + half;
  if (ix < 0 || iy < 0 || iz < 0 || ix >= ball.side || iy >= ball.side || iz >= ball.side) {
    return -1;
  }
  return ball.index[(iz * ball.side + iy) * ball.side + ix]!;
}

/** The occupied voxel nearest to the ball's centre within two voxels of it, or −1. */
export function centerVoxel(ball: VoxelBall): number {
  const { side, size, index, means, center } = ball;
  let best = -1;
  let least = (2.5 * size) ** 2;
  const half = side / 2;
  for (let z = half - 3; z < half + 3; z++) {
    for (let y = half - 3; y < half + 3; y++) {
      for (let x = half - 3; x < half + 3; x++) {
        const v = index[(z * side + y) * side + x]!;
        if (v < 0) continue;
        const d2 =
          (means[v * 3]! - center[0]) ** 2 +
          (means[v * 3 + 1]! - center[1]) ** 2 +
          (means[v * 3 + 2]! - center[2]) ** 2;
        if (d2 >= least) continue;
        least = d2;
        best = v;
      }
    }
  }
  return best;
}

/** Calls `visit` with each occupied voxel around v within `steps` voxels along every axis. */
export function forEachNeighbour(
  ball: VoxelBall,
  v: number,
  steps: number,
  visit: (neighbour: number) => void,
): void {
  const { side, index } = ball;
  const cell = ball.cells[v]!;
  const ix = cell % side;
  const iy = Math.floor(cell / side) % side;
  const iz = Math.floor(cell / (side * side));
  const x1 = Math.min(side - 1, ix + steps);
  const y1 = Math.min(side - 1, iy + steps);
  const z1 = Math.min(side - 1, iz + steps);
  for (let z = Math.max(0, iz - steps); z <= z1; z++) {
    for (let y = Math.max(0, iy - steps); y <= y1; y++) {
      const row = (z * side + y) * side;
      for (let x = Math.max(0, ix - steps); x <= x1; x++) {
        const n = index[row + x]!;
        if (n >= 0 && n !== v) visit(n);
      }
    }
  }
}
