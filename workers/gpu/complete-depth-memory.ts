import type { Integration } from '../../core/cpu/complete-depth/prepare.ts';
import type { Tolerance } from '../../core/cpu/complete-depth/solve.ts';
import { type BufferSet, createBufferSet } from './buffer-set.ts';
import { fits } from './device.ts';

/** Bytes of u, w_x, w_y. */
const STATE = 12;
/** Workgroups of the vector kernels, which stride over their arrays. */
export const VECTOR_GROUPS = 64;
/** Threads of such a workgroup: GROUP in complete-depth-cg.wgsl. */
const VECTOR_THREADS = 64;

/** Buffers of one integration. Vectors are planes u, w_x, w_y of the crop. */
export interface DepthMemory {
  width: number;
  height: number;
  x: GPUBuffer;
  r: GPUBuffer;
  /** The preconditioner's answer, and its state on the way there. */
  z: GPUBuffer;
  half: GPUBuffer;
  p: GPUBuffer;
  ap: GPUBuffer;
  /** Two planes of products, for the sums. */
  products: GPUBuffer;
  scalars: GPUBuffer;
  groupSums: GPUBuffer;
  /** Stands in where a binding is not used. */
  unused: GPUBuffer;
  fineParams: GPUBuffer;
  /** Params of `cg` for the rounds between and for the last. */
  cgParams: { between: GPUBuffer; last: GPUBuffer };
  destroy(): void;
}

/**
 * Makes the buffers that last for all rounds and uploads the start values.
 * @throws SplatmendError `out-of-memory` before the first allocation when one would pass the device's limits
 */
export function allocate(
  device: GPUDevice,
  problem: Integration,
  tolerance: Tolerance,
): DepthMemory {
  const { width, height } = problem;
  const n = width * height;
  fits(device.limits, 'complete depth', [{ name: `a ${width}×${height} state`, bytes: n * STATE }]);
  const buffers: BufferSet = createBufferSet(device, 'depth');
  try {
    const vector = (label: string) => buffers.storage(label, n * STATE);
    const cgParams = (goal: number) =>
      buffers.uniform('cg params', [3 * n, VECTOR_GROUPS], [goal, tolerance.floor]);
    const start = new Float32Array(3 * n);
    start.set(problem.u);
    return {
      width,
      height,
      x: buffers.filled('x', start),
      r: vector('r'),
      z: vector('z'),
      half: vector('half'),
      p: vector('p'),
      ap: vector('ap'),
      products: vector('products'),
      scalars: buffers.storage('scalars', 32),
      groupSums: buffers.storage('group sums', (VECTOR_GROUPS + 1) * VECTOR_THREADS * 8),
      unused: buffers.storage('unused', STATE),
      fineParams: buffers.uniform('fine params', [width, height]),
      cgParams: { between: cgParams(tolerance.between), last: cgParams(tolerance.last) },
      destroy: buffers.destroy,
    };
  } catch (error) {
    buffers.destroy();
    throw error;
  }
}
