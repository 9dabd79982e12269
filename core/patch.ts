import type { SplatPatch } from './remove-types.ts';
import { concatSplats, type SplatCloud, takeSplats } from './splat-cloud.ts';

/** The cloud after the edit: survivors bit for bit in their order, then the new splats. The input is not changed. */
export function applyPatch(cloud: SplatCloud, patch: SplatPatch): SplatCloud {
  const gone = new Uint8Array(cloud.count);
  for (const row of patch.removed) gone[row] = 1;
  const kept = new Uint32Array(cloud.count - patch.removed.length);
  let n = 0;
  for (let i = 0; i < cloud.count; i++) if (gone[i] === 0) kept[n++] = i;
  return concatSplats(takeSplats(cloud, kept), patch.added);
}
