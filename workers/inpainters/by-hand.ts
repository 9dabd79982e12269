/** A person as an inpainter: the picture they made of the first view; the built-in filler for the others. */
import { SplatmendError } from '../../core/errors.ts';
import type { RgbImage } from '../../core/image.ts';
import type { Inpainter } from '../../core/inpainter.ts';
import { createForeignInpainter } from './foreign.ts';
import { resizeRgb } from './resample.ts';

/** Other programs round sides to whole pixels, or to multiples of 8. */
const RATIO_SLACK = 0.03;

/**
 * @param picture what a person made of the first picture that is to be filled; other sizes of its shape are scaled
 * @param rest fills what later views still show open
 * @throws on the first `inpaint`: SplatmendError `bad-answer` for a picture of another shape
 */
export function createByHand(picture: RgbImage, rest: Inpainter): Inpainter {
  const byHand = createForeignInpainter({
    id: 'by-hand',
    who: 'edited picture',
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
    inpaint(...args) {
      const now = used ? rest : byHand;
      used = true;
      return now.inpaint(...args);
    },
  };
}
