import type { RemoveFigures, RemoveResult } from '../../core/remove-types.ts';
import type { Insertion } from '../mender-types.ts';

/** Keeps a number and its unit on one line. */
export const NBSP = '\u00a0';

/** `1,203 splats`, on one line. */
export const count = (n: number, one: string, many: string) =>
  `${n.toLocaleString('en')}${NBSP}${n === 1 ? one : many}`;

/** Seconds of all steps. */
export function totalSeconds(seconds: Record<string, number>): number {
  return Object.values(seconds).reduce((a, b) => a + b, 0);
}

/** Of all steps: `3.3 s`. */
export function timeOf(seconds: Record<string, number>): string {
  const took = totalSeconds(seconds);
  return `${took.toFixed(took < 10 ? 1 : 0)}${NBSP}s`;
}

/** What an insertion did: the line's own sentences first, then the edit. */
export function insertionSentences({ result }: Insertion): string[] {
  const { notes, added, changed, seconds } = result.figures;
  const edit = `Added ${count(added, 'splat', 'splats')} for ${percent(changed)} of the picture in ${timeOf(seconds)}.`;
  return [...notes, edit];
}

/** What a removal did, in plain sentences: the line's own on hole and seam first, then the edit. */
export function removalSentences(result: RemoveResult): string[] {
  const f = result.figures;
  const time = timeOf(f.seconds);
  const gone = `Removed ${count(f.selected, 'splat', 'splats')}`;
  const edit =
    f.added === 0
      ? `${gone} in ${time}; nothing was added.`
      : `${gone} and added ${f.added.toLocaleString('en')} in ${time}.`;
  return [...f.notes, edit];
}

/** One figure of an edit with what it means. */
export interface Judgement {
  name: string;
  value: string;
  /** `look` = worth a close look. */
  verdict: 'good' | 'look';
  /** Why, in a few words. */
  meaning: string;
}

/** From this share on, what is left of a hole is not found by looking. */
const GOOD_COVERAGE = 0.97;
/** A step of a pixel of the fill's picture is about the width of its splats. */
const GOOD_SEAM_PX = 1;
/** ΔE, as about 8 of 255: side by side one sees it, along a rim beside texture one does not. */
const GOOD_DELTA_E = 3;

/** The figures that tell whether to trust a removal; those that were not measured are left out. */
export function judgeRemoval(figures: RemoveFigures): Judgement[] {
  const { added, coverage, seamPx, seamDeltaE, seamDepth, seamDepth90 } = figures;
  const out: Judgement[] = [];
  const say = (name: string, value: string, good: boolean, well: string, badly: string) =>
    out.push({ name, value, verdict: good ? 'good' : 'look', meaning: good ? well : badly });
  say(
    'Filled',
    percent(added === 0 ? 0 : coverage),
    added > 0 && coverage >= GOOD_COVERAGE,
    'the hole is closed',
    added > 0 ? 'gaps may show from the sides' : 'what was removed is only gone',
  );
  if (Number.isFinite(seamPx)) {
    const depth = Number.isFinite(seamDepth)
      ? ` (${percent(seamDepth)} of depth, 90${NBSP}% ${under(seamDepth90)})`
      : '';
    say(
      'Seam',
      `${seamPx < 0.1 ? 'under 0.1' : seamPx.toFixed(1)}${NBSP}px${depth}`,
      seamPx <= GOOD_SEAM_PX,
      'the fill meets its rim',
      'a step may show at the rim',
    );
  }
  if (Number.isFinite(seamDeltaE)) {
    say(
      'Colour',
      `ΔE${NBSP}${seamDeltaE.toFixed(1)} at the rim`,
      seamDeltaE <= GOOD_DELTA_E,
      'no edge in colour',
      'an edge in colour may show',
    );
  }
  return out;
}

/** `0.4 %`; never `100 %` of what is not all. */
export function percent(share: number): string {
  const p = share * 100;
  if (p > 0 && p < 0.1) return `under 0.1${NBSP}%`;
  if (p > 99.9 && p < 100) return `over 99.9${NBSP}%`;
  return `${p.toFixed(p === 0 || p === 100 || (p >= 10 && p < 99) ? 0 : 1)}${NBSP}%`;
}

/** `under 0.4 %`; with one `under` where the share itself has one. */
export function under(share: number): string {
  const text = percent(share);
  return text.startsWith('under') ? text : `under ${text}`;
}

/** `1.2 GB`, for people. */
export function byteSize(bytes: number): string {
  const units = ['bytes', 'kB', 'MB', 'GB', 'TB'];
  let n = bytes;
  let unit = 0;
  while (n >= 1000 && unit < units.length - 1) {
    n /= 1000;
    unit++;
  }
  return `${unit === 0 ? n : n.toFixed(n < 10 ? 1 : 0)} ${units[unit]}`;
}
