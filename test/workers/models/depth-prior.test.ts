// ONNX depth models on the real runtime, by models of our own with Depth Anything V2 small's tensors, and what the line makes
// of a prior. Accepts: the picture is normalised as ImageNet is (the model reads the red back within 0.01 where the picture is
// smooth), its answer stands at the picture's pixels, metric depth is turned over; faults named. In the hole of a wavy ground the
// error falls below half of what it is without; a constant, noise (seed 3) and NaN change nothing (1e-6); known depth bit for bit.
import { beforeAll, describe, expect, test } from 'vitest';
import { createCpuKernels } from '../../../core/cpu/kernels.ts';
import { SplatmendError } from '../../../core/errors.ts';
import { createScalarImage, type ScalarImage } from '../../../core/image.ts';
import { createRandom } from '../../../core/random.ts';
import { guideDepth } from '../../../workers/line/guide-depth.ts';
import type { DepthManifest } from '../../../workers/models/depth-manifest.ts';
import { openDepth } from '../../../workers/models/depth-session.ts';
import { nodeRuntime } from '../../../workers/models/node-runtime.ts';
import { useRuntime } from '../../../workers/models/onnx.ts';
import { depthModel, lamaModel, NEAR } from '../../support/onnx-paint-models.ts';
import { paint, rectMask } from '../exemplar-textures.ts';

beforeAll(() => useRuntime(() => nodeRuntime(1)));
const file = (blob: Blob) => ({ name: 'depth.onnx', blob });

const redOf = (x: number, y: number) => 0.3 + (0.4 * x) / 160 + 0.1 * Math.sin(y / 20);
const image = paint(160, 120, (x, y) => [redOf(x + 0.5, y + 0.5), 0.9, 0.05]);

test('Depth Anything V2’s tensors: inverse depth where the picture’s pixels are', async () => {
  const session = await openDepth({ file: file(depthModel()) });
  expect(session.info).toMatchObject({ id: 'depth-anything-v2', provider: 'wasm' });
  const prior = await session.estimate(image);
  expect([prior.width, prior.height]).toEqual([160, 120]);
  let worst = 0;
  for (let y = 2; y < 118; y++) {
    for (let x = 2; x < 158; x++) {
      const expected = redOf(x + 0.5, y + 0.5) + NEAR;
      worst = Math.max(worst, Math.abs(prior.data[y * 160 + x]! - expected));
    }
  }
  expect(worst).toBeLessThan(0.01);
  await session.release();
});

const metric: DepthManifest = {
  id: 'metric',
  image: {
    name: 'pixel_values',
    layout: 'nchw',
    type: 'float32',
    range: [0, 1],
    mean: [0.485, 0.456, 0.406],
    std: [0.229, 0.224, 0.225],
  },
  output: { name: 'predicted_depth', gives: 'depth' },
  size: { width: 140, height: 98 },
};

test('a metric model, by a manifest of a fixed size: turned over', async () => {
  const session = await openDepth({ file: file(depthModel(2)), manifest: metric });
  const prior = await session.estimate(image);
  const i = 60 * 160 + 80;
  expect(prior.data[i]!).toBeCloseTo(1 / (2 * (redOf(80.5, 60.5) + NEAR)), 2);
  await session.release();
});

describe('what cannot work is refused by name', () => {
  const errorOf = (work: Promise<unknown>) =>
    work.then(
      () => 'nothing thrown',
      (e: unknown) => (e instanceof SplatmendError ? `${e.code}: ${e.message}` : String(e)),
    );
  test('another kind, other names, NaN', async () => {
    expect(await errorOf(openDepth({ file: file(lamaModel()) }))).toMatch(
      /^bad-file: depth.onnx: a depth model of no known kind/,
    );
    const other = { ...metric, output: { ...metric.output, name: 'depth' } };
    expect(await errorOf(openDepth({ file: file(depthModel()), manifest: other }))).toMatch(
      /^bad-file: .*without the depth of metric/,
    );
    const wrong = { ...metric, output: { name: 'predicted_depth' } } as unknown as DepthManifest;
    expect(await errorOf(openDepth({ file: file(depthModel()), manifest: wrong }))).toMatch(
      /^bad-option: manifest: output.gives/,
    );
    const session = await openDepth({ file: file(depthModel(Number.NaN)) });
    expect(await errorOf(session.estimate(image))).toMatch(/^bad-answer: .*not finite/);
    await session.release();
  });
});

describe('a prior in the line', () => {
  const [W, H] = [120, 90];
  const inverse = (x: number, y: number) =>
    0.5 + 0.001 * x + 0.012 * Math.sin(x / 8) * Math.cos(y / 9);
  const truth = createScalarImage(W, H);
  for (let i = 0; i < W * H; i++) truth.data[i] = 1 / inverse(i % W, Math.floor(i / W));
  const mask = rectMask(W, H, 42, 30, 36, 30);
  const rgb = paint(W, H, () => [0.5, 0.5, 0.5]);
  const kernels = createCpuKernels();
  const error = ({ data }: ScalarImage) => {
    let sum = 0;
    for (let i = 0; i < data.length; i++) {
      if (mask.data[i]) sum += Math.abs(data[i]! / truth.data[i]! - 1);
    }
    return sum;
  };
  const continued = async () => {
    const known = { ...mask, data: mask.data.map((v) => 1 - v) };
    return (await kernels.complete({ depth: truth, known, wanted: mask, rgb })).depth;
  };
  const like = (of: (i: number) => number): ScalarImage => ({
    ...truth,
    data: Float32Array.from(truth.data, (_, i) => of(i)),
  });

  test('bends a wavy ground’s hole; the known depth keeps its bits', async () => {
    const depth = await continued();
    const prior = like((i) => 3 / truth.data[i]! + 0.7);
    const guided = await guideDepth({ depth, mask, rgb, prior }, kernels);
    expect(error(guided)).toBeLessThan(0.5 * error(depth));
    for (let i = 0; i < W * H; i++) {
      if (!mask.data[i]) expect(Object.is(guided.data[i], depth.data[i])).toBe(true);
    }
  });

  test('a prior that explains nothing changes nothing', async () => {
    const depth = await continued();
    const random = createRandom(3);
    for (const prior of [like(() => 1), like(() => random()), like(() => Number.NaN)]) {
      const guided = await guideDepth({ depth, mask, rgb, prior }, kernels);
      const most = guided.data.reduce(
        (m, v, i) => Math.max(m, Math.abs(v / depth.data[i]! - 1)),
        0,
      );
      expect(most).toBeLessThan(1e-6);
    }
  });

  test('an edge that was found stays: nothing is added to the ramp between', async () => {
    // Continued as a step, where a completion over both sides makes a ramp.
    const step = like((i) => (i % W < 60 ? 2 : 3));
    const prior = like((i) => 1 / step.data[i]!);
    const guided = await guideDepth({ depth: step, mask, rgb, prior }, kernels);
    let moved = 0;
    for (let i = 0; i < W * H; i++) {
      if (Math.abs(guided.data[i]! / step.data[i]! - 1) > 0.02) moved++;
    }
    expect(moved).toBe(0);
  });
});
