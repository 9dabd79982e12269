import type { RemoveResult } from '../../core/remove-types.ts';

/** Keeps a number and its unit on one line. */
const NBSP = '\u00a0';

const count = (n: number, one: string, many: string) =>
  `${n.toLocaleString('en')}${NBSP}${n === 1 ? one : many}`;
/** `0.4 %`; a step too small to see reads as that. */
function percent(share: number): string {
  const p = share * 100;
  if (p > 0 && p < 0.1) return `under 0.1${NBSP}%`;
  return `${p.toFixed(p === 0 || p >= 10 ? 0 : 1)}${NBSP}%`;
}

/** Seconds of all steps. */
export function totalSeconds(seconds: Record<string, number>): number {
  return Object.values(seconds).reduce((a, b) => a + b, 0);
}

/** What a removal did, in plain sentences: the edit and its seam, then the line's own notes on the coverage. */
export function removalSentences(result: RemoveResult): string[] {
  const f = result.figures;
  const took = totalSeconds(f.seconds);
  const time = `${took.toFixed(took < 10 ? 1 : 0)}${NBSP}s`;
  const gone = `Removed ${count(f.selected, 'splat', 'splats')}`;
  if (f.added === 0) return [`${gone} in ${time}; nothing was added.`, ...f.notes];
  const seam = Number.isFinite(f.seamDepth)
    ? `; the seam steps by ${percent(f.seamDepth)} of the depth`
    : '';
  return [`${gone} and added ${f.added.toLocaleString('en')} in ${time}${seam}.`, ...f.notes];
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
