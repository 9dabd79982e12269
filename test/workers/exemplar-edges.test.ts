// What the exemplar inpainter promises at the edges: exact outside the mask, the same seed gives the same
// bits, every degenerate input has its documented answer, cancel and progress work. Exact comparisons, no
// tolerance, except where a smooth fill is checked against the value that it must take (1e-3).
import { expect, test } from 'vitest';
import { createMask, createRgbImage, type Mask, type RgbImage } from '../../core/image.ts';
import type { Progress } from '../../core/progress.ts';
import { createExemplarInpainter } from '../../workers/inpainters/exemplar/index.ts';
import { bricks, paint, punch, rectMask, shadedNoise } from './exemplar-textures.ts';

const inpainter = createExemplarInpainter();
const bits = (image: RgbImage) => new Uint32Array(image.data.buffer);

function expectOutsideExact(out: RgbImage, image: RgbImage, mask: Mask): void {
  const a = bits(out);
  const b = bits(image);
  let differ = 0;
  for (let i = 0; i < mask.data.length; i++) {
    if (mask.data[i]) continue;
    for (let c = 0; c < 3; c++) if (a[i * 3 + c] !== b[i * 3 + c]) differ++;
  }
  expect(differ).toBe(0);
}
function expectFinite(out: RgbImage, mask: Mask): void {
  for (let i = 0; i < mask.data.length; i++)
    if (mask.data[i])
      for (let c = 0; c < 3; c++) expect(Number.isFinite(out.data[i * 3 + c])).toBe(true);
}

test('outside the mask: bit for bit, for holes at borders and in several parts; input untouched', async () => {
  const truth = bricks(150, 110, 1);
  const mask = rectMask(150, 110, 0, 0, 30, 25);
  for (const [x, y, w, h] of [
    [120, 80, 30, 30],
    [70, 50, 9, 3],
    [60, 107, 40, 3],
  ] as const)
    for (let v = y; v < y + h; v++) mask.data.fill(1, v * 150 + x, v * 150 + x + w);
  const image = punch(truth, mask);
  const before = image.data.slice();
  const out = await inpainter.inpaint(image, mask, { seed: 3 });
  expect(image.data).toEqual(before);
  expect(out.data).not.toBe(image.data);
  expectOutsideExact(out, image, mask);
  expectFinite(out, mask);
  // Nothing of the magenta in the holes has been copied or blended in.
  for (let i = 0; i < mask.data.length; i++)
    if (mask.data[i]) expect(out.data[i * 3 + 2]! - out.data[i * 3 + 1]!).toBeLessThan(0.1);
});

test('same seed, same bits; the content under the mask does not matter', async () => {
  const truth = shadedNoise(120, 90, 2);
  const mask = rectMask(120, 90, 40, 30, 34, 30);
  const a = await inpainter.inpaint(punch(truth, mask), mask, { seed: 5 });
  const b = await inpainter.inpaint(truth, mask, { seed: 5 });
  const c = await inpainter.inpaint(truth, mask, { seed: 6 });
  expect(bits(a)).toEqual(bits(b));
  expect(bits(c)).not.toEqual(bits(a));
});

test('ignored, NaN, infinite and absurd pixels are neither filled nor copied from', async () => {
  const truth = bricks(120, 90, 4);
  const mask = rectMask(120, 90, 45, 30, 30, 30);
  const ignore = createMask(120, 90);
  // A green field beside the hole that must not be used, touching and overlapping the mask.
  for (let y = 10; y < 80; y++) {
    for (let x = 70; x < 100; x++) {
      ignore.data[y * 120 + x] = 1;
      truth.data.set([0, 1, 0], (y * 120 + x) * 3);
    }
  }
  truth.data[(40 * 120 + 20) * 3] = Number.NaN;
  truth.data[(20 * 120 + 60) * 3 + 1] = Number.POSITIVE_INFINITY;
  truth.data[(70 * 120 + 50) * 3 + 2] = 1e30;
  const out = await inpainter.inpaint(truth, mask, { ignore, seed: 1 });
  const filled = createMask(120, 90);
  for (let i = 0; i < mask.data.length; i++) filled.data[i] = mask.data[i]! & ~ignore.data[i]!;
  expectOutsideExact(out, truth, filled);
  expectFinite(out, filled);
  for (let i = 0; i < filled.data.length; i++)
    if (filled.data[i]) expect(out.data[i * 3 + 1]! - out.data[i * 3]!).toBeLessThan(0.1);
});

test('nothing masked: a copy', async () => {
  const image = bricks(20, 20, 1);
  const out = await inpainter.inpaint(image, createMask(20, 20));
  expect(bits(out)).toEqual(bits(image));
  expect(out.data).not.toBe(image.data);
});

test('everything masked: mid grey; everything but one pixel: its colour', async () => {
  const image = bricks(40, 30, 1);
  const all = rectMask(40, 30, 0, 0, 40, 30);
  const grey = await inpainter.inpaint(image, all);
  expect([...new Set(grey.data)]).toEqual([0.5]);
  all.data[15 * 40 + 20] = 0;
  image.data.set([0.25, 0.5, 0.75], (15 * 40 + 20) * 3);
  const one = await inpainter.inpaint(image, all);
  for (let i = 0; i < 40 * 30; i++) {
    expect(one.data[i * 3]).toBeCloseTo(0.25, 3);
    expect(one.data[i * 3 + 2]).toBeCloseTo(0.75, 3);
  }
});

test('pictures smaller than a patch, and too few sources: a smooth fill', async () => {
  const ramp = paint(5, 4, (x) => [x / 4, 0.5, 1 - x / 4]);
  const mask = rectMask(5, 4, 2, 1, 1, 2);
  const out = await inpainter.inpaint(punch(ramp, mask), mask);
  expectOutsideExact(out, ramp, mask);
  expect(out.data[(1 * 5 + 2) * 3]).toBeCloseTo(0.5, 1);
  const single = { width: 1, height: 1, data: Float32Array.of(0.1, 0.2, 0.3) };
  const dot = await inpainter.inpaint(single, rectMask(1, 1, 0, 0, 1, 1));
  expect([...dot.data]).toEqual([0.5, 0.5, 0.5]);
  // A one-pixel comb: every patch holds a masked pixel.
  const comb = createMask(64, 64);
  for (let i = 0; i < comb.data.length; i += 4) comb.data[i] = 1;
  const soft = await inpainter.inpaint(shadedNoise(64, 64, 1), comb);
  expectFinite(soft, comb);
  expect(Math.max(...soft.data)).toBeLessThan(1);
});

test('depth full of zeros, NaN and infinity guides nothing and breaks nothing', async () => {
  const image = bricks(100, 80, 2);
  const mask = rectMask(100, 80, 40, 30, 20, 20);
  for (const fill of [0, Number.NaN, Number.POSITIVE_INFINITY, -1]) {
    const depth = { width: 100, height: 80, data: new Float32Array(8000).fill(fill) };
    const out = await inpainter.inpaint(image, mask, { depth });
    expectOutsideExact(out, image, mask);
    expectFinite(out, mask);
  }
});

test('a depth guide in other units gives the same bits', async () => {
  const image = bricks(100, 80, 2);
  const mask = rectMask(100, 80, 40, 30, 20, 20);
  const at = (scale: number) => ({
    width: 100,
    height: 80,
    data: Float32Array.from({ length: 8000 }, (_, i) => scale * (1 + 0.004 * (i % 100))),
  });
  // Powers of two: exact in floats.
  const a = await inpainter.inpaint(image, mask, { depth: at(1) });
  const b = await inpainter.inpaint(image, mask, { depth: at(1 / 128) });
  expect(bits(b)).toEqual(bits(a));
});

test('cancel before and in the middle; progress never falls and ends at 1', async () => {
  const truth = bricks(220, 200, 3);
  const mask = rectMask(220, 200, 60, 50, 100, 100);
  const gone = new AbortController();
  gone.abort();
  await expect(inpainter.inpaint(truth, mask, {}, gone.signal)).rejects.toMatchObject({
    code: 'cancelled',
  });

  const stop = new AbortController();
  const seen: Progress[] = [];
  await expect(
    inpainter.inpaint(truth, mask, {}, stop.signal, (p) => {
      seen.push(p);
      if (p.fraction > 0.1) stop.abort();
    }),
  ).rejects.toMatchObject({ code: 'cancelled' });
  expect(seen.at(-1)!.fraction).toBeLessThan(1);

  const small = rectMask(220, 200, 10, 10, 20, 20);
  for (let y = 150; y < 170; y++) small.data.fill(1, y * 220 + 150, y * 220 + 180);
  const fractions: number[] = [];
  await inpainter.inpaint(truth, small, {}, undefined, (p) => fractions.push(p.fraction));
  for (let i = 1; i < fractions.length; i++)
    expect(fractions[i]).toBeGreaterThanOrEqual(fractions[i - 1]!);
  expect(fractions.at(-1)).toBe(1);
  expect(fractions.length).toBeGreaterThan(5);
});

test('a cancel from outside gets in while it works', async () => {
  const truth = bricks(300, 260, 3);
  const mask = rectMask(300, 260, 60, 50, 160, 150);
  const stop = new AbortController();
  let atAbort = process.cpuUsage();
  setTimeout(() => {
    atAbort = process.cpuUsage();
    stop.abort();
  }, 100);
  await expect(inpainter.inpaint(truth, mask, {}, stop.signal)).rejects.toMatchObject({
    code: 'cancelled',
  });
  // CPU time, since other work shares the machine. The whole fill takes about 3 s of it.
  const { user, system } = process.cpuUsage(atAbort);
  expect((user + system) / 1000).toBeLessThan(1000);
});

test('bad options and images of different sizes are refused by name', async () => {
  for (const options of [{ patchRadiusPx: 0 }, { patchRadiusPx: 2.5 }, { shading: Number.NaN }])
    expect(() => createExemplarInpainter(options)).toThrow(/exemplar inpainter: .* give/);
  const image = createRgbImage(10, 10);
  await expect(inpainter.inpaint(image, createMask(9, 10))).rejects.toMatchObject({
    code: 'bad-option',
  });
  await expect(
    inpainter.inpaint({ ...image, width: 11 }, createMask(11, 10)),
  ).rejects.toMatchObject({ code: 'bad-option' });
});
