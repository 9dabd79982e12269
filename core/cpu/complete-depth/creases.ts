import { components } from '../../components.ts';
import { quantile } from '../../quantile.ts';
import { FREE, KNOWN } from './classify.ts';
import { inverseDepthAt, type PlaneU, planesOfRim, type RimOfHole } from './rim-planes.ts';

/** The crop as prepare.ts has it; the guides are changed. */
export interface CreasePlace {
  width: number;
  height: number;
  role: Uint8Array;
  /** Normalised inverse depth where the role is KNOWN. */
  u: Float64Array;
  guideX: Float32Array;
  guideY: Float32Array;
  /** Of every pixel the nearest free one. */
  nearestFree: Int32Array;
  /** How far from the hole the farthest known pixels lie. */
  marginPx: number;
}

/** Holes this narrow are bridged well as they are. */
const NARROWEST_PX = 8;
/** Share of a rim's pixels that has to lie on the plane that the rule says: captures have gaps and small things. */
const FOLLOWING = 0.9;
/** A known pixel lies on a plane when it is no farther off than this many ε, or this many of the noise's deviations … */
const NEAR = 2;
const NOISES = 3;
/** … up to so many ε: 2 % of the depth. */
const MOST_NOISE = 10;

/**
 * Lets the surface bend freely where planes meet within a hole though the picture shows no edge there.
 *
 * The energy spreads a bend over the hole's whole width or makes it where it costs least, which is seldom where it is. But
 * where a hole's rim lies on two or three planes, and each of its pixels on the one that is in front of the others there
 * (a room's corner: the largest inverse depth) or behind them (a thing's edge: the smallest), the same rule says which plane each
 * pixel of the hole lies on, and so where they meet. Between pixels of different planes the coupling falls to `floor`, as
 * across an edge of the image. A rim that follows no such rule (a step between the planes, curved things, clutter) changes nothing.
 * @param epsilon as Integration has it
 */
export function putCreases(place: CreasePlace, epsilon: number, floor: number): void {
  for (const { hole, pixels } of holesOf(place)) {
    const noise = Math.min(MOST_NOISE * epsilon, NOISES * noiseOf(hole));
    const tolerance = Math.max(NEAR * epsilon, noise);
    const rule = ruleOf(planesOfRim(hole, tolerance), hole, tolerance);
    if (rule !== undefined) cut(place, hole, pixels, rule, floor);
  }
}

/** The 4-connected holes, each with the known pixels that have it nearest; those that are not narrow. */
function* holesOf(place: CreasePlace): Generator<{ hole: RimOfHole; pixels: Int32Array }> {
  const { width, height, role, nearestFree } = place;
  const free = { width, height, data: role.map((r) => (r === FREE ? 1 : 0)) };
  const holes = components(free);
  const labels = new Int32Array(role.length).fill(-1);
  for (const [label, { pixels }] of holes.entries()) for (const i of pixels) labels[i] = label;
  const rims: number[][] = holes.map(() => []);
  for (let i = 0; i < role.length; i++) {
    if (role[i] !== KNOWN) continue;
    labels[i] = labels[nearestFree[i]!]!;
    rims[labels[i]!]!.push(i);
  }
  for (const [label, { pixels }] of holes.entries()) {
    let [x0, y0, x1, y1] = [width, height, 0, 0];
    for (const i of pixels) {
      const [x, y] = [i % width, Math.floor(i / width)];
      [x0, y0, x1, y1] = [Math.min(x0, x), Math.min(y0, y), Math.max(x1, x), Math.max(y1, y)];
    }
    if (Math.min(x1 - x0, y1 - y0) < NARROWEST_PX) continue;
    const middle = { middleX: (x0 + x1) / 2, middleY: (y0 + y1) / 2 };
    const has = (i: number) => labels[i] === label;
    yield { hole: { ...place, ...middle, rim: rims[label]!, has }, pixels };
  }
}

/** Standard deviation of the rim's inverse depth around its neighbours': by the median second difference along the rows. */
function noiseOf({ rim, u, has, role }: RimOfHole): number {
  const off: number[] = [];
  for (const i of rim) {
    if (!has(i - 1) || !has(i + 1) || role[i - 1] !== KNOWN || role[i + 1] !== KNOWN) continue;
    off.push(Math.abs(u[i]! - 0.5 * (u[i - 1]! + u[i + 1]!)));
  }
  return (off.length === 0 ? 0 : quantile(off, 0.5)) / (0.6745 * Math.sqrt(1.5));
}

/** Which of the planes a pixel lies on. */
type Rule = (i: number) => number;

/** The rule that most pixels of the rim follow; undefined where too few do. */
function ruleOf(planes: readonly PlaneU[], hole: RimOfHole, tolerance: number): Rule | undefined {
  const at = (k: number, i: number) => inverseDepthAt(planes[k]!, hole, i);
  let best: Rule | undefined;
  let most = FOLLOWING;
  for (const rule of rulesOf(planes.length, at)) {
    const following = hole.rim.filter((i) => Math.abs(at(rule(i), i) - hole.u[i]!) <= tolerance);
    const share = following.length / hole.rim.length;
    if (share > most) [best, most] = [rule, share];
  }
  return best;
}

/** Every way that two or three planes make one surface without a step. @param at inverse depth of plane k at pixel i */
function rulesOf(planes: number, at: (k: number, i: number) => number): Rule[] {
  const front = (p: Rule, q: Rule) => (i: number) => (at(p(i), i) >= at(q(i), i) ? p(i) : q(i));
  const behind = (p: Rule, q: Rule) => (i: number) => (at(p(i), i) <= at(q(i), i) ? p(i) : q(i));
  const [a, b, c] = [() => 0, () => 1, () => 2];
  const two = [front(a, b), behind(a, b)];
  if (planes < 3) return planes < 2 ? [] : two;
  const three = [front(a, front(b, c)), behind(a, behind(b, c))];
  for (const [p, q, r] of [
    [a, b, c],
    [b, c, a],
    [c, a, b],
  ] as const) {
    three.push(front(p, behind(q, r)), behind(p, front(q, r)));
  }
  return [...two, ...three];
}

/** Lowers the coupling between neighbouring pixels of different planes. */
function cut(
  { width, height, guideX, guideY }: CreasePlace,
  hole: RimOfHole,
  pixels: Int32Array,
  rule: Rule,
  floor: number,
): void {
  const apart = (i: number, j: number) => hole.has(j) && rule(j) !== rule(i);
  const between = (i: number): void => {
    if (i % width < width - 1 && apart(i, i + 1)) guideX[i] = Math.min(guideX[i]!, floor);
    if (i < width * (height - 1) && apart(i, i + width)) guideY[i] = Math.min(guideY[i]!, floor);
  };
  for (const i of pixels) between(i);
  for (const i of hole.rim) between(i);
}
