import { countMask, type Mask, type ScalarImage } from '../../core/image.ts';
import type { RenderedView } from '../../core/kernels.ts';
import { and, dilate, minus } from '../../core/morphology.ts';
import type { ObjectShape } from '../../core/object-shape.ts';
import type { Surface } from '../steps/segment-surfaces.ts';

/** A surface on the hole's rim must hold this share of the rim to be continued into it … */
const MIN_RIM_SHARE = 0.04;
/** … or this one where it is seen past a plane's outline: what is under a cabinet shows as a narrow band. */
const MIN_SHARE_PAST = 0.015;
/** So much of such a surface lies behind the plane. */
const PAST = 0.8;
/** What lies around a surface this near is its shore; it is common to both for this share of it. */
const SHORE_PX = 3;
const COMMON = 0.2;

export interface Framing {
  surface: Surface;
  /** The surface's plane's depth; undefined: it is none. */
  plane: ScalarImage | undefined;
}

interface FramedHole {
  unseen: Mask;
  footprint: Mask;
  view: RenderedView;
  withObject: RenderedView;
  shape: ObjectShape;
}

/** Those of a view's surfaces that border the hole and go on behind the object, in the same order. */
export function framingSurfaces(all: readonly Framing[], hole: FramedHole): Framing[] {
  const touching = all.filter((some) => touches(some, hole, MIN_RIM_SHARE));
  return all.filter(
    (some) =>
      touching.includes(some) ||
      (touching.some((before) => isPast(some.surface, before, hole.view)) &&
        touches(some, hole, MIN_SHARE_PAST)),
  );
}

/** Whether a surface lies behind a plane that goes on before it and ends beside it: it is seen past that plane's outline. */
function isPast(
  { pixels, count }: Surface,
  { surface: before, plane }: Framing,
  view: RenderedView,
): boolean {
  if (plane === undefined) return false;
  let past = 0;
  for (let i = 0; i < pixels.data.length; i++) {
    if (pixels.data[i] === 0 || !(plane.data[i]! > 0)) continue;
    if (view.depthMedian.data[i]! > plane.data[i]!) past++;
  }
  if (past < PAST * count) return false;
  const shore = minus(dilate(pixels, SHORE_PX), pixels);
  const common = countMask(and(shore, before.pixels));
  // A sliver along the outline is its fray.
  return count >= countMask(shore) && common >= COMMON * countMask(shore);
}

/**
 * Whether a surface borders the hole and goes on behind the object: one that stands in front of the
 * object along most of their common rim ends there, at its own outline. A plane is judged where it would go on: a floor
 * seen at a glance is nearer at the rim than the object that stands on it.
 */
function touches(
  { surface, plane }: Framing,
  { unseen, footprint, view, withObject, shape }: FramedHole,
  rimShare: number,
): boolean {
  const { width, height } = unseen;
  const rimPx = Math.max(2, Math.round(width / 60));
  const rim = minus(dilate(unseen, rimPx), unseen);
  const mine = and(rim, surface.pixels);
  const inside = and(unseen, surface.pixels);
  if (countMask(mine) + countMask(inside) < rimShare * countMask(rim)) return false;
  let before = 0;
  let judged = 0;
  const step = rimPx + 1;
  for (let i = 0; i < mine.data.length; i++) {
    if (mine.data[i] === 0) continue;
    const x = i % width;
    const y = (i - x) / width;
    // The object's depth at the nearest footprint pixel along the four axes.
    for (const [dx, dy] of [
      [step, 0],
      [-step, 0],
      [0, step],
      [0, -step],
    ] as const) {
      const nx = x + dx;
      const ny = y + dy;
      if (nx < 0 || ny < 0 || nx >= width || ny >= height) continue;
      const j = ny * width + nx;
      const object = withObject.depthMedian.data[j]!;
      if (footprint.data[j] === 0 || withObject.marked.data[j]! < 0.4 || !(object > 0)) continue;
      judged++;
      const goesOn = plane === undefined ? view.depthMedian.data[i]! : plane.data[j]!;
      if (goesOn > 0 && goesOn < object - 0.1 * shape.radius) before++;
    }
  }
  return judged === 0 || before < 0.6 * judged;
}
