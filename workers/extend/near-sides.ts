import { createMask, type Mask, type ScalarImage } from '../../core/image.ts';

/** Of two sides of an opening the nearer is nearer by at least this share: it hid what is open, and does not go on there. */
const NEARER = 0.1;
/** Wider openings than this share of the picture's width are none that one thing hid. */
const WIDEST = 0.3;

/**
 * Known pixels at the near side of an opening: along rows and columns, both ends of each run of open pixels are known, and this one is
 * nearer. What is hidden behind a thing is continued from what lies behind it.
 * @param ratio of the known pixels' depth to what bounds the scene, so that a slanted wall is no step; NaN where nothing does
 */
export function nearSides(hole: Mask, known: Mask, ratio: ScalarImage): Mask {
  const { width, height } = hole;
  const out = createMask(width, height);
  const scan = (from: number, step: number, count: number) => {
    let last = -1;
    for (let k = 0; k < count; k++) {
      const i = from + k * step;
      if (hole.data[i] !== 0) continue;
      if (known.data[i] === 0) {
        last = -1;
        continue;
      }
      if (last >= 0 && k - last > 1 && k - last <= WIDEST * width) {
        const j = from + last * step;
        const [a, b] = [ratio.data[j]!, ratio.data[i]!];
        if (a < (1 - NEARER) * b) out.data[j] = 1;
        else if (b < (1 - NEARER) * a) out.data[i] = 1;
      }
      last = k;
    }
  };
  for (let y = 0; y < height; y++) scan(y * width, 1, width);
  for (let x = 0; x < width; x++) scan(x, width, height);
  return out;
}
