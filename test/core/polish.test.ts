/**
 * Accepts: the polish's gradient equals central differences (64 bits, step 1e-6) to 1e-3 of itself, or of a thousandth of the
 * kind's largest, for every parameter of every splat; its loss equals the reference renderer's picture's to 1e-4 (records of
 * 32 bits). Spoilt splats come nearer to the truth in the pictures they are polished against and in a held one; scales
 * × 0.01 and × 100 give the same to 1 % of a colour step (start values are rounded to 32 bits). Seeds 3, 4 and 11.
 */
import { describe, expect, test } from 'vitest';
import { polishCpu, polishGradient } from '../../core/cpu/polish/index.ts';
import {
  DC,
  LOG_SCALE,
  OFFSET,
  OPACITY_LOGIT,
  PARAMS,
  ROTATION,
} from '../../core/cpu/polish/state.ts';
import { createCpuRenderer } from '../../core/cpu/render/index.ts';
import { createMask } from '../../core/image.ts';
import { concatSplats, SH_C0, type SplatCloud } from '../../core/splat-cloud.ts';
import { noisyProblem, type PatchScene, spoiltPatch } from '../support/polish-scene.ts';
import { same } from './render-fixtures.ts';

const DEPTH_WEIGHT = 0.2;

describe('gradient', () => {
  const KINDS: [string, number, number][] = [
    ['colour', DC, 3],
    ['opacity', OPACITY_LOGIT, 1],
    ['scales', LOG_SCALE, 3],
    ['offset along the normal', OFFSET, 1],
    ['rotation', ROTATION, 4],
  ];
  test.each(KINDS)('%s', async (_, first, count) => {
    for (const seed of [3, 4]) {
      const { plan, state } = await noisyProblem(14, 30, [45, 37], seed);
      const { values } = state;
      const gradient = new Float64Array(values.length);
      polishGradient(plan, values, DEPTH_WEIGHT, gradient);
      const loss = () => polishGradient(plan, values, DEPTH_WEIGHT);
      const places: number[] = [];
      for (let i = 0; i < state.count; i++) {
        for (let k = 0; k < count; k++) places.push(i * PARAMS + first + k);
      }
      const largest = Math.max(...places.map((at) => Math.abs(gradient[at]!)));
      expect(largest).toBeGreaterThan(1e-5);
      for (const at of places) {
        const value = values[at]!;
        const step = 1e-6;
        values[at] = value + step;
        const above = loss();
        values[at] = value - step;
        const below = loss();
        values[at] = value;
        const slope = (above - below) / (2 * step);
        const floor = 1e-3 * largest;
        expect(
          Math.abs(gradient[at]! - slope) / Math.max(Math.abs(slope), floor),
          `splat ${Math.floor(at / PARAMS)} parameter ${at % PARAMS}: ${gradient[at]} is not ${slope}`,
        ).toBeLessThan(1e-3);
      }
    }
  });
});

test('the blend is the renderer’s', async () => {
  const { plan, state, splats, view } = await noisyProblem(40, 60, [45, 37], 4);
  const { rgb } = await createCpuRenderer(bareOf(view.frozen, splats)).render(view.camera);
  let sum = 0;
  let pixels = 0;
  for (let i = 0; i < view.mask.data.length; i++) {
    if (view.mask.data[i] === 0) continue;
    pixels++;
    for (let c = 0; c < 3; c++) sum += Math.abs(rgb.data[i * 3 + c]! - view.rgb.data[i * 3 + c]!);
  }
  const expected = sum / 3 / pixels;
  expect(Math.abs(polishGradient(plan, state.values, 0) - expected)).toBeLessThan(1e-4 * expected);
});

/** Both in one cloud, of the frozen ones' SH degree. */
function bareOf(frozen: SplatCloud, splats: SplatCloud): SplatCloud {
  const shRest = new Float32Array((frozen.shRest.length / frozen.count) * splats.count);
  return concatSplats(frozen, { ...splats, shDegree: frozen.shDegree, shRest });
}

/** PSNR, dB, of new splats in the held picture, where the patch is. */
async function heldDb(scene: PatchScene, splats: SplatCloud): Promise<number> {
  const picture = (added: SplatCloud) =>
    createCpuRenderer(concatSplats(scene.frozen, added)).render(scene.held);
  const [now, truth] = [await picture(splats), await picture(scene.truth)];
  let sum = 0;
  let count = 0;
  scene.heldMask.data.forEach((set, i) => {
    if (set === 0) return;
    for (let c = 0; c < 3; c++) sum += (now.rgb.data[i * 3 + c]! - truth.rgb.data[i * 3 + c]!) ** 2;
    count += 3;
  });
  return -10 * Math.log10(sum / count);
}

describe('spoilt splats', () => {
  test('come nearer to the truth, in a held picture too; nothing frozen changes', async () => {
    const scene = await spoiltPatch();
    const before = structuredClone({ spoilt: scene.spoilt, frozen: scene.frozen });
    const done = await polishCpu(scene.spoilt, scene.views, { steps: 150 });
    expect(done.after).toBeLessThan(0.4 * done.before);
    const [was, is] = [await heldDb(scene, scene.spoilt), await heldDb(scene, done.splats)];
    expect(is).toBeGreaterThan(was + 5);
    const off = (cloud: SplatCloud) => {
      let sum = 0;
      for (let i = 0; i < cloud.count; i++) sum += Math.abs(cloud.positions[i * 3 + 2]!);
      return sum / cloud.count;
    };
    expect(off(done.splats)).toBeLessThan(0.7 * off(scene.spoilt));
    for (const key of ['positions', 'logScales', 'rotations', 'opacityLogits', 'dc'] as const) {
      expect(same(scene.frozen[key], before.frozen[key]), key).toBe(true);
      expect(same(scene.spoilt[key], before.spoilt[key]), key).toBe(true);
    }
  });

  test('the scene × 0.01 and × 100: the same', async () => {
    const [one, small, large] = await Promise.all(
      [1, 0.01, 100].map(async (scale) => {
        const scene = await spoiltPatch(scale, 32);
        return { scale, ...(await polishCpu(scene.spoilt, scene.views, { steps: 20 })) };
      }),
    );
    for (const other of [small!, large!]) {
      for (let i = 0; i < one!.splats.dc.length; i++) {
        expect(SH_C0 * Math.abs(one!.splats.dc[i]! - other.splats.dc[i]!)).toBeLessThan(0.01);
      }
      for (let i = 0; i < one!.splats.positions.length; i++) {
        const gap = Math.abs(one!.splats.positions[i]! - other.splats.positions[i]! / other.scale);
        expect(gap).toBeLessThan(0.1 * 0.06);
      }
    }
  });

  test('seen by one view alone: place and rotation stay bit for bit, the rest still comes nearer', async () => {
    const { spoilt, views } = await spoiltPatch(1, 32);
    const done = await polishCpu(spoilt, views.slice(0, 1), { steps: 60 });
    expect(done.after).toBeLessThan(0.6 * done.before);
    expect(same(done.splats.positions, spoilt.positions)).toBe(true);
    expect(same(done.splats.rotations, spoilt.rotations)).toBe(true);
    expect(same(done.splats.logScales, spoilt.logScales)).toBe(false);
  });

  test('what is as it should be stays as it is, bit for bit', async () => {
    const scene = await spoiltPatch(1, 32);
    const done = await polishCpu(scene.truth, scene.views, { steps: 10, depthWeight: 0 });
    expect(done.splats).toBe(scene.truth);
    expect(done.after).toBe(done.before);
  });
});

describe('ends', () => {
  test('nothing to do: no step, no view, nothing compared, no splat', async () => {
    const { spoilt, views } = await spoiltPatch(1, 32);
    const nothing = { ...views[0]!, mask: createMask(32, 32) };
    expect((await polishCpu(spoilt, views, { steps: 0 })).splats).toBe(spoilt);
    expect((await polishCpu(spoilt, [])).splats).toBe(spoilt);
    expect((await polishCpu(spoilt, [nothing])).splats).toBe(spoilt);
    const none = { ...noSplats(spoilt) };
    expect((await polishCpu(none, views)).splats).toBe(none);
  });

  test('cancelled, before and in the middle', async () => {
    const { spoilt, views } = await spoiltPatch(1, 32);
    const cancelled = { code: 'cancelled' };
    await expect(
      polishCpu(spoilt, views, {}, undefined, AbortSignal.abort()),
    ).rejects.toMatchObject(cancelled);
    const stop = new AbortController();
    const told: number[] = [];
    const onStep = (done: number) => {
      told.push(done);
      stop.abort();
    };
    await expect(
      polishCpu(spoilt, views, { steps: 100 }, onStep, stop.signal),
    ).rejects.toMatchObject(cancelled);
    expect(told.length).toBe(1);
  });

  test('bad options have a name', async () => {
    const { spoilt, views } = await spoiltPatch(1, 32);
    for (const options of [{ steps: -1 }, { steps: 1.5 }, { depthWeight: Number.NaN }]) {
      await expect(polishCpu(spoilt, views, options)).rejects.toMatchObject({ code: 'bad-option' });
    }
  });
});

const noSplats = (like: SplatCloud): SplatCloud => ({
  ...like,
  count: 0,
  positions: new Float32Array(0),
  logScales: new Float32Array(0),
  rotations: new Float32Array(0),
  opacityLogits: new Float32Array(0),
  dc: new Float32Array(0),
});
