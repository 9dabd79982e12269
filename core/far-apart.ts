import type { SplatCloud } from './splat-cloud.ts';

/** A gap this share of all the splats' radius wide parts them. */
const GAP = 1 / 6;
/** Less than this share of the splats is no part: specks around an object. */
const LEAST_SHARE = 0.05;
const MAX_SAMPLES = 50_000;

/** Whether the splats are several things with free space between them, rather than one thing and its specks. @param radius of them all */
export function farApart({ positions: p, count }: SplatCloud, radius: number): boolean {
  const edge = radius * GAP;
  const cells = new Map<string, number>();
  const at = (x: number, y: number, z: number) => `${x} ${y} ${z}`;
  const step = Math.ceil(count / MAX_SAMPLES);
  for (let i = 0; i < count; i += step) {
    const cell = [0, 1, 2].map((k) => Math.floor(p[i * 3 + k]! / edge));
    if (!cell.every(Number.isFinite)) continue;
    const key = at(cell[0]!, cell[1]!, cell[2]!);
    cells.set(key, (cells.get(key) ?? 0) + 1);
  }
  let parts = 0;
  while (cells.size > 0) {
    let inPart = 0;
    const open = [cells.keys().next().value!];
    const take = (key: string) => {
      const n = cells.get(key);
      if (n === undefined) return false;
      cells.delete(key);
      inPart += n;
      return true;
    };
    take(open[0]!);
    for (let key = open.pop(); key !== undefined; key = open.pop()) {
      const [x, y, z] = key.split(' ').map(Number) as [number, number, number];
      for (let n = 0; n < 27; n++) {
        const next = at(
          x + (n % 3) - 1,
          y + (Math.floor(n / 3) % 3) - 1,
          z + Math.floor(n / 9) - 1,
        );
        if (take(next)) open.push(next);
      }
    }
    if (inPart >= (LEAST_SHARE * count) / step) parts++;
  }
  return parts > 1;
}
