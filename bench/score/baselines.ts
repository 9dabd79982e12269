/** What removal is measured against: the same patch form, made in simpler ways. */
import type { SplatPatch } from '../../core/remove-types.ts';
import { type Selection, selectedRows } from '../../core/selection.ts';
import { type SplatCloud, takeSplats } from '../../core/splat-cloud.ts';
import { createKdTree } from './kd-tree.ts';

/** Takes the selection away and leaves the hole. */
export function deleteOnly(scene: SplatCloud, selection: Selection): SplatPatch {
  return { removed: selectedRows(selection), added: takeSplats(scene, []) };
}

/**
 * Each deleted splat becomes the mean of its five nearest survivors, in every attribute: the start of
 * Gaussian Grouping's removal (Ye et al. 2024), without the fine-tuning that follows there.
 */
export function fiveNeighbourMean(scene: SplatCloud, selection: Selection): SplatPatch {
  const removed = selectedRows(selection);
  const survivors = selectedRows(selection, 0);
  const tree = createKdTree(takeSplats(scene, survivors).positions);
  const added = takeSplats(scene, removed);
  const fields = ['positions', 'logScales', 'rotations', 'opacityLogits', 'dc', 'shRest'] as const;
  for (let i = 0; i < removed.length; i++) {
    const row = removed[i]!;
    const [x, y, z] = [0, 1, 2].map((a) => scene.positions[row * 3 + a]!) as [
      number,
      number,
      number,
    ];
    const near = tree.nearest(x, y, z, 5).rows.map((r) => survivors[r]!);
    for (const field of fields) {
      const from = scene[field];
      const stride = from.length / scene.count;
      for (let k = 0; k < stride; k++) {
        let sum = 0;
        for (const n of near) sum += from[n * stride + k]!;
        added[field][i * stride + k] = sum / near.length;
      }
    }
  }
  return { removed, added };
}
