/** Where a standing thing touches what it stands on: its lowest points, and the line or circle through them. */
import { type Camera, cameraAxes, type Vec3 } from '../../core/camera.ts';
import type { Mask } from '../../core/image.ts';
import { type PixelRays, pixelRays } from '../../core/pixel-rays.ts';
import { cross, dot, unit } from '../../core/vec3.ts';
import type { Plane } from '../steps/segment-surfaces.ts';
import { circleOf, cornerOf, type Low, lineThrough, within } from './foot-fits.ts';
import { cornered, type Footprint, roundFootprint } from './footprint.ts';

/** Level axes around the camera's centre. */
export interface LevelFrame {
  origin: Vec3;
  up: Vec3;
  /** Towards the thing, and to its right as the camera sees it; level, unit length. */
  ahead: Vec3;
  right: Vec3;
}

/** What is upright in the middle of the thing: a plane, and a round front where its foot is round. Level coordinates, world units. */
export interface Stand {
  frame: LevelFrame;
  /** A point of the plane: to the right and ahead of the camera. */
  at: [number, number];
  /** The plane's level direction, unit length, to the right. */
  along: [number, number];
  /** What it covers of the ground, where its foot says: round, or a box's. */
  footprint?: Footprint;
  /** `ends`: through the two ends of a foot that is neither straight nor round nor a corner. */
  kind: 'line' | 'circle' | 'corner' | 'ends' | 'facing';
  /** Angle between the plane's direction and one that faces the camera, degrees. */
  turnedDeg: number;
}

/** An outline that rises by more pixels a column is a side and no foot: a cylinder's last three columns rise 4.4 × the sine of the look down. */
const STEEPEST = 2.5;
const SLACK_PX = 1;
const STEP_COLUMNS = 3;
/** Columns without a pixel that are stepped over. */
const GAP_COLUMNS = 2;
/** 90 % of the lowest points lie this near what they are taken for, pixels up or down in the picture. */
const LINE_PX = 1.25;
const CIRCLE_PX = 1.5;
/** Of large things' width: their edges are rounded too. */
const CIRCLE_SHARE = 0.02;
/** At least this much of a foot is round where something joins it. */
const ROUND_PART = 0.6;
/** A foot of more than this share of the thing's width is as wide as the thing. */
const AS_WIDE = 0.85;
/** A foot of less than this share of the thing's width does not say how it is turned. */
const TELLING_WIDTH = 0.35;
const MOST_TURN_DEG = 65;
/** On what is tilted by more than some 8 degrees a row of lowest points does not say how the thing is turned. */
const LEVEL = 0.99;

/** @param towards a direction from the camera to the thing, not straight up or down */
export function levelFrame(origin: Vec3, up: Vec3, towards: Vec3): LevelFrame {
  const rise = dot(towards, up);
  const ahead = unit([
    towards[0] - rise * up[0],
    towards[1] - rise * up[1],
    towards[2] - rise * up[2],
  ]);
  return { origin, up, ahead, right: cross(ahead, up) };
}

/** The picture's direction that is down in the world, at a pixel; unit length. */
export function downAt(camera: Camera, up: Vec3, x: number, y: number): [number, number] {
  const { right, down, forward } = cameraAxes(camera);
  const [wx, wy, wz] = [-dot(up, right), -dot(up, down), -dot(up, forward)];
  const kx = (x + 0.5 - camera.cx) / camera.fx;
  const ky = (y + 0.5 - camera.cy) / camera.fy;
  const [u, v] = [camera.fx * (wx - kx * wz), camera.fy * (wy - ky * wz)];
  const l = Math.hypot(u, v) || 1;
  return [u / l, v / l];
}

interface Column {
  x: number;
  y: number;
  slope: number;
}

/** By bearing, the pixel that looks down most steeply. */
function lowestByBearing(mask: Mask, rays: PixelRays, frame: LevelFrame, pxPerRad: number) {
  const found: { bearing: number; slope: number; x: number; y: number }[] = [];
  let [least, most] = [Infinity, -Infinity];
  for (let i = 0; i < mask.data.length; i++) {
    if (mask.data[i] === 0) continue;
    const [x, y] = [i % mask.width, Math.floor(i / mask.width)];
    const d = rays.direction(x, y);
    const [a, r] = [dot(d, frame.ahead), dot(d, frame.right)];
    const level = Math.hypot(a, r);
    const bearing = Math.atan2(r, a);
    least = Math.min(least, bearing);
    most = Math.max(most, bearing);
    found.push({ bearing, slope: -dot(d, frame.up) / level, x, y });
  }
  const columns: (Column | undefined)[] = new Array(
    Math.max(1, Math.floor((most - least) * pxPerRad) + 1),
  ).fill(undefined);
  for (const { bearing, slope, x, y } of found) {
    const k = Math.min(columns.length - 1, Math.floor((bearing - least) * pxPerRad));
    const there = columns[k];
    if (there === undefined || slope > there.slope) columns[k] = { x, y, slope };
  }
  // A column that only pixels higher up fall into is none: the lattice and the bearings do not run alike.
  const step = 2 / pxPerRad;
  const whole = columns.map((c, k) => {
    const [a, b] = [columns[k - 1]?.slope, columns[k + 1]?.slope];
    return c && a !== undefined && b !== undefined && c.slope < Math.min(a, b) - step
      ? undefined
      : c;
  });
  return { columns: whole, least, width: most - least };
}

/** From the lowest column to both sides as long as the outline runs along the ground. */
function footOf(lows: readonly (Low | undefined)[], start: number): Low[] {
  const out = [lows[start]!];
  for (const side of [1, -1]) {
    let last = start;
    for (let k = start + side; k >= 0 && k < lows.length; k += side) {
      const low = lows[k];
      if (low === undefined) {
        if (Math.abs(k - last) > GAP_COLUMNS) break;
        continue;
      }
      const from = lows[k - side * STEP_COLUMNS] === undefined ? last : k - side * STEP_COLUMNS;
      const rise = Math.abs(low.p[1] - lows[from]!.p[1]) / low.aheadPerPx;
      if (rise > STEEPEST * Math.abs(k - from) + SLACK_PX) break;
      if (side > 0) out.push(low);
      else out.unshift(low);
      last = k;
    }
  }
  return out;
}

type Round = NonNullable<ReturnType<typeof circleOf>>;

const roundWithin = (circle: Round | undefined, foot: readonly Low[]): Round | undefined =>
  circle !== undefined && circle.off <= Math.max(CIRCLE_PX, CIRCLE_SHARE * foot.length)
    ? circle
    : undefined;

/** A round foot that something joins to the left or right, as a mug's handle does: the longest part from either end that is round. */
function besideHandle(foot: readonly Low[]): Round | undefined {
  const step = Math.max(1, foot.length >> 5);
  for (let cut = step; cut < (1 - ROUND_PART) * foot.length; cut += step) {
    for (const part of [foot.slice(0, -cut), foot.slice(cut)]) {
      const bearings = part.map(({ p }) => Math.atan2(p[0], p[1]));
      const [low, high] = [Math.min(...bearings), Math.max(...bearings)];
      const round = roundWithin(circleOf(part, (low + high) / 2, (high - low) / 2), part);
      if (round !== undefined) return round;
    }
  }
  return undefined;
}

/**
 * The lowest points of a thing's outline, column by column of equal bearing, put onto what it stands on; from the lowest one to both sides
 * as long as they run along it. A straight row gives the plane its direction; a round one (a mug's, a pot's) a circle, whose middle is where
 * the outline's two sides are; a corner a box's four;
 * anything else the line through its two ends; and a foot narrower than a third of the thing a
 * plane that faces the camera.
 * @returns undefined where the lower end does not look down on the support
 */
export function findStand(camera: Camera, mask: Mask, support: Plane, up: Vec3): Stand | undefined {
  const rays = pixelRays(camera);
  const [x, y, n] = mask.data.reduce(
    (s, v, i) =>
      v === 0 ? s : [s[0] + (i % mask.width), s[1] + Math.floor(i / mask.width), s[2] + 1],
    [0, 0, 0] as [number, number, number],
  );
  if (n === 0) return undefined;
  const towards = rays.direction(x / n, y / n);
  const frame = levelFrame(rays.origin, up, towards);
  const steep = dot(towards, up) / Math.hypot(...towards);
  // Bearings turn faster the more steeply one looks down.
  const pxPerRad = camera.fx * Math.sqrt(Math.max(0.05, 1 - steep * steep));
  const { columns, least, width } = lowestByBearing(mask, rays, frame, pxPerRad);
  const height = dot(support.normal, rays.origin) - support.offset;
  const onSupport = (x: number, y: number): [number, number] | undefined => {
    const d = rays.direction(x, y);
    const t = -height / dot(support.normal, d);
    if (!(t > 0 && Number.isFinite(t))) return undefined;
    return [t * dot(d, frame.right), t * dot(d, frame.ahead)];
  };
  const lows = columns.map((c): Low | undefined => {
    if (c === undefined) return undefined;
    const [du, dv] = downAt(camera, up, c.x, c.y);
    // The pixel's lower edge.
    const p = onSupport(c.x + du / 2, c.y + dv / 2);
    const above = onSupport(c.x - du / 2, c.y - dv / 2);
    if (p === undefined || above === undefined) return undefined;
    return { p, aheadPerPx: Math.hypot(above[0] - p[0], above[1] - p[1]) };
  });
  // The median of three: a single spike is no foot.
  const slopes = columns.map((c) => c?.slope ?? -Infinity);
  let start = -1;
  let lowest = -Infinity;
  for (let k = 0; k < lows.length; k++) {
    if (lows[k] === undefined) continue;
    const three = [slopes[k - 1] ?? slopes[k]!, slopes[k]!, slopes[k + 1] ?? slopes[k]!];
    const middle = three.sort((a, b) => a - b)[1]!;
    if (middle > lowest) [lowest, start] = [middle, k];
  }
  if (start < 0) return undefined;
  const foot = footOf(lows, start);
  const xs = foot.map(({ p }) => p[0]);
  const [left, right] = [Math.min(...xs), Math.max(...xs)];
  const middleAhead = foot.map(({ p }) => p[1]).sort((a, b) => a - b)[foot.length >> 1]!;
  const whole = width * Math.hypot((left + right) / 2, middleAhead);
  const span = right - left;
  const level = dot(support.normal, up) > LEVEL;
  const told = level && span >= TELLING_WIDTH * whole && foot.length >= 6;
  const half = span / 2;
  const placed = (
    at: [number, number],
    kind: Stand['kind'],
    direction?: [number, number],
    footprint?: Footprint,
  ): Stand => {
    const away = Math.hypot(...at);
    const faces: [number, number] = [at[1] / away, -at[0] / away];
    const along = direction ?? faces;
    const turned = Math.atan2(
      faces[0] * along[1] - faces[1] * along[0],
      faces[0] * along[0] + faces[1] * along[1],
    );
    const turnedDeg = (turned * 180) / Math.PI;
    if (Math.abs(turnedDeg) > MOST_TURN_DEG) return placed(at, 'facing');
    return { frame, at, along, kind, turnedDeg, ...(footprint !== undefined && { footprint }) };
  };
  const line = lineThrough(foot);
  if (line !== undefined && told) {
    const off = within(foot, ({ p }) => p[1] - line.a - line.b * p[0]);
    if (off <= LINE_PX) {
      const l = Math.hypot(1, line.b);
      const x = (left + right) / 2;
      return placed([x, line.a + line.b * x], 'line', [1 / l, line.b / l]);
    }
    // A straight-sided thing is as wide as its foot: its sides are sharper than the foot's ends.
    const bearings = foot.map(({ p }) => Math.atan2(p[0], p[1]));
    const ends = [Math.min(...bearings), Math.max(...bearings)] as const;
    const [low, high] = ends[1] - ends[0] > AS_WIDE * width ? [least, least + width] : ends;
    const box = cornerOf(foot, low, high);
    if (box !== undefined && box.off <= LINE_PX) {
      const [[ax, ay], [bx, by]] = box.ends;
      const [cx, cy] = box.corner;
      const l = Math.hypot(bx - ax, by - ay);
      return placed(
        [(ax + bx) / 2, (ay + by) / 2],
        'corner',
        [(bx - ax) / l, (by - ay) / l],
        cornered([box.corner, box.ends[1], [ax + bx - cx, ay + by - cy], box.ends[0]]),
      );
    }
    const circle =
      roundWithin(circleOf(foot, (low + high) / 2, (high - low) / 2), foot) ?? besideHandle(foot);
    if (circle !== undefined) {
      return placed(circle.at, 'circle', undefined, roundFootprint(circle.at, circle.radius));
    }
  }
  // Both ends' middle, not the nearest point: the outline's sides stand there.
  const ends = [foot.slice(0, 2), foot.slice(-2)].map((end) => ({
    x: end.reduce((s, { p }) => s + p[0], 0) / end.length,
    y: end.reduce((s, { p }) => s + p[1], 0) / end.length,
  }));
  const middle: [number, number] = [
    (ends[0]!.x + ends[1]!.x) / 2,
    Math.min((ends[0]!.y + ends[1]!.y) / 2, middleAhead + half),
  ];
  const [dx, dy] = [ends[1]!.x - ends[0]!.x, ends[1]!.y - ends[0]!.y];
  const l = Math.hypot(dx, dy);
  return told && l > 0 ? placed(middle, 'ends', [dx / l, dy / l]) : placed(middle, 'facing');
}

/** A plane that faces the camera through one point: where nothing is stood on. */
export function standAt(camera: Camera, up: Vec3, at: Vec3): Stand {
  const { origin } = pixelRays(camera);
  const towards: Vec3 = [at[0] - origin[0], at[1] - origin[1], at[2] - origin[2]];
  const frame = levelFrame(origin, up, towards);
  return {
    frame,
    at: [0, dot(towards, frame.ahead)],
    along: [1, 0],
    kind: 'facing',
    turnedDeg: 0,
  };
}
