// Accepts: a removal with polish edits the same rows and adds as many splats as one without, nearer to their pictures; without it
// (0, the default) it is bit for bit what it was. Told and cancelled like every step. Seeds 1 (line) and 5 (scene).
import { expect, test } from 'vitest';
import { applyPatch } from '../../core/patch.ts';
import { REMOVE_DEFAULTS } from '../../core/remove-types.ts';
import { takeSplats } from '../../core/splat-cloud.ts';
import { same } from '../core/render-fixtures.ts';
import { againstTruth, mend } from '../support/mending-run.ts';
import { mendingScene } from '../support/mending-scene.ts';

const FIELDS = ['positions', 'logScales', 'rotations', 'opacityLogits', 'dc', 'shRest'] as const;
const VIEWS = 2;

test('polished, and not', async () => {
  const scene = mendingScene({ shDegree: 1, extras: true });
  const told: { step: string; fraction: number }[] = [];
  const without = await mend(scene, { options: { views: VIEWS } });
  const off = await mend(scene, { options: { views: VIEWS, polish: 0 } });
  const done = await mend(scene, {
    options: { views: VIEWS, polish: 40 },
    onProgress: (progress) => told.push(progress),
  });
  expect(REMOVE_DEFAULTS.polish).toBe(0);
  for (const key of FIELDS) {
    expect(same(off.patch.added[key], without.patch.added[key]), key).toBe(true);
  }
  expect(off.figures.polish).toBeUndefined();
  expect(off.figures.seconds).not.toHaveProperty('polish');

  expect(done.patch.removed).toEqual(without.patch.removed);
  expect(done.patch.added.count).toBe(without.patch.added.count);
  const { before, after } = done.figures.polish!;
  expect(after).toBeLessThan(0.95 * before);
  expect(done.figures.seconds.polish).toBeGreaterThan(0);
  expect(done.filledViews).toEqual([]);
  expect(same(done.patch.added.dc, without.patch.added.dc)).toBe(false);
  expect(done.patch.added.shRest.every((v) => v === 0)).toBe(true);
  expect(againstTruth(scene, done.patch.added).covered).toBeGreaterThan(0.9);

  const after_ = applyPatch(scene.cloud, done.patch);
  const rows = Array.from(scene.selection, (_, i) => i).filter((i) => scene.selection[i] === 0);
  const survivors = takeSplats(scene.cloud, rows);
  const kept = takeSplats(
    after_,
    rows.map((_, i) => i),
  );
  for (const key of FIELDS) expect(same(kept[key], survivors[key]), key).toBe(true);

  expect(told.some(({ step }) => step === 'polish')).toBe(true);
  for (let i = 1; i < told.length; i++) {
    expect(told[i]!.fraction).toBeGreaterThanOrEqual(told[i - 1]!.fraction);
  }
});

test('cancelled while it polishes', async () => {
  const stop = new AbortController();
  const run = mend(mendingScene(), {
    options: { views: 1, polish: 200 },
    onProgress: ({ step }) => {
      if (step === 'polish') stop.abort();
    },
    signal: stop.signal,
  });
  await expect(run).rejects.toMatchObject({ code: 'cancelled' });
});
