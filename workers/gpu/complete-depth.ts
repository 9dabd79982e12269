import { classify } from '../../core/cpu/complete-depth/classify.ts';
import { withoutIntegration, writeSolution } from '../../core/cpu/complete-depth/finish.ts';
import { createHierarchy } from '../../core/cpu/complete-depth/hierarchy.ts';
import { createQuadratic, reweight } from '../../core/cpu/complete-depth/operator.ts';
import { completionOptions } from '../../core/cpu/complete-depth/options.ts';
import { fractionOfParts, holeParts } from '../../core/cpu/complete-depth/parts.ts';
import { type Integration, prepare } from '../../core/cpu/complete-depth/prepare.ts';
import {
  integrate,
  MAX_STEPS,
  TOLERANCE,
  type Tolerance,
} from '../../core/cpu/complete-depth/solve.ts';
import type { DepthCompleter } from '../../core/kernels.ts';
import { throwIfCancelled } from '../../core/progress.ts';
import { allocate, type DepthMemory } from './complete-depth-memory.ts';
import { createPasses, type DepthPasses } from './complete-depth-passes.ts';
import { createPipelines, type DepthPipelines } from './complete-depth-pipelines.ts';
import { uploadRound } from './complete-depth-round.ts';
import { guardGpu, readBuffer } from './device.ts';

/** Steps of conjugate gradients a submission, between two looks at the residual and at the signal. */
const STEPS_A_BATCH = 4;
/** Holes of fewer pixels are solved on the CPU: the way to the device and back takes longer than the work. */
const FEWEST_FREE = 256;

/**
 * Depth completion on WebGPU: energy, weights, coarse levels and answers of core/cpu/complete-depth, of which it shares
 * everything but the conjugate gradients and their preconditioner. The coarse levels are made on the CPU once a
 * re-weighting: who merges with whom is a walk over the graph, 0.15 to 0.4 s for a crop of 110,000 pixels. Buffers live
 * for one call. The pipelines are made at the first call.
 *
 * complete() throws SplatmendError `bad-option`, `cancelled`, `out-of-memory`, `device-lost`.
 */
export function createGpuDepthCompleter(
  device: GPUDevice,
  tolerance: Tolerance = TOLERANCE,
): DepthCompleter {
  let pipelines: DepthPipelines | undefined;
  return {
    async complete(problem, options, signal, onFraction) {
      throwIfCancelled(signal);
      const all = completionOptions(options);
      const classes = classify(problem);
      const result = withoutIntegration(problem, classes);
      if (classes.freeCount === 0) return result;
      const parts = holeParts(problem, classes);
      const told = fractionOfParts(parts, onFraction);
      for (const [k, part] of parts.entries()) {
        const integration = prepare(problem, classes, all, part);
        const x =
          part.freeCount < FEWEST_FREE
            ? (await integrate(integration, signal, tolerance, told(k))).x
            : await guardGpu(device, 'complete depth', async () => {
                pipelines ??= createPipelines(device);
                return integrateGpu(device, pipelines, integration, tolerance, told(k), signal);
              });
        writeSolution(integration, x, result);
      }
      return result;
    },
  };
}

/** u, w_x, w_y a pixel of the crop. */
async function integrateGpu(
  device: GPUDevice,
  pipelines: DepthPipelines,
  problem: Integration,
  tolerance: Tolerance,
  onRound: (fraction: number) => void,
  signal: AbortSignal | undefined,
): Promise<Float64Array> {
  const memory = allocate(device, problem, tolerance);
  try {
    const quadratic = createQuadratic(problem);
    const { targetX, targetY } = problem;
    const targets = targetX && targetY ? [targetX, targetY] : [];
    let x: Float64Array | undefined;
    for (let round = 0; round <= problem.reweightings; round++) {
      reweight(quadratic, problem, x);
      const own = uploadRound(device, quadratic, createHierarchy(quadratic), targets);
      try {
        const last = round === problem.reweightings;
        const passes = createPasses(device, pipelines, memory, own, targets.length > 0, last);
        await solve(device, passes, memory, signal);
      } finally {
        own.destroy();
      }
      x = await readState(device, memory.x, problem.role.length);
      onRound((round + 1) / (problem.reweightings + 1));
    }
    return x!;
  } finally {
    memory.destroy();
  }
}

async function solve(
  device: GPUDevice,
  passes: DepthPasses,
  memory: DepthMemory,
  signal: AbortSignal | undefined,
): Promise<void> {
  for (let steps = 0; steps < MAX_STEPS; steps += STEPS_A_BATCH) {
    const encoder = device.createCommandEncoder({ label: 'complete depth' });
    const pass = encoder.beginComputePass();
    if (steps === 0) passes.begin(pass);
    for (let k = 0; k < STEPS_A_BATCH; k++) passes.step(pass);
    pass.end();
    device.queue.submit([encoder.finish()]);
    const scalars = await readBuffer(device, memory.scalars, 32);
    throwIfCancelled(signal);
    if (new Uint32Array(scalars)[5] !== 0) return;
  }
}

/** A state's planes as u, w_x, w_y a pixel. */
async function readState(device: GPUDevice, buffer: GPUBuffer, n: number): Promise<Float64Array> {
  const planes = new Float32Array(await readBuffer(device, buffer, 12 * n));
  const x = new Float64Array(3 * n);
  for (let k = 0; k < 3; k++) for (let i = 0; i < n; i++) x[3 * i + k] = planes[k * n + i]!;
  return x;
}
