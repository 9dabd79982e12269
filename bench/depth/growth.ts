import type { Row } from '../score/record.ts';

/** One size's time. */
export interface Timed {
  size: string;
  pixels: number;
  seconds: number;
}

/**
 * How time grows: seconds ~ pixels^exponent, between each size and the next, and from the first to the last.
 * Sizes without a time are passed over.
 */
export function growthRows(what: string, times: readonly Timed[]): Row[] {
  const known = times.filter((t) => t.seconds > 0 && Number.isFinite(t.seconds));
  const between = (a: Timed, b: Timed): Row => ({
    what,
    from: a.size,
    to: b.size,
    'pixels ×': b.pixels / a.pixels,
    'time ×': b.seconds / a.seconds,
    exponent: Math.log(b.seconds / a.seconds) / Math.log(b.pixels / a.pixels),
  });
  const rows = known.slice(1).map((b, k) => between(known[k]!, b));
  return known.length > 2 ? [...rows, between(known[0]!, known.at(-1)!)] : rows;
}

/** A rung that was tried. */
export interface Tried<T> {
  rung: T;
  seconds: number;
  error: number;
}

/**
 * The loosest rung whose error, and that of every tighter one down to the start, is as good as converged.
 * @param rungs tightest first
 * @param start the rung to begin with: looser ones are tried while they do, tighter ones until one does
 * @returns all that was tried; `best` is undefined where even the tightest does not do
 */
export async function loosestWithin<T>(
  rungs: readonly T[],
  start: number,
  measure: (rung: T) => Promise<{ seconds: number; error: number }>,
  does: (error: number) => boolean,
): Promise<{ best: Tried<T> | undefined; tried: Tried<T>[] }> {
  const tried: Tried<T>[] = [];
  const attempt = async (k: number): Promise<Tried<T> | undefined> => {
    const one = { rung: rungs[k]!, ...(await measure(rungs[k]!)) };
    tried.push(one);
    return does(one.error) ? one : undefined;
  };
  let best = await attempt(start);
  if (best === undefined) {
    for (let k = start - 1; k >= 0 && best === undefined; k--) best = await attempt(k);
    return { best, tried };
  }
  for (let k = start + 1; k < rungs.length; k++) {
    const looser = await attempt(k);
    if (looser === undefined) break;
    best = looser;
  }
  return { best, tried };
}
