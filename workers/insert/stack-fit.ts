/** Two upright boxes on top of each other whose outline is a given one, and whose edges are the picture's. */
import type { Rest } from '../../core/progress.ts';
import {
  type BoxFit,
  boxesOf,
  MOST_PLACES,
  offOf,
  type Place,
  residuals,
  thinned,
  unknownsOf,
} from './box-fit.ts';
import type { BoxShape } from './box-shape.ts';
import type { Agreement } from './inner-edges.ts';
import { huberRms, leastSquares } from './least-squares.ts';
import type { LevelView } from './level-view.ts';

/** Starts: lower heights of these shares of one box's height, and uppers with these shares of the lower's sides, turned by these, degrees. */
const STARTS = [0.35, 0.6];
const UPPERS = [
  [0.88, 0.88],
  [0.5, 0.5],
  [0.88, 0.5],
  [0.5, 0.88],
] as const;
const UPPER_TURNS = [0, 12, -12, 28, -28];
const START_PLACES = 70;
const START_ROUNDS = 10;
/** So many of the nearest are followed; uppers within these, radians and of the logarithm of a side, as one. */
const FOLLOWED = 3;
const SAME_TURN = 0.06;
const SAME_SIZE = 0.08;
/** Of one box's height: lower heights that are tried, and for so many of the nearest of them upper ones. */
const LOWER_SHARES = [0.25, 0.35, 0.45, 0.55, 0.65, 0.75, 0.9, 1.1];
const LOWERS = 5;
const UPPER_SHARES = [0.2, 0.3, 0.4, 0.5, 0.6, 0.75, 0.9, 1.1, 1.4, 1.8];
const ROUNDS = 14;
/** As near as the nearest: this many times what that leaves, and pixels. */
const NEAR = 1.15;
const NEAR_PX = 0.03;
/** Edges may cost the outline so much: in a large picture of a blurred thing they say little. */
const MOST_COST = 1.25;
const MOST_COST_PX = 0.5;
/** A foot is bitten by what it stands on: its places say less than the others. */
const FOOT_COUNTS = 0.4;
/** Lower ones are none, pixels' footprints. */
const LEAST_HEIGHT_PX = 5;

/** Rows of the unknowns (`boxesOf`). */
const LOWER_HEIGHT = 5;
const UPPER_TURN = 8;
const UPPER_SIDES = [9, 10];
const UPPER_HEIGHT = 11;
const HEIGHTS = [LOWER_HEIGHT, UPPER_HEIGHT];
/** What the outline tells least of: the upper's sides may end over the lower. Steps of their logarithms. */
const VALLEY = [UPPER_HEIGHT, ...UPPER_SIDES, LOWER_HEIGHT];
const STEPS = [0.12, 0.05];

interface Found {
  x: number[];
  rms: number;
}
interface Scored {
  x: number[];
  score: number;
}
const better = (a: Scored | undefined, b: Scored): Scored =>
  a === undefined || b.score > a.score ? b : a;

/** The first of each kind. */
function distinct(found: readonly Found[]): Found[] {
  const out: Found[] = [];
  for (const one of found) {
    const same = out.some(
      ({ x }) =>
        Math.abs(x[UPPER_TURN]! - one.x[UPPER_TURN]!) < SAME_TURN &&
        UPPER_SIDES.every((k) => Math.abs(x[k]! - one.x[k]!) < SAME_SIZE),
    );
    if (!same) out.push(one);
  }
  return out;
}

/**
 * From the one box that comes nearest. By all unknowns at once the search ends anywhere in a valley in which heights stand for depths (on the
 * sample's books 7 mm for 11): so these are held, one by one, and what the picture's edges say of them is weighed with the outline.
 * @param most of the outline's rms that a stack may leave, pixels: without such a start there is none
 * @param agrees the boxes' edges with the picture's; absent: the outline alone
 */
export async function fitStack(
  view: LevelView,
  { boxes }: BoxFit,
  places: readonly Place[],
  most: number,
  rest: Rest,
  agrees: Agreement = () => 0,
): Promise<BoxFit | undefined> {
  const whole = boxes[0]!;
  const unit = Math.hypot(whole.base[0], whole.base[1]);
  const [few, fewest] = [thinned(places, MOST_PLACES), thinned(places, START_PLACES)];
  const boxesAt = (x: readonly number[]) => boxesOf(x, view, unit);
  const logHeight = (share: number) => Math.log((share * whole.height) / unit);
  const leaves = (x: readonly number[], of: readonly Place[] = few) =>
    huberRms(residuals(view, boxesAt(x), of));

  /** The nearest with some of the unknowns held as they are at the start. */
  const holding = async (
    start: readonly number[],
    held: readonly number[],
    of: readonly Place[] = few,
  ) => {
    const free = start.flatMap((_, k) => (held.includes(k) ? [] : [k]));
    const all = (y: readonly number[]) => {
      const x = [...start];
      for (const [j, k] of free.entries()) x[k] = y[j]!;
      return x;
    };
    const { x, rms } = await leastSquares(
      (y) => residuals(view, boxesAt(all(y)), of, FOOT_COUNTS),
      free.map((k) => start[k]!),
      rest,
      ROUNDS,
    );
    return { x: all(x), rms };
  };

  const starts: Found[] = [];
  for (const share of STARTS) {
    for (const deg of UPPER_TURNS) {
      for (const [w, d] of UPPERS) {
        const upper: BoxShape = {
          ...whole,
          turn: whole.turn + (deg * Math.PI) / 180,
          size: [w * whole.size[0], d * whole.size[1]],
          height: whole.height * (1 - share),
        };
        const start = unknownsOf([{ ...whole, height: whole.height * share }, upper], unit);
        const off = (x: readonly number[]) => residuals(view, boxesAt(x), fewest);
        starts.push(await leastSquares(off, start, rest, START_ROUNDS));
      }
    }
  }
  starts.sort((a, b) => a.rms - b.rms);
  if (!(starts[0]!.rms <= most)) return undefined;
  const lowers: Found[][] = [];
  for (const { x } of distinct(starts).slice(0, FOLLOWED)) {
    const own: Found[] = [];
    for (const share of LOWER_SHARES) {
      const start = [...x];
      start[LOWER_HEIGHT] = logHeight(share);
      own.push(await holding(start, [LOWER_HEIGHT]));
    }
    lowers.push(own);
  }
  const least = Math.min(...lowers.flat().map(({ rms }) => rms));
  const leastLeft = Math.min(...lowers.flat().map(({ x }) => leaves(x)));
  if (!Number.isFinite(least)) return undefined;

  const scored = async (start: readonly number[], held: readonly number[]): Promise<Scored> => {
    const { x, rms } = await holding(start, held);
    const found = boxesAt(x);
    const thin = found.some((box) => box.height * view.camera.fx < LEAST_HEIGHT_PX * unit);
    const far = leaves(x) > NEAR * leastLeft + NEAR_PX;
    return { x, score: thin || far ? -Infinity : agrees(found) - rms / least };
  };
  let best: Scored | undefined;
  for (const basin of lowers) {
    let own: Scored | undefined;
    const near = basin.filter(({ rms }) => rms <= NEAR * least + NEAR_PX);
    for (const { x } of near.sort((a, b) => a.rms - b.rms).slice(0, LOWERS)) {
      for (const shares of [UPPER_SHARES, [...UPPER_SHARES].reverse()]) {
        // Each from the one before: from afar the search ends elsewhere.
        let from = x;
        for (const share of shares) {
          const start = [...from];
          start[UPPER_HEIGHT] = logHeight(share);
          const found = await scored(start, HEIGHTS);
          own = better(own, found);
          from = found.x;
        }
      }
    }
    if (own === undefined) continue;
    for (const by of STEPS) {
      for (const k of VALLEY) {
        for (const sign of [-1, 1]) {
          for (let on = true; on; ) {
            const start = [...own.x];
            start[k]! += sign * by;
            const next: Scored = better(own, await scored(start, VALLEY));
            on = next !== own;
            own = next;
          }
        }
      }
    }
    best = better(best, own);
  }
  let plain: Found | undefined;
  for (const start of distinct(starts).slice(0, FOLLOWED)) {
    const off = (y: readonly number[]) => residuals(view, boxesAt(y), places);
    const found = await leastSquares(off, start.x, rest);
    if (plain === undefined || found.rms < plain.rms) plain = found;
  }
  if (plain === undefined) return undefined;
  let { x, rms } = plain;
  if (best !== undefined && best.score > -Infinity) {
    const held = await holding(best.x, VALLEY, places);
    const left = leaves(held.x, places);
    const offAt = (y: readonly number[]) => offOf(view, boxesAt(y), places);
    const near = offAt(held.x) <= MOST_COST * offAt(x) + MOST_COST_PX;
    if (near && left <= MOST_COST * rms) [x, rms] = [held.x, left];
  }
  const found = boxesAt(x);
  return { boxes: found, rms, off: offOf(view, found, places) };
}
