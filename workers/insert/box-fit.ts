/** An upright box on a level surface whose outline is a given one, and what several boxes have in common with it. */
import type { Rest } from '../../core/progress.ts';
import { quantile } from '../../core/quantile.ts';
import { type BoxShape, footOf, outlineOf } from './box-shape.ts';
import { leastSquares } from './least-squares.ts';
import type { LevelView } from './level-view.ts';
import { along, outside } from './polygon.ts';

export type Place = readonly [number, number];

export interface BoxFit {
  boxes: BoxShape[];
  /** Root of the mean robust square of the outline's distances, pixels. */
  rms: number;
  /** 95 % of either outline lies this near the other, pixels. */
  off: number;
}

const TURNS = 18;
/** Of an outline so many places do for a search. */
export const MOST_PLACES = 140;
/** Lowest share of places that may lie under a side's line: noise. */
const UNDER = 0.02;
/** Sizes that are no less, of the distance. */
const LEAST_SIZE = 1e-4;
/** A place whose nearest edge is the base's is on the foot, to within this, pixels. */
const ON_FOOT_PX = 0.01;

/** Unknowns: of each box middle (2), turn, and the logarithms of sides and height; lengths in distances. */
export function boxesOf(
  x: readonly number[],
  view: LevelView,
  unit: number,
  thin?: number,
): BoxShape[] {
  const out: BoxShape[] = [];
  let z = -view.height;
  for (let k = 0; k + 6 <= x.length; k += 6) {
    const [cx, cy, turn, w, d, h] = x.slice(k, k + 6) as [
      number,
      number,
      number,
      number,
      number,
      number,
    ];
    const height = unit * Math.exp(h);
    out.push({
      base: [unit * cx, unit * cy, z],
      turn,
      size: [unit * Math.exp(w), unit * (thin ?? Math.exp(d))],
      height,
    });
    z += height;
  }
  return out;
}

/** Back from these. */
export const unknownsOf = (boxes: readonly BoxShape[], unit: number): number[] =>
  boxes.flatMap(({ base, turn, size, height }) => [
    base[0] / unit,
    base[1] / unit,
    turn,
    ...[...size, height].map((v) => Math.log(Math.max(LEAST_SIZE, v / unit))),
  ]);

/** A box of a given turn whose lower sides, left and right ends and top are the outline's. */
function startOf(view: LevelView, places: readonly Place[], turn: number): BoxShape | undefined {
  const rays = places.map(([u, v]) => view.direction(u, v));
  const bearings = rays.map(([x, y]) => Math.atan2(x, y));
  const ground = rays.flatMap(([x, y, z]) =>
    z < 0 ? [[(-view.height * x) / z, (-view.height * y) / z] as const] : [],
  );
  if (ground.length < 8) return undefined;
  const mean = [0, 1].map((k) =>
    quantile(
      ground.map((p) => p[k]!),
      0.5,
    ),
  ) as [number, number];
  // Away from the camera.
  const [n, m] = [turn, turn + Math.PI / 2].map((a) => {
    const d = [Math.cos(a), Math.sin(a)] as const;
    return d[0] * mean[0] + d[1] * mean[1] < 0 ? ([-d[0], -d[1]] as const) : d;
  }) as [Place, Place];
  const near = [n, m].map((d) =>
    quantile(
      ground.map((p) => p[0] * d[0] + p[1] * d[1]),
      UNDER,
    ),
  );
  const corner = [0, 1].map((k) => near[0]! * n[k]! + near[1]! * m[k]!) as [number, number];
  const [low, high] = [Math.min(...bearings), Math.max(...bearings)];
  // Where a side of this direction from the corner meets a bearing.
  const reach = (d: Place, bearing: number) => {
    const [x, y] = [Math.sin(bearing), Math.cos(bearing)];
    return (corner[1] * x - corner[0] * y) / (d[0] * y - d[1] * x);
  };
  const toRight = (d: Place) => d[0] * corner[1] - d[1] * corner[0] > 0;
  const [a, b] = [n, m].map((d) => reach(d, toRight(d) ? high : low)) as [number, number];
  if (!(a > 0 && b > 0)) return undefined;
  const far = [0, 1].map((k) => corner[k]! + a * n[k]! + b * m[k]!) as [number, number];
  const slope = Math.max(...rays.map(([x, y, z]) => z / Math.hypot(x, y)));
  const height = view.height + slope * Math.hypot(...(slope < 0 ? far : corner));
  if (!(height > 0)) return undefined;
  return {
    base: [
      corner[0] + (a * n[0] + b * m[0]) / 2,
      corner[1] + (a * n[1] + b * m[1]) / 2,
      -view.height,
    ],
    turn: Math.atan2(n[1], n[0]),
    size: [a, b],
    height,
  };
}

/**
 * Distances of the outline's places to the boxes' outline, pixels.
 * @param foot what places on the lowest box's foot count
 */
export function residuals(
  view: LevelView,
  boxes: readonly BoxShape[],
  places: readonly Place[],
  foot = 1,
): Float64Array {
  const outlines = boxes.map((box) => outlineOf(view, box));
  const base = foot < 1 ? footOf(view, boxes[0]!) : [];
  return Float64Array.from(places, (p) => {
    const off = Math.min(...outlines.map((o) => outside(o, p)));
    const onFoot = foot < 1 && Math.abs(outside(base, p)) < Math.abs(off) + ON_FOOT_PX;
    return onFoot ? foot * off : off;
  });
}

/** Of either outline to the other, 95 %, pixels. */
export function offOf(
  view: LevelView,
  boxes: readonly BoxShape[],
  places: readonly Place[],
): number {
  const outlines = boxes.map((box) => outlineOf(view, box));
  const to = [...residuals(view, boxes, places)].map(Math.abs);
  const own = outlines.flatMap((o, k) =>
    along(o, 1).filter((p) => outlines.every((other, j) => j === k || outside(other, p) > 0)),
  );
  const from = own.map(([x, y]) =>
    places.reduce((m, [u, v]) => Math.min(m, Math.hypot(u - x, v - y)), Infinity),
  );
  return quantile([...to, ...from], 0.95);
}

/** Evenly, no more than so many. */
export const thinned = (places: readonly Place[], most: number) => {
  const step = Math.max(1, places.length / most);
  return Array.from(
    { length: Math.floor(places.length / step) },
    (_, k) => places[Math.floor(k * step)]!,
  );
};

/**
 * The box whose outline comes nearest, from many turns.
 * @param places of the outline, pixels
 */
export async function fitBox(
  view: LevelView,
  places: readonly Place[],
  rest: Rest,
): Promise<BoxFit | undefined> {
  const few = thinned(places, MOST_PLACES);
  let best: { x: number[]; rms: number } | undefined;
  let unit = 1;
  for (let k = 0; k < TURNS; k++) {
    const start = startOf(view, places, ((k / TURNS) * Math.PI) / 2);
    if (start === undefined) continue;
    if (best === undefined) unit = Math.hypot(start.base[0], start.base[1]);
    const found = await leastSquares(
      (x) => residuals(view, boxesOf(x, view, unit), few),
      unknownsOf([start], unit),
      rest,
      12,
    );
    if (best === undefined || found.rms < best.rms) best = found;
  }
  if (best === undefined) return undefined;
  return finished(view, best.x, unit, places, rest);
}

async function finished(
  view: LevelView,
  start: readonly number[],
  unit: number,
  places: readonly Place[],
  rest: Rest,
): Promise<BoxFit> {
  const of = (x: readonly number[]) => residuals(view, boxesOf(x, view, unit), places);
  const { x, rms } = await leastSquares(of, start, rest);
  const boxes = boxesOf(x, view, unit);
  await rest();
  return { boxes, rms, off: offOf(view, boxes, places) };
}

/** What is left of the outline, pixels, by the better of the box's two seen sides as an upright card without depth. */
export async function cardRms(
  view: LevelView,
  { boxes }: BoxFit,
  places: readonly Place[],
  rest: Rest,
): Promise<number> {
  const box = boxes[0]!;
  const unit = Math.hypot(box.base[0], box.base[1]);
  let least = Infinity;
  for (const k of [0, 1]) {
    const turn = box.turn + (k * Math.PI) / 2;
    const card: BoxShape = { ...box, turn, size: [box.size[k]!, LEAST_SIZE * unit] };
    const of = (x: readonly number[]) => boxesOf(x, view, unit, LEAST_SIZE);
    const off = (x: readonly number[]) => residuals(view, of(x), places);
    least = Math.min(least, (await leastSquares(off, unknownsOf([card], unit), rest)).rms);
  }
  return least;
}
