/// <reference types="@webgpu/types" />
/** Our WebGPU renderer in Node beside the method that was not taken. */
import type { SplatRenderer } from '../../core/kernels.ts';
import { createGpuRenderer } from '../../workers/gpu/render.ts';
import type { Row } from '../score/record.ts';
import { createQuads } from './quads.ts';
import { benchScene } from './scene.ts';
import { timed } from './timed.ts';
import { BENCH_VIEW, cameraOf } from './views.ts';

/** A device with 32-bit blending where the adapter has it; undefined without an adapter. */
async function findDevice(): Promise<{ device: GPUDevice; gpu: GPU } | undefined> {
  const { create, globals } = await import('webgpu');
  Object.assign(globalThis, globals);
  const gpu = create([]);
  const adapter = await gpu.requestAdapter();
  if (adapter === null) return undefined;
  const blendable = 'float32-blendable' as GPUFeatureName;
  const { maxBufferSize, maxStorageBufferBindingSize } = adapter.limits;
  const device = await adapter.requestDevice({
    requiredFeatures: adapter.features.has(blendable) ? [blendable] : [],
    requiredLimits: { maxBufferSize, maxStorageBufferBindingSize },
  });
  // `gpu` goes along: Dawn's instance must outlive its devices.
  return { device, gpu };
}

async function best(runs: number, work: () => Promise<unknown>): Promise<Row> {
  const times = [];
  for (let k = 0; k < runs; k++) times.push(await timed(work));
  const { wall, cpu } = times.reduce((a, b) => (b.wall < a.wall ? b : a));
  return { 'best, ms': Math.round(wall), 'its cpu, ms': Math.round(cpu) };
}

/** Rows of both, a count and size; none without an adapter. */
export async function benchQuads(
  counts: readonly number[],
  sizes: readonly (readonly [number, number])[],
  runs: number,
): Promise<Row[]> {
  const found = await findDevice();
  if (found === undefined) return [];
  const rows: Row[] = [];
  for (const splats of counts) {
    const cloud = benchScene(splats);
    for (const [width, height] of sizes) {
      const camera = cameraOf(BENCH_VIEW, width, height);
      const at = { splats, size: `${width}×${height}` };
      const tiles: SplatRenderer = createGpuRenderer(found.device, cloud);
      rows.push({ ...at, work: 'tiles', ...(await best(runs, () => tiles.render(camera))) });
      tiles.destroy();
      const quads = await createQuads(found.device, cloud, camera);
      rows.push({ ...at, work: 'quads', ...(await best(runs, quads)) });
    }
  }
  found.device.destroy();
  return rows;
}
