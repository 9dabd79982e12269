/** Tells a WebGPU adapter that computes on the CPU from a real one. */

/** What of `GPUAdapterInfo` is read. */
export interface AdapterFacts {
  vendor: string;
  architecture: string;
  device: string;
  description: string;
  isFallbackAdapter?: boolean;
}

const SOFTWARE = /swiftshader|llvmpipe|lavapipe|softpipe|basic render|\bwarp\b|software/i;

/**
 * True for SwiftShader, Mesa's llvmpipe/lavapipe and Microsoft's Basic Render Driver. They run the
 * same shaders on the same cores as the CPU kernels, several times slower: bench/results/render.md.
 */
export function isSoftwareAdapter(info: AdapterFacts): boolean {
  if (info.isFallbackAdapter === true) return true;
  return SOFTWARE.test([info.vendor, info.architecture, info.device, info.description].join(' '));
}

export function adapterName(info: AdapterFacts): string {
  const name = info.description || [info.vendor, info.architecture].filter(Boolean).join(' ');
  return name === '' ? 'unnamed adapter' : name;
}
