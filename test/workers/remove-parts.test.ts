// Accepts: two things far apart go in one patch, each mended as if it were removed alone after the other, both holes filled, and
// both shadows lifted; progress never goes back; one thing is one pass. The sample scene with 40,000 splats, 64 px, seed 1.
import { expect, test } from 'vitest';
import { createCpuKernels } from '../../core/cpu/kernels.ts';
import { selectedRows } from '../../core/selection.ts';
import { generateTabletop } from '../../samples/scenes/tabletop.ts';
import { createExemplarInpainter } from '../../workers/inpainters/exemplar/index.ts';
import { thingsIn } from '../../workers/line/mend-parts.ts';
import { remove } from '../../workers/remove.ts';

const scene = generateTabletop({ splats: 40_000 });
const named = (...names: string[]) => {
  const ids = scene.objects.filter((o) => names.includes(o.name)).map((o) => o.id);
  return scene.labels.map((label) => (ids.includes(label) ? 1 : 0));
};
const distanceTo = (name: string, positions: Float32Array, row: number) => {
  const { center, radius } = scene.objects.find((o) => o.name === name)!;
  return Math.hypot(...center.map((c, k) => positions[3 * row + k]! - c)) / radius;
};

test('two things far apart are mended one after the other, in one patch', async () => {
  const selection = named('mug', 'ball');
  const fractions: number[] = [];
  const { patch, figures, lit } = await remove(
    scene.cloud,
    selection,
    [scene.cameras[0]!],
    createCpuKernels(),
    { inpainter: createExemplarInpainter() },
    { resolution: 64, views: 1, liftShadow: true },
    ({ fraction }) => fractions.push(fraction),
  );
  const gone = Uint8Array.from(patch.removed).length;
  expect(gone).toBe(figures.selected + lit!.length);
  expect(figures.selected).toBe(selectedRows(selection).length);
  expect(selectedRows(selection).every((row) => patch.removed.includes(row))).toBe(true);
  expect(figures.coverage).toBeGreaterThan(0.85);
  expect([figures.views, figures.perView.length]).toEqual([2, 2]);
  expect(figures.notes.join(' ')).toContain('2 things far apart');
  expect(fractions.every((f, i) => i === 0 || f >= fractions[i - 1]!)).toBe(true);
  const { positions, count } = patch.added;
  for (const name of ['mug', 'ball']) {
    let near = 0;
    for (let row = lit!.length; row < count; row++) {
      if (distanceTo(name, positions, row) < 1.5) near++;
    }
    expect(near, name).toBeGreaterThan(5);
    const shaded = [...lit!].filter((row) => distanceTo(name, scene.cloud.positions, row) < 3);
    expect(shaded.length, `${name}'s shadow`).toBeGreaterThan(0);
  }
});

test.each(scene.objects.map((o) => o.name))('the %s alone is one thing', (name) => {
  expect(thingsIn(scene.cloud, named(name)).length).toBe(1);
});
