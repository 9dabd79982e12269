// Accepts: a palette with room for every row is exact; one with room for every cluster finds them (rows
// are 32 prototypes in 9 dimensions, spread ±1, with noise of ±0.01: errors stay at the noise's size);
// one too small only loses detail; a codebook of 256 over normal values beats even steps over
// their range (whose RMS error is step / √12). Seed 7.
import { expect, test } from 'vitest';
import { buildCodebook, buildPalette, nearestInCodebook } from '../../../core/formats/palette.ts';
import { createRandom } from '../../../core/random.ts';

const WIDTH = 9;
function clustered(rows: number, noise: number): Float32Array {
  const random = createRandom(7);
  const prototypes = Float32Array.from({ length: 32 * WIDTH }, () => random() * 2 - 1);
  return Float32Array.from(
    { length: rows * WIDTH },
    (_, i) =>
      prototypes[(Math.floor(i / WIDTH) % 32) * WIDTH + (i % WIDTH)]! + noise * (random() * 2 - 1),
  );
}

async function rmsError(rows: Float32Array, most: number): Promise<number> {
  const { entries, count, labels } = await buildPalette(rows, WIDTH, most);
  expect(count).toBeLessThanOrEqual(most);
  expect(entries.length).toBe(count * WIDTH);
  expect(labels.every((label) => label < count)).toBe(true);
  let sum = 0;
  for (let i = 0; i < rows.length; i++) {
    const label = labels[Math.floor(i / WIDTH)]!;
    sum += (rows[i]! - entries[label * WIDTH + (i % WIDTH)]!) ** 2;
  }
  return Math.sqrt(sum / rows.length);
}

test('as many entries as rows: exact', async () => {
  expect(await rmsError(clustered(500, 0.5), 500)).toBe(0);
  expect(await rmsError(clustered(500, 0.5), 65536)).toBe(0);
});

test('finds clusters', async () => {
  expect(await rmsError(clustered(3200, 0), 64)).toBeLessThan(1e-6);
  expect(await rmsError(clustered(3200, 0.01), 128)).toBeLessThan(0.012);
});

test('more entries, less error; one entry is the mean', async () => {
  const rows = clustered(3200, 0.2);
  const errors = [];
  for (const most of [1, 4, 16, 64, 256, 1024]) errors.push(await rmsError(rows, most));
  expect(errors).toEqual([...errors].sort((a, b) => b - a));
  expect(errors[0]).toBeGreaterThan(0.4);
  // The noise alone is 0.2 / √3 = 0.115.
  expect(errors[4]).toBeLessThan(0.12);
});

test('equal rows and cancelling', async () => {
  expect((await buildPalette(new Float32Array(900).fill(0.3), WIDTH, 10)).count).toBe(1);
  await expect(
    buildPalette(new Float32Array(WIDTH * 4_000_000), WIDTH, 2, AbortSignal.abort()),
  ).rejects.toMatchObject({ code: 'cancelled' });
});

test('codebook', () => {
  const random = createRandom(7);
  const normal = () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  const values = Float32Array.from({ length: 50_000 }, normal);
  const book = buildCodebook(values);
  expect(book).toEqual(book.slice().sort());
  const error = Math.sqrt(
    values.reduce((sum, v) => sum + (v - book[nearestInCodebook(book, v)]!) ** 2, 0) /
      values.length,
  );
  const range = Math.max(...values) - Math.min(...values);
  expect(error).toBeLessThan(range / 256 / Math.sqrt(12));
  for (const v of values.subarray(0, 500)) {
    const best = Math.min(...book.map((b) => Math.abs(b - v)));
    expect(Math.abs(book[nearestInCodebook(book, v)]! - v)).toBeCloseTo(best, 6);
  }
  expect(new Set(buildCodebook(new Float32Array(9).fill(-2)))).toEqual(new Set([-2]));
});
