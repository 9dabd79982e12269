import { components } from '../components.ts';
import { createMask, type Mask } from '../image.ts';
import { neighbours } from '../neighbours.ts';
import { type LooseEnd, looseEnds, type OutlineFit, type Point } from './loose-ends.ts';
import { crosses, footOn, middleOf, RIM_PX, shareKnown, type Wall } from './wall.ts';

/** Outlines are followed this share of the picture's longer side. */
const REACH_SHARE = 0.4;
/** A line says where an outline goes when its direction is this sure … */
const SURE = 0.2;
/** … and it is this share as long as the way that it is drawn on. */
const SUPPORT = 0.25;
/** A line goes to a point that it passes within so many pixels and its own doubt, up to this angle … */
const HIT_PX = 2;
const HIT_ANGLE = 0.08;
/** … or, where it meets no other line either, this angle whatever its doubt. */
const NEAR_ANGLE = 0.1;
/** Two ends that face each other within this angle, both, are one straight edge that was seen with noise: short lines say it together. */
const FACING_ANGLE = 0.2;
/** An outline that leaves its line by more than this share of the way is a curve. */
const CURVED = 0.1;
/** What of a joint may run over what is labelled already: frayed rims do. */
const OVER_KNOWN = 0.35;
/** So few unknown pixels are noise beside an outline and no end of it. */
const SPECK_PX = 12;
/** A part's rim shows one label along this share, or is left open. */
const AGREED = 0.75;

export interface JoinedOutlines {
  /** The wanted pixels that are still without a label. */
  open: Mask;
  /** The label that surely is not at a pixel, or the unknown one: what lies beyond a surface's own edge is not that surface. */
  barred: Uint8Array;
}

/**
 * Labels the unknown regions whose outlines' loose ends meet: by a straight line between two ends of one outline where one
 * of them points at the other, or by the corner where their lines cross. What an object hides of a table is its straight
 * edge or its corner; nothing that only interpolates distances makes either. What does not meet is left unknown.
 * @param labels one a pixel; wanted pixels of what could be decided are set
 * @param surfaces labels below this are surfaces; the label itself is the background
 * @param wanted pixels to label
 * @param possible whether a label can be at a pixel (index)
 */
export function joinOutlines(
  labels: Uint8Array,
  unknown: number,
  surfaces: number,
  wanted: Mask,
  possible: (label: number, i: number) => boolean,
): JoinedOutlines {
  const { width, height } = wanted;
  const open = createMask(width, height);
  open.data.set(wanted.data);
  const barred = new Uint8Array(labels.length).fill(unknown);
  const nowhere = createMask(width, height);
  for (let i = 0; i < labels.length; i++) if (labels[i] === unknown) nowhere.data[i] = 1;
  const known = labels.slice();
  const decide = (label: number, pixels: Iterable<number>) => {
    for (const i of pixels) {
      if (wanted.data[i] === 0 || !possible(label, i)) continue;
      labels[i] = label;
      open.data[i] = 0;
    }
  };
  const regions = components(nowhere, undefined, true);
  for (const { pixels } of regions) {
    if (pixels.length > SPECK_PX) continue;
    closeSpeck(known, unknown, width, pixels);
    for (const i of pixels) if (known[i] !== unknown) decide(known[i]!, [i]);
  }
  const reachPx = REACH_SHARE * Math.max(width, height);
  const overKnown = shareKnown(known, unknown, width);
  for (const { pixels } of regions) {
    if (pixels.length <= SPECK_PX || !pixels.some((i) => wanted.data[i] !== 0)) continue;
    const ends = looseEnds(known, unknown, surfaces, width, pixels, reachPx);
    const all = joints(ends, overKnown);
    const edge = all === undefined ? ownEdge(ends, surfaces, overKnown) : undefined;
    const walls = all ?? (edge && [edge.wall]);
    if (walls === undefined) continue;
    const region = createMask(width, height);
    for (const i of pixels) region.data[i] = 1;
    const parts = components(region, (i, j) => !walls.some((wall) => crosses(wall, i, j, width)));
    const found = parts.map(
      (part) =>
        rimLabel(known, unknown, region, part.pixels, walls) ??
        // Between a wall and the rim that it runs along.
        (part.pixels.length <= SPECK_PX
          ? rimLabel(known, unknown, region, part.pixels, [])
          : undefined),
    );
    if (
      edge === undefined &&
      parts.some((part, k) => found[k] === undefined && part.pixels.length > SPECK_PX)
    )
      continue;
    parts.forEach((part, k) => {
      const label = found[k];
      if (edge !== undefined && label !== edge.label) {
        for (const i of part.pixels) barred[i] = edge.label;
        return;
      }
      if (label === undefined) return;
      const slivers = part.pixels.filter((i) => isSliver(i, label, known, walls, width));
      decide(label, part.pixels);
      if (label < surfaces) for (const i of slivers) decide(surfaces, [i]);
    });
  }
  return { open, barred };
}

/** Whether a pixel lies between a wall and the end of what is seen of its surface, hardly apart: that is its outline. */
function isSliver(
  i: number,
  label: number,
  known: Uint8Array,
  walls: readonly Wall[],
  width: number,
): boolean {
  const [x, y] = middleOf(i, width);
  for (const wall of walls) {
    const { foot, away } = footOn(wall, i, width);
    if (!(away > 0 && away < RIM_PX)) continue;
    for (let step = 1; step <= RIM_PX; step++) {
      const u = Math.floor(x + (step * (x - foot[0])) / away);
      const v = Math.floor(y + (step * (y - foot[1])) / away);
      if (u >= 0 && u < width && known[v * width + u] === label) return true;
    }
  }
  return false;
}

/** Gives a speck's pixels a label from beside them. */
function closeSpeck(labels: Uint8Array, unknown: number, width: number, speck: Int32Array): void {
  let left = [...speck];
  while (left.length > 0) {
    const found: [number, number][] = [];
    for (const i of left) {
      const beside = neighbours(i, width, labels.length).find((j) => labels[j] !== unknown);
      if (beside !== undefined) found.push([i, labels[beside]!]);
    }
    if (found.length === 0) return;
    for (const [i, label] of found) labels[i] = label;
    left = left.filter((i) => labels[i] === unknown);
  }
}

/** Joins all the ends, two at a time; undefined where that cannot be. */
function joints(ends: readonly LooseEnd[], overKnown: (wall: Wall) => number): Wall[] | undefined {
  const ways: { a: number; b: number; wall: Wall; cost: number }[] = [];
  for (let a = 0; a < ends.length; a++) {
    for (let b = a + 1; b < ends.length; b++) {
      const [p, q] = [ends[a]!, ends[b]!];
      if (p.left !== q.right || p.right !== q.left) continue;
      const way = joint(p, q);
      if (way !== undefined && overKnown(way.wall) <= OVER_KNOWN) ways.push({ a, b, ...way });
    }
  }
  ways.sort((x, y) => x.cost - y.cost);
  const free = new Set(ends.keys());
  const walls: Wall[] = [];
  for (const { a, b, wall } of ways) {
    if (!free.has(a) || !free.has(b)) continue;
    free.delete(a);
    free.delete(b);
    walls.push(wall);
  }
  return free.size === 0 ? walls : undefined;
}

/**
 * One surface's straight edge before several others: its two ends face each other, and what lies beyond it is one thing on one
 * side of the hole and another on the other, as the plinth and the floor are under a cabinet.
 */
function ownEdge(
  ends: readonly LooseEnd[],
  surfaces: number,
  overKnown: (wall: Wall) => number,
): { wall: Wall; label: number } | undefined {
  const of = (label: number) => ends.filter(({ left, right }) => left === label || right === label);
  for (let label = 0; label < surfaces; label++) {
    const [p, q, more] = of(label);
    if (p === undefined || q === undefined || more !== undefined) continue;
    if ((p.left === label) === (q.left === label)) continue;
    const way = joint(p, q);
    if (way === undefined || way.wall.length > 2 || overKnown(way.wall) > OVER_KNOWN) continue;
    return { wall: way.wall, label };
  }
  return undefined;
}

/** The straight way between two ends, or the way around the corner where their lines meet; the cost is an angle. */
function joint(p: LooseEnd, q: LooseEnd): { wall: Wall; cost: number } | undefined {
  const apart = Math.hypot(p.at[0] - q.at[0], p.at[1] - q.at[1]);
  if (apart <= HIT_PX) return { wall: [p.at, q.at], cost: 0 };
  const straight = (angle: (fit: OutlineFit) => number) => {
    const miss = Math.min(missOf(p.fit, q.at, apart, angle), missOf(q.fit, p.at, apart, angle));
    return Number.isFinite(miss) ? { wall: [p.at, q.at], cost: miss / apart } : undefined;
  };
  const corner = cornerOf(p, q);
  return (
    straight(({ doubt }) => Math.min(HIT_ANGLE, doubt)) ??
    (corner && { wall: [p.at, corner, q.at], cost: 1 }) ??
    straight(() => NEAR_ANGLE) ??
    (faces(p, q) && faces(q, p) ? { wall: [p.at, q.at], cost: 2 } : undefined)
  );
}

/** Whether an end's line, be it short, points at another end. */
function faces({ fit, at }: LooseEnd, { at: other }: LooseEnd): boolean {
  if (fit === undefined || fit.doubt > SURE) return false;
  const [dx, dy] = [other[0] - at[0], other[1] - at[1]];
  const along = dx * fit.towards[0] + dy * fit.towards[1];
  return along >= Math.cos(FACING_ANGLE) * Math.hypot(dx, dy);
}

const sure = (fit: OutlineFit | undefined, way: number): fit is OutlineFit =>
  fit !== undefined && fit.doubt <= SURE && fit.length >= SUPPORT * way;

/** How far a line passes from a point ahead, pixels; Infinity where it does not go there. */
function missOf(
  fit: OutlineFit | undefined,
  [x, y]: Point,
  way: number,
  angle: (fit: OutlineFit) => number,
): number {
  if (!sure(fit, way)) return Number.POSITIVE_INFINITY;
  const [dx, dy] = [x - fit.through[0], y - fit.through[1]];
  const along = dx * fit.towards[0] + dy * fit.towards[1];
  const miss = Math.abs(dy * fit.towards[0] - dx * fit.towards[1]);
  const allowed = HIT_PX + angle(fit) * way;
  return along > 0 && miss <= allowed ? miss : Number.POSITIVE_INFINITY;
}

function cornerOf(p: LooseEnd, q: LooseEnd): Point | undefined {
  const [f, g] = [p.fit, q.fit];
  if (f === undefined || g === undefined) return undefined;
  const cross = f.towards[0] * g.towards[1] - f.towards[1] * g.towards[0];
  if (Math.abs(cross) < 0.2) return undefined;
  const [wx, wy] = [g.through[0] - f.through[0], g.through[1] - f.through[1]];
  const t = (wx * g.towards[1] - wy * g.towards[0]) / cross;
  const corner: Point = [f.through[0] + t * f.towards[0], f.through[1] + t * f.towards[1]];
  for (const end of [p, q]) {
    const fit = end.fit!;
    const [dx, dy] = [corner[0] - fit.front[0], corner[1] - fit.front[1]];
    const ahead = dx * fit.towards[0] + dy * fit.towards[1];
    if (ahead < -HIT_PX || !sure(fit, ahead)) return undefined;
    if (Math.abs(fit.bend) * ahead ** 2 > Math.max(3, CURVED * ahead)) return undefined;
  }
  return corner;
}

/** The label that a part's rim shows, away from where walls end; undefined where it shows several. */
function rimLabel(
  labels: Uint8Array,
  unknown: number,
  region: Mask,
  part: Int32Array,
  walls: readonly Wall[],
): number | undefined {
  const { width } = region;
  const counts = new Map<number, number>();
  let total = 0;
  for (const i of part) {
    for (const j of neighbours(i, width, labels.length)) {
      if (region.data[j] !== 0 || labels[j] === unknown) continue;
      if (walls.some((wall) => footOn(wall, j, width).away < RIM_PX)) continue;
      counts.set(labels[j]!, (counts.get(labels[j]!) ?? 0) + 1);
      total++;
    }
  }
  let best: number | undefined;
  for (const [label, count] of counts) if (count >= AGREED * total) best = label;
  return best;
}
