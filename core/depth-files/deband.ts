import type { ScalarImage } from '../image.ts';

/** 8 bits: maps with more values than this are fine enough. */
const MOST_VALUES = 256;
/** And with fewer levels than this they are drawn, not rounded: a level's half would be a step of its own. */
const FEWEST_LEVELS = 48;
/** Rounds of smoothing: a slope of a level in 12 pixels comes out straight. */
const ROUNDS = 60;

/**
 * Relative depth of few values (an 8-bit picture) without its terraces: smoothed, each pixel within half a level of what was given, so that
 * nothing is lost that the levels said. Finer maps come back as they are. Not finite numbers stay, and take no part.
 */
export function deband(map: ScalarImage): ScalarImage {
  const { width, height, data } = map;
  const values = new Set<number>();
  for (const v of data) {
    if (Number.isFinite(v)) values.add(v);
    if (values.size > MOST_VALUES) return map;
  }
  const sorted = Float64Array.from(values).sort();
  let level = Infinity;
  for (let k = 1; k < sorted.length; k++) level = Math.min(level, sorted[k]! - sorted[k - 1]!);
  const range = sorted[sorted.length - 1]! - sorted[0]!;
  if (!(range >= FEWEST_LEVELS * level)) return map;
  let from = Float32Array.from(data);
  let to = Float32Array.from(data);
  for (let round = 0; round < ROUNDS; round++) {
    for (let i = 0; i < data.length; i++) {
      const own = data[i]!;
      if (!Number.isFinite(own)) continue;
      const x = i % width;
      let [sum, count] = [0, 0];
      // Over more than a rounding's step nothing is smoothed: outlines stay where they are. Both or neither of a pair: slopes stay.
      const add = (a: number, b: number) => {
        const here = from[i]!;
        if (!(Math.abs(a - here) < 2 * level && Math.abs(b - here) < 2 * level)) return;
        sum += a + b;
        count += 2;
      };
      if (x > 0 && x < width - 1) add(from[i - 1]!, from[i + 1]!);
      if (i >= width && i < data.length - width) add(from[i - width]!, from[i + width]!);
      const mean = count > 0 ? sum / count : own;
      to[i] = Math.min(own + level / 2, Math.max(own - level / 2, mean));
    }
    [from, to] = [to, from];
  }
  return { width, height, data: from };
}
