/** A change's separate things: each stands for itself. */
import { components } from '../../core/components.ts';
import { distanceTo } from '../../core/distance.ts';
import { createMask, type Mask } from '../../core/image.ts';
import { dilate } from '../../core/morphology.ts';

/** Parts this near each other are one thing, of the picture's longer side: encoding breaks thin parts. */
const NEAR = 0.012;
/** A part of less than this share of the largest goes with the nearest large one. */
const OWN_SHARE = 0.15;
const MOST_THINGS = 8;

/** @returns masks that part the given one, the largest first */
export function thingsOf(mask: Mask): Mask[] {
  const { width, height } = mask;
  const grown = dilate(mask, Math.max(1, Math.round(NEAR * Math.max(width, height))));
  const parts = components(grown, undefined, true)
    .map(({ pixels }) => pixels.filter((i) => mask.data[i] !== 0))
    .sort((a, b) => b.length - a.length);
  const least = OWN_SHARE * (parts[0]?.length ?? 0);
  const large = parts.slice(0, MOST_THINGS).filter((p) => p.length >= least);
  const masks = large.map((pixels) => {
    const out = createMask(width, height);
    for (const i of pixels) out.data[i] = 1;
    return out;
  });
  if (large.length === parts.length) return masks;
  const away = masks.map(distanceTo);
  for (const pixels of parts.filter((p) => !large.includes(p))) {
    const nearest = away
      .map((d, k) => ({ k, d: pixels.reduce((least, i) => Math.min(least, d.data[i]!), Infinity) }))
      .sort((a, b) => a.d - b.d)[0]!;
    for (const i of pixels) masks[nearest.k]!.data[i] = 1;
  }
  return masks;
}
