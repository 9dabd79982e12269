import { type DepthMemory, VECTOR_GROUPS } from './complete-depth-memory.ts';
import type { DepthPipelines } from './complete-depth-pipelines.ts';
import type { RoundMemory } from './complete-depth-round.ts';
import { bindGroup, nodeGroups } from './multi-pass.ts';

/** Encodes the integrator's pieces into a compute pass. */
export interface DepthPasses {
  /** First residual, direction and goal. */
  begin(pass: GPUComputePassEncoder): void;
  /** One step of conjugate gradients; leaves everything as it is once the goal is reached. */
  step(pass: GPUComputePassEncoder): void;
}

/** One dispatch. */
type Run = (pass: GPUComputePassEncoder) => void;

/** The passes of one re-weighting; `targeted`: its weights hold target steps. */
export function createPasses(
  device: GPUDevice,
  pipelines: DepthPipelines,
  memory: DepthMemory,
  round: RoundMemory,
  targeted: boolean,
  last: boolean,
): DepthPasses {
  const { layouts } = pipelines;
  const { unused } = memory;
  const run = (
    pipeline: GPUComputePipeline,
    group: GPUBindGroup,
    [x, y]: readonly [number, number],
  ): Run => {
    return (pass) => {
      pass.setPipeline(pipeline);
      pass.setBindGroup(0, group);
      pass.dispatchWorkgroups(x, y);
    };
  };

  const pixelGroups = nodeGroups(memory.width * memory.height);
  const fine = (
    name: keyof typeof pipelines.fine,
    b: GPUBuffer,
    x: GPUBuffer,
    result: GPUBuffer,
  ): Run => {
    const { fineParams, products } = memory;
    // Ap goes in where it is read: it may not be bound as the result of the same dispatch too.
    const ap = name === 'smoothLast' ? memory.ap : unused;
    const buffers = [fineParams, round.weights, b, x, result, products, ap];
    return run(pipelines.fine[name], bindGroup(device, layouts.fine, buffers), pixelGroups);
  };
  const steps = round.levels.map((level, l) => {
    const finer = round.levels[l - 1];
    const groups = nodeGroups(level.count);
    const transfer = (source: GPUBuffer, result: GPUBuffer, smoothed: GPUBuffer) =>
      bindGroup(device, layouts.transfer, [
        level.transferParams,
        level.links,
        level.tree,
        source,
        level.rows,
        result,
        smoothed,
      ]);
    const own = (state: GPUBuffer, result: GPUBuffer) =>
      bindGroup(device, layouts.level, [
        level.params,
        level.rows,
        level.blocks,
        level.beside,
        level.b,
        state,
        result,
      ]);
    const onward = own(level.x, level.answer);
    return {
      twice: level.twice,
      down: run(
        pipelines.transfer.down,
        transfer(finer?.answer ?? memory.z, level.b, level.x),
        groups,
      ),
      again: run(pipelines.level.relax, own(level.answer, level.x), groups),
      remainder: run(pipelines.level.remainder, onward, groups),
      smooth: run(pipelines.level.relax, onward, groups),
      up: run(
        pipelines.transfer.up,
        transfer(level.answer, finer?.x ?? memory.half, unused),
        finer === undefined ? pixelGroups : nodeGroups(finer.count),
      ),
    };
  });
  const { bottom } = round;
  const deepest = round.levels.at(-1);
  const solveBottom =
    deepest &&
    bottom &&
    run(
      pipelines.bottom,
      bindGroup(device, layouts.bottom, [bottom, deepest.b, deepest.answer]),
      nodeGroups(3 * deepest.count),
    );
  /** The answer of level l to its b, as core/cpu/complete-depth/cycle.ts finds it. */
  const cycle = (l: number): Run[] => {
    const { remainder, smooth } = steps[l]!;
    const next = steps[l + 1];
    if (next === undefined) return [solveBottom ?? smooth];
    const inner = cycle(l + 1);
    const below = next.twice ? [...inner, next.again, ...inner] : inner;
    return [remainder, next.down, ...below, next.up, smooth];
  };
  const { x, r, z, half, p, ap } = memory;
  /** z = one cycle's answer to r. z holds the remainder on the way down. */
  const precondition: Run[] = [
    fine('smoothFirst', r, unused, half),
    ...(steps[0] ? [fine('remainder', r, half, z), steps[0].down, ...cycle(0), steps[0].up] : []),
    fine('smoothLast', r, half, z),
  ];

  const cgGroup = bindGroup(device, layouts.cg, [
    last ? memory.cgParams.last : memory.cgParams.between,
    memory.scalars,
    memory.groupSums,
    x,
    r,
    z,
    p,
    ap,
    memory.products,
  ]);
  const cg = (name: keyof typeof pipelines.cg): Run => {
    const vector = name === 'sum' || name === 'advance' || name === 'turn';
    return run(pipelines.cg[name], cgGroup, [vector ? VECTOR_GROUPS : 1, 1]);
  };
  const begin = [
    fine(targeted ? 'firstResidualTargeted' : 'firstResidual', unused, x, r),
    ...precondition,
    ...(['sum', 'fold', 'start', 'turn'] as const).map(cg),
  ];
  const step = [
    fine('applyTo', unused, p, ap),
    ...(['sum', 'fold', 'setLength', 'advance'] as const).map(cg),
    ...precondition,
    ...(['sum', 'fold', 'setBeta', 'turn'] as const).map(cg),
  ];
  const encode = (runs: readonly Run[]) => (pass: GPUComputePassEncoder) => {
    for (const one of runs) one(pass);
  };
  return { begin: encode(begin), step: encode(step) };
}
