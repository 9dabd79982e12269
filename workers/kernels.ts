import { createCpuKernels } from '../core/cpu/kernels.ts';
import { SplatmendError } from '../core/errors.ts';
import type { Kernels } from '../core/kernels.ts';
import { throwIfCancelled } from '../core/progress.ts';
import type { Backend, BackendInfo } from './api.ts';
import { createGpuKernels } from './gpu/kernels.ts';

/** Kernels and, for a GPU, when they were lost. */
export interface ChosenKernels extends Kernels {
  /** Settles with a sentence when the device is lost other than by `destroy`; absent on the CPU. */
  lost?: Promise<string>;
  /** Why these are not the preferred ones. */
  reason?: string;
}

/**
 * Makes kernels of one kind.
 * @param takeSoftware whether a GPU adapter that computes on the CPU will do
 * @throws SplatmendError `no-webgpu` where there is no adapter that will do
 */
export type KernelSource = (backend: Backend, takeSoftware: boolean) => Promise<ChosenKernels>;

/** Kernels from `gpu` (default: this thread's `navigator.gpu`), or the CPU's. */
export function kernelSource(gpu?: GPU): KernelSource {
  return async (backend, takeSoftware) =>
    backend === 'cpu' ? createCpuKernels() : createGpuKernels(gpu, takeSoftware);
}

/**
 * The preferred kernels, or the CPU's with the reason where they cannot be had. Without a wish: WebGPU on a real
 * GPU, else the CPU. An adapter in software runs the GPU's shaders on the cores that the CPU kernels have, at a
 * multiple of their time, so it is taken only when asked for.
 */
async function choose(
  source: KernelSource,
  preferred: Backend | undefined,
): Promise<ChosenKernels> {
  if (preferred === 'cpu') return source('cpu', true);
  try {
    return await source('webgpu', preferred === 'webgpu');
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return Object.assign(await source('cpu', true), { reason: `no GPU: ${why}` });
  }
}

/** Kernels that survive a lost device. */
export interface KernelKeeper {
  readonly info: BackendInfo | undefined;
  /** Without `preferred`: WebGPU on a real GPU, else the CPU. */
  start(preferred?: Backend): Promise<BackendInfo>;
  /**
   * Runs `work` on the kernels. When the device is lost meanwhile, runs it again from the start, once
   * on a fresh adapter's device and, when that is lost too, on the CPU for good.
   */
  use<T>(work: (kernels: Kernels) => Promise<T>, signal?: AbortSignal): Promise<T>;
}

export function keepKernels(source: KernelSource = kernelSource()): KernelKeeper {
  let current: ChosenKernels | undefined;
  let lost = false;
  let lossCount = 0;
  let wish: Backend | undefined;
  let info: BackendInfo | undefined;

  function adopt(kernels: ChosenKernels, reason = kernels.reason): ChosenKernels {
    current = kernels;
    lost = false;
    info = { backend: kernels.kind, description: kernels.description };
    if (reason !== undefined) info.reason = reason;
    void kernels.lost?.then(() => {
      if (current === kernels) lost = true;
    });
    return kernels;
  }

  async function replaceLost(): Promise<ChosenKernels> {
    lossCount++;
    current?.destroy();
    if (lossCount > 1) {
      return adopt(await source('cpu', true), 'the GPU was lost twice; the CPU does the work now');
    }
    const fresh = await choose(source, wish);
    return adopt(fresh, fresh.reason ?? 'the GPU was lost once and started again');
  }

  async function wasLost(error: unknown): Promise<boolean> {
    if (error instanceof SplatmendError && error.code === 'device-lost') return true;
    if (error instanceof SplatmendError && error.code === 'cancelled') return false;
    // An error of a dying device can come just before its loss is told.
    await new Promise((resolve) => setTimeout(resolve, 0));
    return lost;
  }

  return {
    get info() {
      return info;
    },
    async start(preferred) {
      if (current === undefined) {
        wish = preferred;
        adopt(await choose(source, wish));
      }
      return info!;
    },
    async use(work, signal) {
      let kernels = current ?? adopt(await choose(source, wish));
      if (lost) kernels = await replaceLost();
      for (;;) {
        try {
          return await work(kernels);
        } catch (error) {
          if (kernels.kind === 'cpu' || !(await wasLost(error))) throw error;
          throwIfCancelled(signal);
          kernels = await replaceLost();
        }
      }
    },
  };
}
