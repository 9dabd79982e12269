// Accepts: which kernels are chosen, with and without a wish, and that a lost device's successor is chosen by the same wish.
// Adapters are made up; they tell whether a device was asked of them.
import { describe, expect, it } from 'vitest';
import { createCpuKernels } from '../../core/cpu/kernels.ts';
import { SplatmendError } from '../../core/errors.ts';
import { type ChosenKernels, keepKernels, kernelSource } from '../../workers/kernels.ts';

const NVIDIA = { vendor: 'nvidia', architecture: 'ampere', device: '', description: '' };
const SOFTWARE = [
  { vendor: 'google', architecture: 'swiftshader', device: '', description: '' },
  { vendor: 'mesa', architecture: '', device: '', description: 'llvmpipe (LLVM 15)' },
  { ...NVIDIA, isFallbackAdapter: true },
];

/** An adapter that gives no device, but remembers that it was asked. */
function adapterOf(info: object) {
  let asked = 0;
  const adapter = {
    info,
    limits: {},
    requestDevice: async () => {
      asked++;
      throw new Error('none left');
    },
  };
  const gpu = { requestAdapter: async () => adapter } as unknown as GPU;
  return { keeper: keepKernels(kernelSource(gpu)), asked: () => asked };
}

describe('without a wish', () => {
  it.each(SOFTWARE)(
    'passes over an adapter in software ($architecture $description), and says why',
    async (info) => {
      const { keeper, asked } = adapterOf(info);
      const chosen = await keeper.start();
      expect(chosen.backend).toBe('cpu');
      expect(chosen.reason).toMatch(/software and slower/);
      expect(asked()).toBe(0);
    },
  );
  it('takes a real GPU, and the CPU where that fails', async () => {
    const { keeper, asked } = adapterOf(NVIDIA);
    const chosen = await keeper.start();
    expect(asked()).toBe(1);
    expect(chosen.backend).toBe('cpu');
    expect(chosen.reason).toMatch(/none left/);
  });
  it('is what the first work gets, too, when nothing was started', async () => {
    const { keeper, asked } = adapterOf(SOFTWARE[0]!);
    expect(await keeper.use(async ({ kind }) => kind)).toBe('cpu');
    expect(asked()).toBe(0);
  });
});

describe('with a wish', () => {
  it('webgpu takes an adapter in software', async () => {
    const { keeper, asked } = adapterOf(SOFTWARE[0]!);
    await keeper.start('webgpu');
    expect(asked()).toBe(1);
  });
  it('cpu asks no adapter', async () => {
    const { keeper, asked } = adapterOf(NVIDIA);
    expect(await keeper.start('cpu')).toMatchObject({ backend: 'cpu' });
    expect(keeper.info).not.toHaveProperty('reason');
    expect(asked()).toBe(0);
  });
});

it.each([['webgpu', true] as const, [undefined, false] as const])(
  'after a loss the wish (%s) still holds',
  async (wish, takesSoftware) => {
    const asked: boolean[] = [];
    const keeper = keepKernels(async (backend, takeSoftware): Promise<ChosenKernels> => {
      if (backend === 'cpu') return createCpuKernels();
      asked.push(takeSoftware);
      return { ...createCpuKernels(), kind: 'webgpu', description: 'fake' };
    });
    await keeper.start(wish);
    let runs = 0;
    await keeper.use(async () => {
      runs++;
      if (runs === 1) throw new SplatmendError('device-lost', 'made up');
    });
    expect(runs).toBe(2);
    expect(asked).toEqual([takesSoftware, takesSoftware]);
  },
);
