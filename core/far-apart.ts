import type { SplatCloud } from './splat-cloud.ts';

/** A gap this share of all the splats' radius wide parts them. */
const GAP = 1 / 6;
/** … or so many spacings, as far as they would lie from each other on a ball of that radius. */
const SPACINGS = 2;
/** Less than this share of the splats is no part: specks around an object. */
const LEAST_SHARE = 0.05;

/**
 * The things with free space between them that splats are: each splat's part, from 0, the largest first. Specks belong to
 * the part whose middle is nearest.
 * @param radius of them all, world units
 * @returns undefined for one thing and its specks
 */
export function partsApart(cloud: SplatCloud, radius: number): Uint16Array | undefined {
  const { positions: p, count } = cloud;
  const edge = radius * Math.max(GAP, SPACINGS * Math.sqrt((4 * Math.PI) / count));
  const cells = new Map<string, number[]>();
  const at = (x: number, y: number, z: number) => `${x} ${y} ${z}`;
  for (let i = 0; i < count; i++) {
    const [x, y, z] = [0, 1, 2].map((k) => Math.floor(p[i * 3 + k]! / edge)) as [
      number,
      number,
      number,
    ];
    // At no place: of no part of its own.
    if (!Number.isFinite(x + y + z)) continue;
    const key = at(x, y, z);
    const rows = cells.get(key);
    if (rows === undefined) cells.set(key, [i]);
    else rows.push(i);
  }
  const groups: number[][] = [];
  while (cells.size > 0) {
    const group: number[] = [];
    const open: string[] = [];
    const take = (key: string) => {
      const rows = cells.get(key);
      if (rows === undefined) return;
      cells.delete(key);
      for (const row of rows) group.push(row);
      open.push(key);
    };
    take(cells.keys().next().value!);
    for (let key = open.pop(); key !== undefined; key = open.pop()) {
      const [x, y, z] = key.split(' ').map(Number) as [number, number, number];
      for (let n = 0; n < 27; n++) {
        take(at(x + (n % 3) - 1, y + (Math.floor(n / 3) % 3) - 1, z + Math.floor(n / 9) - 1));
      }
    }
    groups.push(group);
  }
  const large = groups.filter((g) => g.length >= LEAST_SHARE * count);
  if (large.length < 2) return undefined;
  large.sort((a, b) => b.length - a.length);
  const middles = large.map((rows) =>
    [0, 1, 2].map((k) => rows.reduce((sum, row) => sum + p[row * 3 + k]!, 0) / rows.length),
  );
  const out = new Uint16Array(count);
  for (const rows of groups) {
    const part = large.indexOf(rows);
    for (const row of rows) out[row] = part >= 0 ? part : nearest(middles, p, row);
  }
  return out;
}

function nearest(middles: readonly number[][], p: Float32Array, row: number): number {
  let [best, least] = [0, Number.POSITIVE_INFINITY];
  for (const [k, middle] of middles.entries()) {
    const d = Math.hypot(...middle.map((m, axis) => p[row * 3 + axis]! - m));
    if (d < least) [best, least] = [k, d];
  }
  return best;
}
