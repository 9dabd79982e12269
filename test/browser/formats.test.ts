// Accepts: every format is written and read in Chromium, on the main thread and in a module worker, with
// what Node gives: counts and positions (the tolerance of the coarsest format, see lossy.test.ts). No
// request leaves for a WASM file that is not served. Seed 7.
import { expect, test } from 'vitest';
import { SPLAT_FORMATS } from '../../core/formats/index.ts';
import { roundTripAll } from './formats-round-trip.ts';

const EXPECTED = SPLAT_FORMATS.map((format) => ({ format, count: 400, close: true }));

test('main thread', async () => {
  expect(await roundTripAll()).toEqual(EXPECTED);
});

test('module worker', async () => {
  const worker = new Worker(new URL('./formats-worker.ts', import.meta.url), { type: 'module' });
  try {
    const answer = await new Promise((resolve, reject) => {
      worker.onmessage = (event) => resolve(event.data);
      worker.onerror = (event) => reject(new Error(event.message));
    });
    expect(answer).toEqual(EXPECTED);
  } finally {
    worker.terminate();
  }
});
