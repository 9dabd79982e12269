import type { Camera } from '../../../../core/camera.ts';
import { createCpuKernels } from '../../../../core/cpu/kernels.ts';
import { readSplats } from '../../../../core/formats/index.ts';
import type { RenderedView, SplatRenderer } from '../../../../core/kernels.ts';
import { renderedViewTransferables } from '../../../../workers/api.ts';
import { createGpuKernels } from '../../../../workers/gpu/kernels.ts';

export type Ask =
  | { open: { kind: 'cpu' | 'webgpu'; url: string }; draw?: undefined }
  | { draw: Camera; open?: undefined };
export interface Told {
  name?: string;
  drawn?: RenderedView;
  error?: string;
}

let renderer: SplatRenderer;

async function answer({ open, draw }: Ask): Promise<Told> {
  if (draw !== undefined) return { drawn: await renderer.render(draw) };
  const bytes = await (await fetch(open.url)).arrayBuffer();
  const { cloud } = await readSplats(new Uint8Array(bytes), 'cloud.ply');
  const kernels = open.kind === 'cpu' ? createCpuKernels() : await createGpuKernels();
  renderer = await kernels.createRenderer(cloud);
  return { name: open.kind === 'cpu' ? 'CPU, one thread' : `WebGPU (${kernels.description})` };
}

self.onmessage = async ({ data }: MessageEvent<Ask>) => {
  try {
    const told = await answer(data);
    const transfer = told.drawn === undefined ? [] : renderedViewTransferables(told.drawn);
    self.postMessage(told, { transfer });
  } catch (error) {
    self.postMessage({ error: String(error) });
  }
};
