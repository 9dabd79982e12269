/** A person as an inpainter: the picture they made of one view; another filler for the others. */
import { SplatmendError } from '../../core/errors.ts';
import { countMask, type Mask, type RgbImage } from '../../core/image.ts';
import type { Inpainter } from '../../core/inpainter.ts';
import { createForeignInpainter } from './foreign.ts';
import { resizeRgb } from './resample.ts';

/** Other programs round sides to whole pixels, or to multiples of 8. */
const RATIO_SLACK = 0.03;

export interface ByHand extends Inpainter {
  /** Whether the picture filled anything yet. */
  readonly used: boolean;
}

/** A mask that lies in the painted hole to this share is that hole: what no surface reaches was taken out of it. */
const SAME_HOLE = 0.95;

/**
 * @param picture what a person made of one view; other sizes of its shape are scaled
 * @param hole the hole in that view: pictures with another one are filled by `rest`
 * @throws on `inpaint`: SplatmendError `bad-answer` for a picture of another shape than its hole
 */
export function createByHand(picture: RgbImage, hole: Mask, rest: Inpainter): ByHand {
  const byHand = createForeignInpainter({
    id: 'by-hand',
    who: 'edited picture',
    // Where the editor kept the picture, a step at the rim is meant; where it changed its tone, that shows outside too.
    outside: 'answered',
    capabilities: {
      ...rest.capabilities,
      seed: false,
      depth: false,
      runs: 'here',
      progress: false,
    },
    async paint({ width, height }) {
      const ratio = (picture.width * height) / (picture.height * width);
      if (Math.abs(ratio - 1) > RATIO_SLACK) {
        throw new SplatmendError(
          'bad-answer',
          `edited picture: it is ${picture.width} × ${picture.height}, and what was saved is ${width} × ${height}; keep the picture's shape`,
        );
      }
      return resizeRgb(picture, width, height);
    },
  });
  let used = false;
  return {
    id: byHand.id,
    capabilities: byHand.capabilities,
    get used() {
      return used;
    },
    inpaint(image, mask, ...more) {
      if (!isSame(mask, hole)) return rest.inpaint(image, mask, ...more);
      used = true;
      return byHand.inpaint(image, mask, ...more);
    },
  };
}

function isSame(mask: Mask, hole: Mask): boolean {
  if (mask.width !== hole.width || mask.height !== hole.height) return false;
  let set = 0;
  let shared = 0;
  for (let i = 0; i < mask.data.length; i++) {
    if (mask.data[i] === 0) continue;
    set++;
    if (hole.data[i] !== 0) shared++;
  }
  return set > 0 && shared >= SAME_HOLE * set && 2 * shared >= countMask(hole);
}

/** Nobody's work is lost without a word: what a removal by this inpainter has to tell. */
export function byHandNotes(inpainter: Inpainter): string[] {
  if (!('used' in inpainter) || inpainter.used === true) return [];
  return [
    'The edited picture was not used: the hole that it was made for is not there. Save it anew from this view.',
  ];
}
