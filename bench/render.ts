/// <reference types="@webgpu/types" />
/**
 * `npm run bench -- render [--splats 100000,300000,1000000] [--sizes 640x480,1280x720] [--runs 3] [--quads]
 * [--png FOLDER] [--dry]`: milliseconds a picture (projection, sort, compositing, read back) on the CPU and,
 * where there is an adapter, on WebGPU; `--quads` adds the method that was not taken. Wall is the best run;
 * cpuMs is that run's processor time over all threads, which other programs on the machine disturb less.
 * Writes bench/results/render.json and .md (not with --dry).
 */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { encode } from 'fast-png';
import { type Camera, lookAt } from '../core/camera.ts';
import { createCpuRenderer } from '../core/cpu/render/index.ts';
import { measureCloud } from '../core/cpu/render/measure.ts';
import { planView } from '../core/cpu/render/plan.ts';
import type { RenderedView } from '../core/kernels.ts';
import { createGpuRenderer } from '../workers/gpu/render.ts';
import { createQuads } from './render/quads.ts';
import { benchScene } from './render/scene.ts';
import { markdownTable, originOf, type Row, record } from './score/record.ts';

interface Timed {
  wallMs: number;
  cpuMs: number;
}

async function best(runs: number, work: () => Promise<unknown>): Promise<Timed> {
  const times: Timed[] = [];
  for (let k = 0; k < runs; k++) {
    const wall = performance.now();
    const cpu = process.cpuUsage();
    await work();
    const used = process.cpuUsage(cpu);
    times.push({ wallMs: performance.now() - wall, cpuMs: (used.user + used.system) / 1000 });
  }
  return times.reduce((a, b) => (b.wallMs < a.wallMs ? b : a));
}

/** A device with 32-bit blending where the adapter has it, and the adapter's name; undefined without one. */
async function findDevice(): Promise<{ device: GPUDevice; name: string; gpu: GPU } | undefined> {
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
  const { description, vendor, architecture } = adapter.info;
  // `gpu` goes along: Dawn's instance must outlive its devices.
  return { device, gpu, name: description || `${vendor} ${architecture}` };
}

function cameraOf(width: number, height: number): Camera {
  return {
    width,
    height,
    fx: width * 0.8,
    fy: width * 0.8,
    cx: width / 2,
    cy: height / 2,
    worldToCamera: lookAt([2.4, -0.6, -2.6], [-0.5, 0.3, 0.5], [0, -1, 0]),
  };
}

async function writePicture(path: string, view: RenderedView): Promise<void> {
  const { width, height, data } = view.rgb;
  const bytes = Uint8Array.from(data, (v) => Math.round(255 * Math.min(1, v)));
  await writeFile(path, encode({ width, height, data: bytes, channels: 3, depth: 8 }));
}

const rounded = ({ wallMs, cpuMs }: Timed): Row => ({
  wallMs: Math.round(wallMs),
  cpuMs: Math.round(cpuMs),
});

export async function run(args: string[]): Promise<void> {
  const { values } = parseArgs({
    args,
    options: {
      splats: { type: 'string', default: '100000,300000,1000000' },
      sizes: { type: 'string', default: '640x480,1280x720' },
      runs: { type: 'string', default: '3' },
      quads: { type: 'boolean', default: false },
      png: { type: 'string' },
      dry: { type: 'boolean', default: false },
    },
  });
  const runs = Number(values.runs);
  const counts = values.splats.split(',').map(Number);
  const sizes = values.sizes.split(',').map((s) => s.split('x').map(Number));
  if (![runs, ...counts, ...sizes.flat()].every((n) => Number.isInteger(n) && n > 0)) {
    throw new Error('render: --splats, --sizes and --runs take positive whole numbers');
  }
  const found = await findDevice();
  const rows: Row[] = [];
  const add = (row: Row) => {
    rows.push(row);
    console.log(Object.values(row).join('\t'));
  };
  for (const splats of counts) {
    const cloud = benchScene(splats);
    const measure = measureCloud(cloud);
    for (const [width, height] of sizes as [number, number][]) {
      const camera = cameraOf(width, height);
      const at = { splats, size: `${width}×${height}` };
      const cpu = createCpuRenderer(cloud);
      let view: RenderedView | undefined;
      add({
        ...at,
        work: 'plan (both)',
        ...rounded(await best(runs, () => planView(cloud, measure, camera))),
      });
      add({
        ...at,
        work: 'cpu',
        ...rounded(
          await best(runs, async () => {
            view = await cpu.render(camera);
          }),
        ),
      });
      if (values.png !== undefined) {
        await mkdir(values.png, { recursive: true });
        await writePicture(join(values.png, `${splats}-${width}.png`), view!);
      }
      if (found === undefined) continue;
      const gpu = createGpuRenderer(found.device, cloud);
      add({
        ...at,
        work: 'webgpu',
        ...rounded(await best(runs, () => gpu.render(camera))),
      });
      gpu.destroy();
      if (values.quads) {
        const quads = await createQuads(found.device, cloud, camera);
        add({ ...at, work: 'webgpu quads (not taken)', ...rounded(await best(runs, quads)) });
      }
    }
  }
  found?.device.destroy();
  const command = ['npm run bench -- render', ...args].join(' ');
  const origin = originOf(command, found === undefined ? 'CPU' : `CPU and WebGPU (${found.name})`);
  console.log(markdownTable(rows));
  if (!values.dry) console.log(await record('render', 'Renderer, ms a picture', origin, rows));
}
