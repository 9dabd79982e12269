/** Which way a handle points that sticks out of a solid: it lies in an upright plane through the solid's axis. */
import { components } from '../../core/components.ts';
import { createMask, type Mask } from '../../core/image.ts';
import { dilate } from '../../core/morphology.ts';
import type { Rest } from '../../core/progress.ts';
import { quantile } from '../../core/quantile.ts';
import type { Body } from './body.ts';
import type { LevelView } from './level-view.ts';

/** Planes through the axis that are tried, turned to the camera and away from it, degrees. */
const MOST_DEG = 60;
const STEP_DEG = 1;
/** A loop's hole and its breadth have so many pixels and more. */
const LEAST_HOLE = 9;
const LEAST_COLUMNS = 6;
/** The first of them belong to the solid's own outline as well. */
const BESIDE_SOLID = 0.25;

/** An upright plane through the axis: a level unit vector in it, and the level normal n with n · p = offset. */
export interface HandlePlane {
  out: readonly [number, number];
  normal: readonly [number, number];
  offset: number;
  /** From facing the camera, radians. */
  turn: number;
}

/** @param turn from facing the camera, radians: positive where what lies to `side` comes towards the camera */
export function planeThrough(body: Body, side: 1 | -1, turn: number): HandlePlane {
  const away = Math.hypot(...body.at);
  const [mx, my] = [body.at[0] / away, body.at[1] / away];
  const [c, s] = [side * Math.cos(turn), Math.sin(turn)];
  const out = [c * my - s * mx, -c * mx - s * my] as const;
  // Away from the camera.
  const sign = side;
  const normal = [-sign * out[1], sign * out[0]] as const;
  return { out, normal, offset: normal[0] * body.at[0] + normal[1] * body.at[1], turn };
}

/** Holes that a part makes together with the solid. */
function hasHole(part: Mask, solid: Mask): boolean {
  const outside = createMask(part.width, part.height);
  for (let i = 0; i < outside.data.length; i++) {
    outside.data[i] = part.data[i] === 0 && solid.data[i] === 0 ? 1 : 0;
  }
  return components(outside).some((c) => !c.touchesBorder && c.pixels.length >= LEAST_HOLE);
}

/** How much the middle between a part's upper and lower edge rises outwards in a plane. */
function rises(view: LevelView, body: Body, pixels: Int32Array, width: number, plane: HandlePlane) {
  const step = Math.hypot(body.at[0], body.at[1], view.height) / view.camera.fx;
  const columns = new Map<number, [number, number]>();
  for (const i of pixels) {
    const d = view.direction((i % width) + 0.5, Math.floor(i / width) + 0.5);
    const t = plane.offset / (plane.normal[0] * d[0] + plane.normal[1] * d[1]);
    if (!(t > 0)) return Number.NaN;
    const out = (t * d[0] - body.at[0]) * plane.out[0] + (t * d[1] - body.at[1]) * plane.out[1];
    const [k, z] = [Math.round(out / step), t * d[2]];
    const [low, high] = columns.get(k) ?? [z, z];
    columns.set(k, [Math.min(low, z), Math.max(high, z)]);
  }
  if (columns.size < LEAST_COLUMNS) return Number.NaN;
  const from = quantile([...columns.keys()], BESIDE_SOLID);
  let [n, x, y, xx, xy] = [0, 0, 0, 0, 0];
  for (const [k, [low, high]] of columns) {
    if (k < from) continue;
    const middle = (low + high) / 2 / step;
    n++;
    x += k;
    y += middle;
    xx += k * k;
    xy += k * middle;
  }
  return (n * xy - x * y) / (n * xx - x * x);
}

/**
 * A handle is taken to be as high over its middle as it goes down under it, all the way out: of the planes through the axis the one nearest
 * to facing the camera in which it is so. What makes no loop with the solid (a stem, a spout) says nothing and faces the camera.
 */
export async function handlePlane(
  view: LevelView,
  body: Body,
  beside: Mask,
  solid: Mask,
  rest: Rest,
): Promise<HandlePlane> {
  const { width, height } = beside;
  const parts = components(beside, undefined, true).sort(
    (a, b) => b.pixels.length - a.pixels.length,
  );
  const largest = parts[0]?.pixels;
  if (largest === undefined) return planeThrough(body, 1, 0);
  let right = 0;
  for (const i of largest) {
    const d = view.direction((i % width) + 0.5, Math.floor(i / width) + 0.5);
    right += d[0] * body.at[1] - d[1] * body.at[0] > 0 ? 1 : -1;
  }
  const side = right > 0 ? 1 : -1;
  const part = createMask(width, height);
  for (const i of largest) part.data[i] = 1;
  let turn = 0;
  // One pixel's gap between the two is none.
  if (hasHole(part, dilate(solid, 1))) {
    let nearest = Infinity;
    let before = Number.NaN;
    for (let deg = -MOST_DEG; deg <= MOST_DEG; deg += STEP_DEG) {
      await rest();
      const rise = rises(
        view,
        body,
        largest,
        width,
        planeThrough(body, side, (deg * Math.PI) / 180),
      );
      if (before * rise <= 0 && Math.abs(deg) < nearest) {
        nearest = Math.abs(deg);
        turn = (deg * Math.PI) / 180;
      }
      before = rise;
    }
  }
  return planeThrough(body, side, turn);
}
