import type { Vec3 } from '../camera.ts';
import type { SplatCloud } from '../splat-cloud.ts';

/** Splats sorted into shells around a place, so that each of a rising series of balls is a prefix. */
export interface NearSplats {
  center: Vec3;
  /** Rows, nearest shell first. */
  rows: Uint32Array;
  /** How many of `rows` reach into the ball of each radius. */
  counts: Uint32Array;
  radii: readonly number[];
}

/** A splat counts as matter up to this many standard deviations. */
export const REACH_SIGMAS = 1.2;
/** Splats fainter than this are haze (logit of 0.1). */
const MIN_OPACITY_LOGIT = -2.2;

/** @param radii rising, world units */
export function findNearSplats(
  cloud: SplatCloud,
  center: Vec3,
  radii: readonly number[],
): NearSplats {
  const { positions: p, logScales: s, opacityLogits } = cloud;
  const [cx, cy, cz] = center;
  const outermost = radii.at(-1)!;
  const logFirst = Math.log(radii[0]!);
  const logStep = radii.length > 1 ? Math.log(radii[1]! / radii[0]!) : 1;
  const shellOf = new Uint8Array(cloud.count);
  const counts = new Uint32Array(radii.length);
  const NONE = 255;
  for (let i = 0; i < cloud.count; i++) {
    shellOf[i] = NONE;
    // Not Math.hypot, which is several times slower and guards against overflow only.
    const d = Math.sqrt(
      (p[i * 3]! - cx) ** 2 + (p[i * 3 + 1]! - cy) ** 2 + (p[i * 3 + 2]! - cz) ** 2,
    );
    if (!(opacityLogits[i]! >= MIN_OPACITY_LOGIT) || !(d < 4 * outermost)) continue;
    const reach = REACH_SIGMAS * Math.exp(Math.max(s[i * 3]!, s[i * 3 + 1]!, s[i * 3 + 2]!));
    const from = d - reach;
    // A splat as large as the ball is fog, or damage.
    if (!(from < outermost) || !(reach < 1.5 * outermost)) continue;
    const shell =
      from <= radii[0]!
        ? 0
        : Math.min(radii.length - 1, Math.ceil((Math.log(from) - logFirst) / logStep));
    shellOf[i] = shell;
    counts[shell]!++;
  }
  const next = new Uint32Array(radii.length);
  for (let k = 1; k < radii.length; k++) {
    next[k] = counts[k - 1]!;
    counts[k]! += counts[k - 1]!;
  }
  const rows = new Uint32Array(counts.at(-1)!);
  for (let i = 0; i < cloud.count; i++) {
    const shell = shellOf[i]!;
    if (shell !== NONE) rows[next[shell]!++] = i;
  }
  return { center, rows, counts, radii };
}
