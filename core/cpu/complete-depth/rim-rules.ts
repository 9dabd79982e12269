/** How planes that a hole's rim lies on go on within it. */
import { principalAngle } from '../../disc-axes.ts';
import { KNOWN } from './classify.ts';
import { inverseDepthAt, type PlaneU, type RimOfHole } from './rim-planes.ts';

/** Which of the planes a pixel lies on, by its number. */
export type Rule = (i: number) => number;

/** Share of a rim's pixels that has to lie on the plane that the rule says: captures have gaps and small things. */
const FOLLOWING = 0.9;
/** Each side of a step has at least this share of the rim. */
const SMALLER_SIDE = 0.1;
/** Pixel edges of the rim that have to lie across a step: its outline's direction comes from them. */
const FEWEST_ACROSS = 6;
/** They lie within this of one line (root mean square): pixels step by one along a slant. */
const STRAIGHT_PX = 0.75;
/** Where the picture's mean coupling across the rim's step is under this it shows the step, and says itself where that runs. */
const UNSEEN = 0.5;

/**
 * Planes that meet without a step: each pixel lies on the one that is in front of the others there (a room's corner: the largest inverse
 * depth), or behind them (a thing's edge: the smallest), or for three on a mix of the two. Of all such rules the one that most of the
 * rim follows; undefined where too few do.
 */
export function creaseRule(
  planes: readonly PlaneU[],
  hole: RimOfHole,
  tolerance: number,
): Rule | undefined {
  const at = (k: number, i: number) => inverseDepthAt(planes[k]!, hole, i);
  let best: Rule | undefined;
  let most = FOLLOWING;
  for (const rule of creaseRules(planes.length, at)) {
    const share = shareOf(rule, planes, hole, tolerance);
    if (share > most) [best, most] = [rule, share];
  }
  return best;
}

function shareOf(
  rule: Rule,
  planes: readonly PlaneU[],
  hole: RimOfHole,
  tolerance: number,
): number {
  const follows = (i: number) =>
    Math.abs(inverseDepthAt(planes[rule(i)]!, hole, i) - hole.u[i]!) <= tolerance;
  return hole.rim.filter(follows).length / hole.rim.length;
}

/** @param at inverse depth of plane k at pixel i */
function creaseRules(planes: number, at: (k: number, i: number) => number): Rule[] {
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

/**
 * Two planes with a step between them, whose outline runs straight from one end on the rim to the other: the line (total least squares)
 * through where neighbours of the rim lie on different ones. Undefined where it does not part them, or where the picture
 * shows the step on the rim: then the picture shows it within the hole too, straight or not.
 */
export function stepRule(
  planes: readonly PlaneU[],
  hole: RimOfHole,
  tolerance: number,
  { guideX, guideY }: { guideX: Float32Array; guideY: Float32Array },
): Rule | undefined {
  if (planes.length < 2) return undefined;
  const { width, height, u, role, rim, has } = hole;
  const off = (k: number, i: number) => Math.abs(inverseDepthAt(planes[k]!, hole, i) - u[i]!);
  const side = (i: number) => {
    const [a, b] = [off(0, i), off(1, i)];
    return Math.min(a, b) > tolerance ? -1 : a <= b ? 0 : 1;
  };
  const counts = [0, 0];
  const across: [x: number, y: number][] = [];
  let guide = 0;
  for (const i of rim) {
    const own = side(i);
    if (own < 0) continue;
    counts[own]!++;
    const [x, y] = [i % width, Math.floor(i / width)];
    const look = (j: number, dx: number, dy: number, g: Float32Array): void => {
      if (!has(j) || role[j] !== KNOWN || side(j) !== 1 - own) return;
      across.push([x + dx, y + dy]);
      guide += g[i]!;
    };
    if (x < width - 1) look(i + 1, 0.5, 0, guideX);
    if (y < height - 1) look(i + width, 0, 0.5, guideY);
  }
  if (across.length < FEWEST_ACROSS) return undefined;
  if (Math.min(...counts) < SMALLER_SIDE * rim.length) return undefined;
  if (guide < UNSEEN * across.length) return undefined;
  const signed = lineThrough(across);
  const squares = across.reduce((sum, [x, y]) => sum + signed(x, y) ** 2, 0);
  if (Math.sqrt(squares / across.length) > STRAIGHT_PX) return undefined;
  const beyond = (i: number) => (signed(i % width, Math.floor(i / width)) > 0 ? 1 : 0);
  const rules: Rule[] = [beyond, (i) => 1 - beyond(i)];
  return rules.find((rule) => shareOf(rule, planes, hole, tolerance) > FOLLOWING);
}

/** @returns a point's signed distance from the line that lies nearest to all, in the total least squares' sense */
function lineThrough(
  points: readonly (readonly [number, number])[],
): (x: number, y: number) => number {
  const n = points.length;
  const [mx, my] = points.reduce(([sx, sy], [x, y]) => [sx + x / n, sy + y / n], [0, 0]);
  let [xx, xy, yy] = [0, 0, 0];
  for (const [x, y] of points) {
    xx += (x - mx) ** 2;
    xy += (x - mx) * (y - my);
    yy += (y - my) ** 2;
  }
  const angle = principalAngle(xx, xy, yy);
  const [nx, ny] = [-Math.sin(angle), Math.cos(angle)];
  return (x, y) => nx * (x - mx) + ny * (y - my);
}
