// What is done to a picture that someone else painted. Exact outside the mask (bits); inside, a tone that is off by 0.1
// (a model that redraws everything) or 0.05 (a server that pastes by itself) comes back to the truth within a fifth of
// that, measured over the hole; a colour of its own stays, but for the feather. Seeded pictures, sizes under 130 px.
import { expect, test } from 'vitest';
import { SplatmendError } from '../../core/errors.ts';
import { createMask, createRgbImage, type Mask, type RgbImage } from '../../core/image.ts';
import { finishInpainting } from '../../workers/inpainters/finish-inpainting.ts';
import { createForeignInpainter } from '../../workers/inpainters/foreign.ts';
import { paint, punch, rectMask, shadedNoise } from './exemplar-textures.ts';

const W = 120;
const H = 90;
const who = 'painter';
const truth = shadedNoise(W, H, 4);
const mask = rectMask(W, H, 40, 30, 40, 30);
const image = punch(truth, mask);
const plus = (picture: RgbImage, by: number, where?: Mask): RgbImage => ({
  ...picture,
  data: picture.data.map((v, i) => v + (where && !where.data[(i / 3) | 0] ? 0 : by)),
});
/** Mean error in the hole, with its sign. */
function bias(a: RgbImage, b: RgbImage, within: Mask): number {
  let sum = 0;
  let n = 0;
  for (let i = 0; i < within.data.length; i++) {
    if (!within.data[i]) continue;
    for (let c = 0; c < 3; c++) sum += a.data[i * 3 + c]! - b.data[i * 3 + c]!;
    n += 3;
  }
  return sum / n;
}
const bits = ({ data }: RgbImage) => new Uint32Array(data.buffer, data.byteOffset, data.length);
function differingOutside(a: RgbImage, b: RgbImage, within: Mask): number {
  const [p, q] = [bits(a), bits(b)];
  let n = 0;
  for (let i = 0; i < p.length; i++) if (!within.data[(i / 3) | 0] && p[i] !== q[i]) n++;
  return n;
}

test('outside the mask bit for bit, whatever the answer shows there; no input is written to', () => {
  const odd = { ...image, data: image.data.slice() };
  odd.data.set([Number.NaN, -0, 70], 0);
  odd.data.set([1.7, -0.2, 0.5], 3 * (25 * W + 50));
  const before = odd.data.slice();
  const answer = plus(truth, 0.1);
  const out = finishInpainting(answer, odd, mask, { who });
  expect(differingOutside(out, odd, mask)).toBe(0);
  expect(bits(odd)).toEqual(new Uint32Array(before.buffer));
  expect(out.data.every((v, i) => !mask.data[(i / 3) | 0] || Number.isFinite(v))).toBe(true);
});

test('a tone that is off comes back at the rim and in the middle', () => {
  for (const by of [0.1, -0.1]) {
    const out = finishInpainting(plus(truth, by), image, mask, { who });
    expect(Math.abs(bias(out, truth, mask)), `answered ${by}`).toBeLessThan(0.02);
  }
  const pasted = plus(truth, 0.05, mask);
  const told = finishInpainting(pasted, image, mask, { who, outside: 'copied' });
  const found = finishInpainting(pasted, image, mask, { who });
  expect(bits(found)).toEqual(bits(told));
  expect(Math.abs(bias(found, truth, mask))).toBeLessThan(0.01);
  // The truth itself is left alone, both ways.
  expect(Math.abs(bias(finishInpainting(truth, image, mask, { who }), truth, mask))).toBeLessThan(
    0.005,
  );
});

test('shading that is off on one side only is mended on that side', () => {
  const answer = paint(W, H, (x, y) => {
    const by = (0.1 * x) / W;
    const i = (y * W + x) * 3;
    return [truth.data[i]! + by, truth.data[i + 1]! + by, truth.data[i + 2]! + by];
  });
  const out = finishInpainting(answer, image, mask, { who });
  const left = rectMask(W, H, 40, 30, 10, 30);
  const right = rectMask(W, H, 70, 30, 10, 30);
  expect(Math.abs(bias(out, truth, left))).toBeLessThan(0.015);
  expect(Math.abs(bias(out, truth, right))).toBeLessThan(0.02);
});

test('another colour stays what it is, and begins softly', () => {
  const red = paint(W, H, () => [1, 0, 0]);
  const grey = paint(W, H, () => [0.5, 0.5, 0.5]);
  const greenOf = (out: RgbImage, x: number) => out.data[(45 * W + x) * 3 + 1]!;
  for (const answer of [
    red,
    { ...red, data: grey.data.map((v, i) => (mask.data[(i / 3) | 0] ? red.data[i]! : v)) },
  ]) {
    const out = finishInpainting(answer, grey, mask, { who });
    const across = [39, 40, 41, 42, 43, 50].map((x) => greenOf(out, x));
    for (let k = 1; k < across.length; k++) expect(across[k]!).toBeLessThanOrEqual(across[k - 1]!);
    expect(across[1]!).toBeGreaterThan(0.3);
    expect(across[1]! - across[2]!).toBeLessThan(0.2);
    expect(greenOf(out, 60)).toBeLessThan(0.02);
    const hard = finishInpainting(answer, grey, mask, { who, featherPx: 0 });
    expect(greenOf(hard, 40)).toBeLessThan(0.02);
  }
});

test('ignored pixels stay, and lend no colour to the rim', () => {
  const ignore = rectMask(W, H, 38, 28, 10, 40);
  // What is ignored is of another colour: it must not pull the hole there.
  const odd = { ...image, data: image.data.slice() };
  for (let i = 0; i < W * H; i++) if (ignore.data[i]) odd.data.set([0, 0.2, 1], i * 3);
  const out = finishInpainting(plus(truth, 0.1), odd, mask, { who, ignore });
  const kept = createMask(W, H);
  const filled = createMask(W, H);
  for (let i = 0; i < W * H; i++) {
    kept.data[i] = ignore.data[i] || !mask.data[i] ? 0 : 1;
    filled.data[i] = kept.data[i]!;
  }
  expect(differingOutside(out, odd, kept)).toBe(0);
  expect(Math.abs(bias(out, truth, filled))).toBeLessThan(0.02);
});

test('nothing known: the answer as it is, clamped; nothing masked: a copy', () => {
  const all = rectMask(W, H, 0, 0, W, H);
  const loud = paint(W, H, () => [1.2, -0.1, 0.4]);
  const out = finishInpainting(loud, image, all, { who });
  expect([...out.data.slice(0, 2)]).toEqual([1, 0]);
  expect(out.data[2]).toBeCloseTo(0.4, 6);
  const same = finishInpainting(loud, image, createMask(W, H), { who });
  expect(bits(same)).toEqual(bits(image));
  expect(same.data).not.toBe(image.data);
});

function thrownBy(answer: RgbImage): string {
  try {
    finishInpainting(answer, image, mask, { who: 'IOPaint at 127.0.0.1' });
  } catch (error) {
    return error instanceof SplatmendError ? `${error.code}: ${error.message}` : String(error);
  }
  return 'nothing thrown';
}

test('an answer that cannot be used is refused by name', () => {
  const with1 = (v: number) => ({ ...truth, data: truth.data.map((x, i) => (i === 9000 ? v : x)) });
  expect(thrownBy(createRgbImage(W - 1, H))).toMatch(
    /^bad-answer: IOPaint at 127.0.0.1: its answer is 119 × 90 .* not 120 × 90/,
  );
  expect(thrownBy({ ...truth, data: truth.data.subarray(3) })).toMatch(/^bad-answer: /);
  for (const v of [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY])
    expect(thrownBy(with1(v))).toMatch(/^bad-answer: .*not finite/);
  expect(thrownBy({ ...truth, data: truth.data.map((v) => v * 255) })).toMatch(
    /^bad-answer: .*outside 0\.\.1/,
  );
  const bytes = Uint8Array.from(truth.data, (v) => v * 255) as unknown as Float32Array;
  expect(thrownBy({ ...truth, data: bytes })).toMatch(/^bad-answer: .*float32/);
  expect(thrownBy(with1(1.3))).toBe('nothing thrown');
});

const capabilities = {
  prompt: false,
  negativePrompt: false,
  seed: false,
  strength: false,
  depth: false,
  runs: 'here',
  progress: true,
  cancel: true,
} as const;

test('a painter is shown a picture without holes, and nothing of what was removed', async () => {
  const odd = { ...image, data: image.data.slice() };
  odd.data.set([Number.NaN, 1.5, -1], 0);
  const ignore = rectMask(W, H, 60, 30, 40, 30);
  const fractions: number[] = [];
  const painter = createForeignInpainter({
    id: 'test',
    who,
    capabilities,
    async paint(shown, wanted, hints, _signal, report) {
      expect(hints.prompt).toBe('a wall');
      expect(shown.data.every((v) => v >= 0 && v <= 1)).toBe(true);
      for (let i = 0; i < W * H; i++) {
        expect(wanted.data[i]).toBe(mask.data[i] && !ignore.data[i] ? 1 : 0);
        // The punched hole is magenta; the picture is not.
        if (mask.data[i])
          expect(shown.data[i * 3 + 2]! - shown.data[i * 3 + 1]!).toBeLessThan(0.05);
      }
      report(0.5);
      report(0.2);
      return truth;
    },
  });
  const out = await painter.inpaint(odd, mask, { ignore, prompt: 'a wall' }, undefined, (p) =>
    fractions.push(p.fraction),
  );
  expect(fractions).toEqual([0, 0.5, 0.5, 1]);
  expect(differingOutside(out, odd, mask)).toBe(0);
});

test('sizes are checked before, a cancel counts before and after; nothing to fill asks nobody', async () => {
  let asked = 0;
  const stop = new AbortController();
  const painter = createForeignInpainter({
    id: 'test',
    who,
    capabilities,
    async paint() {
      asked++;
      stop.abort();
      return truth;
    },
  });
  await expect(painter.inpaint(image, createMask(W, H - 1))).rejects.toMatchObject({
    code: 'bad-option',
  });
  const same = await painter.inpaint(image, createMask(W, H));
  expect(bits(same)).toEqual(bits(image));
  expect(asked).toBe(0);
  await expect(painter.inpaint(image, mask, {}, stop.signal)).rejects.toMatchObject({
    code: 'cancelled',
  });
  await expect(painter.inpaint(image, mask, {}, stop.signal)).rejects.toMatchObject({
    code: 'cancelled',
  });
  expect(asked).toBe(1);
});
