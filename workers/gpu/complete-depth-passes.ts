import { bindGroup } from './complete-depth-layout.ts';
import { type DepthMemory, VECTOR_GROUPS } from './complete-depth-memory.ts';
import type { DepthPipelines } from './complete-depth-pipelines.ts';

/** Encodes the integrator's pieces into a compute pass. */
export interface DepthPasses {
  /** Weights from the state (round 0: none yet), coarse operators, first residual, direction and goal. */
  begin(pass: GPUComputePassEncoder, first: boolean, last: boolean): void;
  /** One step of conjugate gradients; leaves everything as it is once the goal is reached. */
  step(pass: GPUComputePassEncoder, last: boolean): void;
}

export function createPasses(
  device: GPUDevice,
  pipelines: DepthPipelines,
  memory: DepthMemory,
): DepthPasses {
  const { layouts } = pipelines;
  const { fine, levels, width, height } = memory;
  const fineGroup = (params: GPUBuffer, x: GPUBuffer, b: GPUBuffer, result: GPUBuffer) =>
    bindGroup(device, layouts.fine, [
      params,
      fine.fixedWeights,
      fine.edges,
      memory.lean,
      x,
      b,
      result,
    ]);
  const [even, odd, none] = memory.fineParams;
  const groups = {
    stateFirst: fineGroup(none, fine.x, fine.z, fine.r),
    state: fineGroup(even, fine.x, fine.z, fine.r),
    direction: fineGroup(even, fine.p, fine.z, fine.ap),
    relax: [fineGroup(even, fine.z, fine.r, fine.rest), fineGroup(odd, fine.z, fine.r, fine.rest)],
    cg: [memory.cgParams.between, memory.cgParams.last].map((params) =>
      bindGroup(device, layouts.cg, [
        params,
        memory.scalars,
        memory.groupSums,
        fine.x,
        fine.r,
        fine.z,
        fine.p,
        fine.ap,
      ]),
    ),
    down: bindGroup(device, layouts.transfer, [
      memory.transferParams,
      fine.fixedWeights,
      fine.rest,
      levels[0]?.b ?? memory.unused,
      fine.z,
    ]),
    up: bindGroup(device, layouts.transfer, [
      memory.transferParams,
      fine.fixedWeights,
      fine.rest,
      levels[0]?.x ?? memory.unused,
      fine.z,
    ]),
  };
  const coarse = levels.map((level, l) => {
    const next = levels[l + 1];
    const finer = levels[l - 1];
    const own = (params: GPUBuffer, other: GPUBuffer) =>
      bindGroup(device, layouts.blocks, [
        params,
        level.diagonal,
        level.inverse,
        level.right,
        level.down,
        level.b,
        level.x,
        other,
      ]);
    return {
      galerkin: bindGroup(device, layouts.galerkin, [
        level.galerkinParams,
        level.diagonal,
        level.inverse,
        level.right,
        level.down,
        finer?.diagonal ?? fine.fixedWeights,
        finer?.right ?? fine.edges,
        finer?.down ?? memory.lean,
      ]),
      down: own(level.params[0], next?.b ?? memory.unused),
      up: own(level.params[0], next?.x ?? memory.unused),
      relax: level.params.map((params) => own(params, memory.unused)),
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
  const onPixels = (pass: GPUComputePassEncoder, pipeline: GPUComputePipeline, g: GPUBindGroup) =>
    run(pass, pipeline, g, Math.ceil(width / 16), Math.ceil(height / 16));
  const relaxFine = (pass: GPUComputePassEncoder, colour: 0 | 1) =>
    run(
      pass,
      pipelines.fine.relax,
      groups.relax[colour]!,
      Math.ceil(width / 32),
      Math.ceil(height / 16),
    );
  const relaxLevel = (pass: GPUComputePassEncoder, l: number, colour: 0 | 1) => {
    const level = levels[l]!;
    run(
      pass,
      pipelines.blocks.relax,
      coarse[l]!.relax[colour]!,
      Math.ceil(level.width / 16),
      Math.ceil(level.height / 8),
    );
  };
  const onCells = (
    pass: GPUComputePassEncoder,
    pipeline: GPUComputePipeline,
    group: GPUBindGroup,
    level: { width: number; height: number },
    side: number,
  ) => run(pass, pipeline, group, Math.ceil(level.width / side), Math.ceil(level.height / side));

  /** z = a V-cycle's answer to r. Colours are swept in mirrored order so that it stays symmetric. */
  const precondition = (pass: GPUComputePassEncoder): void => {
    onPixels(pass, pipelines.fine.clear, groups.relax[0]!);
    relaxFine(pass, 0);
    relaxFine(pass, 1);
    if (levels.length > 0) {
      onPixels(pass, pipelines.fine.remainder, groups.relax[0]!);
      onCells(pass, pipelines.transfer.restrictResidual, groups.down, levels[0]!, 16);
      const bottom = levels.length - 1;
      for (let l = 0; l <= bottom; l++) {
        onCells(pass, pipelines.blocks.clear, coarse[l]!.down, levels[l]!, 8);
        relaxLevel(pass, l, 0);
        if (l === bottom) break;
        relaxLevel(pass, l, 1);
        onCells(pass, pipelines.blocks.restrictResidual, coarse[l]!.down, levels[l + 1]!, 8);
      }
      for (let l = bottom - 1; l >= 0; l--) {
        onCells(pass, pipelines.blocks.prolong, coarse[l]!.up, levels[l]!, 8);
        relaxLevel(pass, l, 1);
        relaxLevel(pass, l, 0);
      }
      onPixels(pass, pipelines.transfer.prolong, groups.up);
    }
    relaxFine(pass, 1);
    relaxFine(pass, 0);
  };
  const cg = (pass: GPUComputePassEncoder, name: keyof typeof pipelines.cg, last: boolean) => {
    const vector = name === 'dotZ' || name === 'dotP' || name === 'advance' || name === 'turn';
    run(pass, pipelines.cg[name], groups.cg[last ? 1 : 0]!, vector ? VECTOR_GROUPS : 1);
  };

  return {
    begin: (pass, first, last) => {
      const state = first ? groups.stateFirst : groups.state;
      onPixels(pass, pipelines.fine.reweight, state);
      levels.forEach((level, l) => {
        const pipeline = l === 0 ? pipelines.coarsenFine : pipelines.coarsenBlocks;
        onCells(pass, pipeline, coarse[l]!.galerkin, level, 8);
      });
      onPixels(pass, pipelines.fine.firstResidual, state);
      precondition(pass);
      cg(pass, 'dotZ', last);
      cg(pass, 'fold', last);
      cg(pass, 'start', last);
      cg(pass, 'turn', last);
    },
    step: (pass, last) => {
      onPixels(pass, pipelines.fine.applyTo, groups.direction);
      cg(pass, 'dotP', last);
      cg(pass, 'fold', last);
      cg(pass, 'setLength', last);
      cg(pass, 'advance', last);
      precondition(pass);
      cg(pass, 'dotZ', last);
      cg(pass, 'fold', last);
      cg(pass, 'setBeta', last);
      cg(pass, 'turn', last);
    },
  };
}
