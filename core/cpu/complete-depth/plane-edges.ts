import { components } from '../../components.ts';
import { boundsOf } from '../../image.ts';
import { FREE, KNOWN } from './classify.ts';
import { noiseOfRim, planesOfRim, type RimOfHole } from './rim-planes.ts';
import { creaseRule, type Rule, stepRule } from './rim-rules.ts';

/** The crop as prepare.ts has it; the guides are changed. */
export interface PlaneEdgePlace {
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
/** A known pixel lies on a plane when it is no farther off than this many ε, or this many of the noise's deviations … */
const NEAR = 2;
const NOISES = 3;
/** … up to so many ε: 2 % of the depth. */
const MOST_NOISE = 10;

/**
 * Where the known pixels around a hole lie on two or three planes and say how these go on within it, the coupling is cut where
 * one changes over to another, though the picture shows no edge there: to `floor`, as across an edge of the image.
 *
 * The energy alone spreads a bend over the hole's whole width or makes it where it costs least, which is seldom where it is,
 * and bridges a step by a ramp. A rim that follows neither rule of rim-rules.ts (curved things, clutter) changes nothing.
 * @param epsilon as Integration has it
 */
export function cutPlaneEdges(place: PlaneEdgePlace, epsilon: number, floor: number): void {
  for (const { hole, pixels } of holesOf(place)) {
    const noise = Math.min(MOST_NOISE * epsilon, NOISES * noiseOfRim(hole));
    const tolerance = Math.max(NEAR * epsilon, noise);
    const planes = planesOfRim(hole, tolerance);
    const rule = creaseRule(planes, hole, tolerance) ?? stepRule(planes, hole, tolerance, place);
    if (rule !== undefined) cut(place, hole, pixels, rule, floor);
  }
}

/** The 4-connected holes, each with the known pixels that have it nearest; those that are not narrow. */
function* holesOf(place: PlaneEdgePlace): Generator<{ hole: RimOfHole; pixels: Int32Array }> {
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
    const { x0, y0, x1, y1 } = boundsOf(width, pixels);
    if (Math.min(x1 - x0, y1 - y0) <= NARROWEST_PX) continue;
    const middle = { middleX: (x0 + x1 - 1) / 2, middleY: (y0 + y1 - 1) / 2 };
    const has = (i: number) => labels[i] === label;
    yield { hole: { ...place, ...middle, rim: rims[label]!, has }, pixels };
  }
}

/** Lowers the coupling between neighbouring pixels of different planes. */
function cut(
  { width, height, guideX, guideY }: PlaneEdgePlace,
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
