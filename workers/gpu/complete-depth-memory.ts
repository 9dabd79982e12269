import type { Integration } from '../../core/cpu/complete-depth/prepare.ts';
import type { Tolerance } from '../../core/cpu/complete-depth/solve.ts';
import { coarseSizes } from './complete-depth-layout.ts';
import { fits } from './device.ts';

const VEC4 = 16;
/** Workgroups of the vector kernels, which stride over their arrays. */
export const VECTOR_GROUPS = 64;
/** Threads of such a workgroup: GROUP in complete-depth-cg.wgsl. */
const VECTOR_THREADS = 64;

export interface CoarseMemory {
  width: number;
  height: number;
  diagonal: GPUBuffer;
  inverse: GPUBuffer;
  right: GPUBuffer;
  down: GPUBuffer;
  b: GPUBuffer;
  x: GPUBuffer;
  /** Params of `galerkin`, with the finer level's size. */
  galerkinParams: GPUBuffer;
  /** Params of `blocks` for the two colours. */
  params: [GPUBuffer, GPUBuffer];
}

export type FineName = 'fixedWeights' | 'edges' | 'x' | 'r' | 'z' | 'p' | 'ap' | 'rest';

export interface DepthMemory {
  width: number;
  height: number;
  fine: Record<FineName, GPUBuffer>;
  lean: GPUBuffer;
  levels: CoarseMemory[];
  scalars: GPUBuffer;
  groupSums: GPUBuffer;
  /** Stands in where a binding is not used. */
  unused: GPUBuffer;
  /** Params of `fine`: colour 0 with a state, colour 1 with a state, no state yet. */
  fineParams: [GPUBuffer, GPUBuffer, GPUBuffer];
  transferParams: GPUBuffer;
  /** Params of `cg` for the rounds between and for the last. */
  cgParams: { between: GPUBuffer; last: GPUBuffer };
  destroy(): void;
}

/**
 * Makes every buffer of one integration and uploads its weights and start values.
 * @throws SplatmendError `out-of-memory` before the first allocation when one would pass the device's limits
 */
export function allocate(
  device: GPUDevice,
  problem: Integration,
  tolerance: Tolerance,
): DepthMemory {
  const { width, height } = problem;
  const n = width * height;
  const sizes = coarseSizes(width, height);
  const firstCells = sizes[0] === undefined ? 1 : sizes[0].width * sizes[0].height;
  fits(device.limits, 'complete depth', [
    { name: `a ${width}×${height} state`, bytes: n * VEC4 },
    { name: 'its coarse couplings', bytes: 3 * firstCells * VEC4 },
  ]);

  const made: GPUBuffer[] = [];
  const buffer = (label: string, size: number, usage: number): GPUBuffer => {
    const one = device.createBuffer({ label: `depth ${label}`, size, usage });
    made.push(one);
    return one;
  };
  const { STORAGE, COPY_SRC, COPY_DST, UNIFORM } = GPUBufferUsage;
  const storage = (label: string, bytes: number): GPUBuffer =>
    buffer(label, Math.max(VEC4, bytes), STORAGE | COPY_SRC | COPY_DST);
  /** Integers, then floats, in a struct's order; order[k] says which. */
  const uniform = (label: string, integers: number[], floats: number[], more: number[] = []) => {
    const data = new ArrayBuffer(32);
    const u = new Uint32Array(data);
    const f = new Float32Array(data);
    u.set(integers);
    f.set(floats, integers.length);
    u.set(more, integers.length + floats.length);
    const one = buffer(label, 32, UNIFORM | COPY_DST);
    device.queue.writeBuffer(one, 0, data);
    return one;
  };
  const fineUniform = (colour: number, first: number) =>
    uniform('fine params', [width, height, colour, first], [problem.epsilon, problem.alpha]);
  const cgUniform = (goal: number) =>
    uniform('cg params', [n, VECTOR_GROUPS], [goal, tolerance.floor]);

  try {
    const fine = Object.fromEntries(
      (['fixedWeights', 'edges', 'x', 'r', 'z', 'p', 'ap', 'rest'] as const).map((name) => [
        name,
        storage(name, n * VEC4),
      ]),
    ) as Record<FineName, GPUBuffer>;
    const levels = sizes.map((size, l): CoarseMemory => {
      const cells = size.width * size.height;
      const finer = l === 0 ? { width, height } : sizes[l - 1]!;
      const next = sizes[l + 1] ?? size;
      const own = (colour: number) =>
        uniform(
          `level ${l} params`,
          [size.width, size.height, next.width, next.height],
          // Half a cell, in finest pixels.
          [2 ** l],
          [colour],
        );
      return {
        ...size,
        diagonal: storage(`level ${l} diagonal`, 2 * cells * VEC4),
        inverse: storage(`level ${l} inverse`, 2 * cells * VEC4),
        right: storage(`level ${l} right`, 3 * cells * VEC4),
        down: storage(`level ${l} down`, 3 * cells * VEC4),
        b: storage(`level ${l} b`, cells * VEC4),
        x: storage(`level ${l} x`, cells * VEC4),
        galerkinParams: uniform(
          `level ${l} galerkin params`,
          [finer.width, finer.height, size.width, size.height],
          [2 ** (l - 1)],
        ),
        params: [own(0), own(1)],
      };
    });
    const first = sizes[0] ?? { width: 1, height: 1 };
    const memory: DepthMemory = {
      width,
      height,
      fine,
      lean: storage('lean', n * 4),
      levels,
      scalars: storage('scalars', 32),
      groupSums: storage('group sums', (VECTOR_GROUPS + 1) * VECTOR_THREADS * 8),
      unused: storage('unused', VEC4),
      fineParams: [fineUniform(0, 0), fineUniform(1, 0), fineUniform(0, 1)],
      transferParams: uniform('transfer params', [width, height, first.width, first.height], []),
      cgParams: { between: cgUniform(tolerance.between), last: cgUniform(tolerance.last) },
      destroy: () => {
        for (const one of made) one.destroy();
      },
    };
    upload(device, problem, memory);
    return memory;
  } catch (error) {
    for (const one of made) one.destroy();
    throw error;
  }
}

function upload(device: GPUDevice, problem: Integration, memory: DepthMemory): void {
  const n = problem.role.length;
  const data = new Float32Array(4 * n);
  for (let i = 0; i < n; i++) {
    data[4 * i] = problem.guideX[i]!;
    data[4 * i + 1] = problem.guideY[i]!;
    data[4 * i + 2] = problem.lean[i]!;
    data[4 * i + 3] = problem.role[i]!;
  }
  device.queue.writeBuffer(memory.fine.fixedWeights, 0, data);
  data.fill(0);
  for (let i = 0; i < n; i++) data[4 * i] = problem.u[i]!;
  device.queue.writeBuffer(memory.fine.x, 0, data);
}
