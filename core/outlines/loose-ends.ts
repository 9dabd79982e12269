/** Where outlines between labelled regions run into an unknown one, and how they were running. */
import { principalAngle } from '../disc-axes.ts';

/** A point or a direction in pixel coordinates; whole numbers are pixels' corners. */
export type Point = readonly [number, number];

/** A straight line through what is seen of an outline. */
export interface OutlineFit {
  through: Point;
  /** Unit vector, into the unknown. */
  towards: Point;
  /** How far into the unknown it was followed. */
  front: Point;
  /** How much of the outline it follows, pixels. */
  length: number;
  /** How far its direction may be off, radians. */
  doubt: number;
  /** The outline leaves its tangent by bend · distance², 1/pixels: a curve, and no straight line. */
  bend: number;
}

/** An outline's end at an unknown region. */
export interface LooseEnd {
  at: Point;
  /** Label on the left and on the right of one who walks into the unknown, y pointing down. */
  left: number;
  right: number;
  /** Undefined where too little is seen of it. */
  fit: OutlineFit | undefined;
}

/** Beside the unknown an outline is frayed. */
const FRAYED_PX = 2;
const SHORTEST_PX = 6;
/** Longer parts are tried by this factor. */
const LONGER = 1.4;
/** A pixel's step in an outline puts it this far off the line, root mean square. */
const STEP_PX = 0.35;
/** Standard deviation of a fitted slope: √12 · rms / length, of independent points; an outline's are not. */
const SLOPE_FACTOR = Math.sqrt(12);

/**
 * Finds the ends of outlines on a region's rim and follows each one back, along the cracks between pixels.
 * @param labels one a pixel
 * @param unknown the label that says nothing
 * @param surfaces labels below this are surfaces: where one ends at the region it may end at its own outline, seen past what
 *   was removed, so that an outline is followed on along it for as long as it is straight
 * @param region pixels (indices) of one connected unknown region
 * @param reachPx outlines are followed this far
 */
export function looseEnds(
  labels: Uint8Array,
  unknown: number,
  surfaces: number,
  width: number,
  region: Int32Array,
  reachPx: number,
): LooseEnd[] {
  const { sides, follow, point } = crackGrid(labels, unknown, width);
  const corners = new Set<number>();
  for (const i of region) {
    const c = Math.floor(i / width) * (width + 1) + (i % width);
    for (const corner of [c, c + 1, c + width + 1, c + width + 2]) corners.add(corner);
  }
  const ends: LooseEnd[] = [];
  for (const corner of corners) {
    for (const step of STEPS) {
      const [right, left] = sides(corner, step);
      if (left === unknown || right === unknown || left === right) continue;
      const back = follow(corner, reachPx, (l, r) => l === right && r === left);
      // Both its ends at the same region and hardly anything between: a tooth of the rim and no outline.
      if (back.length <= SHORTEST_PX && corners.has(back.at(-1)!)) continue;
      const alongLeft = follow(corner, reachPx, (l, r) => l === left && r === unknown);
      const alongRight = follow(corner, reachPx, (l, r) => l === unknown && r === right);
      const onward = [left < surfaces ? alongLeft : [], right < surfaces ? alongRight : []];
      ends.push({
        at: point(corner),
        left,
        right,
        fit: fitOutline(
          back.map(point),
          onward.map((way) => way.slice(1).map(point)),
        ),
      });
    }
  }
  return ends;
}

/** Right, down, left, up. */
const STEPS = [0, 1, 2, 3] as const;
type Step = (typeof STEPS)[number];
const DX = [1, 0, -1, 0] as const;
const DY = [0, 1, 0, -1] as const;
/** The pixels ahead of a step on its left and its right, from the corner's own pixel (right of it and below). */
const AHEAD = [
  [
    [0, -1],
    [0, 0],
  ],
  [
    [0, 0],
    [-1, 0],
  ],
  [
    [-1, 0],
    [-1, -1],
  ],
  [
    [-1, -1],
    [0, -1],
  ],
] as const;

/** Pixels' corners as the nodes of a grid, numbered in rows of width + 1. */
function crackGrid(labels: Uint8Array, unknown: number, width: number) {
  const height = labels.length / width;
  const point = (corner: number): Point => [corner % (width + 1), Math.floor(corner / (width + 1))];
  const label = (x: number, y: number) =>
    x < 0 || y < 0 || x >= width || y >= height ? unknown : labels[y * width + x]!;
  /** Labels on the left and on the right of the crack from a corner. */
  const sides = (corner: number, step: Step): [number, number] => {
    const [x, y] = point(corner);
    const [[lx, ly], [rx, ry]] = AHEAD[step];
    return [label(x + lx, y + ly), label(x + rx, y + ry)];
  };
  /** Corners along the cracks that are accepted by their sides, until they branch or end or are as many as asked. */
  const follow = (
    from: number,
    most: number,
    accepts: (left: number, right: number) => boolean,
  ): number[] => {
    const way = [from];
    let corner = from;
    while (way.length <= most) {
      const ways = STEPS.filter((step) => accepts(...sides(corner, step)));
      const [only] = ways;
      if (only === undefined || ways.length > 1) break;
      corner += DX[only] + DY[only] * (width + 1);
      way.push(corner);
      if (corner === from) break;
    }
    return way;
  };
  return { point, sides, follow };
}

/**
 * The line through the part of an outline before its end that says the direction best: a longer one is surer until it bends
 * away; then through more of it ahead, as far as that is surer still and in the same direction.
 * @param back points from the end on, away from the unknown
 * @param onward others from the end on, into it
 */
function fitOutline(
  back: readonly Point[],
  onward: readonly (readonly Point[])[],
): OutlineFit | undefined {
  const surest = (fits: OutlineFit[]) =>
    fits.reduce<OutlineFit | undefined>((a, b) => (a && a.doubt <= b.doubt ? a : b), undefined);
  const behind = surest(
    lengths(back.length).map((n) =>
      fitLine(back.slice(n > 2 * SHORTEST_PX ? FRAYED_PX : 0, n), back[0]!),
    ),
  );
  if (behind === undefined) return undefined;
  const ahead = lengths(back.length).flatMap((n) =>
    onward.flatMap((way) =>
      lengths(way.length).map((m) =>
        fitLine([...back.slice(0, n), ...way.slice(0, m)], way[m - 1]!),
      ),
    ),
  );
  const along = ({ towards: [x, y] }: OutlineFit) =>
    Math.acos(Math.min(1, x * behind.towards[0] + y * behind.towards[1]));
  return surest([behind, ...ahead.filter((fit) => along(fit) <= behind.doubt)]);
}

/** Lengths of a way's parts to try, in points. */
function lengths(all: number): number[] {
  const out: number[] = [];
  for (let n = SHORTEST_PX; n < all; n = Math.ceil(n * LONGER)) out.push(n);
  if (all >= SHORTEST_PX) out.push(all);
  return out;
}

function fitLine(points: readonly Point[], front: Point): OutlineFit {
  const n = points.length;
  const mean = [0, 1].map((k) => points.reduce((sum, p) => sum + p[k as 0 | 1], 0) / n) as [
    number,
    number,
  ];
  let [xx, xy, yy] = [0, 0, 0];
  for (const [x, y] of points) {
    xx += (x - mean[0]) ** 2;
    xy += (x - mean[0]) * (y - mean[1]);
    yy += (y - mean[1]) ** 2;
  }
  const angle = principalAngle(xx, xy, yy);
  let [dx, dy] = [Math.cos(angle), Math.sin(angle)];
  if ((front[0] - mean[0]) * dx + (front[1] - mean[1]) * dy < 0) [dx, dy] = [-dx, -dy];
  const along = points.map(([x, y]) => (x - mean[0]) * dx + (y - mean[1]) * dy);
  const across = points.map(([x, y]) => (y - mean[1]) * dx - (x - mean[0]) * dy);
  const square = along.map((u) => u * u);
  const meanSquare = square.reduce((a, b) => a + b, 0) / n;
  // Least squares of across = bend · (along² − its mean); the slope is 0 by the line's choice.
  const bend =
    square.reduce((sum, s, i) => sum + (s - meanSquare) * across[i]!, 0) /
    Math.max(
      1e-9,
      square.reduce((sum, s) => sum + (s - meanSquare) ** 2, 0),
    );
  const rms = Math.sqrt(across.reduce((sum, v) => sum + v * v, 0) / n);
  const length = Math.max(1, Math.max(...along) - Math.min(...along));
  return {
    through: mean,
    towards: [dx, dy],
    front,
    length,
    doubt: (SLOPE_FACTOR * (rms + STEP_PX)) / length,
    bend,
  };
}
