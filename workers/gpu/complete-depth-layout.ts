/** Small helpers of the depth integrator: bind group layouts from a word, uniform slots, buffer sizes. */

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

/** Compute pipelines of one module, by entry point. */
export function pipelines<Name extends string>(
  device: GPUDevice,
  label: string,
  code: string,
  layout: GPUBindGroupLayout,
  names: readonly Name[],
): Record<Name, GPUComputePipeline> {
  const module = device.createShaderModule({ label, code });
  const pipelineLayout = device.createPipelineLayout({ label, bindGroupLayouts: [layout] });
  const made = names.map((entryPoint) => [
    entryPoint,
    device.createComputePipeline({
      label: `${label} ${entryPoint}`,
      layout: pipelineLayout,
      compute: { module, entryPoint },
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

/** One level's size, coarsest last: halved, rounded up, down to 1×1. The finest is not in it. */
export function coarseSizes(width: number, height: number): { width: number; height: number }[] {
  const sizes: { width: number; height: number }[] = [];
  let w = width;
  let h = height;
  while (w > 1 || h > 1) {
    w = (w + 1) >> 1;
    h = (h + 1) >> 1;
    sizes.push({ width: w, height: h });
  }
  return sizes;
}
