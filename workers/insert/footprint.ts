/** What a standing thing covers of the ground, seen from the camera's own place on it: level coordinates, to the right and ahead. */

/** Near and far crossing of a level ray (x, y) from the camera with the footprint, in lengths of (x, y); undefined where it passes. */
export type Footprint = (x: number, y: number) => [number, number] | undefined;

export function roundFootprint(at: readonly [number, number], radius: number): Footprint {
  return (x, y) => {
    const [a, b] = [x * x + y * y, x * at[0] + y * at[1]];
    const root = b * b - a * (at[0] ** 2 + at[1] ** 2 - radius * radius);
    if (!(root > 0)) return undefined;
    return [(b - Math.sqrt(root)) / a, (b + Math.sqrt(root)) / a];
  };
}

/** @param corners of a convex polygon, in order */
export function cornered(corners: readonly (readonly [number, number])[]): Footprint {
  return (x, y) => {
    let [near, far] = [Infinity, -Infinity];
    for (const [k, p] of corners.entries()) {
      const q = corners[(k + 1) % corners.length]!;
      const [ex, ey] = [q[0] - p[0], q[1] - p[1]];
      const cross = x * ey - y * ex;
      if (cross === 0) continue;
      const t = (p[0] * ey - p[1] * ex) / cross;
      const along = (p[0] * y - p[1] * x) / cross;
      if (!(along >= 0 && along <= 1 && t > 0)) continue;
      near = Math.min(near, t);
      far = Math.max(far, t);
    }
    return near < far ? [near, far] : undefined;
  };
}
