import { createMask, type Mask, type ScalarImage } from '../../core/image.ts';
import { EDGE_SHARE } from './discontinuities.ts';

/** A ramp's pixels, and the surfaces that it leads from and to. Inverse depth in the map's own unit. */
export interface Ramps {
  /** 1 = on a ramp. */
  on: Mask;
  /** The nearer surface continued to here. */
  near: Float32Array;
  /** The farther one. */
  far: Float32Array;
}

/** A ramp ends where it falls to this share of its steepest: surfaces may slant a third as much. (0.15 and 0.25 found fewer.) */
const FOOT = 0.35;
/** A blurred step goes on past its foot by this much of its way there: to 2 of the blur's standard deviations for 1.45. */
const TAIL = 0.4;
/** Steepest step a pixel, of the nearer inverse depth, × the picture's longer side: what is gentler hardly stretches from the side. */
const STEEP = 4;
/** Longest ramp, of the picture's longer side. */
const LONGEST = 1 / 18;
const LEAST_LONGEST_PX = 8;
/** What climbs more than this share within a pixel is a step already. */
const SHARP = 0.4;
/** Pixels past its end that say how a surface slants. */
const BEYOND_PX = 3;
/** Surfaces are continued by at most this share of the step between them. */
const MOST_SLANT = 0.25;

/** Across the way up. */
const WAY = [1 / 16, 4 / 16, 6 / 16, 4 / 16, 1 / 16];

function sampler({ width, height, data }: ScalarImage) {
  return (x: number, y: number): number => {
    const u = Math.min(width - 1, Math.max(0, x));
    const v = Math.min(height - 1, Math.max(0, y));
    const [x0, y0] = [Math.floor(u), Math.floor(v)];
    const [x1, y1] = [Math.min(width - 1, x0 + 1), Math.min(height - 1, y0 + 1)];
    const [a, b] = [u - x0, v - y0];
    const top = (1 - a) * data[y0 * width + x0]! + a * data[y0 * width + x1]!;
    const bottom = (1 - a) * data[y1 * width + x0]! + a * data[y1 * width + x1]!;
    return (1 - b) * top + b * bottom;
  };
}

/**
 * Where inverse depth climbs from one surface to another over several pixels, as blurred and up-scaled depth does at outlines. From each
 * pixel the steepest way is followed up and down until it levels off; a slanted plane, however steep, never does.
 * @param inverse 1/z, all known
 */
export function findRamps(inverse: ScalarImage): Ramps {
  const { width, height, data } = inverse;
  const n = width * height;
  const ramps = {
    on: createMask(width, height),
    near: new Float32Array(n),
    far: new Float32Array(n),
  };
  const longer = Math.max(width, height);
  const longest = Math.max(LEAST_LONGEST_PX, Math.round(longer * LONGEST));
  const at = sampler(inverse);
  let [sharp, soft] = [0, 0];
  for (let i = 0; i < n; i++) {
    const x = i % width;
    const y = Math.floor(i / width);
    let [gx, gy] = [0, 0];
    // The way up from a wider window, as rounding turns it least.
    for (let k = -2; k <= 2; k++) {
      const weight = WAY[k + 2]!;
      gx += weight * (at(x + 2, y + k) + at(x + 1, y + k) - at(x - 1, y + k) - at(x - 2, y + k));
      gy += weight * (at(x + k, y + 2) + at(x + k, y + 1) - at(x + k, y - 1) - at(x + k, y - 2));
    }
    const slope = Math.hypot(gx, gy);
    // A sixth of it is the slope; no ramp's pixel is much flatter than its foot.
    if (slope / 6 < (FOOT / 2) * (STEEP / longer) * data[i]!) continue;
    const along = (t: number) => at(x + (gx / slope) * t, y + (gy / slope) * t);
    const found = follow(along, longest, STEEP / longer);
    if (found === undefined) continue;
    if (found.sharp) {
      sharp++;
      continue;
    }
    soft++;
    ramps.on.data[i] = 1;
    ramps.near[i] = found.near;
    ramps.far[i] = found.far;
  }
  // Outlines are all of one kind in a map. Where most are steps, what looks like a ramp is a surface, or a flight of steps.
  if (sharp >= soft) ramps.on.data.fill(0);
  return ramps;
}

/** The surfaces at a ramp's two ends, continued to t = 0, which lies between them; nothing where it does not. */
function follow(
  along: (t: number) => number,
  longest: number,
  steep: number,
): { near: number; far: number; sharp: boolean } | undefined {
  const step = (t: number) => along(t + 0.5) - along(t - 0.5);
  // To the steepest place, the way that it gets steeper.
  const own = step(0);
  let [most, peak] = [own, 0];
  for (const way of [1, -1]) {
    for (let t = way; Math.abs(t) <= longest; t += way) {
      const s = step(t);
      if (s < FOOT * most) break;
      if (s > most) [most, peak] = [s, t];
    }
  }
  const foot = (way: number): number => {
    for (let t = peak; Math.abs(t - peak) <= longest; t += way) {
      if (step(t) >= FOOT * most) continue;
      // Its tail too, unless it goes back before.
      const end = Math.ceil(Math.abs(t - peak) * TAIL);
      let k = 0;
      while (k < end && step(t + way * (k + 1)) > 0) k++;
      return t + way * k;
    }
    return NaN;
  };
  const [up, down] = [foot(1), foot(-1)];
  if (!(up - down <= longest && up > 0 && down < 0)) return undefined;
  const [near, far] = [along(up), along(down)];
  const climb = near - far;
  if (climb <= EDGE_SHARE * near || most < steep * near) return undefined;
  const slant = (end: number, way: number) => {
    const s = (way * (along(end + way * BEYOND_PX) - along(end))) / BEYOND_PX;
    return Math.min(MOST_SLANT * climb, Math.max(-MOST_SLANT * climb, -s * end));
  };
  return { near: near + slant(up, 1), far: far + slant(down, -1), sharp: most > SHARP * climb };
}
