// A removal whose holes an ONNX model fills: mending worker → page → model worker and back, all real, with our own models
// of LaMa's and MI-GAN's tensors. Accepts: the model is asked with pictures of its size; what it painted is what the line
// lifts: MI-GAN's mean of what is around within 0.12 of what the built-in filler copies there, LaMa's (in half floats) made greener by 0.5 than
// anything here is, seen in the picture within 0.12 and in the new splats within 0.2 (those behind are none of the picture's).
// Survivors bit for bit; each fault is named and the next call works. WASM: WebGPU here is software. Seed 1.
import { afterEach, describe, expect, test } from 'vitest';
import { SplatmendError } from '../../core/errors.ts';
import { createMask, createRgbImage, type Mask, type RgbImage } from '../../core/image.ts';
import { dilate, minus } from '../../core/morphology.ts';
import type { RemoveResult } from '../../core/remove-types.ts';
import { selectInVolume } from '../../core/selection.ts';
import { SH_C0 } from '../../core/splat-cloud.ts';
import { createMendClient } from '../../plugin/client.ts';
import { createServerFiller, type Filler } from '../../plugin/filler.ts';
import {
  createOnnxDepth,
  createOnnxFiller,
  type OnnxFillerOptions,
} from '../../plugin/models/index.ts';
import { generateTabletop } from '../../samples/scenes/tabletop.ts';
import { firstDifference } from '../support/clouds.ts';
import { depthModel, lamaModel, miganModel } from '../support/onnx-paint-models.ts';

const scene = generateTabletop({ splats: 8000, seed: 1 });
const untouched = structuredClone(scene.cloud);
const pear = scene.objects.find((o) => o.name === 'pear')!;
const removal = {
  selection: selectInVolume(scene.cloud, pear.box),
  cameras: [{ ...scene.cameras[0]! }],
  options: { views: 1, resolution: 128, keepViews: true },
};

const made: { dispose(): void }[] = [];
afterEach(() => {
  for (const one of made.splice(0)) one.dispose();
});

function mending() {
  const client = createMendClient({ preferred: 'cpu' });
  client.setCloud(scene.cloud);
  made.push(client);
  return client;
}

function onnx(model: Blob, options: Partial<OnnxFillerOptions> = {}) {
  const workers: Worker[] = [];
  const filler = createOnnxFiller({
    model: new File([model], 'filler.onnx'),
    createWorker: () => {
      const worker = new Worker(new URL('../../workers/models/model-entry.ts', import.meta.url), {
        type: 'module',
      });
      workers.push(worker);
      return worker;
    },
    ...options,
  });
  made.push(filler);
  return { filler, workers };
}

/** As the mender does it. @param onPaint hears of each picture that the model is shown */
async function removeWith(
  client: ReturnType<typeof mending>,
  filler: Filler,
  onPaint: (image: RgbImage) => void = () => {},
  signal?: AbortSignal,
): Promise<RemoveResult> {
  const { spec, paint } = await filler.ready(signal);
  return client.remove(
    { ...removal, models: { inpainter: spec } },
    undefined,
    signal,
    paint && {
      paint: (image, mask, stop) => {
        onPaint(image);
        return paint(image, mask, stop);
      },
    },
  );
}

/** Away from the feather. */
const inner = (mask: Mask) =>
  minus(mask, dilate({ ...mask, data: mask.data.map((v) => 1 - v) }, 4));

function meanOf(image: RgbImage, mask: Mask): number[] {
  const sum = [0, 0, 0];
  let n = 0;
  for (let i = 0; i < mask.data.length; i++) {
    if (!mask.data[i]) continue;
    n++;
    for (let c = 0; c < 3; c++) sum[c]! += image.data[i * 3 + c]!;
  }
  return sum.map((v) => v / n);
}

const errorOf = (work: Promise<unknown>) =>
  work.then(
    () => 'nothing thrown',
    (e: unknown) => (e instanceof SplatmendError ? `${e.code}: ${e.message}` : String(e)),
  );

/** What the built-in filler makes of it, once. */
let builtIn: Promise<RemoveResult> | undefined;

describe('an ONNX filler', () => {
  test.each([
    ['LaMa', lamaModel({ tint: [0, 0.5, 0], half: true }), 0.5],
    ['MI-GAN', miganModel(), 0],
  ] as const)('%s’s tensors: its picture is what is lifted', async (label, model, greener) => {
    const client = mending();
    const { filler } = onnx(model);
    const sizes: string[] = [];
    const result = await removeWith(client, filler, ({ width, height }) => {
      sizes.push(`${width}×${height}`);
    });
    expect(filler.label).toBe(label);
    expect(new Set(sizes)).toEqual(new Set(['512×512']));
    builtIn ??= client.remove(removal);
    const other = await builtIn;
    const { rgbInpainted, mask } = result.filledViews[0]!;
    const [painted, copied] = [rgbInpainted, other.filledViews[0]!.rgbInpainted].map((image) =>
      meanOf(image, inner(mask)),
    );
    for (let c = 0; c < 3; c++) {
      const expected = copied![c]! + (c === 1 ? greener : 0);
      expect(Math.abs(painted![c]! - expected), `channel ${c}`).toBeLessThan(0.12);
    }
    const green = (r: RemoveResult) => {
      const { dc, count } = r.patch.added;
      return dc.reduce((sum, v, i) => sum + (i % 3 === 1 ? v : 0), 0) * (SH_C0 / count);
    };
    expect(green(result) - green(other)).toBeGreaterThan(greener - 0.2);
    expect(result.patch.removed).toEqual(other.patch.removed);
    expect(firstDifference(client.cloud!, untouched)).toBeUndefined();
  });

  test('what cannot work is named, and nothing changes', async () => {
    const client = mending();
    const told = (model: Blob) => errorOf(removeWith(client, onnx(model).filler));
    expect(await told(new Blob([new Uint8Array(500).fill(7)]))).toMatch(
      /^bad-file: filler.onnx: not an ONNX model/,
    );
    expect(await told(lamaModel({ names: { mask: 'hole' } }))).toMatch(
      /^bad-file: .*no known kind/,
    );
    expect(await told(lamaModel({ shift: Number.NaN }))).toMatch(/^bad-answer: .*not finite/);
    expect(await told(lamaModel({ answerSide: 256 }))).toMatch(/^bad-answer: .*256 × 256/);
    const nowhere = createServerFiller({ kind: 'iopaint', address: 'not an address' });
    expect(await errorOf(removeWith(client, nowhere))).toMatch(/^bad-option: /);
    expect(firstDifference(client.cloud!, untouched)).toBeUndefined();
    expect((await client.remove(removal)).patch.added.count).toBeGreaterThan(0);
  });

  test('a cancel while the model paints; a worker that dies then: both named, the next call works', async () => {
    const client = mending();
    const { filler, workers } = onnx(lamaModel(), { cancelDeadlineMs: 0 });
    const stop = new AbortController();
    const cancelled = removeWith(client, filler, () => stop.abort(), stop.signal);
    expect(await errorOf(cancelled)).toMatch(/^cancelled: /);
    await filler.open();
    const killed = removeWith(client, filler, () => {
      // Once the model has the picture.
      setTimeout(() => workers.at(-1)!.terminate(), 50);
    });
    expect(await errorOf(killed)).toMatch(/^worker-died: /);
    expect(firstDifference(client.cloud!, untouched)).toBeUndefined();
    const result = await removeWith(client, filler);
    expect(result.patch.added.count).toBeGreaterThan(0);
  });
});

test('an ONNX depth model is asked for each filled view; its failure is named', async () => {
  const client = mending();
  const run = async (model: Blob) => {
    const depth = createOnnxDepth({ model: new File([model], 'depth.onnx') });
    made.push(depth);
    const { id, estimate } = await depth.ready();
    let asked = 0;
    const result = await client.remove(
      { ...removal, models: { depth: id } },
      undefined,
      undefined,
      {
        estimateDepth: (image, stop) => {
          asked++;
          return estimate(image, stop);
        },
      },
    );
    return { asked, result };
  };
  const { asked, result } = await run(depthModel());
  expect(asked).toBe(result.filledViews.length);
  expect(result.figures.seconds['guess depth']).toBeGreaterThan(0);
  expect(result.patch.added.count).toBeGreaterThan(0);
  expect(await errorOf(run(depthModel(Number.NaN)))).toMatch(
    /^bad-answer: depth.onnx: .*not finite/,
  );
  expect(await errorOf(run(lamaModel()))).toMatch(
    /^bad-file: depth.onnx: a depth model of no known/,
  );
  expect(firstDifference(client.cloud!, untouched)).toBeUndefined();
});

test('WebGPU, when it is asked for, paints what WASM paints', async () => {
  // Tiny, because WebGPU here is software: 64 × 64 takes it seconds.
  const manifest = {
    id: 'tiny',
    image: { name: 'image', layout: 'nchw', type: 'float32', range: [0, 1] },
    mask: { name: 'mask', layout: 'nchw', type: 'float32', hole: 1, known: 0 },
    output: { name: 'output', layout: 'nchw', range: [0, 1] },
    size: { width: 64, height: 64 },
  } as const;
  const image = createRgbImage(64, 64);
  for (let i = 0; i < image.data.length; i++) image.data[i] = 0.5 + 0.4 * Math.sin(i / 50);
  const mask = createMask(64, 64);
  for (let y = 20; y < 44; y++) mask.data.fill(1, y * 64 + 20, y * 64 + 44);
  const painted: RgbImage[] = [];
  for (const preferred of ['webgpu', 'wasm'] as const) {
    const { filler } = onnx(lamaModel({ side: 'side', range: 1 }), { preferred, manifest });
    painted.push(await (await filler.ready()).paint!(image, mask));
    // Had WebGPU failed, WASM would have painted.
    expect(filler.info!.provider).toBe(preferred);
  }
  const [gpu, wasm] = painted.map(({ data }) => data) as [Float32Array, Float32Array];
  expect(gpu.length).toBe(64 * 64 * 3);
  for (let i = 0; i < gpu.length; i++) expect(Math.abs(gpu[i]! - wasm[i]!)).toBeLessThan(1e-3);
});
