// Accepts: clouds are shown one after another; both sides of a proposal are one table, so that changing sides fills
// nothing; a failed fill leaves what was shown. Exact: colours are bytes.
import { expect, test } from 'vitest';
import { applyPatch } from '../../core/patch.ts';
import { createSplatCloud, type SplatCloud } from '../../core/splat-cloud.ts';
import { ShownCloud } from '../../plugin/hosts/shown-cloud.ts';

/** Splats that are drawn, each with a red of its own. */
function cloudOf(count: number): SplatCloud {
  const cloud = createSplatCloud(count);
  for (let i = 0; i < count; i++) {
    cloud.rotations[i * 4] = 1;
    cloud.opacityLogits[i] = 5;
    cloud.dc[i * 3] = i / 10;
  }
  return cloud;
}
/** An engine that remembers how many splats it was filled with. */
function engine() {
  const fills: number[] = [];
  const state = { fails: false, repaints: 0 };
  const shown = new ShownCloud(
    {
      async fill(table, adopt) {
        await Promise.resolve();
        if (state.fails) throw new Error('out of memory');
        adopt();
        fills.push(table.count);
      },
      repaint: () => state.repaints++,
    },
    {},
  );
  return { shown, fills, state };
}
const alphas = (shown: ShownCloud) => [...shown.painted()].filter((_, k) => k % 4 === 3);

test('sides of a proposal share a table, kept or discarded', async () => {
  const { shown, fills, state } = engine();
  const before = cloudOf(4);
  const patch = { removed: Uint32Array.of(1), added: cloudOf(2) };
  const after = applyPatch(before, patch);
  await shown.show(before, { kind: 'open' });
  await shown.show(after, { kind: 'proposal', removed: patch.removed, added: 2 });
  expect([fills, state.repaints]).toEqual([[4, 6], 0]);
  expect(alphas(shown).map((a) => a > 0)).toEqual([true, false, true, true, true, true]);
  await shown.show(before, { kind: 'compare' });
  expect(shown.cloud).toBe(before);
  expect(alphas(shown).map((a) => a > 0)).toEqual([true, true, true, true, false, false]);
  await shown.show(after, { kind: 'accept' });
  expect([fills, state.repaints]).toEqual([[4, 6], 2]);

  // The next one starts from what was kept.
  const next = { removed: Uint32Array.of(0, 4), added: createSplatCloud(0) };
  await shown.show(applyPatch(after, next), { kind: 'proposal', removed: next.removed, added: 0 });
  expect(fills).toEqual([4, 6, 5]);
  expect(alphas(shown).filter((a) => a > 0)).toHaveLength(3);
});

test('new splats that have moved: their places change, and nothing else is made anew', async () => {
  const before = cloudOf(4);
  const patch = { removed: Uint32Array.of(1), added: cloudOf(2) };
  const after = applyPatch(before, patch);
  const tables: SplatCloud[] = [];
  const shown = new ShownCloud(
    {
      fill: async (table, adopt) => {
        adopt();
        tables.push(table);
      },
      repaint: () => undefined,
    },
    {},
  );
  await shown.show(before, { kind: 'open' });
  const change = { kind: 'proposal', removed: patch.removed, added: 2 } as const;
  await shown.show(after, change);
  const colours = [...shown.painted()];
  const moved = {
    ...after,
    positions: after.positions.slice(),
    logScales: after.logScales.slice(),
  };
  moved.positions.fill(7, 9);
  moved.logScales.fill(-2, 9);
  await shown.show(moved, change);
  const [, first, second] = tables;
  expect(second!.dc).toBe(first!.dc);
  expect([...second!.positions]).toEqual([
    ...first!.positions.subarray(0, 12),
    ...Array(6).fill(7),
  ]);
  expect([...second!.logScales.subarray(12)]).toEqual(Array(6).fill(-2));
  expect([...shown.painted()]).toEqual(colours);
  // Both sides are still one table.
  await shown.show(before, { kind: 'compare' });
  await shown.show(moved, { kind: 'compare' });
  expect([tables.length, shown.cloud]).toEqual([3, moved]);
});

test('the last of clouds in a hurry shows, and marks are of the cloud that shows', async () => {
  const { shown, fills, state } = engine();
  const clouds = [cloudOf(2), cloudOf(3), cloudOf(5)];
  const all = clouds.map((cloud) => shown.show(cloud, { kind: 'open' }));
  expect(shown.waiting).toBe(3);
  await Promise.all(all);
  expect([fills, shown.cloud, shown.waiting]).toEqual([[2, 3, 5], clouds[2], 0]);
  const plain = [...shown.painted()];
  shown.mark({ hidden: Uint8Array.of(0, 1, 0, 0, 0) });
  expect(alphas(shown)[1]).toBe(0);
  shown.mark({});
  expect([[...shown.painted()], state.repaints]).toEqual([plain, 2]);
  shown.mark({});
  expect(state.repaints).toBe(2);
});

test('a cloud that the engine could not take changes nothing, and the next is shown', async () => {
  const { shown, state } = engine();
  const first = cloudOf(2);
  await shown.show(first, { kind: 'open' });
  state.fails = true;
  const failed = shown.show(cloudOf(9), { kind: 'open' });
  await expect(failed).rejects.toThrow('out of memory');
  expect([shown.cloud, shown.filling, shown.waiting]).toEqual([first, false, 0]);
  expect(shown.painted()).toHaveLength(8);
  state.fails = false;
  await shown.show(cloudOf(3), { kind: 'restore' });
  expect(shown.painted()).toHaveLength(12);
});
