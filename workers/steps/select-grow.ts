/** A selection grown or shrunk by its splats' neighbours. */
import { SplatmendError } from '../../core/errors.ts';
import { HIDDEN, type Marks, markedWith } from '../../core/marks.ts';
import { spreadSelection } from '../../core/select/spread-selection.ts';
import type { Selection } from '../../core/selection.ts';
import type { SplatCloud } from '../../core/splat-cloud.ts';

/** More than this is a slip of the hand: each step is a pass over the border. */
const MAX_STEPS = 100;

const inverted = (selection: Selection) => selection.map((v) => (v === 0 ? 1 : 0));

/**
 * @param steps how many spacings; default 1
 * @param marks what is hidden is nobody's neighbour
 * @throws SplatmendError `bad-option`; `cancelled`
 */
export async function growSelection(
  cloud: SplatCloud,
  base: Selection,
  way: 'grow' | 'shrink',
  steps = 1,
  marks?: Marks,
  signal?: AbortSignal,
): Promise<Selection> {
  if (!(Number.isInteger(steps) && steps >= 0 && steps <= MAX_STEPS)) {
    throw new SplatmendError('bad-option', `${way}: ${steps} steps; give 0 to ${MAX_STEPS}`);
  }
  const hidden = markedWith(marks, HIDDEN);
  let spreading: Selection = way === 'grow' ? base.map((v) => (v === 0 ? 0 : 1)) : inverted(base);
  for (let step = 0; step < steps; step++) {
    spreading = await spreadSelection(cloud, spreading, hidden, signal);
  }
  return way === 'grow' ? spreading : inverted(spreading);
}
