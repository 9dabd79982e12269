/** The package's ONNX filler in a page; bench/inpaint-onnx.ts drives it through `window.onnxBench`. */
import { createMask, createRgbImage } from '../../../core/image.ts';
import { createOnnxFiller } from '../../../plugin/models/index.ts';

const SIDE = 512;

async function measure(runs: number): Promise<{ openMs: number; runMs: number[]; where: string }> {
  const filler = createOnnxFiller({
    model: 'lama.onnx',
    silenceMs: 1_200_000,
    createWorker: () =>
      new Worker(new URL('../../../workers/models/model-entry.ts', import.meta.url), {
        type: 'module',
      }),
  });
  const image = createRgbImage(SIDE, SIDE);
  for (let i = 0; i < image.data.length; i++) image.data[i] = 0.5 + 0.3 * Math.sin(i / 500);
  const mask = createMask(SIDE, SIDE);
  for (let y = 180; y < 330; y++) mask.data.fill(1, y * SIDE + 180, y * SIDE + 330);
  let start = performance.now();
  const { paint } = await filler.ready();
  const openMs = performance.now() - start;
  const runMs: number[] = [];
  for (let k = 0; k < runs; k++) {
    start = performance.now();
    const { data } = await paint!(image, mask);
    runMs.push(performance.now() - start);
    if (!data.every(Number.isFinite)) throw new Error('the model gave numbers that are not finite');
  }
  const where = `${filler.info!.provider}, ${crossOriginIsolated ? 'threads' : '1 thread'}`;
  return { openMs, runMs, where };
}

declare global {
  interface Window {
    onnxBench?: typeof measure;
  }
}
window.onnxBench = measure;
