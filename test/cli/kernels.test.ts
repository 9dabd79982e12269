// Accepts: `--backend` chooses as docs/cli.md says, on this machine and with a GPU that fails. Failures are made by kernels that
// throw what a device throws; which backend answered and how often the work began is exact.
import { describe, expect, it } from 'vitest';
import { chooseKernels, type NodeKernels, runOnKernels } from '../../cli/kernels-node.ts';
import { createCpuKernels } from '../../core/cpu/kernels.ts';
import { type ErrorCode, SplatmendError } from '../../core/errors.ts';
import { type ChosenKernels, keepKernels } from '../../workers/kernels.ts';

/** Kernels that call themselves WebGPU's. */
const asGpu = (): ChosenKernels => ({ ...createCpuKernels(), kind: 'webgpu', description: 'fake' });

async function fakeChoice(choice: string): Promise<NodeKernels> {
  const keeper = keepKernels(async (kind) => (kind === 'webgpu' ? asGpu() : createCpuKernels()));
  await keeper.start(choice === 'cpu' ? 'cpu' : 'webgpu');
  return { keeper, reason: `chosen for ${choice}` };
}

/** Fails with `code` on a GPU, the first `times` times. */
function failing(code: ErrorCode, times = Number.POSITIVE_INFINITY) {
  const runs: string[] = [];
  const work = async (kernels: { kind: string }, reason: string) => {
    runs.push(kernels.kind);
    if (kernels.kind === 'webgpu' && runs.length <= times)
      throw new SplatmendError(code, 'made up');
    return reason;
  };
  return { runs, work };
}

describe('choosing kernels', () => {
  it('takes the CPU when asked', async () => {
    const { keeper, reason } = await chooseKernels('cpu');
    expect(keeper.info).toEqual({ backend: 'cpu', description: createCpuKernels().description });
    expect(reason).toContain('--backend cpu');
  });
  it('never takes a software adapter by itself, and says why', async () => {
    const { keeper, reason } = await chooseKernels('auto');
    // On a real GPU `auto` takes it; the tests' own adapter is SwiftShader.
    if (keeper.info?.backend === 'webgpu') {
      expect(keeper.info.description).not.toMatch(/swiftshader|llvmpipe/i);
    } else {
      expect(reason).toMatch(/software|no WebGPU adapter|no Vulkan loader|does not load/);
    }
  });
  it('takes any adapter when asked for webgpu', async () => {
    const { keeper } = await chooseKernels('webgpu');
    expect(keeper.info?.backend).toBe('webgpu');
    await keeper.use(async (kernels) => {
      expect(kernels.kind).toBe('webgpu');
      kernels.destroy();
    });
  });
});

describe('a GPU that fails', () => {
  it('is tried once more, then replaced by the CPU', async () => {
    const once = failing('device-lost', 1);
    await runOnKernels('auto', once.work, () => {}, undefined, fakeChoice);
    expect(once.runs).toEqual(['webgpu', 'webgpu']);
    const always = failing('device-lost');
    const reason = await runOnKernels('auto', always.work, () => {}, undefined, fakeChoice);
    expect(always.runs).toEqual(['webgpu', 'webgpu', 'cpu']);
    expect(reason).toContain('lost twice');
  });
  it('of too little memory is replaced by the CPU with auto, and an error with webgpu', async () => {
    const said: string[] = [];
    const auto = failing('out-of-memory');
    await runOnKernels('auto', auto.work, (line) => said.push(line), undefined, fakeChoice);
    expect(auto.runs).toEqual(['webgpu', 'cpu']);
    expect(said.join()).toContain('on the CPU: made up');
    const forced = failing('out-of-memory');
    const run = runOnKernels('webgpu', forced.work, () => {}, undefined, fakeChoice);
    await expect(run).rejects.toMatchObject({ code: 'out-of-memory' });
    expect(forced.runs).toEqual(['webgpu']);
  });
  it('does not hide other errors', async () => {
    const broken = failing('internal');
    const run = runOnKernels('auto', broken.work, () => {}, undefined, fakeChoice);
    await expect(run).rejects.toMatchObject({ code: 'internal' });
    expect(broken.runs).toEqual(['webgpu']);
  });
});
