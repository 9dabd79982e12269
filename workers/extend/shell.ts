/**
 * What bounds a scene, as planes around it: those that it shows (floor, walls, ceiling), and where it shows none, planes that close it. Seen
 * from within, a ray ends at the first plane that it meets: that depth is one function of the direction, so a ring that is filled to it
 * closes, floors go on as floors, and no wall runs to infinity or through the viewer.
 */
import type { Camera, Vec3 } from '../../core/camera.ts';
import { createMask, createScalarImage, type Mask, type ScalarImage } from '../../core/image.ts';
import { pixelRays } from '../../core/pixel-rays.ts';
import { quantile } from '../../core/quantile.ts';
import { cross, dot } from '../../core/vec3.ts';
import { levelled } from './frame.ts';

/** normal · p = offset, world units; the normal, of length 1, points out of the scene. */
export interface Facet {
  normal: Vec3;
  offset: number;
  /** Pixels that show it; 0 = it was set to close the scene. */
  seen: number;
}

/** Where the scene ends in the sky, all around. */
export interface Skyline {
  /** Whether a place, given from the start camera and by its height over it, lies in the sky. */
  above(from: Vec3, height: number): boolean;
}

export interface Shell {
  /** Where the start camera stands. */
  origin: Vec3;
  up: Vec3;
  facets: Facet[];
  /** Farther from the origin nothing is made, world units. */
  far: number;
  skyline?: Skyline;
}

export const isWall = (normal: Vec3, up: Vec3): boolean => Math.abs(dot(normal, up)) < WALL;

/** Of a scene's farthest distances: the rest are strays. */
const REACH_SHARE = 0.98;
const FAR_SHARE = 0.99;
/** Nothing is made over so many times farther away than the scene shows anything. */
const MOST_FARTHER = 2.5;
/** |cos| to the up direction under which a plane is a wall. */
const WALL = 0.35;
/** Walls within 15° of right angles to each other are a room's; a round of trees shows planes too. */
const isSquare = (a: Vec3, b: Vec3) => {
  const cosine = Math.abs(dot(a, b));
  return cosine > 0.966 || cosine < 0.259;
};
/** A wall that is seen stands for the closing direction within this angle (cos 40°). */
const SAME_SIDE = 0.766;
/** Directions in which a scene without walls is closed. */
const ROUND = 24;
/** Points this near a direction (cos 15° and 30°) speak for what is there. */
const SEEN_BESIDE = 0.966;
const SPEAKS_FOR = 0.866;
const FEWEST_POINTS = 8;

export interface ShellInputs {
  origin: Vec3;
  up: Vec3;
  /** Horizontal, where the start camera looks. Unit length. */
  ahead: Vec3;
  /** Planes at the scene's bounds. */
  planes: readonly Facet[];
  /** 3 a point, world: what is seen of the scene. At least one. */
  points: Float64Array;
}

/** A direction in the plane across `up`, degrees from `ahead` towards `side`. */
const around = (ahead: Vec3, side: Vec3, radians: number): Vec3 => {
  const [c, s] = [Math.cos(radians), Math.sin(radians)];
  return [c * ahead[0] + s * side[0], c * ahead[1] + s * side[1], c * ahead[2] + s * side[2]];
};

/**
 * Closes what the planes leave open. With walls at right angles: a room along the largest one; an unseen wall is as far as the one across,
 * else as the walls are in the median, and never nearer than the scene reaches on its side. Else all around, at the distance that the scene reaches
 * in each direction; where it shows nothing, between those beside.
 */
export function buildShell({ origin, up, ahead, planes, points }: ShellInputs): Shell {
  const walls = planes.filter(({ normal }) => isWall(normal, up));
  const largest = walls.reduce<Facet | undefined>(
    (best, wall) => (best === undefined || wall.seen > best.seen ? wall : best),
    undefined,
  );
  const first = (largest && levelled(largest.normal, up)) ?? ahead;
  const side = cross(first, up);
  const flat: number[] = [];
  const whole: number[] = [];
  const n = points.length / 3;
  const local = new Float64Array(points.length);
  for (let i = 0; i < n; i++) {
    const v: Vec3 = [0, 1, 2].map((k) => points[3 * i + k]! - origin[k]!) as unknown as Vec3;
    local.set(v, 3 * i);
    whole.push(Math.hypot(...v));
    flat.push(Math.sqrt(Math.max(0, whole[i]! ** 2 - dot(v, up) ** 2)));
  }
  const alongOf = (i: number, e: Vec3) =>
    local[3 * i]! * e[0] + local[3 * i + 1]! * e[1] + local[3 * i + 2]! * e[2];
  /** How far all that is seen reaches to one side. */
  const reach = (e: Vec3) =>
    quantile(
      flat.map((_, i) => alongOf(i, e)),
      REACH_SHARE,
    );
  /** How far the scene reaches in a direction, by the points around it. */
  const reachAround = (e: Vec3): number | undefined => {
    const found: number[] = [];
    let near = 0;
    for (let i = 0; i < n; i++) {
      const along = alongOf(i, e);
      if (flat[i] === 0 || !(along > SPEAKS_FOR * flat[i]!)) continue;
      found.push(along);
      if (along > SEEN_BESIDE * flat[i]!) near++;
    }
    return near < FEWEST_POINTS ? undefined : quantile(found, REACH_SHARE);
  };
  const facets = [...planes];
  const close = (e: Vec3, distance: number) =>
    facets.push({ normal: e, offset: dot(e, origin) + distance, seen: 0 });
  const distanceOf = ({ normal, offset }: Facet) => offset - dot(normal, origin);
  if (walls.length > 0 && walls.every(({ normal }) => isSquare(levelled(normal, up)!, first))) {
    const typical = quantile(walls.map(distanceOf), 0.5);
    const standing = (e: Vec3) =>
      walls.find(({ normal }) => dot(levelled(normal, up)!, e) > SAME_SIDE);
    for (let k = 0; k < 4; k++) {
      const e = around(first, side, (k * Math.PI) / 2);
      if (standing(e)) continue;
      const across = standing([-e[0], -e[1], -e[2]]);
      close(e, Math.max(across ? distanceOf(across) : typical, reach(e)));
    }
  } else {
    const directions = Array.from({ length: ROUND }, (_, k) =>
      around(first, side, (2 * Math.PI * k) / ROUND),
    );
    const seen = directions.map(reachAround);
    const distances = closedRound(seen, quantile(flat, REACH_SHARE));
    for (const [k, e] of directions.entries()) close(e, distances[k]!);
  }
  return { origin, up, facets, far: MOST_FARTHER * quantile(whole, FAR_SHARE) };
}

/** Values around a circle: the unknown ones straight between the known ones beside them. */
export function closedRound(values: readonly (number | undefined)[], none: number): number[] {
  const n = values.length;
  if (values.every((v) => v === undefined)) return values.map(() => none);
  return values.map((v, k) => {
    if (v !== undefined) return v;
    const walk = (step: number) => {
      let d = 1;
      while (values[(((k + step * d) % n) + n) % n] === undefined) d++;
      return { d, value: values[(((k + step * d) % n) + n) % n]! };
    };
    const [a, b] = [walk(-1), walk(1)];
    if (!Number.isFinite(a.value) || !Number.isFinite(b.value)) {
      return a.d <= b.d ? a.value : b.value;
    }
    return (a.value * b.d + b.value * a.d) / (a.d + b.d);
  });
}

export interface ShellView {
  /** Depth along z at which each pixel's ray meets the shell; 0 where it meets nothing that is worth making. */
  depth: ScalarImage;
  /** Number of the plane that each pixel's ray meets; −1 = none. */
  facet: Int16Array;
  /** Pixels whose rays run into the sky. */
  sky: Mask;
}

/** The shell as a camera sees it. */
export function shellView(shell: Shell, camera: Camera): ShellView {
  const { width, height } = camera;
  const { facets, origin, up, far, skyline } = shell;
  const rays = pixelRays(camera);
  const depth = createScalarImage(width, height);
  const sky = createMask(width, height);
  const met = new Int16Array(width * height).fill(-1);
  const rest = facets.map(({ normal, offset }) => offset - dot(normal, rays.origin));
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const d = rays.direction(x, y);
      let nearest = Number.POSITIVE_INFINITY;
      let hit = -1;
      for (let k = 0; k < facets.length; k++) {
        // A camera beyond a plane does not see it from within.
        if (!(rest[k]! > 0)) continue;
        const towards = dot(facets[k]!.normal, d);
        if (!(towards > 0 && rest[k]! / towards < nearest)) continue;
        nearest = rest[k]! / towards;
        hit = k;
      }
      const i = y * width + x;
      const v: Vec3 = [0, 1, 2].map(
        (k) => rays.origin[k]! + nearest * d[k]! - origin[k]!,
      ) as unknown as Vec3;
      if (skyline?.above(v, dot(v, up)) === true) sky.data[i] = 1;
      else if (Math.hypot(...v) <= far) {
        depth.data[i] = nearest;
        met[i] = hit;
      }
    }
  }
  return { depth, facet: met, sky };
}
