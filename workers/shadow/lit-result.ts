/** A removal in a scene whose shadow was lifted, as an edit of the scene as it was. */
import type { RemoveResult } from '../../core/remove-types.ts';
import { concatSplats, type SplatCloud } from '../../core/splat-cloud.ts';
import type { LiftedShadow } from './lift-shadow.ts';

/** The scene with its shadowed splats lit; all but the colours is shared with the scene. */
export function withSplatsReplaced(scene: SplatCloud, { rows, splats }: LiftedShadow): SplatCloud {
  const dc = scene.dc.slice();
  const shRest = scene.shRest.slice();
  const perSplat = rows.length > 0 ? splats.shRest.length / rows.length : 0;
  for (const [i, row] of rows.entries()) {
    dc.set(splats.dc.subarray(3 * i, 3 * i + 3), 3 * row);
    shRest.set(splats.shRest.subarray(perSplat * i, perSplat * (i + 1)), perSplat * row);
  }
  return { ...scene, dc, shRest };
}

/** The result's patch also takes the shadowed splats away and brings them back lit, before its own. */
export function withShadowLifted(
  result: RemoveResult,
  lifted: LiftedShadow,
  seconds: number,
): RemoveResult {
  const { patch, figures } = result;
  const removed = new Uint32Array(patch.removed.length + lifted.rows.length);
  removed.set(patch.removed);
  removed.set(lifted.rows, patch.removed.length);
  removed.sort();
  const n = lifted.rows.length;
  return {
    ...result,
    patch: { removed, added: concatSplats(lifted.splats, patch.added) },
    lit: lifted.rows,
    figures: {
      ...figures,
      lit: n,
      seconds: { 'lift shadow': seconds, ...figures.seconds },
      notes: [
        ...figures.notes,
        n === 0
          ? 'No cast shadow was found on what it stood on.'
          : `Its shadow was lifted from ${n.toLocaleString('en')} splats.`,
      ],
    },
  };
}
