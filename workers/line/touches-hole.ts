import { countMask, type Mask, type ScalarImage } from '../../core/image.ts';
import type { RenderedView } from '../../core/kernels.ts';
import { and, dilate, minus } from '../../core/morphology.ts';
import type { ObjectShape } from '../../core/object-shape.ts';
import type { Surface } from '../steps/segment-surfaces.ts';

/** A surface on the hole's rim must hold this share of the rim to be continued into it. */
const MIN_RIM_SHARE = 0.04;

/**
 * Whether a surface borders the hole and goes on behind the object: one that stands in front of the
 * object along most of their common rim ends there, at its own outline. A plane is judged where it would go on: a floor
 * seen at a glance is nearer at the rim than the object that stands on it.
 * @param plane the surface's plane's depth
 */
export function touchesHole(
  surface: Surface,
  plane: ScalarImage | undefined,
  unseen: Mask,
  footprint: Mask,
  view: RenderedView,
  withObject: RenderedView,
  shape: ObjectShape,
): boolean {
  const { width, height } = unseen;
  const rimPx = Math.max(2, Math.round(width / 60));
  const rim = minus(dilate(unseen, rimPx), unseen);
  const mine = and(rim, surface.pixels);
  const inside = and(unseen, surface.pixels);
  if (countMask(mine) + countMask(inside) < MIN_RIM_SHARE * countMask(rim)) return false;
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
