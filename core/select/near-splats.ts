import type { Vec3 } from '../camera.ts';
import { HIDDEN, type Marks } from '../marks.ts';
import type { SplatCloud } from '../splat-cloud.ts';
import { cellDistances, sceneIndex } from './scene-index.ts';

/** Splats around a place, gathered outwards as wider balls are asked for. */
export interface NearSplats {
  center: Vec3;
  /** World units, rising. */
  radii: readonly number[];
  /**
   * Rows of the splats that reach into the ball of radii[level], nearest shell first: each level's
   * rows begin with those of the level before.
   */
  within(level: number): Uint32Array;
}

/** A splat counts as matter up to this many standard deviations. */
export const REACH_SIGMAS = 1.2;
/** Splats fainter than this are haze (logit of 0.1). */
const MIN_OPACITY_LOGIT = -2.2;

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
  const { positions: p, opacityLogits } = cloud;
  const index = sceneIndex(cloud);
  const [cx, cy, cz] = center;
  const outermost = radii.at(-1)!;
  const counts: number[] = [];
  let rows = new Uint32Array(4096);
  let found = 0;

  function gather(from: number, to: number): void {
    for (let c = 0; c < index.cells; c++) {
      const { least, greatest } = cellDistances(index, c, center);
      if (least - REACH_SIGMAS * index.largest[c]! > to || greatest < from) continue;
      for (let k = index.starts[c]!; k < index.starts[c + 1]!; k++) {
        const i = index.rows[k]!;
        if (!(opacityLogits[i]! >= MIN_OPACITY_LOGIT)) continue;
        if (marks && (marks[i]! & HIDDEN) !== 0) continue;
        const reach = REACH_SIGMAS * index.sigmas[i]!;
        // A splat as large as the ball is fog, or damage.
        if (!(reach < 1.5 * outermost)) continue;
        // Not Math.hypot, which is several times slower and guards against overflow only.
        const d = Math.sqrt(
          (p[i * 3]! - cx) ** 2 + (p[i * 3 + 1]! - cy) ** 2 + (p[i * 3 + 2]! - cz) ** 2,
        );
        if (!(d - reach <= to) || d - reach <= from) continue;
        if (found === rows.length) {
          const more = new Uint32Array(2 * found);
          more.set(rows);
          rows = more;
        }
        rows[found++] = i;
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
      return rows.subarray(0, counts[level]!);
    },
  };
}
