/** A selection and its contact shadow. */
import type { Marks } from '../../core/marks.ts';
import { contactHalo } from '../../core/select/contact-halo.ts';
import { buildSceneIndex } from '../../core/select/scene-index.ts';
import type { Selection } from '../../core/selection.ts';
import type { SplatCloud } from '../../core/splat-cloud.ts';

/**
 * @param marks what is hidden is not there
 * @returns `base` with the splats around it that carry its shadow or its colour
 * @throws SplatmendError `cancelled`
 */
export async function selectHalo(
  cloud: SplatCloud,
  base: Selection,
  marks?: Marks,
  signal?: AbortSignal,
): Promise<Selection> {
  await buildSceneIndex(cloud, signal);
  const out: Selection = base.map((v) => (v === 0 ? 0 : 1));
  for (const row of await contactHalo(cloud, base, marks, signal)) out[row] = 1;
  return out;
}
