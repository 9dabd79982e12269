/** How near a new view comes to the truth: sums over views, and the figures of them. */
import { createMask, type Mask, type RgbImage, type ScalarImage } from '../../core/image.ts';
import type { Row } from '../score/record.ts';

export interface View {
  rgb: RgbImage;
  /** 0 = unknown. */
  depth: ScalarImage;
  /** What was carried over; the rest is filled, or empty. */
  covered: Mask;
  /** What the view itself says is not to be trusted. */
  mask?: Mask;
}

export interface Truth {
  rgb: RgbImage;
  /** 0 = not known: not counted in depth. */
  depth: ScalarImage;
}

/** Depth off by more is wrong. */
const WRONG = 0.05;

const part = () => ({ pixels: 0, square: 0, depths: 0, relative: 0, wrong: 0 });

export interface ViewScore {
  covered: ReturnType<typeof part>;
  rest: ReturnType<typeof part>;
  /** Of all pixels with true depth, by mask and by what is wrong. */
  masked: { wrong: number; right: number; missed: number };
  seconds: number;
  views: number;
}

export const emptyViewScore = (): ViewScore => ({
  covered: part(),
  rest: part(),
  masked: { wrong: 0, right: 0, missed: 0 },
  seconds: 0,
  views: 0,
});

export function addView(score: ViewScore, view: View, truth: Truth, seconds: number): void {
  score.seconds += seconds;
  score.views++;
  for (let i = 0; i < truth.depth.data.length; i++) {
    const to = view.covered.data[i] === 0 ? score.rest : score.covered;
    to.pixels++;
    for (let c = 0; c < 3; c++) {
      const [a, b] = [view.rgb.data[3 * i + c]!, truth.rgb.data[3 * i + c]!];
      to.square += (Math.min(1, Math.max(0, a)) - Math.min(1, Math.max(0, b))) ** 2 / 3;
    }
    const z = truth.depth.data[i]!;
    if (!(z > 0)) continue;
    const off = view.depth.data[i]! > 0 ? Math.abs(view.depth.data[i]! / z - 1) : 1;
    const wrong = off > WRONG;
    to.depths++;
    to.relative += off;
    if (wrong) to.wrong++;
    if (view.mask === undefined) continue;
    if (view.mask.data[i] !== 0) score.masked[wrong ? 'wrong' : 'right']++;
    else if (wrong) score.masked.missed++;
  }
}

const decibel = ({ square, pixels }: { square: number; pixels: number }) =>
  -10 * Math.log10(square / pixels);

/** @param filled whether the pixels that were not carried over were filled */
export function viewRow(
  { covered, rest, masked, seconds, views }: ViewScore,
  filled: boolean,
): Row {
  const all = { square: covered.square + rest.square, pixels: covered.pixels + rest.pixels };
  const row: Row = {
    'covered %': (100 * covered.pixels) / all.pixels,
    'PSNR covered, dB': decibel(covered),
    'depth covered, AbsRel %': (100 * covered.relative) / covered.depths,
    'of it off by over 5 %, %': (100 * covered.wrong) / covered.depths,
    'PSNR filled, dB': filled ? decibel(rest) : '',
    'depth filled, AbsRel %': filled ? (100 * rest.relative) / rest.depths : '',
    'PSNR all, dB': decibel(all),
    's a view': seconds / views,
  };
  const { wrong, right, missed } = masked;
  if (wrong + right === 0) return row;
  row['mask %'] = (100 * (wrong + right)) / (covered.depths + rest.depths);
  row['wrong depth in the mask, %'] = (100 * wrong) / (wrong + right);
  row['wrong depth that the mask holds, %'] = (100 * wrong) / (wrong + missed);
  return row;
}

/** The set pixels of the first that are not in the second. */
export function complement({ width, height, data }: Mask): Mask {
  const out = createMask(width, height);
  for (let i = 0; i < data.length; i++) out.data[i] = 1 - data[i]!;
  return out;
}
