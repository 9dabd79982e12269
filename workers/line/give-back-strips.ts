import type { Camera } from '../../core/camera.ts';
import { components } from '../../core/components.ts';
import type { Mask, ScalarImage } from '../../core/image.ts';
import { or } from '../../core/morphology.ts';
import { neighbours } from '../../core/neighbours.ts';
import { dot } from '../../core/vec3.ts';
import { type Plane, planeDistance, type Surface } from '../steps/segment-surfaces.ts';
import { nearestPlane } from './plane-pixels.ts';

/** |cos| between the normals of two planes under which one cuts the other. */
const CUTTING = 0.6;
/** A pixel's surroundings, so many tolerances wide to each side, cross a plane when they reach this far to both sides of it … */
const AROUND_TOLERANCES = 3;
const BEYOND_TOLERANCES = 1.2;
/** … with this share of them each. */
const BEYOND_SHARE = 0.1;
/** Surroundings are looked at in steps of this share of their reach. */
const STEPS = 8;
/** What crosses a plane is another's within so many tolerances: captured floors are not as flat as their planes. */
const OTHER_TOLERANCES = 8;

/**
 * A plane cuts other surfaces, as a cabinet's front cuts the floor that goes on under it, and takes a strip of them; the strip would
 * draw the front's outline down to the floor. What runs through a plane from one side to the other is not its own: such
 * pixels are given to the plane that they are nearest to, as kin where they lie off that, too.
 * @param known covered pixels that are no part of the hole
 * @param points three numbers a pixel, as `unprojectImage` gives them
 * @param tolerance distance from a plane that still belongs to it, world units
 */
export function giveBackStrips(
  surfaces: readonly Surface[],
  known: Mask,
  points: Float64Array,
  tolerance: number,
  camera: Camera,
  depth: ScalarImage,
): void {
  const planes = surfaces.filter(({ plane }) => plane !== undefined);
  const crossed = crossing(known, points, tolerance, camera, depth);
  for (const own of planes) {
    const cutting = planes.filter(
      ({ plane }) => Math.abs(dot(plane!.normal, own.plane!.normal)) < CUTTING,
    );
    const nearest = (i: number) => nearestPlane(cutting, points, i, OTHER_TOLERANCES * tolerance);
    const give = (i: number, to: Surface) => {
      if (own.pixels.data[i] !== 0) own.count--;
      own.pixels.data[i] = 0;
      own.kin!.data[i] = 0;
      if (planeDistance(to.plane!, points, i) <= tolerance) {
        to.pixels.data[i] = 1;
        to.count++;
      } else to.kin!.data[i] = 1;
    };
    const strip = new Map<number, Surface>();
    for (let i = 0; i < known.data.length; i++) {
      if (own.pixels.data[i] === 0 || known.data[i] === 0) continue;
      const to = nearest(i);
      if (to !== undefined && crossed(own.plane!, i)) strip.set(i, to);
    }
    for (const [i, to] of strip) give(i, to);
    // The strip's own rims lie too far off the plane to be seen on both sides of it.
    for (const { pixels } of components(or(own.pixels, own.kin!))) {
      if (pixels.length > strip.size) continue;
      const beside = (i: number) =>
        neighbours(i, known.width, known.data.length).some((j) => strip.has(j));
      if (!pixels.some(beside)) continue;
      for (const i of pixels) {
        const to = nearest(i);
        if (to !== undefined) give(i, to);
      }
    }
  }
}

/** Whether what is known around a pixel (index) reaches to both sides of a plane. */
function crossing(
  { data, width, height }: Mask,
  points: Float64Array,
  tolerance: number,
  camera: Camera,
  depth: ScalarImage,
): (plane: Plane, i: number) => boolean {
  const around = AROUND_TOLERANCES * tolerance;
  return ({ normal, offset }, i) => {
    const [x0, y0, z0] = [points[i * 3]!, points[i * 3 + 1]!, points[i * 3 + 2]!];
    const px = Math.ceil((around * camera.fx) / depth.data[i]!);
    const step = Math.max(1, Math.floor(px / STEPS));
    const [u0, v0] = [i % width, Math.floor(i / width)];
    let [all, before, behind] = [0, 0, 0];
    for (let v = v0 - px; v <= v0 + px; v += step) {
      for (let u = u0 - px; u <= u0 + px; u += step) {
        if (u < 0 || v < 0 || u >= width || v >= height) continue;
        const j = v * width + u;
        if (data[j] === 0) continue;
        const [x, y, z] = [points[j * 3]!, points[j * 3 + 1]!, points[j * 3 + 2]!];
        if ((x - x0) ** 2 + (y - y0) ** 2 + (z - z0) ** 2 > around ** 2) continue;
        const off = normal[0] * x + normal[1] * y + normal[2] * z - offset;
        all++;
        if (off > BEYOND_TOLERANCES * tolerance) before++;
        else if (off < -BEYOND_TOLERANCES * tolerance) behind++;
      }
    }
    return Math.min(before, behind) >= BEYOND_SHARE * all;
  };
}
