/** Polish on WebGPU; its definition is core/cpu/polish, of which it shares all but the steps. */
import { BETA1, BETA2, EPSILON, ratesAt } from '../../core/cpu/polish/adam.ts';
import { createPolisher, type PolishRun, type PolishSteps } from '../../core/cpu/polish/index.ts';
import {
  DILATION_PX2,
  MAX_ALPHA,
  MIN_ALPHA,
  MIN_TRANSMITTANCE,
} from '../../core/cpu/render/records.ts';
import type { Polisher } from '../../core/polish-types.ts';
import { throwIfCancelled } from '../../core/progress.ts';
import { SH_C0 } from '../../core/splat-cloud.ts';
import recordCode from '../../shaders/common/splat-2d.wgsl?raw';
import adamCode from '../../shaders/polish-adam.wgsl?raw';
import pixelsCode from '../../shaders/polish-pixels.wgsl?raw';
import poseCode from '../../shaders/polish-pose.wgsl?raw';
import splatsCode from '../../shaders/polish-splats.wgsl?raw';
import sumsCode from '../../shaders/polish-sums.wgsl?raw';
import { createBufferSet } from './buffer-set.ts';
import { guardGpu, readBuffer } from './device.ts';
import { bindGroup, bindLayout, nodeGroups, pipelines } from './multi-pass.ts';
import {
  findSlots,
  type PlanMemory,
  type StateMemory,
  uploadPlan,
  uploadState,
} from './polish-memory.ts';

/** Steps between two waits for the device, and looks at the signal. */
const STEPS_A_WAIT = 4;

function createPipelines(device: GPUDevice) {
  const layouts = {
    splats: bindLayout(device, 'polish splats', 'rrrwrrrw'),
    pixels: bindLayout(device, 'polish pixels', 'urrrrrwww'),
    adam: bindLayout(device, 'polish adam', 'rwrrwww'),
  };
  const onSplats = [recordCode, sumsCode, poseCode, splatsCode].join('\n');
  const onPixels = [recordCode, sumsCode, pixelsCode].join('\n');
  const alphas = { min_alpha: MIN_ALPHA, max_alpha: MAX_ALPHA };
  return {
    layouts,
    splats: pipelines(device, 'polish splats', onSplats, layouts.splats, {
      project: { min_alpha: MIN_ALPHA, dilation_px2: DILATION_PX2, sh_c0: SH_C0 },
      chain: { sh_c0: SH_C0 },
    }),
    pixels: pipelines(device, 'polish pixels', onPixels, layouts.pixels, {
      blend: { ...alphas, min_transmittance: MIN_TRANSMITTANCE },
      gather: {},
    }),
    adam: pipelines(device, 'polish adam', adamCode, layouts.adam, {
      adam: { beta1: BETA1, beta2: BETA2, epsilon: EPSILON },
    }).adam,
  };
}
type PolishPipelines = ReturnType<typeof createPipelines>;

/** The gradient of one view as dispatches of a pass. */
function createGradient(
  device: GPUDevice,
  { layouts, splats, pixels }: PolishPipelines,
  plan: PlanMemory,
  state: StateMemory,
): (pass: GPUComputePassEncoder) => void {
  const onSplats = bindGroup(device, layouts.splats, [
    plan.lens,
    plan.places,
    state.values,
    plan.records,
    state.sums,
    plan.slotStarts,
    plan.slotsOf,
    state.gradient,
  ]);
  const onPixels = bindGroup(device, layouts.pixels, [
    plan.params,
    plan.tiles,
    plan.records,
    plan.entries,
    plan.wanted,
    plan.slots,
    state.shares,
    state.slopes,
    state.sums,
  ]);
  const { newCount, tileCount, slotCount } = plan;
  const work: [GPUComputePipeline, GPUBindGroup, number][] = [
    [splats.project, onSplats, newCount],
    [pixels.blend, onPixels, tileCount * 64],
    [pixels.gather, onPixels, slotCount],
    [splats.chain, onSplats, newCount],
  ];
  return (pass) => {
    if (slotCount === 0) return;
    for (const [pipeline, group, threads] of work) {
      pass.setPipeline(pipeline);
      pass.setBindGroup(0, group);
      pass.dispatchWorkgroups(...nodeGroups(threads));
    }
  };
}

/** A run's plans and state on the device, and each plan's gradient. */
function upload(device: GPUDevice, made: PolishPipelines, run: PolishRun) {
  const buffers = createBufferSet(device, 'polish');
  try {
    const found = run.plans.map(findSlots);
    const plans = run.plans.map((plan, k) =>
      uploadPlan(device, buffers, plan, found[k]!, run.depthWeight),
    );
    const most = (counts: number[]) => Math.max(...counts);
    const state = uploadState(
      device,
      buffers,
      run.state,
      most(plans.map((p) => p.slotCount)),
      most(plans.map((p) => p.tileCount)),
    );
    const gradients = plans.map((plan) => createGradient(device, made, plan, state));
    return { buffers, state, gradients };
  } catch (error) {
    buffers.destroy();
    throw error;
  }
}

/** Polish's steps on a device. */
export function createGpuPolishSteps(device: GPUDevice) {
  let made: PolishPipelines | undefined;
  const withRun = <T>(
    run: PolishRun,
    work: (up: ReturnType<typeof upload>, made: PolishPipelines) => Promise<T>,
  ) =>
    guardGpu(device, 'polish', async () => {
      made ??= createPipelines(device);
      const up = upload(device, made, run);
      try {
        return await work(up, made);
      } finally {
        up.buffers.destroy();
      }
    });

  const take: PolishSteps = (run, signal) =>
    withRun(run, async ({ state: memory, gradients }, { layouts, adam }) => {
      const { state, first, end, steps } = run;
      const { rates, values, lower, upper, mean, square, gradient } = memory;
      const group = bindGroup(device, layouts.adam, [
        rates,
        values,
        lower,
        upper,
        mean,
        square,
        gradient,
      ]);
      for (let step = first; step < end; step++) {
        device.queue.writeBuffer(rates, 0, Float32Array.from(ratesAt(step, steps)));
        const encoder = device.createCommandEncoder({ label: 'polish' });
        const pass = encoder.beginComputePass();
        gradients[step % gradients.length]!(pass);
        pass.setPipeline(adam);
        pass.setBindGroup(0, group);
        pass.dispatchWorkgroups(...nodeGroups(state.values.length));
        pass.end();
        device.queue.submit([encoder.finish()]);
        if ((step - first) % STEPS_A_WAIT !== STEPS_A_WAIT - 1) continue;
        await device.queue.onSubmittedWorkDone();
        throwIfCancelled(signal);
      }
      const bytes = state.values.length * 4;
      for (const [buffer, target] of [
        [values, state.values],
        [mean, state.mean],
        [square, state.square],
      ] as const) {
        target.set(new Float32Array(await readBuffer(device, buffer, bytes)));
      }
    });

  return {
    take,
    /** The gradient of the run's first step alone, PARAMS a splat. */
    gradient: (run: PolishRun): Promise<Float32Array> =>
      withRun(run, async ({ state, gradients }) => {
        const encoder = device.createCommandEncoder({ label: 'polish' });
        const pass = encoder.beginComputePass();
        gradients[run.first % gradients.length]!(pass);
        pass.end();
        device.queue.submit([encoder.finish()]);
        const bytes = run.state.values.length * 4;
        return new Float32Array(await readBuffer(device, state.gradient, bytes));
      }),
  };
}

/** The polisher on a device; pipelines are made at its first use. */
export function createGpuPolisher(device: GPUDevice): Polisher {
  return createPolisher(createGpuPolishSteps(device).take);
}
