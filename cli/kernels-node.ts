/** Which kernels the command line runs on: WebGPU through the `webgpu` package (Dawn), else the CPU. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { SplatmendError } from '../core/errors.ts';
import type { Kernels } from '../core/kernels.ts';
import { adapterName, isSoftwareAdapter } from '../workers/gpu/software-adapter.ts';
import { type KernelKeeper, keepKernels, kernelSource } from '../workers/kernels.ts';

export const BACKENDS = ['auto', 'webgpu', 'cpu'] as const;
export type BackendChoice = (typeof BACKENDS)[number];

export interface NodeKernels {
  /** Runs the work, again from the start when a GPU is lost meanwhile (on the CPU in the end). */
  keeper: KernelKeeper;
  /** Why these kernels and not others, one plain sentence. */
  reason: string;
}

/**
 * Dawn prints a native stack trace to stderr where Linux has no Vulkan loader; looking first keeps a
 * machine without a GPU quiet.
 */
function mayHaveVulkan(): boolean {
  if (process.platform !== 'linux') return true;
  const folders = (process.env.LD_LIBRARY_PATH ?? '').split(':').filter(Boolean);
  if (folders.some((folder) => existsSync(join(folder, 'libvulkan.so.1')))) return true;
  try {
    return readFileSync('/etc/ld.so.cache', 'latin1').includes('libvulkan.so.1');
  } catch {
    // No cache (musl, Nix): let Dawn look for itself.
    return true;
  }
}

/** Dawn's entry point and the adapter it would use, or why there is none. */
async function findGpu(): Promise<{ gpu: GPU; adapter: GPUAdapter } | string> {
  if (!mayHaveVulkan()) return 'this machine has no Vulkan loader (libvulkan.so.1)';
  let dawn: typeof import('webgpu');
  try {
    dawn = await import('webgpu');
  } catch (error) {
    return `the webgpu package does not load here (${error instanceof Error ? error.message.split('\n')[0] : error})`;
  }
  Object.assign(globalThis, dawn.globals);
  const gpu = dawn.create([]);
  const adapter = await gpu.requestAdapter({ powerPreference: 'high-performance' });
  return adapter === null ? 'no WebGPU adapter was found' : { gpu, adapter };
}
/**
 * `auto`: WebGPU on a real GPU, else the CPU. A software adapter is passed over, because the CPU
 * kernels do the same work faster on the same cores; `webgpu` takes it.
 * @throws SplatmendError `no-webgpu` when `webgpu` was asked for and there is no adapter
 */
export async function chooseKernels(choice: BackendChoice): Promise<NodeKernels> {
  if (choice === 'cpu') return start('cpu', undefined, 'asked for with --backend cpu');
  const found = await findGpu();
  if (choice === 'webgpu') {
    const refused = (why: string) =>
      new SplatmendError('no-webgpu', `webgpu: ${why}; install a GPU driver, or use --backend cpu`);
    if (typeof found === 'string') throw refused(found);
    const started = await start('webgpu', found.gpu, 'asked for with --backend webgpu');
    if (started.keeper.info?.backend !== 'webgpu') throw refused(started.reason);
    return started;
  }
  if (typeof found === 'string') return start('cpu', undefined, found);
  const { gpu, adapter } = found;
  if (isSoftwareAdapter(adapter.info)) {
    const name = adapterName(adapter.info);
    return start(
      'cpu',
      undefined,
      `the only adapter, ${name}, is software and slower than the CPU kernels`,
    );
  }
  return start('webgpu', gpu, 'a WebGPU adapter was found');
}

async function start(backend: 'webgpu' | 'cpu', gpu: GPU | undefined, reason: string) {
  const keeper = keepKernels(kernelSource(gpu));
  const info = await keeper.start(backend);
  return { keeper, reason: info.reason ?? reason };
}

/**
 * Runs `work` on the chosen kernels; from the start again when a GPU is lost meanwhile, and, with
 * `auto`, on the CPU when the GPU's memory is too small.
 * @param say is told why it starts again
 */
export async function runOnKernels<T>(
  choice: BackendChoice,
  work: (kernels: Kernels, reason: string) => Promise<T>,
  say: (line: string) => void,
  signal?: AbortSignal,
  choose: (choice: BackendChoice) => Promise<NodeKernels> = chooseKernels,
): Promise<T> {
  const { keeper, reason } = await choose(choice);
  try {
    return await keeper.use((kernels) => work(kernels, keeper.info?.reason ?? reason), signal);
  } catch (error) {
    const full = error instanceof SplatmendError && error.code === 'out-of-memory';
    if (choice !== 'auto' || keeper.info?.backend !== 'webgpu' || !full) throw error;
    say(`Starting again on the CPU: ${error.message}`);
    const cpu = await choose('cpu');
    return cpu.keeper.use(
      (kernels) => work(kernels, `the GPU's memory is too small: ${error.message}`),
      signal,
    );
  }
}
