import type { SelectShape } from '../core/select-types.ts';
import type { Selection } from '../core/selection.ts';

/** How a new selection joins the one there is. */
export type SelectMode = 'set' | 'add' | 'remove' | 'intersect';

/** The joined selection, a new array; without an old one, `add` sets and the others give none. */
export function joinSelections(
  old: Selection | undefined,
  fresh: Selection,
  mode: SelectMode,
): Selection {
  if (mode === 'set') return fresh;
  const joined = new Uint8Array(fresh.length);
  for (let i = 0; i < fresh.length; i++) {
    const was = old?.[i] ? 1 : 0;
    const is = fresh[i] ? 1 : 0;
    if (mode === 'add') joined[i] = was | is;
    else if (mode === 'remove') joined[i] = was & (1 - is);
    else joined[i] = was & is;
  }
  return joined;
}

const LABELS: Record<SelectShape['kind'], string> = {
  object: 'Select object',
  refine: 'Refine selection',
  rectangle: 'Select rectangle',
  polygon: 'Select outline',
  brush: 'Brush selection',
  mask: 'Select by mask',
  flood: 'Flood selection',
  colour: 'Select by colour',
  volume: 'Select volume',
  halo: 'Add shadow',
  grow: 'Grow selection',
  shrink: 'Shrink selection',
};

/** The undo step's name of a tool's selection. */
export const selectLabel = (kind: SelectShape['kind']): string => LABELS[kind];
