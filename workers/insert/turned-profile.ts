/**
 * The profile of a solid of revolution from one outline: every ray of the outline is turned about the axis, and what none of them enters is
 * left. Where the outline touches the surface that is exact (the envelope of Colombo, Del Bimbo and Pernici 2005, taken as a minimum instead
 * of by derivatives); the ends that the outline does not reach are closed by caps.
 */
import { quantile } from '../../core/quantile.ts';
import { type Cap, type End, endOf, underCap } from './profile-cap.ts';

/** A ray of the outline: its bearing beside the axis, ≥ 0, radians, and the tangent of its angle over level. */
export interface OutlineRay {
  beside: number;
  slope: number;
}

/** Radius by height, evenly spaced from the foot to the top, in distances of the axis from the camera; heights over the camera. */
export interface Profile {
  base: number;
  top: number;
  radii: Float64Array;
  foot: Cap;
  lid: Cap;
}

/** Of the outline's half width: rays this near the axis say where it ends. */
const ON_AXIS = 0.12;
/** A sharp foot explains this much, radians; a rounded top this much more than a sharp one. */
const SHARP = (40 * Math.PI) / 180;
const WORTH = (15 * Math.PI) / 180;
/** A round end's level disc is no larger than this, pixels, and of its rounding. */
const ROUND_PX = 2.5;
const ROUND_SHARE = 0.25;
/** This near the camera's own height, pixels, the profile is drawn straight. */
const LEVEL_PX = 1.5;
const ROWS_A_PX = 1.5;
const MOST_ROWS = 900;

/** Squared least distance from the axis, at a height, of all rays turned about it. */
function leastSquared(rays: readonly OutlineRay[], z: number): number {
  let least = Infinity;
  for (const { beside, slope } of rays) {
    // Level way to this height.
    const t = z / slope;
    if (!(t > 0)) continue;
    least = Math.min(least, t * t - 2 * t * Math.cos(beside) + 1);
  }
  return Math.max(0, least);
}

/** Round without a level disc, as a ball's or an egg's end. */
function isRound({ round }: End, px: number): boolean {
  const seen = Math.min(SHARP, 0.9 * (Math.PI / 2 - round.angle));
  return (
    round.explains >= seen && round.disc < Math.max(ROUND_PX * px, ROUND_SHARE * round.rounding)
  );
}

/**
 * What closes the foot, and so says how far away it stands. A sharp edge shows itself (a mug, a bottle); what is round at its top and
 * above its foot (a ball, an egg) is round at its foot. Of all else (a vase, a pear, a bowl) the outline's last ray touches a wall that leans outwards, and the underside is
 * anything between a level disc there and a round bottom: it lies half way, as support functions add up. Off by half of
 * radius × tan(angle / 2) at most.
 */
function footOf({ sharp, round }: End, ball: boolean): Cap {
  if (ball) return round;
  if (sharp.explains >= SHARP) return sharp;
  return {
    end: (sharp.end + round.end) / 2,
    disc: (sharp.disc + round.disc) / 2,
    rounding: (sharp.rounding + round.rounding) / 2,
    angle: sharp.angle,
  };
}

/**
 * @param pxRad a pixel's angle, radians
 * @returns undefined where the outline has no lower and upper end on the axis, or no breadth
 */
export function profileOf(rays: readonly OutlineRay[], pxRad: number): Profile | undefined {
  const half = rays.reduce((m, r) => Math.max(m, r.beside), 0);
  const near = rays.filter(({ beside }) => beside <= Math.max(pxRad, ON_AXIS * half));
  if (near.length === 0) return undefined;
  const split =
    near.reduce((m, { slope }) => Math.min(m, slope), Infinity) / 2 +
    near.reduce((m, { slope }) => Math.max(m, slope), -Infinity) / 2;
  // Column by column: a stem's sides are near the axis too, and are no ends. Each end by itself: looked down on steeply, the lower one's
  // pixels are wider bearings than the upper one's, and lie in fewer columns.
  const endOn = (sign: 1 | -1) => {
    const columns = new Map<number, number>();
    for (const { beside, slope } of near) {
      if (sign * (slope - split) < 0) continue;
      const column = Math.floor(beside / pxRad);
      columns.set(column, Math.max(columns.get(column) ?? -Infinity, sign * slope));
    }
    return sign * quantile([...columns.values()], 0.5);
  };
  const [lower, upper] = [endOn(-1), endOn(1)];
  const middle = (lower + upper) / 2;
  // A pixel's size at the axis, upright.
  const px = pxRad * (1 + middle * middle);
  if (!(upper - lower > 4 * px) || !(lower < 0)) return undefined;
  const rows = Math.min(MOST_ROWS, Math.ceil(((upper - lower) / px) * ROWS_A_PX));
  const at = (from: number, to: number, radius: (z: number) => number) =>
    Float64Array.from({ length: rows + 1 }, (_, k) => radius(from + ((to - from) * k) / rows));
  const hull = (z: number) => {
    // At the camera's own height its rays run level, and say nothing: what is over and under it does.
    const t = (z / (LEVEL_PX * px) + 1) / 2;
    if (!(t > 0 && t < 1)) return Math.sqrt(leastSquared(rays, z));
    const [under, over] = [-1, 1].map((s) => Math.sqrt(leastSquared(rays, s * LEVEL_PX * px)));
    return under! + t * (over! - under!);
  };
  const raw = at(lower, upper, hull);
  const points = Array.from(raw, (r, k) => [r, lower + ((upper - lower) * k) / rows] as const);
  const widest = Math.max(...raw);
  if (!(widest > 2 * px)) return undefined;
  const lowerEnd = endOf(
    points.map(([r, z]) => [r, -z] as const),
    Math.atan(-lower),
    px,
  );
  const upperEnd = endOf(points, Math.abs(Math.atan(upper)), px);
  const ball = isRound(lowerEnd, px) && isRound(upperEnd, px);
  const foot = footOf(lowerEnd, ball);
  const { sharp, round } = upperEnd;
  const lid = ball || round.explains >= sharp.explains + WORTH ? round : sharp;
  const [base, top] = [-foot.end, lid.end];
  if (!(top > base)) return undefined;
  const radii = at(base, top, (z) => Math.min(hull(z), underCap(foot, -z), underCap(lid, z)));
  return { base, top, radii, foot, lid };
}
