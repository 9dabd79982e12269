// Accepts: ONNX models with the tensors of real exports, run by the real runtime in the package's own worker, mean
// the pixels that their formula means in the page (all but 2 % of them: the models work in blocks of 16 and cells of
// 4 pixels); what cannot work is refused by name, and a dead worker costs one call. The models are our own, written
// by test/support/onnx-model.ts: no seed. WASM, because WebGPU here is software.
import { afterEach, describe, expect, test } from 'vitest';
import { SplatmendError } from '../../core/errors.ts';
import { createRgbImage, type Mask } from '../../core/image.ts';
import type { PromptPoint } from '../../core/segmenter.ts';
import { createSamSegmenter, type SamOptions } from '../../plugin/models/index.ts';
import {
  DISC,
  mobileDecoder,
  mobileEncoder,
  slimDecoder,
  slimEncoder,
} from '../support/onnx-model.ts';

const WIDTH = 384;
const HEIGHT = 256;
/** Model pixels a pixel. */
const SCALE = 1024 / WIDTH;
const isRed = (x: number) => x >= 96 && x < 300;

/** A red band on grey. */
const image = createRgbImage(WIDTH, HEIGHT);
for (let i = 0; i < WIDTH * HEIGHT; i++) {
  image.data.set(isRed(i % WIDTH) ? [0.9, 0.1, 0.1] : [0.3, 0.3, 0.3], i * 3);
}

/** Share of the pixels where the mask is not what the points mean. */
function wrong(mask: Mask, points: readonly PromptPoint[]): number {
  let n = 0;
  for (let y = 0; y < HEIGHT; y++) {
    for (let x = 0; x < WIDTH; x++) {
      let sum = 0;
      for (const p of points) {
        const far = Math.hypot(x + 0.5 - p.x, y + 0.5 - p.y) * SCALE;
        sum += Math.max(0, 1 - (far / DISC) ** 2) * (p.label === 1 ? 1 : -1);
      }
      if ((sum > 0.001 && isRed(x) ? 1 : 0) !== mask.data[y * WIDTH + x]) n++;
    }
  }
  return n / (WIDTH * HEIGHT);
}

const made: { dispose(): void }[] = [];
afterEach(() => {
  for (const one of made.splice(0)) one.dispose();
});

function segmenter(options: Partial<SamOptions> = {}) {
  const workers: Worker[] = [];
  const sam = createSamSegmenter({
    encoder: new File([slimEncoder()], 'encoder.onnx'),
    decoder: new File([slimDecoder()], 'decoder.onnx'),
    createWorker: () => {
      const worker = new Worker(new URL('../../workers/models/model-entry.ts', import.meta.url), {
        type: 'module',
      });
      workers.push(worker);
      return worker;
    },
    ...options,
  });
  made.push(sam);
  return { sam, workers };
}

const errorOf = (work: Promise<unknown>) =>
  work.then(
    () => 'nothing thrown',
    (e: unknown) => (e instanceof SplatmendError ? `${e.code}: ${e.message}` : String(e)),
  );
const on = (x: number, y: number): PromptPoint => ({ x, y, label: 1 });
const off = (x: number, y: number): PromptPoint => ({ x, y, label: 0 });

describe('a SAM-style segmenter', () => {
  test('SlimSAM’s tensors: a point, another, one that is not it; the picture is looked at once', async () => {
    const { sam } = segmenter();
    const steps: string[] = [];
    const ask = (...points: PromptPoint[]) =>
      sam.segment(image, { points }, undefined, ({ step }) => steps.push(step));
    const one = [on(130, 120)];
    const first = await ask(...one);
    expect([first.width, first.height]).toEqual([WIDTH, HEIGHT]);
    expect(first.data.filter((v) => v === 1).length).toBeGreaterThan(8000);
    expect(wrong(first, one)).toBeLessThan(0.02);
    expect(steps).toContain('look at the picture');
    steps.length = 0;
    for (const points of [
      [on(130, 120), on(250, 60)],
      [on(130, 120), off(170, 140)],
    ]) {
      expect(wrong(await ask(...points), points)).toBeLessThan(0.02);
    }
    expect(steps).toContain('find the object');
    expect(steps).not.toContain('look at the picture');
  });

  test('says what runs: names, sizes, SHA-256', async () => {
    const { sam } = segmenter();
    const info = await sam.open();
    const digest = await crypto.subtle.digest('SHA-256', await slimDecoder().arrayBuffer());
    const hex = [...new Uint8Array(digest)].map((b) => b.toString(16).padStart(2, '0')).join('');
    expect(info).toMatchObject({ id: 'slimsam', provider: 'wasm' });
    expect(info.decoder).toEqual({ name: 'decoder.onnx', bytes: slimDecoder().size, sha256: hex });
    expect([sam.id, sam.info]).toEqual(['slimsam', info]);
  });

  test('MobileSAM’s tensors, fetched from addresses, in the package’s own worker; boxes are its own', async () => {
    const urls = [mobileEncoder(), mobileDecoder()].map((blob) => URL.createObjectURL(blob));
    const sam = createSamSegmenter({ encoder: urls[0]!, decoder: new URL(urls[1]!) });
    made.push(sam);
    const points = [on(150, 130), off(220, 130)];
    expect(wrong(await sam.segment(image, { points }), points)).toBeLessThan(0.02);
    expect(sam.id).toBe('mobilesam');
    // To this decoder a corner is a point that weighs more; which pixels it means is not its business here.
    const box = { x0: 100, y0: 60, x1: 280, y1: 200 };
    expect((await sam.segment(image, { points: [], box })).data).toContain(1);
  });

  test('what cannot work is refused by name', async () => {
    const point = { points: [on(130, 120)] };
    const told = (options: Partial<SamOptions>) =>
      errorOf(segmenter(options).sam.segment(image, point));
    const noise = new File([new Uint8Array(500).fill(7)], 'noise.onnx');
    expect(await told({ encoder: noise })).toMatch(/^bad-file: noise.onnx: not an ONNX model/);
    expect(await told({ encoder: mobileEncoder() })).toMatch(/^bad-file: .*pixel_values/);
    expect(await told({ encoder: slimEncoder(Number.NaN) })).toMatch(/^bad-file: .*not finite/);
    expect(await told({ encoder: new File([], 'a.onnx') })).toMatch(/^bad-file: a.onnx: .*empty/);
    expect(await told({ encoder: '/no-such-model.onnx?x=1' })).toMatch(
      /^(not-readable|bad-file): no-such-model.onnx: /,
    );
    expect(await told({ mostBytes: 1000 })).toMatch(/^too-large: encoder.onnx/);
    const { sam } = segmenter();
    const box = { x0: 1, y0: 1, x1: 9, y1: 9 };
    expect(await errorOf(sam.segment(image, { points: [], box }))).toMatch(/^bad-option: .*box/);
    expect(await errorOf(sam.segment(image, { points: [] }))).toMatch(/^bad-option: .*point/);
    expect(wrong(await sam.segment(image, point), point.points)).toBeLessThan(0.02);
  });

  test('a cancel ends the call; a dead worker costs one call', async () => {
    const { sam, workers } = segmenter({ cancelDeadlineMs: 0 });
    const points = [on(130, 120)];
    const stop = new AbortController();
    const call = errorOf(
      sam.segment(image, { points }, stop.signal, ({ step }) => {
        if (step === 'look at the picture') stop.abort();
      }),
    );
    expect(await call).toMatch(/^cancelled: /);
    expect(await errorOf(sam.segment(image, { points }, AbortSignal.abort()))).toMatch(
      /^cancelled/,
    );
    expect(wrong(await sam.segment(image, { points }), points)).toBeLessThan(0.02);
    workers.at(-1)!.terminate();
    expect(await errorOf(sam.segment(image, { points }))).toMatch(/^worker-died: /);
    expect(wrong(await sam.segment(image, { points }), points)).toBeLessThan(0.02);
    sam.dispose();
    expect(await errorOf(sam.segment(image, { points }))).toMatch(/disposed/);
  });
});
