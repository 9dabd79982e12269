/** The shadows of things that are removed together, one after the other. */
import { HIDDEN, type Marks } from '../../core/marks.ts';
import type { Selection } from '../../core/selection.ts';
import { type SplatCloud, takeSplats } from '../../core/splat-cloud.ts';
import { type LiftedShadow, liftShadow } from './lift-shadow.ts';
import { withSplatsReplaced } from './lit-result.ts';

/**
 * @param things one byte a splat each; to each other's shadows they are not there
 * @throws SplatmendError `cancelled`
 */
export async function liftShadows(
  scene: SplatCloud,
  things: readonly Selection[],
  marks?: Marks,
  signal?: AbortSignal,
): Promise<LiftedShadow> {
  if (things.length === 1) return liftShadow(scene, things[0]!, marks, signal);
  let lit = scene;
  const found = new Set<number>();
  for (const thing of things) {
    const seen = Uint8Array.from({ length: scene.count }, (_, row) => {
      const other = thing[row] === 0 && things.some((t) => t[row] !== 0);
      return (marks?.[row] ?? 0) | (other ? HIDDEN : 0);
    });
    const lifted = await liftShadow(lit, thing, seen, signal);
    lit = withSplatsReplaced(lit, lifted);
    for (const row of lifted.rows) found.add(row);
  }
  const rows = Uint32Array.from(found).sort();
  return { rows, splats: takeSplats(lit, rows) };
}
