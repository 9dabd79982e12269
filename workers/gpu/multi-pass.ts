/** Small helpers of the kernels with several passes (depth's integrator, polish): bind group layouts from a word, pipelines by entry point, dispatches. */

/** `u` uniform, `r` read-only storage, `w` writable storage; the letter's place is its binding. */
export function bindLayout(device: GPUDevice, label: string, word: string): GPUBindGroupLayout {
  const types = { u: 'uniform', r: 'read-only-storage', w: 'storage' } as const;
  return device.createBindGroupLayout({
    label,
    entries: Array.from(word, (letter, binding) => ({
      binding,
      visibility: GPUShaderStage.COMPUTE,
      buffer: { type: types[letter as keyof typeof types] },
    })),
  });
}

/** Compute pipelines of one module, by entry point, each with the constants that it takes. */
export function pipelines<Name extends string>(
  device: GPUDevice,
  label: string,
  code: string,
  layout: GPUBindGroupLayout,
  constants: Record<Name, Record<string, number>>,
): Record<Name, GPUComputePipeline> {
  const module = device.createShaderModule({ label, code });
  const pipelineLayout = device.createPipelineLayout({ label, bindGroupLayouts: [layout] });
  const made = Object.entries(constants).map(([entryPoint, values]) => [
    entryPoint,
    device.createComputePipeline({
      label: `${label} ${entryPoint}`,
      layout: pipelineLayout,
      compute: { module, entryPoint, constants: values as Record<string, number> },
    }),
  ]);
  return Object.fromEntries(made) as Record<Name, GPUComputePipeline>;
}

export function bindGroup(
  device: GPUDevice,
  layout: GPUBindGroupLayout,
  buffers: readonly GPUBuffer[],
): GPUBindGroup {
  return device.createBindGroup({
    layout,
    entries: buffers.map((buffer, binding) => ({ binding, resource: { buffer } })),
  });
}

/** Threads of a workgroup of the kernels that take one node a thread. */
const NODE_THREADS = 64;
const MOST_GROUPS = 65_535;

/** Workgroups for one thread a node, folded into two dimensions where one does not hold them. */
export function nodeGroups(count: number): [number, number] {
  const groups = Math.ceil(count / NODE_THREADS);
  const rows = Math.ceil(groups / MOST_GROUPS);
  return [Math.ceil(groups / rows), rows];
}
