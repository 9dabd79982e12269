import type { Kernels } from '../kernels.ts';
import { completeDepthCpu } from './complete-depth/index.ts';
import { polishCpu } from './polish/index.ts';
import { createCpuRenderer } from './render/index.ts';

/** The kernels without a GPU: the reference that the GPU's are tested against, and their fallback. */
export function createCpuKernels(): Kernels {
  return {
    kind: 'cpu',
    description: 'CPU (1 thread)',
    createRenderer: async (cloud) => createCpuRenderer(cloud),
    complete: completeDepthCpu,
    polish: polishCpu,
    destroy: () => undefined,
  };
}
