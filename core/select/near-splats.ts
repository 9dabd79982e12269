import type { Vec3 } from '../camera.ts';
import { HIDDEN, type Marks } from '../marks.ts';
import type { SplatCloud } from '../splat-cloud.ts';
import { type SceneIndex, sceneIndex } from './scene-index.ts';

/** Splats around a place, gathered outwards as wider balls are asked for. */
export interface NearSplats {
  center: Vec3;
  /** World units, rising. */
  radii: readonly number[];
  /**
   * The solid splats that reach into the ball of radii[level], as places in the scene index; nearest shell first: each
   * level's places begin with those of the level before.
   */
  within(level: number): Uint32Array;
}

/** A splat counts as matter up to this many standard deviations. */
export const REACH_SIGMAS = 1.2;

/**
 * @param radii rising, world units
 * @param marks what is hidden is not there
 */
export function findNearSplats(
  cloud: SplatCloud,
  center: Vec3,
  radii: readonly number[],
  marks?: Marks,
): NearSplats {
  const index = sceneIndex(cloud);
  const outermost = radii.at(-1)!;
  const [cx, cy, cz] = center;
  let places = new Uint32Array(1 << 14);
  let found = 0;
  /** Places within each level so far. */
  const counts: number[] = [];
  const bounds = cellBounds(index, center);

  function gather(from: number, to: number): void {
    const { cells, starts, solidEnds, rows, spheres } = index;
    for (let c = 0; c < cells; c++) {
      if (bounds[c * 2]! > to || bounds[c * 2 + 1]! < from) continue;
      const end = solidEnds[c]!;
      for (let k = starts[c]!; k < end; k++) {
        const reach = REACH_SIGMAS * spheres[k * 4 + 3]!;
        // A splat as large as the ball is fog, or damage.
        if (!(reach < 1.5 * outermost)) continue;
        const dx = spheres[k * 4]! - cx;
        const dy = spheres[k * 4 + 1]! - cy;
        const dz = spheres[k * 4 + 2]! - cz;
        const least = Math.sqrt(dx * dx + dy * dy + dz * dz) - reach;
        if (!(least <= to) || least <= from) continue;
        if (marks && (marks[rows[k]!]! & HIDDEN) !== 0) continue;
        if (found === places.length) {
          const fewer = places;
          places = new Uint32Array(2 * found);
          places.set(fewer);
        }
        places[found++] = k;
      }
    }
  }

  return {
    center,
    radii,
    within(level) {
      while (counts.length <= level) {
        const k = counts.length;
        gather(k === 0 ? Number.NEGATIVE_INFINITY : radii[k - 1]!, radii[k]!);
        counts.push(found);
      }
      return places.subarray(0, counts[level]!);
    },
  };
}

/**
 * 2 a cell: the least distance from a place that the reach of a splat of it may have, and the greatest of its centres';
 * world units.
 */
function cellBounds({ cells, boxes, largest }: SceneIndex, [x, y, z]: Vec3): Float64Array {
  const out = new Float64Array(cells * 2);
  for (let c = 0; c < cells; c++) {
    const b = c * 6;
    const lowX = boxes[b]! - x;
    const lowY = boxes[b + 1]! - y;
    const lowZ = boxes[b + 2]! - z;
    const highX = boxes[b + 3]! - x;
    const highY = boxes[b + 4]! - y;
    const highZ = boxes[b + 5]! - z;
    const gapX = Math.max(0, lowX, -highX);
    const gapY = Math.max(0, lowY, -highY);
    const gapZ = Math.max(0, lowZ, -highZ);
    const farX = Math.max(-lowX, highX);
    const farY = Math.max(-lowY, highY);
    const farZ = Math.max(-lowZ, highZ);
    out[c * 2] = Math.sqrt(gapX * gapX + gapY * gapY + gapZ * gapZ) - REACH_SIGMAS * largest[c]!;
    out[c * 2 + 1] = Math.sqrt(farX * farX + farY * farY + farZ * farZ);
  }
  return out;
}
