import type { RemoveResult } from '../../core/remove-types.ts';

/** Keeps a number and its unit on one line. */
const NBSP = '\u00a0';

const count = (n: number, one: string, many: string) =>
  `${n.toLocaleString('en')}${NBSP}${n === 1 ? one : many}`;
const percent = (share: number) => {
  const p = share * 100;
  return `${p >= 99.95 || p === 0 ? p.toFixed(0) : p.toFixed(1)}${NBSP}%`;
};

/** Seconds of all steps. */
export function totalSeconds(seconds: Record<string, number>): number {
  return Object.values(seconds).reduce((a, b) => a + b, 0);
}

/** What a removal did, in one plain sentence. */
export function removalSentence(result: RemoveResult): string {
  const f = result.figures;
  const took = totalSeconds(f.seconds);
  const time = `${took.toFixed(took < 10 ? 1 : 0)}${NBSP}s`;
  const gone = `Removed ${count(f.selected, 'splat', 'splats')}`;
  if (f.added === 0) return `${gone}; nothing needed filling (${time}).`;
  const step = Number.isFinite(f.seamDepth)
    ? `, seam step ${percent(f.seamDepth)} of the depth`
    : '';
  return `${gone} and filled ${percent(f.coverage)} of the hole with ${count(f.added, 'new one', 'new ones')} from ${count(f.views, 'view', 'views')}${step}, in ${time}.`;
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
