import { INSERT_DEFAULTS } from '../core/insert-types.ts';

/** More pixels than this along the longer side make a picture that is slow to edit and to compare. */
const LONGEST_PX = 1920;

/** Pixels of a view's picture that goes to an image editor: the view's own shape, with enough to paint on. */
export function referenceSize(view: { width: number; height: number }): {
  width: number;
  height: number;
} {
  const longer = Math.max(view.width, view.height);
  const factor = Math.min(LONGEST_PX, Math.max(INSERT_DEFAULTS.resolution, longer)) / longer;
  return {
    width: Math.max(1, Math.round(view.width * factor)),
    height: Math.max(1, Math.round(view.height * factor)),
  };
}
