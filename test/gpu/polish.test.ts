/**
 * Accepts: the GPU's gradient equals its CPU twin's to a relative 1e-3 on 99 % of the parameters (floor: a hundredth of the
 * kind's root mean square; a pixel on a threshold may flip), and a polish's loss after 40 steps its twin's to 2 %: Adam takes a
 * step of full size however small the gradient, so single parameters may part. Seeds 5 and 11.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { polishCpu, polishGradient } from '../../core/cpu/polish/index.ts';
import { PARAMS } from '../../core/cpu/polish/state.ts';
import recordShader from '../../shaders/common/splat-2d.wgsl?raw';
import sumsShader from '../../shaders/polish-sums.wgsl?raw';
import renderShader from '../../shaders/render.wgsl?raw';
import { createGpuPolisher, createGpuPolishSteps } from '../../workers/gpu/polish.ts';
import { requestTestDevice } from '../support/gpu.ts';
import { noisyProblem, spoiltPatch } from '../support/polish-scene.ts';

let device: GPUDevice;
beforeAll(async () => {
  device = await requestTestDevice();
});
afterAll(() => device.destroy());

test('the record in the shader is the renderer’s', () => {
  const struct = /struct Splat2D \{[^}]*\}/;
  const composed = [sumsShader, renderShader].map((own) => `${recordShader}\n${own}`);
  for (const code of composed) expect(code.match(new RegExp(struct, 'g'))).toHaveLength(1);
  expect(struct.exec(composed[0]!)?.[0]).toBe(struct.exec(composed[1]!)?.[0]);
});

describe('twins', () => {
  test('gradient', async () => {
    const { plan, state } = await noisyProblem(400, 300, [93, 71], 5);
    const expected = new Float64Array(state.values.length);
    polishGradient(plan, state.values, 0.2, expected);
    const run = { plans: [plan], state, first: 0, end: 1, steps: 1, depthWeight: 0.2 };
    const actual = await createGpuPolishSteps(device).gradient(run);
    for (const [kind, first, count] of [
      ['colour', 0, 3],
      ['opacity', 3, 1],
      ['scales', 4, 3],
      ['offset', 7, 1],
      ['rotation', 8, 4],
    ] as const) {
      const places: number[] = [];
      for (let i = 0; i < state.count; i++) {
        for (let k = 0; k < count; k++) places.push(i * PARAMS + first + k);
      }
      const square = places.reduce((sum, at) => sum + expected[at]! ** 2, 0) / places.length;
      const floor = 0.01 * Math.sqrt(square);
      expect(floor).toBeGreaterThan(0);
      const off = places.filter((at) => {
        const gap = Math.abs(expected[at]! - actual[at]!);
        return !(gap <= 1e-3 * Math.max(Math.abs(expected[at]!), floor));
      });
      expect(off.length / places.length, kind).toBeLessThan(0.01);
    }
  });

  test('a polish; told as it goes', async () => {
    const { spoilt, views } = await spoiltPatch(1, 48);
    const options = { steps: 40 };
    const told: number[] = [];
    const cpu = await polishCpu(spoilt, views, options);
    const gpu = await createGpuPolisher(device).polish(spoilt, views, options, (d) => told.push(d));
    expect(gpu.before).toBe(cpu.before);
    expect(gpu.after).toBeLessThan(0.8 * gpu.before);
    expect(Math.abs(gpu.after - cpu.after)).toBeLessThan(0.02 * cpu.after);
    expect(told.at(-1)).toBe(1);
  });

  test('a view that holds no new splat is passed over', async () => {
    const { spoilt, views } = await spoiltPatch(1, 32);
    const w = views[0]!.camera.worldToCamera.slice();
    for (const k of [0, 4, 8, 12, 2, 6, 10, 14]) w[k] = -w[k]!;
    const away = { ...views[0]!, camera: { ...views[0]!.camera, worldToCamera: w } };
    const done = await createGpuPolisher(device).polish(spoilt, [away], { steps: 2 });
    expect(done.splats).toBe(spoilt);
  });
});

describe('errors have names', () => {
  test('cancelled in the middle; the polisher goes on working', async () => {
    const { spoilt, views } = await spoiltPatch(1, 32);
    const polisher = createGpuPolisher(device);
    const stop = new AbortController();
    const cancelled = polisher.polish(spoilt, views, {}, () => stop.abort(), stop.signal);
    await expect(cancelled).rejects.toMatchObject({ code: 'cancelled' });
    expect((await polisher.polish(spoilt, views, { steps: 4 })).before).toBeGreaterThan(0);
  });

  test('device-lost', async () => {
    const other = await requestTestDevice();
    const { spoilt, views } = await spoiltPatch(1, 32);
    other.destroy();
    await expect(
      createGpuPolisher(other).polish(spoilt, views, { steps: 2 }),
    ).rejects.toMatchObject({ code: 'device-lost' });
  });
});
