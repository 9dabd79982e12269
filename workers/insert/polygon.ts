/** Outlines with corners in the picture. */
type Point = readonly [number, number];

/** Convex hull, counter-clockwise in a picture whose y runs down being clockwise to the eye (Andrew 1979). */
export function hullOf(points: readonly Point[]): Point[] {
  const sorted = [...points].sort((a, b) => a[0] - b[0] || a[1] - b[1]);
  const half = (from: readonly Point[]) => {
    const out: Point[] = [];
    for (const p of from) {
      while (out.length > 1) {
        const [a, b] = [out.at(-2)!, out.at(-1)!];
        if ((b[0] - a[0]) * (p[1] - a[1]) - (b[1] - a[1]) * (p[0] - a[0]) > 0) break;
        out.pop();
      }
      out.push(p);
    }
    return out.slice(0, -1);
  };
  return [...half(sorted), ...half(sorted.reverse())];
}

/** Distance of a place to a convex polygon's outline, pixels; negative inside. */
export function outside(polygon: readonly Point[], [x, y]: Point): number {
  let nearest = Infinity;
  let most = -Infinity;
  for (let k = 0; k < polygon.length; k++) {
    const [a, b] = [polygon[k]!, polygon[(k + 1) % polygon.length]!];
    const [ex, ey] = [b[0] - a[0], b[1] - a[1]];
    const l = Math.hypot(ex, ey) || 1e-12;
    const [px, py] = [x - a[0], y - a[1]];
    most = Math.max(most, (px * -ey + py * ex) / -l);
    const t = Math.min(1, Math.max(0, (px * ex + py * ey) / (l * l)));
    nearest = Math.min(nearest, Math.hypot(px - t * ex, py - t * ey));
  }
  return most > 0 ? nearest : -nearest;
}

/** Points along a polygon's outline, this far apart. */
export function along(polygon: readonly Point[], step: number): Point[] {
  return polygon.flatMap((a, k) => {
    const b = polygon[(k + 1) % polygon.length]!;
    const n = Math.max(1, Math.round(Math.hypot(b[0] - a[0], b[1] - a[1]) / step));
    return Array.from(
      { length: n },
      (_, j): Point => [a[0] + ((b[0] - a[0]) * j) / n, a[1] + ((b[1] - a[1]) * j) / n],
    );
  });
}
