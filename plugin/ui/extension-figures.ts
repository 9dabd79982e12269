/** What an extension did and whether to trust it, for people. */
import type { ExtendFigures, ExtendResult } from '../../core/extend-types.ts';
import { count, type Judgement, NBSP, percent, timeOf, under } from './figures.ts';

/** From this share on, what is left open is not found by looking. */
const GOOD_COVERAGE = 0.97;
/** Share of the depth: a step of a few pixels in a view 500 pixels wide. */
const GOOD_SEAM = 0.01;
/** Mean difference of a channel: as much as ΔE 3, which one sees side by side and not along a rim beside texture. */
const GOOD_COLOUR = 0.03;
/** Less of the pictures than this is not worth a word. */
const LEAST_LEFT = 0.005;

/** In plain sentences: the line's own first, then what stays empty, then the edit. */
export function extensionSentences({ views, figures }: ExtendResult): string[] {
  const { added, notes, seconds } = figures;
  const out = [...notes];
  const left = views.reduce((sum, view) => sum + view.left, 0) / Math.max(1, views.length);
  if (left >= LEAST_LEFT) {
    const of = views.length === 1 ? 'the picture' : `the ${views.length} pictures`;
    const why = figures.sky
      ? 'sky, or farther away than the scene reaches'
      : 'farther away than the scene reaches';
    out.push(`${percent(left)} of ${of} stays empty: ${why}.`);
  }
  const edit = `Added ${count(added, 'splat', 'splats')} in ${timeOf(seconds)}; what was there stays as it is.`;
  return [...out, edit];
}

/** The figures that tell whether to trust it; those that were not measured are left out. */
export function judgeExtension(figures: ExtendFigures): Judgement[] {
  const { coverage, seamDepth, seamDepth90, seamColour } = figures;
  const judged = (
    name: string,
    value: string,
    good: boolean,
    meanings: [well: string, badly: string],
  ): Judgement => ({
    name,
    value,
    verdict: good ? 'good' : 'look',
    meaning: meanings[good ? 0 : 1],
  });
  const out = [
    judged('Filled', percent(coverage), coverage >= GOOD_COVERAGE, [
      'what was open is closed',
      'gaps stay: look from elsewhere and extend again',
    ]),
  ];
  if (Number.isFinite(seamDepth)) {
    const value = `${percent(seamDepth)} of depth, 90${NBSP}% ${under(seamDepth90)}`;
    out.push(
      judged('Seam', value, seamDepth <= GOOD_SEAM, [
        'it meets the scene',
        'a step may show where it begins',
      ]),
    );
  }
  if (Number.isFinite(seamColour)) {
    const value = `${(255 * seamColour).toFixed(1)} of 255 at the rim`;
    out.push(
      judged('Colour', value, seamColour <= GOOD_COLOUR, [
        'no edge in colour',
        'an edge in colour may show',
      ]),
    );
  }
  return out;
}
