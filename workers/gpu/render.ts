/** The renderer on WebGPU; its reference is core/cpu/render. Both composite the same plan. */
import type { Camera } from '../../core/camera.ts';
import {
  type BatchLimits,
  binBatch,
  createTileGrid,
  type TileBatch,
  type TileGrid,
} from '../../core/cpu/render/bin.ts';
import { measureCloud } from '../../core/cpu/render/measure.ts';
import { planView, type ViewPlan } from '../../core/cpu/render/plan.ts';
import {
  MAX_ALPHA,
  MIN_ALPHA,
  MIN_TRANSMITTANCE,
  RECORD_FLOATS,
} from '../../core/cpu/render/records.ts';
import { createState, STATE_FLOATS, stateToView } from '../../core/cpu/render/state.ts';
import { SplatmendError } from '../../core/errors.ts';
import type { RenderedView, RenderOptions, SplatRenderer } from '../../core/kernels.ts';
import { throwIfCancelled } from '../../core/progress.ts';
import type { SplatCloud } from '../../core/splat-cloud.ts';
import recordCode from '../../shaders/common/splat-2d.wgsl?raw';
import renderCode from '../../shaders/render.wgsl?raw';
import { fits, guardGpu, readBuffer, watchLoss } from './device.ts';

/** 8 × 8 pixels: the kernel's workgroup. */
const TILE_SHIFT = 3;
const MAX_BATCH_ENTRIES = 1 << 24;
/**
 * Tile entries a dispatch: about 1 s on SwiftShader with 2 cores, the slowest device there is, so that
 * Chrome's watchdog (about 10 s) has nothing to say.
 */
const DISPATCH_ENTRIES = 1 << 20;
/** Tiles a workgroup of the kernel takes. */
const GROUP_TILES = 4;
const PARAMS_BYTES = 48;

export interface GpuRenderOptions {
  /** Smaller batches than the device allows; for tests. */
  limits?: Partial<BatchLimits>;
}

const pipelines = new WeakMap<GPUDevice, Promise<GPUComputePipeline>>();

function getPipeline(device: GPUDevice): Promise<GPUComputePipeline> {
  let pipeline = pipelines.get(device);
  if (pipeline === undefined) {
    pipeline = device.createComputePipelineAsync({
      label: 'render',
      layout: 'auto',
      compute: {
        module: device.createShaderModule({
          label: 'render',
          code: [recordCode, renderCode].join('\n'),
        }),
        entryPoint: 'composite',
        constants: {
          min_alpha: MIN_ALPHA,
          max_alpha: MAX_ALPHA,
          min_transmittance: MIN_TRANSMITTANCE,
        },
      },
    });
    pipelines.set(device, pipeline);
  }
  return pipeline;
}

/** The batch's own records in depth order, and its entries counted from the batch's first. */
function localise(plan: ViewPlan, batch: TileBatch): { records: Float32Array; batch: TileBatch } {
  const records = new Float32Array((batch.to - batch.from) * RECORD_FLOATS);
  const place = new Uint32Array(plan.records.length / RECORD_FLOATS);
  for (let k = batch.from; k < batch.to; k++) {
    const from = plan.order[k]! * RECORD_FLOATS;
    records.set(
      plan.records.subarray(from, from + RECORD_FLOATS),
      (k - batch.from) * RECORD_FLOATS,
    );
    place[plan.order[k]!] = k - batch.from;
  }
  return { records, batch: { ...batch, entries: batch.entries.map((r) => place[r]!) } };
}

/** Runs of tiles [first, last) of at most DISPATCH_ENTRIES (or one tile) and the device's workgroups. */
function* tileRuns(starts: Uint32Array, maxTiles: number): Generator<[number, number]> {
  const tiles = starts.length - 1;
  for (let first = 0; first < tiles; ) {
    let last = first + 1;
    while (
      last < tiles &&
      last - first < maxTiles &&
      starts[last + 1]! - starts[first]! <= DISPATCH_ENTRIES
    ) {
      last++;
    }
    if (starts[last]! > starts[first]!) yield [first, last];
    first = last;
  }
}

/** Buffers that grow and are kept from picture to picture. */
function createPool(device: GPUDevice) {
  const buffers = new Map<string, GPUBuffer>();
  return {
    get(name: string, bytes: number, usage: number): GPUBuffer {
      const size = Math.max(16, Math.ceil(bytes / 4) * 4);
      let buffer = buffers.get(name);
      if (buffer === undefined || buffer.size < size) {
        buffer?.destroy();
        buffer = device.createBuffer({ label: `render ${name}`, size, usage });
        buffers.set(name, buffer);
      }
      return buffer;
    },
    destroy(): void {
      for (const buffer of buffers.values()) buffer.destroy();
      buffers.clear();
    },
  };
}

/**
 * Renders a cloud from any camera on a WebGPU device: projection, culling, depth sort and tile lists on the
 * CPU (the twin's own plan), compositing on the GPU. The cloud is read, never changed, and must not be changed
 * while the renderer is in use. One picture at a time: a second call waits for the first.
 *
 * Errors of `render`: `bad-camera`, `cancelled`, `out-of-memory` (naming the bytes), `device-lost`.
 */
export function createGpuRenderer(
  device: GPUDevice,
  cloud: SplatCloud,
  gpuOptions: GpuRenderOptions = {},
): SplatRenderer {
  watchLoss(device);
  const measure = measureCloud(cloud);
  const pool = createPool(device);
  const storage = GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_DST;
  const bindingBytes = Math.min(
    device.limits.maxBufferSize,
    device.limits.maxStorageBufferBindingSize,
  );
  const limits: BatchLimits = {
    maxEntries: Math.min(MAX_BATCH_ENTRIES, Math.floor(bindingBytes / 8)),
    maxSplats: Math.floor(bindingBytes / (RECORD_FLOATS * 4)),
    ...gpuOptions.limits,
  };
  let destroyed = false;
  let queue: Promise<unknown> = Promise.resolve();

  async function composite(
    plan: ViewPlan,
    grid: TileGrid,
    signal: AbortSignal | undefined,
  ): Promise<Float32Array> {
    const pipeline = await getPipeline(device);
    const { x0, y0, x1, y1 } = plan.region;
    const pixelCount = (x1 - x0) * (y1 - y0);
    const tiles = grid.columns * grid.rows;
    const whole = plan.order.length <= limits.maxSplats;
    fits(device.limits, 'render', [
      { name: `a picture of ${pixelCount} pixels`, bytes: pixelCount * STATE_FLOATS * 4 },
      { name: `a list of ${tiles} tiles`, bytes: (tiles + 1) * 4 },
    ]);
    const state = createState(plan.region);
    const pixels = pool.get('pixels', state.byteLength, storage | GPUBufferUsage.COPY_SRC);
    const open = pool.get('open pixels', tiles * 4, storage | GPUBufferUsage.COPY_SRC);
    const params = pool.get(
      'params',
      PARAMS_BYTES,
      GPUBufferUsage.UNIFORM | GPUBufferUsage.COPY_DST,
    );
    device.queue.writeBuffer(pixels, 0, state);
    const closed = new Uint8Array(tiles);
    for (let from = 0; from < plan.order.length; ) {
      throwIfCancelled(signal);
      const global = binBatch(plan, grid, from, limits, closed);
      from = global.to;
      const { records, batch } = whole
        ? { records: plan.records, batch: global }
        : localise(plan, global);
      const splats = pool.get('splats', records.byteLength, storage);
      const starts = pool.get('starts', batch.starts.byteLength, storage);
      const entries = pool.get('entries', batch.entries.byteLength, storage);
      if (!whole || batch.from === 0) device.queue.writeBuffer(splats, 0, records);
      device.queue.writeBuffer(starts, 0, batch.starts);
      device.queue.writeBuffer(entries, 0, batch.entries);
      device.queue.writeBuffer(open, 0, new Uint32Array(tiles));
      const bindGroup = device.createBindGroup({
        layout: pipeline.getBindGroupLayout(0),
        entries: [params, splats, starts, entries, pixels, open].map((buffer, binding) => ({
          binding,
          resource: { buffer },
        })),
      });
      let pending: Promise<unknown> = Promise.resolve();
      for (const [first, last] of tileRuns(
        batch.starts,
        device.limits.maxComputeWorkgroupsPerDimension,
      )) {
        // One dispatch runs while the next is written: a cancel waits for two at most.
        await pending;
        throwIfCancelled(signal);
        device.queue.writeBuffer(
          params,
          0,
          new Uint32Array([x0, y0, x1, y1, grid.column0, grid.row0, grid.columns, first, last]),
        );
        const encoder = device.createCommandEncoder({ label: 'render' });
        const pass = encoder.beginComputePass();
        pass.setPipeline(pipeline);
        pass.setBindGroup(0, bindGroup);
        pass.dispatchWorkgroups(Math.ceil((last - first) / GROUP_TILES));
        pass.end();
        device.queue.submit([encoder.finish()]);
        pending = device.queue.onSubmittedWorkDone();
      }
      if (from === plan.order.length) break;
      const counts = new Uint32Array(await readBuffer(device, open, tiles * 4));
      let anyOpen = false;
      for (let t = 0; t < tiles; t++) {
        // A tile without entries was not run, so its count says nothing.
        if (batch.starts[t + 1]! > batch.starts[t]! && counts[t] === 0) closed[t] = 1;
        if (closed[t] === 0) anyOpen = true;
      }
      if (!anyOpen) break;
    }
    return new Float32Array(await readBuffer(device, pixels, state.byteLength));
  }

  async function render(
    camera: Camera,
    options: RenderOptions,
    signal: AbortSignal | undefined,
  ): Promise<RenderedView> {
    if (destroyed) throw new SplatmendError('internal', 'render: the renderer was destroyed');
    const plan = await planView(cloud, measure, camera, options, signal);
    const grid = createTileGrid(plan, TILE_SHIFT);
    // Nothing to blend: no GPU needed, and no buffer may be empty.
    const state =
      plan.order.length === 0
        ? createState(plan.region)
        : await guardGpu(device, 'render', () => composite(plan, grid, signal));
    return stateToView(plan.camera, plan.region, plan.background, state);
  }

  return {
    render(camera, options = {}, signal) {
      const picture = queue.then(() => render(camera, options, signal));
      queue = picture.catch(() => undefined);
      return picture;
    },
    destroy() {
      destroyed = true;
      pool.destroy();
    },
  };
}
