/** What every GPU pass shares: getting a device, checking sizes first, and errors with names. */
import { SplatmendError } from '../../core/errors.ts';
import { adapterName, isSoftwareAdapter } from './software-adapter.ts';

export interface GpuHandle {
  device: GPUDevice;
  /** The adapter, for people, e.g. `nvidia ampere` or `google swiftshader`. */
  description: string;
}

/** Limits that are asked for as high as the adapter gives them; the defaults stop at 128 MiB a binding. */
const WANTED_LIMITS = [
  'maxBufferSize',
  'maxStorageBufferBindingSize',
  'maxStorageBuffersPerShaderStage',
  'maxComputeInvocationsPerWorkgroup',
  'maxComputeWorkgroupSizeX',
  'maxComputeWorkgroupSizeY',
  'maxComputeWorkgroupStorageSize',
] as const;

/** Dawn's instance in Node must outlive its devices: collected before them, it takes the process down. */
const instances = new Set<GPU>();

function describe(adapter: GPUAdapter): string {
  const { vendor, architecture, device, description } = adapter.info;
  const words = [vendor, architecture].filter((word) => word !== '');
  return words.join(' ') || description || device || 'unnamed adapter';
}

/**
 * A device of its own with the adapter's largest buffers.
 * @param gpu `navigator.gpu` in a browser, `create([])` of the `webgpu` package in Node
 * @param takeSoftware whether an adapter that computes on the CPU will do
 * @throws SplatmendError `no-webgpu` when there is no WebGPU, no adapter that will do, or no device
 */
export async function requestGpuDevice(
  gpu: GPU | undefined,
  takeSoftware = true,
): Promise<GpuHandle> {
  if (gpu === undefined) {
    throw new SplatmendError(
      'no-webgpu',
      'webgpu: this browser or runtime has none; the CPU does the same work, slower',
    );
  }
  const none = (why: string, cause?: unknown) =>
    new SplatmendError(
      'no-webgpu',
      `webgpu: ${why}; update the graphics driver, or go on with the CPU`,
      { cause },
    );
  let adapter: GPUAdapter | null;
  try {
    adapter = await gpu.requestAdapter({ powerPreference: 'high-performance' });
  } catch (error) {
    throw none(`no adapter (${String(error)})`, error);
  }
  if (adapter === null) throw none('no adapter found');
  if (!takeSoftware && isSoftwareAdapter(adapter.info)) {
    throw none(
      `the only adapter, ${adapterName(adapter.info)}, is software and slower than the CPU kernels`,
    );
  }
  const requiredLimits: Record<string, number> = {};
  for (const name of WANTED_LIMITS) requiredLimits[name] = adapter.limits[name];
  try {
    const device = await adapter.requestDevice({ label: 'splatmend', requiredLimits });
    watchLoss(device);
    instances.add(gpu);
    return { device, description: describe(adapter) };
  } catch (error) {
    throw none(`the adapter gave no device (${String(error)})`, error);
  }
}

const losses = new WeakMap<GPUDevice, { info?: GPUDeviceLostInfo }>();

/** Remembers when the device is lost, so that later failures can say so. Call once for a device from elsewhere. */
export function watchLoss(device: GPUDevice): { info?: GPUDeviceLostInfo } {
  let loss = losses.get(device);
  if (loss === undefined) {
    loss = {};
    losses.set(device, loss);
    const kept = loss;
    void device.lost.then((info) => {
      kept.info = info;
    });
  }
  return loss;
}

function lostError(where: string, info: GPUDeviceLostInfo): SplatmendError {
  return new SplatmendError(
    'device-lost',
    `${where}: the GPU device was lost (${info.reason || 'unknown'}: ${info.message}); run again, or use the CPU`,
  );
}

/** One buffer that a pass is about to make. */
export interface BufferNeed {
  /** For the message, e.g. `projected splats`. */
  name: string;
  bytes: number;
  /** Bound as storage, not only copied. Default true. */
  storage?: boolean;
}

/**
 * Asked before any allocation: does the device take buffers of these sizes?
 * @throws SplatmendError `out-of-memory` naming buffer, bytes and limit
 */
export function fits(limits: GPUSupportedLimits, where: string, needs: readonly BufferNeed[]) {
  for (const { name, bytes, storage = true } of needs) {
    const limit = storage
      ? Math.min(limits.maxBufferSize, limits.maxStorageBufferBindingSize)
      : limits.maxBufferSize;
    if (bytes <= limit) continue;
    throw new SplatmendError(
      'out-of-memory',
      `${where}: ${name} needs ${bytes} bytes and this GPU allows ${limit} a buffer; use a smaller picture, or the CPU`,
    );
  }
}

/**
 * Runs GPU work and turns what goes wrong on the device into named errors: `out-of-memory`, `device-lost`,
 * `internal` for a validation error (a bug of ours). Error scopes are the device's, so of two works that run
 * at once either may get the other's error.
 */
export async function guardGpu<T>(
  device: GPUDevice,
  where: string,
  work: () => Promise<T>,
): Promise<T> {
  const loss = watchLoss(device);
  if (loss.info !== undefined) throw lostError(where, loss.info);
  for (const filter of ['validation', 'out-of-memory', 'internal'] as const) {
    device.pushErrorScope(filter);
  }
  let value: T | undefined;
  let thrown: unknown;
  let failed = false;
  try {
    value = await work();
  } catch (error) {
    thrown = error;
    failed = true;
  }
  // A lost device resolves its scopes with null, and rejects maps before `lost` has resolved: let it.
  const errors = await Promise.all([0, 1, 2].map(() => device.popErrorScope().catch(() => null)));
  if (failed || errors.some((error) => error !== null)) await Promise.resolve();
  if (loss.info !== undefined) throw lostError(where, loss.info);
  if (thrown instanceof SplatmendError) throw thrown;
  const [internal, memory, validation] = errors;
  if (memory) {
    throw new SplatmendError(
      'out-of-memory',
      `${where}: out of GPU memory (${memory.message}); use a smaller picture, or the CPU`,
    );
  }
  const broken = validation ?? internal;
  if (broken) throw new SplatmendError('internal', `${where}: WebGPU: ${broken.message}`);
  if (failed) throw thrown;
  return value as T;
}

/** Copies a buffer's first `bytes` bytes back; waits for the work submitted before. */
export async function readBuffer(
  device: GPUDevice,
  source: GPUBuffer,
  bytes: number,
): Promise<ArrayBuffer> {
  const staging = device.createBuffer({
    label: `${source.label} read back`,
    size: bytes,
    usage: GPUBufferUsage.COPY_DST | GPUBufferUsage.MAP_READ,
  });
  try {
    const encoder = device.createCommandEncoder();
    encoder.copyBufferToBuffer(source, 0, staging, 0, bytes);
    device.queue.submit([encoder.finish()]);
    await staging.mapAsync(GPUMapMode.READ);
    return staging.getMappedRange().slice(0);
  } finally {
    staging.destroy();
  }
}
