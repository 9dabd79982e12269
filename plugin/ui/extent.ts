import type { Vec3 } from '../../core/camera.ts';
import type { SplatCloud } from '../../core/splat-cloud.ts';

/** Where a cloud's bulk is, in its own frame and units. */
export interface Extent {
  /** Median of the centres along each axis: floaters do not move it. */
  center: Vec3;
  /** Distance from the centre within which the bulk of the splats lie. */
  radius: number;
  /** Some of the splats' centres within the radius, for fitting a view. */
  points: Vec3[];
}

const SAMPLE = 20_000;
const FIT_POINTS = 4_000;
/** So many times farther out than most splats begins what is not the subject. */
const FAR = 2.75;

/**
 * Robust centre and radius of a cloud, or of its splats with `only` set, from at most 20,000 of them.
 * Undefined when no splat has a finite position.
 */
export function extentOf(cloud: SplatCloud, only?: Uint8Array): Extent | undefined {
  const { positions: p, count } = cloud;
  const wanted = (i: number) =>
    (only === undefined || only[i] === 1) &&
    Number.isFinite(p[i * 3]! + p[i * 3 + 1]! + p[i * 3 + 2]!);
  let total = 0;
  for (let i = 0; i < count; i++) if (wanted(i)) total++;
  if (total === 0) return undefined;
  const step = Math.max(1, Math.floor(total / SAMPLE));
  const rows: number[] = [];
  for (let i = 0, n = 0; i < count; i++) if (wanted(i) && n++ % step === 0) rows.push(i);
  const middle = (axis: number) =>
    quantile(
      Float64Array.from(rows, (i) => p[i * 3 + axis]!),
      0.5,
    );
  const center: Vec3 = [middle(0), middle(1), middle(2)];
  const distances = Float64Array.from(rows, (i) =>
    Math.hypot(p[i * 3]! - center[0], p[i * 3 + 1]! - center[1], p[i * 3 + 2]! - center[2]),
  );
  const nearlyAll = quantile(distances, 0.98);
  const most = quantile(distances, 0.8);
  // A capture's floaters and its far background reach many times further than its subject; a thing's own long neck does not.
  const radius = only === undefined && nearlyAll > FAR * most ? 1.35 * most : nearlyAll;
  const inside = rows.filter(
    (i) =>
      Math.hypot(p[i * 3]! - center[0], p[i * 3 + 1]! - center[1], p[i * 3 + 2]! - center[2]) <=
      radius,
  );
  const every = Math.max(1, Math.ceil(inside.length / FIT_POINTS));
  const points = inside
    .filter((_, n) => n % every === 0)
    .map((i): Vec3 => [p[i * 3]!, p[i * 3 + 1]!, p[i * 3 + 2]!]);
  return { center, radius: radius > 0 ? radius : 1, points };
}

/** The value that a share `q` of the values lies under; sorts them in place. */
export function quantile(values: Float64Array, q: number): number {
  values.sort();
  return values[Math.min(values.length - 1, Math.floor(values.length * q))]!;
}
