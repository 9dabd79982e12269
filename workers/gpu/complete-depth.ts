import { classify } from '../../core/cpu/complete-depth/classify.ts';
import { withoutIntegration, writeSolution } from '../../core/cpu/complete-depth/finish.ts';
import { completionOptions } from '../../core/cpu/complete-depth/options.ts';
import { type Integration, prepare } from '../../core/cpu/complete-depth/prepare.ts';
import { MAX_STEPS, TOLERANCE } from '../../core/cpu/complete-depth/solve.ts';
import type { DepthCompleter } from '../../core/kernels.ts';
import { throwIfCancelled } from '../../core/progress.ts';
import { allocate } from './complete-depth-memory.ts';
import { createPasses } from './complete-depth-passes.ts';
import { createPipelines, type DepthPipelines } from './complete-depth-pipelines.ts';
import { guardGpu, readBuffer } from './device.ts';

/** Steps of conjugate gradients a submission, between two looks at the residual and at the signal. */
const STEPS_A_BATCH = 8;

/**
 * Depth completion on WebGPU: energy, weights and answers of core/cpu/complete-depth, of which it shares everything
 * but the integration itself. Buffers live for one call. The pipelines are made at the first call.
 *
 * complete() throws SplatmendError `bad-option`, `cancelled`, `out-of-memory`, `device-lost`.
 */
export function createGpuDepthCompleter(device: GPUDevice): DepthCompleter {
  let pipelines: DepthPipelines | undefined;
  return {
    async complete(problem, options, signal) {
      throwIfCancelled(signal);
      const all = completionOptions(options);
      const classes = classify(problem);
      const result = withoutIntegration(problem, classes);
      if (classes.freeCount === 0) return result;
      const integration = prepare(problem, classes, all);
      const x = await guardGpu(device, 'complete depth', async () => {
        pipelines ??= createPipelines(device);
        return integrateGpu(device, pipelines, integration, signal);
      });
      writeSolution(integration, x, result);
      return result;
    },
  };
}

/** u, w_x, w_y a pixel of the crop. */
async function integrateGpu(
  device: GPUDevice,
  pipelines: DepthPipelines,
  problem: Integration,
  signal: AbortSignal | undefined,
): Promise<Float32Array> {
  const memory = allocate(device, problem, TOLERANCE);
  try {
    const passes = createPasses(device, pipelines, memory);
    for (let round = 0; round <= problem.reweightings; round++) {
      const last = round === problem.reweightings;
      for (let steps = 0; steps < MAX_STEPS; steps += STEPS_A_BATCH) {
        const encoder = device.createCommandEncoder({ label: 'complete depth' });
        const pass = encoder.beginComputePass();
        if (steps === 0) passes.begin(pass, round === 0, last);
        for (let k = 0; k < STEPS_A_BATCH; k++) passes.step(pass, last);
        pass.end();
        device.queue.submit([encoder.finish()]);
        const scalars = await readBuffer(device, memory.scalars, 32);
        throwIfCancelled(signal);
        if (new Uint32Array(scalars)[5] !== 0) break;
      }
    }
    const n = problem.role.length;
    const vec4 = new Float32Array(await readBuffer(device, memory.fine.x, 16 * n));
    const x = new Float32Array(3 * n);
    for (let i = 0; i < n; i++) {
      x[3 * i] = vec4[4 * i]!;
      x[3 * i + 1] = vec4[4 * i + 1]!;
      x[3 * i + 2] = vec4[4 * i + 2]!;
    }
    return x;
  } finally {
    memory.destroy();
  }
}
