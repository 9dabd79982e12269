// Accepts: a removal with polish adds what the polisher gave back and edits nothing else; its fills are nearer to their pictures; it
// is told of, timed, and cancelled by the line's signal. Without it (0, the default) no step of it runs: what the polisher was given
// is what such a removal adds. Seeds 1 (line) and 5 (scene).
import { expect, test } from 'vitest';
import { createCpuKernels } from '../../core/cpu/kernels.ts';
import { applyPatch } from '../../core/patch.ts';
import type { Polished, PolishView } from '../../core/polish-types.ts';
import { REMOVE_DEFAULTS } from '../../core/remove-types.ts';
import { selectedRows } from '../../core/selection.ts';
import { type SplatCloud, takeSplats } from '../../core/splat-cloud.ts';
import { same } from '../core/render-fixtures.ts';
import { againstTruth, mend } from '../support/mending-run.ts';
import { mendingScene } from '../support/mending-scene.ts';

const FIELDS = ['positions', 'logScales', 'rotations', 'opacityLogits', 'dc', 'shRest'] as const;

function expectSame(a: SplatCloud, b: SplatCloud): void {
  for (const key of FIELDS) expect(same(a[key], b[key]), key).toBe(true);
}

test('the line polishes what it filled', async () => {
  const scene = mendingScene({ shDegree: 1, extras: true });
  const told: { step: string; fraction: number }[] = [];
  const cpu = createCpuKernels();
  const given: { splats: SplatCloud; views: readonly PolishView[] }[] = [];
  const got: Polished[] = [];
  const { signal } = new AbortController();
  const done = await mend(scene, {
    options: { views: 1, resolution: 64, polish: 40 },
    kernels: {
      ...cpu,
      async polish(splats, views, options, onStep, asked) {
        expect(options).toEqual({ steps: 40 });
        expect(asked).toBe(signal);
        given.push({ splats, views });
        const polished = await cpu.polish(splats, views, options, onStep, asked);
        got.push(polished);
        return polished;
      },
    },
    onProgress: (progress) => told.push(progress),
    signal,
  });
  expect(REMOVE_DEFAULTS.polish).toBe(0);
  expect(given.length).toBe(1);
  const [{ splats, views }, polished] = [given[0]!, got[0]!];
  const { patch, figures } = done;
  expect(patch.removed).toEqual(selectedRows(scene.selection));
  expectSame(patch.added, polished.splats);
  expect(patch.added.count).toBe(splats.count);
  expect(same(patch.added.dc, splats.dc)).toBe(false);
  expect(patch.added.shRest.every((v) => v === 0)).toBe(true);
  expect(figures.polish).toEqual({ before: polished.before, after: polished.after });
  // On this scene a fill is within a fifth of an 8-bit step of its picture already: how much is won is test/core/polish.test.ts'.
  expect(polished.after).toBeLessThan(polished.before);
  expect(figures.seconds.polish).toBeGreaterThan(0);
  expect(done.filledViews).toEqual([]);
  expect(againstTruth(scene, patch.added).covered).toBeGreaterThan(0.8);

  // Frozen splats are survivors alone; and they come out as they went in.
  expect(views.length).toBe(1);
  const survivors = takeSplats(scene.cloud, selectedRows(scene.selection, 0));
  expect(views[0]!.frozen.count).toBeGreaterThan(0);
  expect(views[0]!.frozen.count).toBeLessThanOrEqual(survivors.count);
  const mended = applyPatch(scene.cloud, patch);
  expectSame(
    takeSplats(
      mended,
      Uint32Array.from({ length: survivors.count }, (_, i) => i),
    ),
    survivors,
  );

  expect(told.some(({ step }) => step === 'polish')).toBe(true);
  for (let i = 1; i < told.length; i++) {
    expect(told[i]!.fraction).toBeGreaterThanOrEqual(told[i - 1]!.fraction);
  }
});
