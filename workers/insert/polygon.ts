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
export function outside(polygon: readonly Point[], place: Point): number {
  // Least squares asks this some million times: no hypot, nothing allocated.
  const x = place[0];
  const y = place[1];
  let nearest = Infinity;
  let most = -Infinity;
  let a = polygon[polygon.length - 1]!;
  for (let k = 0; k < polygon.length; k++) {
    const b = polygon[k]!;
    const ex = b[0] - a[0];
    const ey = b[1] - a[1];
    const px = x - a[0];
    const py = y - a[1];
    const ll = ex * ex + ey * ey || 1e-24;
    const across = (px * ey - py * ex) / Math.sqrt(ll);
    if (across > most) most = across;
    let t = (px * ex + py * ey) / ll;
    if (t < 0) t = 0;
    else if (t > 1) t = 1;
    const dx = px - t * ex;
    const dy = py - t * ey;
    const d = dx * dx + dy * dy;
    if (d < nearest) nearest = d;
    a = b;
  }
  return most > 0 ? Math.sqrt(nearest) : -Math.sqrt(nearest);
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
