// Accepts: one view's whole fill (render, find the hole, complete, inpaint, lift, solve the colours) on the GPU's
// kernels (Dawn on SwiftShader) against the CPU's, 96 px; looking through all candidates takes SwiftShader over a minute. 99 % of the mask's pixels, the number of splats to 2 %, and 95 % of them within a hundredth of a spacing of
// one of the CPU's. The kernels agree to 1e-3; a pixel on a threshold may flip and take its cell with it.
import { expect, test } from 'vitest';
import { createCpuKernels } from '../../core/cpu/kernels.ts';
import type { Kernels } from '../../core/kernels.ts';
import { measureObject } from '../../core/object-shape.ts';
import { REMOVE_DEFAULTS } from '../../core/remove-types.ts';
import { selectedRows } from '../../core/selection.ts';
import { createSplatCloud, takeSplats } from '../../core/splat-cloud.ts';
import { measureSurroundings } from '../../core/surroundings.ts';
import { createGpuDepthCompleter } from '../../workers/gpu/complete-depth.ts';
import { createGpuPolisher } from '../../workers/gpu/polish.ts';
import { createGpuRenderer } from '../../workers/gpu/render.ts';
import { createExemplarInpainter } from '../../workers/inpainters/exemplar/index.ts';
import { fillView } from '../../workers/line/fill-view.ts';
import { createWorkingScene } from '../../workers/line/render-view.ts';
import { StepClock } from '../../workers/line/step-clock.ts';
import { frameObject } from '../../workers/steps/choose-cameras.ts';
import { requestTestDevice } from '../support/gpu.ts';
import { againstTruth, nearest } from '../support/mending-run.ts';
import { mendingScene } from '../support/mending-scene.ts';

test('the GPU mends as the CPU does', async () => {
  const scene = mendingScene();
  const device = await requestTestDevice();
  const completer = createGpuDepthCompleter(device);
  const kernels: Kernels = {
    kind: 'webgpu',
    description: 'test',
    createRenderer: async (cloud) => createGpuRenderer(device, cloud),
    complete: (problem, options, signal) => completer.complete(problem, options, signal),
    polish: createGpuPolisher(device).polish,
    destroy: () => device.destroy(),
  };
  const shape = measureObject(takeSplats(scene.cloud, selectedRows(scene.selection)));
  const fill = (with_: Kernels) =>
    fillView({
      working: createWorkingScene(scene.cloud, scene.selection, createSplatCloud(0), shape),
      camera: frameObject(scene.cameras[2]!, shape, 96)!,
      shape,
      surroundings: measureSurroundings(scene.cloud, scene.selection, shape),
      kernels: with_,
      models: { inpainter: createExemplarInpainter() },
      settings: { ...REMOVE_DEFAULTS, resolution: 96 },
      clock: new StepClock(),
      localOnly: false,
      painted: undefined,
      onStep: () => undefined,
      hidden: () => undefined,
      drawn: [],
      signal: undefined,
    });
  try {
    const gpu = (await fill(kernels))!;
    const cpu = (await fill(createCpuKernels()))!;
    const [a, b] = [gpu.view, cpu.view];
    let same = 0;
    a.mask.data.forEach((v, i) => {
      if (v === b.mask.data[i]) same++;
    });
    expect(same / a.mask.data.length).toBeGreaterThanOrEqual(0.99);
    const [p, q] = [gpu.splats, cpu.splats];
    expect(q.count).toBeGreaterThan(30);
    expect(Math.abs(p.count - q.count)).toBeLessThanOrEqual(0.02 * q.count);
    let matched = 0;
    for (let i = 0; i < p.count; i++) {
      if (nearest(q, p.positions.subarray(i * 3, i * 3 + 3)).d < 0.01 * scene.spacing) matched++;
    }
    expect(matched / p.count).toBeGreaterThanOrEqual(0.95);
    expect(againstTruth(scene, p).offSupport).toBeLessThan(0.25);
  } finally {
    device.destroy();
  }
});
