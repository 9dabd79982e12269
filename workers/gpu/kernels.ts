import type { Kernels } from '../../core/kernels.ts';
import { createGpuDepthCompleter } from './complete-depth.ts';
import { requestGpuDevice } from './device.ts';
import { createGpuPolisher } from './polish.ts';
import { createGpuRenderer } from './render.ts';

/** The GPU's kernels, with word of the device's end. */
export interface GpuKernels extends Kernels {
  /** Settles with the browser's words when the device is lost other than by `destroy`. */
  lost: Promise<string>;
}

/**
 * The kernels on a device of their own.
 * @param gpu WebGPU's entry point; default this thread's `navigator.gpu`
 * @param takeSoftware whether an adapter that computes on the CPU will do
 * @throws SplatmendError `no-webgpu` when there is no usable adapter
 */
export async function createGpuKernels(
  gpu: GPU | undefined = globalThis.navigator?.gpu,
  takeSoftware = true,
): Promise<GpuKernels> {
  const { device, description } = await requestGpuDevice(gpu, takeSoftware);
  const completer = createGpuDepthCompleter(device);
  const { polish } = createGpuPolisher(device);
  let destroyed = false;
  return {
    kind: 'webgpu',
    description,
    createRenderer: async (cloud) => createGpuRenderer(device, cloud),
    complete: (...asked) => completer.complete(...asked),
    polish,
    lost: new Promise((resolve) => {
      void device.lost.then((info) => {
        // Our own end is no loss, but a browser's may be told as `destroyed` too.
        if (!destroyed) resolve(info.message || 'the device was lost');
      });
    }),
    destroy() {
      destroyed = true;
      device.destroy();
    },
  };
}
