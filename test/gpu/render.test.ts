/**
 * Accepts: the GPU renderer equals its CPU twin to 1e-3 relative on 99 % of pixels for every output (a splat
 * whose alpha lies on 1/255, or a transmittance on 0.5, may fall on the other side). Seeds 21 to 25.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { lookAt } from '../../core/camera.ts';
import { createCpuRenderer } from '../../core/cpu/render/index.ts';
import * as records from '../../core/cpu/render/records.ts';
import type { RenderedView } from '../../core/kernels.ts';
import { createSplatCloud } from '../../core/splat-cloud.ts';
import shader from '../../shaders/common/splat-2d.wgsl?raw';
import { fits, guardGpu, readBuffer, requestGpuDevice } from '../../workers/gpu/device.ts';
import { createGpuRenderer } from '../../workers/gpu/render.ts';
import { oneSplat, randomCloud, shareOff, testCamera } from '../core/render-fixtures.ts';
import { requestTestDevice } from '../support/gpu.ts';

const OUTPUTS = ['rgb', 'alpha', 'depthMean', 'depthMedian', 'marked'] as const;
const camera = testCamera(149, 101, 130);

// Dawn's instances must outlive their devices.
const kept: GPU[] = [];
let device: GPUDevice;
beforeAll(async () => {
  device = await requestTestDevice();
});
afterAll(() => device.destroy());

function expectTwins(expected: RenderedView, actual: RenderedView): void {
  for (const key of OUTPUTS) {
    expect(shareOff(expected[key].data, actual[key].data, 1e-3, 1e-2), key).toBeLessThan(0.01);
  }
}

test('the record in the shader is field for field the one in records.ts', () => {
  const body = /struct Splat2D \{([^}]*)\}/.exec(shader)?.[1] ?? '';
  const fields = [...body.matchAll(/(\w+): f32/g)].map((m) => m[1]!.toUpperCase());
  expect(fields.length).toBe(records.RECORD_FLOATS);
  for (const [place, name] of fields.entries()) {
    expect((records as Record<string, unknown>)[name], name).toBe(place);
  }
});

describe('twins', () => {
  test.each([0, 3] as const)('SH degree %i, marked, background', async (degree) => {
    const cloud = randomCloud(2000, degree, 21 + degree);
    const marked = Uint8Array.from({ length: cloud.count }, (_, i) => (i % 4 === 0 ? 1 : 0));
    const visible = Uint8Array.from({ length: cloud.count }, (_, i) => (i % 7 === 0 ? 0 : 1));
    const options = { marked, visible, background: [0.3, 0.1, 0.8] as const };
    const gpu = createGpuRenderer(device, cloud);
    const actual = await gpu.render(camera, options);
    expectTwins(await createCpuRenderer(cloud).render(camera, options), actual);
    // A second, larger picture from the same renderer: its buffers grow.
    const large = testCamera(230, 161, 200);
    expectTwins(
      await createCpuRenderer(cloud).render(large, options),
      await gpu.render(large, options),
    );
    gpu.destroy();
  });

  test('a region, and two calls at once', async () => {
    const cloud = randomCloud(1500, 1, 22);
    const gpu = createGpuRenderer(device, cloud);
    const cpu = createCpuRenderer(cloud);
    const region = { x0: 33, y0: 21, x1: 90, y1: 70 };
    const [part, whole] = await Promise.all([gpu.render(camera, { region }), gpu.render(camera)]);
    expectTwins(await cpu.render(camera, { region }), part);
    expectTwins(await cpu.render(camera), whole);
    gpu.destroy();
  });

  test('in many small batches, as a cloud too large for the device', async () => {
    const cloud = randomCloud(1500, 0, 23);
    const marked = Uint8Array.from({ length: cloud.count }, (_, i) => i & 1);
    const expected = await createCpuRenderer(cloud).render(camera, { marked });
    for (const limits of [{ maxSplats: 210 }, { maxEntries: 3000 }]) {
      const gpu = createGpuRenderer(device, cloud, { limits });
      expectTwins(expected, await gpu.render(camera, { marked }));
      gpu.destroy();
    }
  });

  test('500 splats that each cover the picture: full tiles take no more', async () => {
    const cloud = createSplatCloud(500);
    for (let i = 0; i < 500; i++) {
      const one = oneSplat([0, 0, 1 + i * 0.01], 3, 0, [(i % 5) / 5, 0.5, 0.2]);
      cloud.positions.set(one.positions, i * 3);
      cloud.logScales.set(one.logScales, i * 3);
      cloud.rotations.set(one.rotations, i * 4);
      cloud.dc.set(one.dc, i * 3);
    }
    const gpu = createGpuRenderer(device, cloud, { limits: { maxEntries: 20_000 } });
    expectTwins(await createCpuRenderer(cloud).render(camera), await gpu.render(camera));
    gpu.destroy();
  });

  test('a camera that sees nothing, and an empty cloud', async () => {
    const away = { ...camera, worldToCamera: lookAt([0, 0, 20], [0, 0, 30], [0, -1, 0]) };
    const gpu = createGpuRenderer(device, randomCloud(50, 1, 24));
    const view = await gpu.render(away, { background: [0.25, 0.5, 0.75] });
    expect(view.rgb.data.every((v, i) => v === [0.25, 0.5, 0.75][i % 3])).toBe(true);
    const empty = createGpuRenderer(device, createSplatCloud(0));
    expect((await empty.render(camera)).alpha.data.every((v) => v === 0)).toBe(true);
  });
});

describe('errors have names', () => {
  test('cancelled', async () => {
    const gpu = createGpuRenderer(device, randomCloud(50, 0, 25));
    await expect(gpu.render(camera, {}, AbortSignal.abort())).rejects.toMatchObject({
      code: 'cancelled',
    });
    // And the renderer goes on working.
    expect((await gpu.render(camera)).alpha.data.some((a) => a > 0)).toBe(true);
  });

  test('too large for the device: refused before anything is allocated, with the bytes', async () => {
    const limits = { maxBufferSize: 1 << 28, maxStorageBufferBindingSize: 1 << 27 };
    const needs = [{ name: 'a picture', bytes: (1 << 27) + 4 }];
    expect(() => fits(limits as GPUSupportedLimits, 'render', needs)).toThrow(
      /134217732 bytes.*134217728/,
    );
    // A device that was asked for nothing allows 128 MiB a binding; this picture needs 256.
    const { create, globals } = await import('webgpu');
    Object.assign(globalThis, globals);
    const gpu = create([]);
    kept.push(gpu);
    const adapter = await gpu.requestAdapter();
    const small = await adapter!.requestDevice();
    const wide = { ...camera, width: 4096, height: 2048, fx: 4000, fy: 4000 };
    const renderer = createGpuRenderer(small, oneSplat([0, 0, 1], 3, 0));
    await expect(renderer.render(wide)).rejects.toMatchObject({
      code: 'out-of-memory',
      message: expect.stringContaining(String(4096 * 2048 * 32)),
    });
    small.destroy();
  });

  test('a validation error of ours is `internal`, with WebGPU’s words', async () => {
    const work = async () => {
      const buffer = device.createBuffer({ size: 4, usage: GPUBufferUsage.STORAGE });
      return readBuffer(device, buffer, 4);
    };
    await expect(guardGpu(device, 'here', work)).rejects.toMatchObject({
      code: 'internal',
      message: expect.stringMatching(/here/),
    });
  });

  test('device-lost, at once and at every later call', async () => {
    const other = await requestTestDevice();
    const gpu = createGpuRenderer(other, randomCloud(200, 0, 25));
    await gpu.render(camera);
    other.destroy();
    for (let k = 0; k < 2; k++) {
      await expect(gpu.render(camera)).rejects.toMatchObject({ code: 'device-lost' });
    }
  });

  test('no-webgpu: no entry point, no adapter, no device', async () => {
    const adapterOf = (adapter: unknown) =>
      ({ requestAdapter: async () => adapter }) as unknown as GPU;
    const stubborn = {
      info: {},
      limits: {},
      requestDevice: async () => Promise.reject(new Error('no')),
    };
    for (const gpu of [undefined, adapterOf(null), adapterOf(stubborn)]) {
      await expect(requestGpuDevice(gpu)).rejects.toMatchObject({ code: 'no-webgpu' });
    }
  });
});

test('requestGpuDevice asks for the adapter’s largest buffers and names it', async () => {
  const { create, globals } = await import('webgpu');
  Object.assign(globalThis, globals);
  const gpu = create([]);
  kept.push(gpu);
  const handle = await requestGpuDevice(gpu);
  expect(handle.device.limits.maxStorageBufferBindingSize).toBeGreaterThanOrEqual(1 << 27);
  expect(handle.description).toMatch(/\w/);
  handle.device.destroy();
  await handle.device.lost;
});
