// Accepts: the encoder's input is the picture's colours at the model's size (1e-6 where the picture is even, exact
// places of edges), the mask is the best-scored logits at the picture's size, pixel for pixel where both grids agree,
// and tensor names that do not fit are refused by name. Formulas are SAM's: longer side to `size`, padding right and
// below. No seed.
import { expect, test } from 'vitest';
import { SplatmendError } from '../../../core/errors.ts';
import { createRgbImage } from '../../../core/image.ts';
import { fitManifest, type SamManifest } from '../../../workers/models/sam-manifest.ts';
import { bestMask, encoderInput, place, toModel } from '../../../workers/models/sam-pictures.ts';

const SLIM = {
  encoder: {
    file: 'e.onnx',
    inputs: ['pixel_values'],
    outputs: ['image_embeddings', 'image_positional_embeddings'],
  },
  decoder: {
    file: 'd.onnx',
    inputs: ['input_points', 'input_labels', 'image_embeddings', 'image_positional_embeddings'],
    outputs: ['iou_scores', 'pred_masks'],
  },
};
const slim = fitManifest(SLIM.encoder, SLIM.decoder, undefined);
const small: SamManifest = { ...slim, size: 64 };
const thrownBy = (work: () => unknown) => {
  try {
    work();
  } catch (error) {
    return error instanceof SplatmendError ? `${error.code}: ${error.message}` : String(error);
  }
  return 'nothing thrown';
};

test('an even picture keeps its colours, normalised; what is padded is 0', () => {
  for (const [width, height] of [
    [100, 50],
    [30, 15],
    [33, 47],
  ] as const) {
    const image = createRgbImage(width, height);
    for (let i = 0; i < width * height; i++) image.data.set([0.2, 0.5, 0.9], i * 3);
    const placed = place(image, 64);
    expect(Math.max(placed.placedWidth, placed.placedHeight)).toBe(64);
    const { data, dims } = encoderInput(image, placed, small);
    expect(dims).toEqual([1, 3, 64, 64]);
    const { mean, std } = small.encoder;
    for (let y = 0; y < 64; y++) {
      for (let x = 0; x < 64; x++) {
        const inside = x < placed.placedWidth && y < placed.placedHeight;
        for (const [c, colour] of [0.2, 0.5, 0.9].entries()) {
          const expected = inside ? (colour - mean[c]!) / std[c]! : 0;
          expect(Math.abs(data[(c * 64 + y) * 64 + x]! - expected)).toBeLessThan(1e-5);
        }
      }
    }
  }
});

test('an edge stays where it is, and no pixel is skipped when it shrinks', () => {
  const plain: SamManifest = {
    ...small,
    encoder: { ...small.encoder, layout: 'hwc', mean: [0, 0, 0], std: [1, 1, 1], range: 255 },
  };
  const image = createRgbImage(640, 320);
  for (let i = 0; i < 640 * 320; i++) {
    if (i % 640 >= 320) image.data.set([1, 1, 1], i * 3);
  }
  const placed = place(image, 64);
  const { data, dims } = encoderInput(image, placed, plain);
  expect(dims).toEqual([32, 64, 3]);
  const row = (x: number) => data[(16 * 64 + x) * 3]!;
  expect(row(30)).toBeCloseTo(0, 3);
  expect(row(33)).toBeCloseTo(255, 3);
  expect(row(31) + row(32)).toBeCloseTo(255, 2);
  // One bright column of ten is a tenth of the light, wherever it stands.
  for (const at of [200, 203, 207]) {
    const line = createRgbImage(640, 320);
    for (let y = 0; y < 320; y++) line.data.set([1, 1, 1], (y * 640 + at) * 3);
    const thin = encoderInput(line, placed, plain).data;
    let sum = 0;
    for (let x = 0; x < 64; x++) sum += thin[(16 * 64 + x) * 3]!;
    expect(sum).toBeCloseTo(25.5, 1);
  }
});

test('pixels and model pixels: the middle of the first is the middle of the first', () => {
  const placed = place(createRgbImage(512, 256), 1024);
  expect(placed).toMatchObject({ placedWidth: 1024, placedHeight: 512 });
  expect(toModel(placed, 0, 0)).toEqual([-0.5, -0.5]);
  expect(toModel(placed, 0.5, 0.5)).toEqual([0.5, 0.5]);
  expect(toModel(placed, 512, 256)).toEqual([1023.5, 511.5]);
});

test('the best of the masks, at the picture’s size, without the padding', () => {
  // 16 × 16 logits over 64 model pixels over a 128 × 64 picture: a cell is 8 pixels.
  const placed = place(createRgbImage(128, 64), 64);
  const masks = new Float32Array(2 * 256).fill(-1);
  for (let y = 2; y < 5; y++) for (let x = 6; x < 12; x++) masks[256 + y * 16 + x] = 1;
  const of = (...scores: number[]) =>
    bestMask(
      { data: masks, dims: [1, 1, 2, 16, 16] },
      { data: Float32Array.from(scores), dims: [1, 1, 2] },
      placed,
      small,
      'd.onnx',
    );
  expect(of(0.9, 0.2).data).not.toContain(1);
  const mask = of(0.2, 0.9);
  expect([mask.width, mask.height]).toEqual([128, 64]);
  // Between −1 and 1 a half way is 0: the edge runs between cells. Corners are rounded by the interpolation.
  for (let x = 0; x < 128; x++) {
    expect(mask.data[28 * 128 + x], `x ${x}`).toBe(x >= 48 && x < 96 ? 1 : 0);
  }
  for (let y = 0; y < 64; y++) {
    expect(mask.data[y * 128 + 70], `y ${y}`).toBe(y >= 16 && y < 40 ? 1 : 0);
  }
});

test('shapes and numbers that no mask has are refused', () => {
  const placed = place(createRgbImage(8, 8), 64);
  const told = (data: Float32Array, dims: number[], scores: number[]) =>
    thrownBy(() =>
      bestMask(
        { data, dims },
        { data: Float32Array.from(scores), dims: [1, scores.length] },
        placed,
        small,
        'd.onnx',
      ),
    );
  expect(told(new Float32Array(16), [1, 1, 4, 4], [])).toMatch(/^bad-file: d.onnx: masks of/);
  expect(told(new Float32Array(16), [1, 1, 4, 4], [1, 2])).toMatch(/^bad-file: .*2 scores/);
  expect(told(new Float32Array(16), [4, 4], [1])).toMatch(/^bad-file/);
  expect(told(new Float32Array(16).fill(Number.NaN), [1, 1, 4, 4], [1])).toMatch(/not finite/);
  expect(told(new Float32Array(16), [1, 1, 4, 4], [Number.NaN])).toMatch(/not finite/);
  expect(told(new Float32Array(16), [1, 1, 4, 4], [1])).toBe('nothing thrown');
});

test('the known kind whose names fit is taken; others are refused by name', () => {
  expect(slim.id).toBe('slimsam');
  const { encoder, decoder } = SLIM;
  expect(thrownBy(() => fitManifest(decoder, encoder, undefined))).toMatch(/^bad-file: .*swapped/);
  const unfed = { ...decoder, inputs: [...decoder.inputs, 'input_boxes'] };
  expect(thrownBy(() => fitManifest(encoder, unfed, undefined))).toMatch(
    /^bad-file: d.onnx: also wants input_boxes/,
  );
  const short = { ...encoder, outputs: ['image_embeddings'] };
  expect(thrownBy(() => fitManifest(short, decoder, undefined))).toMatch(
    /^bad-file: e.onnx: .*image_positional_embeddings of slimsam/,
  );
  const own = { ...slim, decoder: { ...slim.decoder, masks: 'low' } };
  expect(thrownBy(() => fitManifest(encoder, decoder, own))).toMatch(/^bad-file: .*low/);
  for (const size of [0, 10, 1e9, Number.NaN]) {
    expect(thrownBy(() => fitManifest(encoder, decoder, { ...slim, size }))).toMatch(
      /^bad-option: manifest: size/,
    );
  }
});
