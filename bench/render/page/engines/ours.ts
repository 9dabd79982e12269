/** Our reference renderer: colour, two depths and alpha in floats. The CPU's in a worker, as the product runs it. */
import type { RenderedView } from '../../../../core/kernels.ts';
import { cameraOf } from '../../views.ts';
import type { Engine, Size } from '../engine.ts';
import type { Ask, Told } from './ours-worker.ts';

export async function createOurs(kind: 'cpu' | 'webgpu', url: string, size: Size): Promise<Engine> {
  const worker = new Worker(new URL('./ours-worker.ts', import.meta.url), { type: 'module' });
  const ask = (question: Ask) =>
    new Promise<Told>((resolve, reject) => {
      worker.onmessage = ({ data }: MessageEvent<Told>) =>
        data.error === undefined ? resolve(data) : reject(new Error(data.error));
      worker.onerror = (event) => reject(new Error(event.message));
      worker.postMessage(question);
    });
  const { name } = await ask({ open: { kind, url: new URL(url, location.href).href } });
  return {
    name: `Splatmend ${name}, with depth`,
    async draw(view) {
      const { drawn } = await ask({ draw: cameraOf(view, size.width, size.height) });
      return { rgba: bytesOf(drawn!), bottomUp: false };
    },
  };
}

/** For the picture; the bench's clock has this too, which costs some ms. */
function bytesOf({ rgb }: RenderedView): Uint8ClampedArray {
  const pixels = rgb.width * rgb.height;
  const rgba = new Uint8ClampedArray(pixels * 4).fill(255);
  for (let p = 0; p < pixels; p++) {
    for (let c = 0; c < 3; c++) rgba[p * 4 + c] = rgb.data[p * 3 + c]! * 255;
  }
  return rgba;
}
