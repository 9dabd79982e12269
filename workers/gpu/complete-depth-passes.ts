import { bindGroup, nodeGroups } from './complete-depth-layout.ts';
import { type DepthMemory, VECTOR_GROUPS } from './complete-depth-memory.ts';
import type { DepthPipelines } from './complete-depth-pipelines.ts';
import type { RoundMemory } from './complete-depth-round.ts';

/** Encodes the integrator's pieces into a compute pass. */
export interface DepthPasses {
  /** First residual, direction and goal. */
  begin(pass: GPUComputePassEncoder): void;
  /** One step of conjugate gradients; leaves everything as it is once the goal is reached. */
  step(pass: GPUComputePassEncoder): void;
}

/** Side of the fine kernels' workgroups. */
const FINE_SIDE = 16;

/** The passes of one re-weighting. */
export function createPasses(
  device: GPUDevice,
  pipelines: DepthPipelines,
  memory: DepthMemory,
  round: RoundMemory,
  last: boolean,
): DepthPasses {
  const { layouts } = pipelines;
  const { width, height, unused } = memory;
  const [first] = round.levels;
  const fine = (params: GPUBuffer, b: GPUBuffer, x: GPUBuffer, result: GPUBuffer) =>
    bindGroup(device, layouts.fine, [
      params,
      round.edges,
      round.pixels,
      b,
      x,
      first?.links ?? unused,
      first?.answer ?? unused,
      result,
    ]);
  const groups = {
    firstResidual: fine(memory.plainParams, unused, memory.x, memory.r),
    apply: fine(memory.plainParams, unused, memory.p, memory.ap),
    smoothFirst: fine(memory.plainParams, memory.r, unused, memory.half),
    smoothLast: fine(round.fineParams, memory.r, memory.half, memory.z),
    cg: bindGroup(device, layouts.cg, [
      last ? memory.cgParams.last : memory.cgParams.between,
      memory.scalars,
      memory.groupSums,
      memory.x,
      memory.r,
      memory.z,
      memory.p,
      memory.ap,
    ]),
    downFine:
      first &&
      bindGroup(device, layouts.fine, [
        round.fineParams,
        round.edges,
        round.pixels,
        memory.r,
        memory.half,
        first.links,
        first.children,
        first.b,
      ]),
  };
  const levels = round.levels.map((level, l) => {
    const next = round.levels[l + 1];
    const group = (coarse: GPUBuffer, result: GPUBuffer) =>
      bindGroup(device, layouts.level, [
        level.params,
        level.rows,
        level.across,
        level.beside,
        level.b,
        next?.links ?? unused,
        next?.children ?? unused,
        coarse,
        result,
      ]);
    return {
      count: level.count,
      down: next && { group: group(unused, next.b), count: next.count },
      up: group(next?.answer ?? unused, level.answer),
      bottom:
        next === undefined && round.bottom !== undefined
          ? bindGroup(device, layouts.bottom, [round.bottom, level.b, level.answer])
          : undefined,
    };
  });

  const run = (
    pass: GPUComputePassEncoder,
    pipeline: GPUComputePipeline,
    group: GPUBindGroup,
    x: number,
    y = 1,
  ): void => {
    pass.setPipeline(pipeline);
    pass.setBindGroup(0, group);
    pass.dispatchWorkgroups(x, y);
  };
  const onPixels = (pass: GPUComputePassEncoder, name: keyof typeof pipelines.fine) => {
    const group = name === 'applyTo' ? groups.apply : groups[name];
    const tiles = [Math.ceil(width / FINE_SIDE), Math.ceil(height / FINE_SIDE)] as const;
    run(pass, pipelines.fine[name], group, ...tiles);
  };
  const cg = (pass: GPUComputePassEncoder, name: keyof typeof pipelines.cg) => {
    const vector = name === 'dotZ' || name === 'dotP' || name === 'advance' || name === 'turn';
    run(pass, pipelines.cg[name], groups.cg, vector ? VECTOR_GROUPS : 1);
  };

  /** z = a V-cycle's answer to r. */
  const precondition = (pass: GPUComputePassEncoder): void => {
    onPixels(pass, 'smoothFirst');
    if (groups.downFine) {
      run(pass, pipelines.downFine, groups.downFine, ...nodeGroups(levels[0]!.count));
    }
    for (const { down } of levels) {
      if (down) run(pass, pipelines.level.down, down.group, ...nodeGroups(down.count));
    }
    for (const { count, up, bottom } of levels.toReversed()) {
      if (bottom) run(pass, pipelines.bottom, bottom, ...nodeGroups(count));
      else run(pass, pipelines.level.up, up, ...nodeGroups(count));
    }
    onPixels(pass, 'smoothLast');
  };

  return {
    begin: (pass) => {
      onPixels(pass, 'firstResidual');
      precondition(pass);
      cg(pass, 'dotZ');
      cg(pass, 'fold');
      cg(pass, 'start');
      cg(pass, 'turn');
    },
    step: (pass) => {
      onPixels(pass, 'applyTo');
      cg(pass, 'dotP');
      cg(pass, 'fold');
      cg(pass, 'setLength');
      cg(pass, 'advance');
      precondition(pass);
      cg(pass, 'dotZ');
      cg(pass, 'fold');
      cg(pass, 'setBeta');
      cg(pass, 'turn');
    },
  };
}
