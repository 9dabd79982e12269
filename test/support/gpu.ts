// Dawn's instance must outlive its devices: collected, it takes the process down (`std::system_error`).
const kept: GPU[] = [];

/** A WebGPU device in Node (Dawn on SwiftShader) for kernel tests. Fails, never skips, without an adapter. */
export async function requestTestDevice(): Promise<GPUDevice> {
  const { create, globals } = await import('webgpu');
  Object.assign(globalThis, globals);
  const gpu = create([]);
  kept.push(gpu);
  const adapter = await gpu.requestAdapter();
  if (adapter === null) {
    throw new Error(
      `no WebGPU adapter in Node (VK_ICD_FILENAMES=${process.env.VK_ICD_FILENAMES}); install Debian's chromium package`,
    );
  }
  const device = await adapter.requestDevice({
    requiredLimits: {
      maxStorageBufferBindingSize: adapter.limits.maxStorageBufferBindingSize,
      maxBufferSize: adapter.limits.maxBufferSize,
      maxStorageBuffersPerShaderStage: adapter.limits.maxStorageBuffersPerShaderStage,
    },
  });
  device.onuncapturederror = (event) => {
    throw new Error(`WebGPU: ${event.error.message}`);
  };
  return device;
}
