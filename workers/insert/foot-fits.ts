/** A standing thing's lowest points, and what goes through them: a line, a circle, a corner. */

/** One lowest point: of a column of equal bearing. */
export interface Low {
  /** Right and ahead, world units. */
  p: [number, number];
  /** How far ahead the ground moves a pixel down in the picture. */
  aheadPerPx: number;
}

/** Distance in pixels that nine of ten stay under. */
export function within(lows: readonly Low[], off: (low: Low) => number): number {
  const sorted = lows.map((low) => Math.abs(off(low)) / low.aheadPerPx).sort((a, b) => a - b);
  return sorted[Math.floor(0.9 * (sorted.length - 1))] ?? Infinity;
}

/** ahead = a + b · right, twice without its worst tenth. */
export function lineThrough(lows: readonly Low[]): { a: number; b: number } | undefined {
  let rows = [...lows];
  let line: { a: number; b: number } | undefined;
  for (let round = 0; round < 3; round++) {
    const x0 = rows.reduce((sum, { p }) => sum + p[0], 0) / rows.length;
    const y0 = rows.reduce((sum, { p }) => sum + p[1], 0) / rows.length;
    let [xx, xy] = [0, 0];
    for (const { p } of rows) {
      xx += (p[0] - x0) ** 2;
      xy += (p[0] - x0) * (p[1] - y0);
    }
    if (!(xx > 0)) return undefined;
    const b = xy / xx;
    line = { a: y0 - b * x0, b };
    const { a } = line;
    rows.sort((p, q) => Math.abs(p.p[1] - a - b * p.p[0]) - Math.abs(q.p[1] - a - b * q.p[0]));
    rows = rows.slice(0, Math.ceil(0.9 * rows.length));
  }
  return line;
}

/** Of a round foot's columns those this near its middle, of its half width, say where it is; farther out they are sides as much as foot. */
const MIDDLE = 0.85;

/**
 * A circle of a given half width in bearing, by the distance to its near side: at bearing f beside its middle that is
 * D (cos f − √(sin² half − sin² f)), D the distance to the circle's middle; the median of what each column asks for.
 */
export function circleOf(lows: readonly Low[], middle: number, half: number) {
  const asked: number[] = [];
  const inner: Low[] = [];
  const nearShare = (beside: number) =>
    Math.cos(beside) - Math.sqrt(Math.max(0, Math.sin(half) ** 2 - Math.sin(beside) ** 2));
  for (const low of lows) {
    const beside = Math.atan2(low.p[0], low.p[1]) - middle;
    if (Math.abs(beside) > MIDDLE * half) continue;
    asked.push(Math.hypot(...low.p) / nearShare(beside));
    inner.push(low);
  }
  if (asked.length < 6) return undefined;
  const distance = asked.sort((a, b) => a - b)[asked.length >> 1]!;
  const at: [number, number] = [distance * Math.sin(middle), distance * Math.cos(middle)];
  const off = within(inner, ({ p }) => {
    const beside = Math.atan2(p[0], p[1]) - middle;
    return Math.hypot(...p) - distance * nearShare(beside);
  });
  return { at, radius: distance * Math.sin(half), off };
}

/** Each side of a corner has this many columns and more. */
const FEWEST_A_SIDE = 4;
/** Columns that are looked at as the corner's. */
const MOST_BREAKS = 60;
/** Of the angle at the corner: boxes have right ones, and what is seen of them is a few pixels. */
const MOST_COSINE = 0.5;

/**
 * A corner turned to the camera, two straight rows that meet: the split whose two lines leave least over.
 * @param low, high bearings of the thing's two sides, to which the rows go
 * @returns the corner, and the two ends, left and right; undefined where there is none
 */
export function cornerOf(lows: readonly Low[], low: number, high: number) {
  const n = lows.length;
  const step = Math.max(1, Math.floor(n / MOST_BREAKS));
  let best: { lines: { a: number; b: number }[]; off: number } | undefined;
  for (let k = FEWEST_A_SIDE; k <= n - FEWEST_A_SIDE; k += step) {
    const sides = [lows.slice(0, k), lows.slice(k)];
    const lines = sides.map(lineThrough);
    if (lines.includes(undefined)) continue;
    let off = 0;
    for (const [s, side] of sides.entries()) {
      const { a, b } = lines[s]!;
      for (const { p, aheadPerPx } of side)
        off += Math.min(3, Math.abs(p[1] - a - b * p[0]) / aheadPerPx);
    }
    if (best === undefined || off < best.off)
      best = { lines: lines as { a: number; b: number }[], off };
  }
  if (best === undefined) return undefined;
  const [left, right] = best.lines as [{ a: number; b: number }, { a: number; b: number }];
  // Turned to the camera: the rows run away from it to both sides.
  if (!(right.b > left.b)) return undefined;
  const x = (left.a - right.a) / (right.b - left.b);
  const corner: [number, number] = [x, left.a + left.b * x];
  const end = ({ a, b }: { a: number; b: number }, bearing: number): [number, number] => {
    const across = a / (1 / Math.tan(bearing) - b);
    return [across, a + b * across];
  };
  const ends = [end(left, low), end(right, high)] as const;
  const [u, v] = ends.map((p) => [p[0] - corner[0], p[1] - corner[1]] as const);
  if (!(u![0] < 0 && v![0] > 0)) return undefined;
  const cosine = (u![0] * v![0] + u![1] * v![1]) / (Math.hypot(...u!) * Math.hypot(...v!));
  if (!(Math.abs(cosine) <= MOST_COSINE)) return undefined;
  const off = within(lows, ({ p }) => {
    const { a, b } = p[0] < x ? left : right;
    return p[1] - a - b * p[0];
  });
  return { corner, ends, off };
}
