import { cameraCenter, projectPoint, type Vec3 } from '../../core/camera.ts';
import type { ObjectShape } from '../../core/object-shape.ts';
import { unprojectImage } from '../../core/pixel-rays.ts';
import { cross, dot, unit } from '../../core/vec3.ts';
import type { Look } from './look.ts';

/** Points that a given camera must know before it says anything, of a view's covered pixels. */
const LEAST_KNOWN = 0.05;
/** Of what is known, from which share of backs a view looks at the wrong side. */
const MOST_BACKS = 0.5;
/** |cos| of the angle to a surface under which it is seen too slantwise to say from which side. */
const SLANT = 0.05;
/** Depths within this many object radii of each other are one surface. */
const AGREEMENT_RADII = 0.1;

const sub = (a: Vec3, b: Vec3): Vec3 => [a[0] - b[0], a[1] - b[1], a[2] - b[2]];

/**
 * Tells of a camera of ours whether it looks at the backs of what the given cameras see: it stands outside of the room, or
 * under a sheet. Splats have no sides, so that a hole shows from there too, and what was filled in there lay behind the wall.
 */
export function backsFinder(given: readonly Look[], shape: ObjectShape): (look: Look) => boolean {
  const sides = given.map((look) => sideOf(look, AGREEMENT_RADII * shape.radius));
  return ({ camera, view, covered }) => {
    const eye = cameraCenter(camera);
    const points = unprojectImage(camera, view.depthMedian);
    let [seen, known, backs] = [0, 0, 0];
    for (let i = 0; i < covered.data.length; i++) {
      if (covered.data[i] === 0 || !(view.depthMedian.data[i]! > 0)) continue;
      seen++;
      const p: Vec3 = [points[3 * i]!, points[3 * i + 1]!, points[3 * i + 2]!];
      const cosines = sides.map((side) => side(p, eye)).filter((c) => c !== undefined);
      if (cosines.length === 0) continue;
      known++;
      if (cosines.every((c) => c < -SLANT)) backs++;
    }
    return known > LEAST_KNOWN * seen && backs > MOST_BACKS * known;
  };
}

/**
 * @returns of a point and an eye: the cosine between the way to the eye and the surface's normal towards the given camera;
 * undefined where that does not see the point, or sees it too slantwise
 */
function sideOf({ camera, view }: Look, agreement: number) {
  const { width, height, data } = view.depthMedian;
  const origin = cameraCenter(camera);
  const points = unprojectImage(camera, view.depthMedian);
  const at = (i: number): Vec3 => [points[3 * i]!, points[3 * i + 1]!, points[3 * i + 2]!];
  return (p: Vec3, eye: Vec3): number | undefined => {
    const { u, v, depth } = projectPoint(camera, p);
    const [x, y] = [Math.floor(u), Math.floor(v)];
    if (!(depth > 0 && x > 0 && y > 0 && x < width - 1 && y < height - 1)) return undefined;
    const i = y * width + x;
    const near = (j: number) => Math.abs(data[j]! - depth) < 2 * agreement;
    if (!(Math.abs(data[i]! - depth) < agreement)) return undefined;
    if (![i - 1, i + 1, i - width, i + width].every(near)) return undefined;
    // Image axes are x right, y down: their cross product points away from the camera.
    const normal = unit(cross(sub(at(i + 1), at(i - 1)), sub(at(i + width), at(i - width))));
    const towards = -dot(normal, unit(sub(origin, p)));
    if (!(towards > SLANT)) return undefined;
    return -dot(normal, unit(sub(eye, p)));
  };
}
