/** One engine a page, named in the address; bench/render/peers.ts drives it through `window.renderBench`. */
import type { View } from '../views.ts';
import type { Engine, Picture, Size } from './engine.ts';

const ENGINES: Record<string, (url: string, size: Size) => Promise<Engine>> = {
  cpu: async (url, size) => (await import('./engines/ours.ts')).createOurs('cpu', url, size),
  webgpu: async (url, size) => (await import('./engines/ours.ts')).createOurs('webgpu', url, size),
  babylon: async (url, size) => (await import('./engines/babylon.ts')).createBabylon(url, size),
  playcanvas: async (url, size) =>
    (await import('./engines/playcanvas.ts')).createPlayCanvas(url, size),
  'gaussian-splats-3d': async (url, size) =>
    (await import('./engines/gaussian-splats-3d.ts')).createGaussianSplats3D(url, size),
  spark: async (url, size) => (await import('./engines/spark.ts')).createSpark(url, size),
};

export interface RenderBench {
  name: string;
  /** Milliseconds from the wish to the pixels. */
  frame(view: View): Promise<number>;
  /** The last picture as a PNG's data URL. */
  picture(): string;
}

declare global {
  interface Window {
    renderBench?: RenderBench;
    renderBenchError?: string;
  }
}

const query = new URLSearchParams(location.search);
const size: Size = { width: Number(query.get('width')), height: Number(query.get('height')) };

function pngOf({ rgba, bottomUp }: Picture): string {
  const { width, height } = size;
  const canvas = document.createElement('canvas');
  canvas.width = width;
  canvas.height = height;
  const image = new ImageData(width, height);
  for (let y = 0; y < height; y++) {
    const from = (bottomUp ? height - 1 - y : y) * width * 4;
    image.data.set(rgba.subarray(from, from + width * 4), y * width * 4);
  }
  for (let a = 3; a < image.data.length; a += 4) image.data[a] = 255;
  canvas.getContext('2d')!.putImageData(image, 0, 0);
  return canvas.toDataURL('image/png');
}

try {
  const engine = await ENGINES[query.get('engine')!]!(query.get('cloud')!, size);
  let last: Picture | undefined;
  window.renderBench = {
    name: engine.name,
    async frame(view) {
      const before = performance.now();
      last = await engine.draw(view);
      return performance.now() - before;
    },
    picture: () => pngOf(last!),
  };
} catch (error) {
  window.renderBenchError = error instanceof Error ? (error.stack ?? error.message) : String(error);
}
