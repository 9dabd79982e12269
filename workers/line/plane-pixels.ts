import { components } from '../../core/components.ts';
import { createMask, type Mask } from '../../core/image.ts';
import { or } from '../../core/morphology.ts';
import { type Plane, planeDistance, type Surface } from '../steps/segment-surfaces.ts';

/**
 * Pixels of `among` whose surface lies on a plane, within the tolerance, world units.
 * @param points three numbers a pixel, as `unprojectImage` gives them
 */
export function planePixels(
  plane: Plane,
  among: Mask,
  points: Float64Array,
  tolerance: number,
): Mask {
  const out = createMask(among.width, among.height);
  for (let i = 0; i < out.data.length; i++) {
    if (among.data[i] !== 0 && planeDistance(plane, points, i) <= tolerance) out.data[i] = 1;
  }
  return out;
}

/** The plane that a pixel's (index) point lies nearest to, within a distance, world units. */
export function nearestPlane(
  surfaces: readonly Surface[],
  points: Float64Array,
  i: number,
  within: number,
): Surface | undefined {
  let least = within;
  let nearest: Surface | undefined;
  for (const surface of surfaces) {
    const off = planeDistance(surface.plane!, points, i);
    if (off > least) continue;
    least = off;
    nearest = surface;
  }
  return nearest;
}

/** Far pixels that are no part of what is near, and fewer than this share of it, lie on its plane by chance. */
const CHANCE_SHARE = 0.1;

/**
 * Gives planes the seen pixels on them beyond what is near, each to the plane it lies nearest to; what is a little off is kin.
 * A chair's slats that happen to lie at a table's height stay what they are: they would draw the table's outline over to them.
 * @param beside whether a pixel's surface is still about where the object is: there a plane's small part across the hole is its own
 */
export function takeFarPixels(
  surfaces: readonly Surface[],
  far: Mask,
  points: Float64Array,
  tolerance: number,
  beside: (i: number) => boolean,
): void {
  const planes = surfaces.filter((surface) => surface.plane !== undefined);
  const near = planes.map(({ pixels, kin }) => or(pixels, kin!));
  for (const surface of planes) {
    surface.pixels = { ...surface.pixels, data: surface.pixels.data.slice() };
    surface.kin = { ...surface.kin!, data: surface.kin!.data.slice() };
  }
  for (let i = 0; i < far.data.length; i++) {
    if (far.data[i] === 0) continue;
    const nearest = nearestPlane(planes, points, i, 2 * tolerance);
    const taken = ({ pixels, kin }: Surface) =>
      pixels.data[i] !== 0 || (kin !== undefined && kin.data[i] !== 0);
    if (nearest === undefined || surfaces.some(taken)) continue;
    const on = planeDistance(nearest.plane!, points, i) <= tolerance;
    (on ? nearest.pixels : nearest.kin!).data[i] = 1;
  }
  planes.forEach((surface, k) => {
    dropChance(surface, (i) => near[k]!.data[i] !== 0 || beside(i));
  });
}

function dropChance({ pixels, kin, count }: Surface, own: (i: number) => boolean): void {
  for (const part of components(or(pixels, kin!))) {
    if (part.pixels.length >= CHANCE_SHARE * count || part.pixels.some(own)) continue;
    for (const i of part.pixels) {
      pixels.data[i] = 0;
      kin!.data[i] = 0;
    }
  }
}
