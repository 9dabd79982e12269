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
/** A voxel's sums: how many samples, their places from the ball's centre, their colours. */
const SUMS = 7;

/** Lives over the calls, which never overlap: made anew a level, it is most of the garbage. */
let scratch = { cells: new Int32Array(0), sums: new Float64Array(0) };

function enlarge(): void {
  const capacity = Math.max(1 << 13, 2 * scratch.cells.length);
  const cells = new Int32Array(capacity);
  const sums = new Float64Array(capacity * SUMS);
  cells.set(scratch.cells);
  sums.set(scratch.sums);
  scratch = { cells, sums };
}

/**
 * @param places splats that reach into the ball, by their places in the scene index
 * @param halfSide voxels from the centre to the ball's border
 */
export function voxelizeBall(
  cloud: SplatCloud,
  places: Uint32Array,
  center: Vec3,
  radius: number,
  halfSide: number,
): VoxelBall {
  const size = radius / halfSide;
  const side = 2 * halfSide;
  const index = new Int32Array(side * side * side).fill(-1);
  const { rows, spheres, dc } = sceneIndex(cloud);
  const [cx, cy, cz] = center;
  const radius2 = radius * radius;
  let { cells, sums } = scratch;
  let count = 0;

  const frame = createSplatFrame();
  const { axes, sigmas: along } = frame;
  for (let k = 0; k < places.length; k++) {
    const at = places[k]!;
    const px = spheres[at * 4]! - cx;
    const py = spheres[at * 4 + 1]! - cy;
    const pz = spheres[at * 4 + 2]! - cz;
    const red = 0.5 + SH_C0 * dc[at * 3]!;
    const green = 0.5 + SH_C0 * dc[at * 3 + 1]!;
    const blue = 0.5 + SH_C0 * dc[at * 3 + 2]!;
    // A splat of up to a voxel is one sample; a larger one's samples lie on its two longer axes.
    let [stepsA, stepsB, reachA, reachB] = [0, 0, 0, 0];
    let [ax, ay, az, bx, by, bz] = [0, 0, 0, 0, 0, 0];
    if (REACH_SIGMAS * spheres[at * 4 + 3]! > 0.6 * size) {
      splatFrame(cloud, rows[at]!, frame);
      reachA = REACH_SIGMAS * along[0]!;
      reachB = REACH_SIGMAS * along[1]!;
      stepsA = Math.min(MAX_STEPS, Math.ceil(reachA / size));
      stepsB = Math.min(MAX_STEPS, reachB > 0.6 * size ? Math.ceil(reachB / size) : 0);
      ax = axes[0]!;
      ay = axes[1]!;
      az = axes[2]!;
      bx = axes[3]!;
      by = axes[4]!;
      bz = axes[5]!;
    }
    for (let u = -stepsA; u <= stepsA; u++) {
      const fu = stepsA === 0 ? 0 : (reachA * u) / stepsA;
      for (let w = -stepsB; w <= stepsB; w++) {
        let fw = 0;
        if (stepsB > 0) {
          const [du, dw] = [u / stepsA, w / stepsB];
          if (du * du + dw * dw > 1.01) continue;
          fw = (reachB * w) / stepsB;
        }
        const dx = px + fu * ax + fw * bx;
        const dy = py + fu * ay + fw * by;
        const dz = pz + fu * az + fw * bz;
        if (!(dx * dx + dy * dy + dz * dz < radius2)) continue;
        const ix = Math.floor(dx / size) + halfSide;
        const iy = Math.floor(dy / size) + halfSide;
        const iz = Math.floor(dz / size) + halfSide;
        if (ix < 0 || iy < 0 || iz < 0 || ix >= side || iy >= side || iz >= side) continue;
        const cell = (iz * side + iy) * side + ix;
        let v = index[cell]!;
        if (v < 0) {
          v = count++;
          if (v === cells.length) {
            enlarge();
            cells = scratch.cells;
            sums = scratch.sums;
          }
          index[cell] = v;
          cells[v] = cell;
          for (let j = 0; j < SUMS; j++) sums[v * SUMS + j] = 0;
        }
        const sum = v * SUMS;
        sums[sum]! += 1;
        sums[sum + 1]! += dx;
        sums[sum + 2]! += dy;
        sums[sum + 3]! += dz;
        sums[sum + 4]! += red;
        sums[sum + 5]! += green;
        sums[sum + 6]! += blue;
      }
    }
  }

  const means = new Float64Array(count * 3);
  const colours = new Float32Array(count * 3);
  const weights = new Float32Array(count);
  const distances = new Float64Array(count);
  for (let v = 0; v < count; v++) {
    const at = v * SUMS;
    const n = sums[at]!;
    const dx = sums[at + 1]!;
    const dy = sums[at + 2]!;
    const dz = sums[at + 3]!;
    weights[v] = n;
    distances[v] = Math.sqrt(dx * dx + dy * dy + dz * dz) / n;
    means[v * 3] = cx + dx / n;
    means[v * 3 + 1] = cy + dy / n;
    means[v * 3 + 2] = cz + dz / n;
    for (let k = 0; k < 3; k++) colours[v * 3 + k] = sums[at + 4 + k]! / n;
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

/** Room for the neighbours of a voxel within `steps`. */
export function neighbourList(steps: number): Int32Array {
  return new Int32Array((2 * steps + 1) ** 3);
}

/**
 * Lists the occupied voxels around v within `steps` voxels along every axis: for hot loops, into memory that is there.
 * @returns how many
 */
export function neighboursOf(ball: VoxelBall, v: number, steps: number, out: Int32Array): number {
  const { side, index } = ball;
  const cell = ball.cells[v]!;
  const plane = (cell / side) | 0;
  const ix = cell - plane * side;
  const iz = (plane / side) | 0;
  const iy = plane - iz * side;
  const x0 = ix < steps ? 0 : ix - steps;
  const y0 = iy < steps ? 0 : iy - steps;
  const z0 = iz < steps ? 0 : iz - steps;
  const x1 = ix + steps < side ? ix + steps : side - 1;
  const y1 = iy + steps < side ? iy + steps : side - 1;
  const z1 = iz + steps < side ? iz + steps : side - 1;
  let count = 0;
  for (let z = z0; z <= z1; z++) {
    for (let y = y0; y <= y1; y++) {
      const row = (z * side + y) * side;
      for (let at = row + x0; at <= row + x1; at++) {
        const n = index[at]!;
        if (n >= 0 && n !== v) out[count++] = n;
      }
    }
  }
  return count;
}
