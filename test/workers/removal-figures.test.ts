// Accepts: the figures beside a removal and their sentences (exact strings); what borders on nothing captured is told
// apart from what is filled; another seed changes the colours and not the geometry: the same splats, each within a hundredth
// of a spacing of its counterpart (measured 0: depth does not depend on the seed), a mean colour that agrees to 0.03 of 1.
// Generated scene, CPU kernels, 96 px.
import { expect, test } from 'vitest';
import { SH_C0, takeSplats } from '../../core/splat-cloud.ts';
import { notesOn } from '../../workers/line/figures.ts';
import { mend, nearest } from '../support/mending-run.ts';
import { mendingScene } from '../support/mending-scene.ts';

const scene = mendingScene();
/** The scene's removal by the first seed, once. */
let removal: ReturnType<typeof mend> | undefined;
function mended() {
  removal ??= mend(scene, { options: { keepViews: true } });
  return removal;
}
const usual = { coverage: 0.98, unseen: 0, views: 3, added: 100, seamPx: 0.42, seamDepth: 0.0031 };

test.each([
  [{}, 'Filled 98 % of the hole from 3 views; seam 0.4 px / 0.3 % of depth.'],
  [{ coverage: 0.999 }, 'Filled 99 % of the hole from 3 views; seam 0.4 px / 0.3 % of depth.'],
  [
    { coverage: 1, views: 1, seamPx: 0.01, seamDepth: 0.0001 },
    'Filled 100 % of the hole from 1 view; seam under 0.1 px / under 0.1 % of depth.',
  ],
  [
    { unseen: 0.12 },
    'Filled 98 % of the hole from 3 views; seam 0.4 px / 0.3 % of depth; 12 % borders on nothing that was captured, and is left open.',
  ],
  [
    { coverage: 0.7, seamPx: Number.NaN, seamDepth: Number.NaN },
    'Filled 70 % of the hole from 3 views. Some of the hole is seen only at a glancing angle; a look from another side fills more.',
  ],
  [
    { added: 0, coverage: 0, unseen: 1 },
    'Nothing was filled: the hole borders on nothing that was captured, and is left open.',
  ],
  [{ added: 0, coverage: 1 }, 'Nothing was filled: no hole shows where the splats were.'],
])('sentences for %o', (over, sentence) => {
  expect(notesOn({ ...usual, ...over }).join(' ')).toBe(sentence);
});

test('views one by one, and the seam in pixels beside the seam in depth', async () => {
  const { figures, filledViews } = await mended();
  expect(figures.perView.length).toBe(figures.views);
  expect(figures.perView.map((v) => v.added)).toEqual(filledViews.map((v) => v.added));
  for (const { filled } of figures.perView) {
    expect(filled).toBeGreaterThan(0.95);
    expect(filled).toBeLessThanOrEqual(1);
  }
  // One view fills this hole, so that all steps have its focal length.
  expect(figures.views).toBe(1);
  expect(figures.seamPx).toBeCloseTo(figures.seamDepth * filledViews[0]!.camera.fx, 9);
  expect(figures.unseen).toBe(0);
});

test('a floor that was captured on one side only: nothing is made up, and it says why', async () => {
  const p = scene.cloud.positions;
  const rows = [...scene.selection.keys()].filter(
    (i) => scene.selection[i] === 1 || p[i * 3 + 1]! < -0.45,
  );
  const half = {
    ...scene,
    cloud: takeSplats(scene.cloud, rows),
    selection: Uint8Array.from(rows, (row) => scene.selection[row]!),
    cameras: [scene.cameras[0]!],
  };
  const { figures, patch } = await mend(half);
  expect(patch.added.count).toBe(0);
  expect(figures.unseen).toBeGreaterThan(0.9);
  expect(figures.unseen).toBeLessThanOrEqual(1);
  expect(figures.perView).toEqual([]);
  expect(figures.notes[0]).toContain('nothing that was captured');
});

test('another seed: other colours on the same geometry', async () => {
  const [a, b] = [await mended(), await mend(scene, { options: { seed: 2 } })];
  const [one, two] = [a.patch.added, b.patch.added];
  expect(two.count).toBe(one.count);
  let apart = 0;
  const mean = [0, 0];
  for (let i = 0; i < one.count; i++) {
    apart = Math.max(apart, nearest(two, one.positions.subarray(i * 3, i * 3 + 3)).d);
    for (let k = 0; k < 3; k++) {
      mean[0]! += (SH_C0 * one.dc[i * 3 + k]!) / (3 * one.count);
      mean[1]! += (SH_C0 * two.dc[i * 3 + k]!) / (3 * one.count);
    }
  }
  expect(apart).toBeLessThan(0.01 * scene.spacing);
  expect(two.dc).not.toEqual(one.dc);
  expect(Math.abs(mean[0]! - mean[1]!)).toBeLessThan(0.03);
});
