/** Polylines that part an unknown region's pixels. */
import type { Point } from './loose-ends.ts';

/** Points in pixel coordinates; whole numbers are pixels' corners. */
export type Wall = readonly Point[];

/** This near a rim a wall runs along it, and over neither side. */
export const RIM_PX = 2.5;

/** Share of a wall that runs over labelled pixels or out of the picture. */
export function shareKnown(
  labels: Uint8Array,
  unknown: number,
  width: number,
): (wall: Wall) => number {
  const height = labels.length / width;
  const isKnown = (u: number, v: number) => {
    const [x, y] = [Math.floor(u), Math.floor(v)];
    return x < 0 || y < 0 || x >= width || y >= height || labels[y * width + x] !== unknown;
  };
  return (wall) => {
    let known = 0;
    let total = 0;
    for (let k = 1; k < wall.length; k++) {
      const [a, b] = [wall[k - 1]!, wall[k]!];
      const length = Math.hypot(b[0] - a[0], b[1] - a[1]);
      const steps = Math.ceil(length);
      for (let s = 0; s < steps; s++) {
        const t = (s + 0.5) / steps;
        total++;
        const over = [-RIM_PX, 0, RIM_PX].every((off) =>
          isKnown(
            a[0] + t * (b[0] - a[0]) + (off * (a[1] - b[1])) / length,
            a[1] + t * (b[1] - a[1]) + (off * (b[0] - a[0])) / length,
          ),
        );
        if (over) known++;
      }
    }
    return total === 0 ? 0 : known / total;
  };
}

/** Whether a wall parts two neighbouring pixels (indices). */
export function crosses(wall: Wall, i: number, j: number, width: number): boolean {
  const a = middleOf(i, width);
  const b = middleOf(j, width);
  for (let k = 1; k < wall.length; k++) {
    const [c, d] = [wall[k - 1]!, wall[k]!];
    if (sideOf(a, c, d) !== sideOf(b, c, d) && sideOf(c, a, b) !== sideOf(d, a, b)) return true;
  }
  return false;
}

/** The point of a wall that is nearest to a pixel's middle, and how far it is. */
export function footOn(wall: Wall, i: number, width: number): { foot: Point; away: number } {
  const [x, y] = middleOf(i, width);
  let nearest = { foot: wall[0]!, away: Number.POSITIVE_INFINITY };
  for (let k = 1; k < wall.length; k++) {
    const [a, b] = [wall[k - 1]!, wall[k]!];
    const [dx, dy] = [b[0] - a[0], b[1] - a[1]];
    const along = ((x - a[0]) * dx + (y - a[1]) * dy) / (dx * dx + dy * dy || 1);
    const t = Math.min(1, Math.max(0, along));
    const foot: Point = [a[0] + t * dx, a[1] + t * dy];
    const away = Math.hypot(x - foot[0], y - foot[1]);
    if (away < nearest.away) nearest = { foot, away };
  }
  return nearest;
}

export const middleOf = (i: number, width: number): Point => [
  (i % width) + 0.5,
  Math.floor(i / width) + 0.5,
];

const sideOf = ([x, y]: Point, [ax, ay]: Point, [bx, by]: Point): boolean =>
  (bx - ax) * (y - ay) - (by - ay) * (x - ax) >= 0;
