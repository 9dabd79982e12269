/**
 * Accepts: the WebAssembly blender equals the plain one to 1e-3 relative on 99.5 % of pixels, for every output (32
 * bits against 64: a contribution may fall on the other side of 1/255, a transmittance of 0.5). Its checked-in bytes are
 * what its text assembles to. Seeds 31 to 39.
 */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { createPlainBlender, leaseBlender } from '../../core/cpu/render/blender.ts';
import { createCpuRenderer } from '../../core/cpu/render/index.ts';
import { concatSplats, createSplatCloud } from '../../core/splat-cloud.ts';
import { assembleComposite, COMPOSITE_WASM } from '../support/wat.mjs';
import { oneSplat, randomCloud, same, shareOff, testCamera } from './render-fixtures.ts';

const OUTPUTS = ['rgb', 'alpha', 'depthMean', 'depthMedian', 'marked'] as const;
const camera = testCamera(149, 101, 130);

test('composite-wasm.ts is what composite.wat says', async () => {
  expect(readFileSync(COMPOSITE_WASM, 'utf8')).toBe(await assembleComposite());
});

describe('against the plain blender', () => {
  test.each([0, 3] as const)('SH degree %i, marked, background, a region', async (degree) => {
    const cloud = randomCloud(2000, degree, 31 + degree);
    const options = {
      marked: Uint8Array.from({ length: cloud.count }, (_, i) => (i % 4 === 0 ? 1 : 0)),
      background: [0.3, 0.1, 0.8] as const,
    };
    const plain = createCpuRenderer(cloud, { lease: createPlainBlender });
    const wasm = createCpuRenderer(cloud);
    for (const region of [undefined, { x0: 19, y0: 5, x1: 77, y1: 60 }]) {
      const wanted = region === undefined ? options : { ...options, region };
      const expected = await plain.render(camera, wanted);
      const actual = await wasm.render(camera, wanted);
      for (const key of OUTPUTS) {
        expect(shareOff(expected[key].data, actual[key].data, 1e-3, 0.05), key).toBeLessThan(5e-3);
      }
      expect(actual.alpha.data.some((a) => a > 0.9)).toBe(true);
    }
  });

  test('this runtime has WebAssembly SIMD: the two are not one', () => {
    const blender = leaseBlender();
    blender.reserve(1, 1);
    // A module's memory is one buffer, the plain arrays are two.
    expect(blender.records.buffer).toBe(blender.entries.buffer);
    blender.release();
  });

  test('splats from a hundredth of a pixel to a hundred pictures, and thin ones at all angles', async () => {
    let cloud = createSplatCloud(0);
    for (const [i, sigma] of [1e-4, 1e-3, 0.01, 0.1, 1, 100].entries()) {
      const one = oneSplat([0.02 * i, 0.01 * i, 1 + 0.1 * i], sigma, -2 + 0.5 * i, [1, i / 6, 0.3]);
      const thin = oneSplat([-0.03 * i, 0.1, 1.5], sigma, 2);
      thin.logScales.set([Math.log(sigma), Math.log(1e-5), Math.log(1e-5)]);
      thin.rotations.set([Math.cos(i), 0, 0, Math.sin(i)]);
      cloud = concatSplats(concatSplats(cloud, one), thin);
    }
    const expected = await createCpuRenderer(cloud, { lease: createPlainBlender }).render(camera);
    const actual = await createCpuRenderer(cloud).render(camera);
    for (const key of OUTPUTS) {
      expect(shareOff(expected[key].data, actual[key].data, 1e-3, 0.05), key).toBeLessThan(5e-3);
    }
  });
});

test('in small batches, front to back: bit for bit the same picture', async () => {
  const cloud = randomCloud(1500, 0, 36);
  const marked = Uint8Array.from({ length: cloud.count }, (_, i) => i & 1);
  for (const lease of [leaseBlender, createPlainBlender]) {
    const whole = await createCpuRenderer(cloud, { lease }).render(camera, { marked });
    for (const limits of [{ maxSplats: 97 }, { maxEntries: 500 }]) {
      const parts = await createCpuRenderer(cloud, { lease, limits }).render(camera, { marked });
      for (const key of OUTPUTS) expect(same(whole[key].data, parts[key].data), key).toBe(true);
    }
  }
});

test('full tiles take no more: what lies behind opaque splats changes nothing', async () => {
  // Five sheets leave 1e-5 of the light, which is less than full and would show in the last bits; the rest is behind them.
  let front = createSplatCloud(0);
  for (let k = 0; k < 5; k++) {
    front = concatSplats(front, oneSplat([0, 0, 0.5 + 0.001 * k], 3, Math.log(9)));
  }
  const behind = randomCloud(400, 0, 37);
  for (let i = 0; i < behind.count; i++) behind.positions[i * 3 + 2]! += 4;
  const limits = { maxSplats: 4 };
  for (const lease of [leaseBlender, createPlainBlender]) {
    const lone = await createCpuRenderer(front, { lease, limits }).render(camera);
    const both = await createCpuRenderer(concatSplats(front, behind), { lease, limits }).render(
      camera,
    );
    for (const key of OUTPUTS) expect(same(lone[key].data, both[key].data), key).toBe(true);
    expect(Math.min(...lone.alpha.data)).toBeGreaterThan(0.9999);
    expect(Math.max(...lone.alpha.data)).toBeLessThan(1);
  }
});

test('two pictures at once, and one cancelled, do not disturb each other', async () => {
  const [one, other] = [randomCloud(1200, 1, 38), randomCloud(1200, 1, 39)];
  const renderers = [createCpuRenderer(one), createCpuRenderer(other)] as const;
  const alone = [await renderers[0].render(camera), await renderers[1].render(camera)];
  const stopped = createCpuRenderer(one).render(camera, {}, AbortSignal.abort());
  const [first, , second] = await Promise.all([
    renderers[0].render(camera),
    expect(stopped).rejects.toMatchObject({ code: 'cancelled' }),
    renderers[1].render(camera),
  ]);
  for (const key of OUTPUTS) {
    expect(same(alone[0]![key].data, first[key].data), key).toBe(true);
    expect(same(alone[1]![key].data, second[key].data), key).toBe(true);
  }
});
