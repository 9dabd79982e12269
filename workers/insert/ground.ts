/** Which way is up, and what a change's lower end stands on: from the depth of the scene without it. */
import {
  type Camera,
  cameraAxes,
  cameraCenter,
  cameraOfSize,
  type Vec3,
} from '../../core/camera.ts';
import { resizeNearest } from '../../core/depth-files/resize.ts';
import { createMask, type Mask, maskBounds, type ScalarImage } from '../../core/image.ts';
import { medianDepth } from '../../core/median-depth.ts';
import { dilate } from '../../core/morphology.ts';
import { unprojectImage } from '../../core/pixel-rays.ts';
import { type Rest, restless } from '../../core/progress.ts';
import { dot } from '../../core/vec3.ts';
import { type Plane, planeDistance, segmentSurfaces } from '../steps/segment-surfaces.ts';

export interface Ground {
  /** Unit vector, world. */
  up: Vec3;
  /** What the lower end lies on, its normal upwards; undefined where nothing there faces up. */
  support?: Plane;
  /** Distance from a plane that still belongs to it, world units. */
  tolerance: number;
  /** Share of the change that covers something else than the support, 0..1; 1 without support. */
  beyond: number;
}

/** Planes are looked for in a picture of about this size. */
const LOOK_PX = 240;
/** Share of depth by which a plane's pixels may be off it: captures' surfaces are rough by this much. */
const ROUGH = 0.006;
/**
 * cos between a plane's normal, turned to the camera, and the camera's own up from which the plane is taken to face up. Of a camera that
 * looks down by p the floor's is cos p, side walls' 0 and the wall ahead's −sin p.
 */
const FACES_UP = 0.3;
/** The widest plane that faces up says where up is, unless what the lower end lies on is tilted against it by more than things stand on. */
const MOST_TILT = Math.cos((40 * Math.PI) / 180);
/** The lower end: this share of a change's height. */
const LOWER_END = 0.12;
/** Around it the support is looked for: of the change's size, and of the picture's. */
const AROUND_CHANGE = 0.5;
const AROUND_PICTURE = 0.05;
/** Share of the lower end that must lie on the plane. */
const MIN_FOOT = 0.4;
/** Triples of a plane lie within this share of depth of each other. */
const REACH = 0.25;

interface Look {
  camera: Camera;
  depth: ScalarImage;
  known: Mask;
  change: Mask;
}

/** Every so many pixels, at the pixels' own places. */
function smaller(camera: Camera, depth: ScalarImage, change: Mask): Look {
  const factor = Math.min(1, LOOK_PX / Math.max(depth.width, depth.height));
  const width = Math.max(1, Math.round(depth.width * factor));
  const height = Math.max(1, Math.round(depth.height * factor));
  const out = resizeNearest(depth, width, height);
  const known = { width, height, data: Uint8Array.from(out.data, (z) => (z > 0 ? 1 : 0)) };
  return {
    camera: cameraOfSize(camera, { width, height }),
    depth: out,
    known,
    change: resizeNearest(change, width, height),
  };
}

/** The plane with its normal to the camera's side. */
function facing(plane: Plane, camera: Camera): Plane {
  const side = dot(plane.normal, cameraCenter(camera)) - plane.offset;
  if (side >= 0) return plane;
  return { normal: plane.normal.map((v) => -v) as Plane['normal'], offset: -plane.offset };
}

/**
 * @param depth of the scene without the change, 0 = unknown
 * @param rest called between pieces of the work
 */
export async function findGround(
  camera: Camera,
  depth: ScalarImage,
  change: Mask,
  seed: number,
  rest: Rest = restless,
): Promise<Ground> {
  const { down } = cameraAxes(camera);
  const cameraUp: Vec3 = [-down[0], -down[1], -down[2]];
  const look = smaller(camera, depth, change);
  const bounds = maskBounds(look.change);
  const { width, height } = look.depth;
  const foot = createMask(width, height);
  const around = createMask(width, height);
  if (bounds !== undefined) {
    const lowest = bounds.y1 - Math.max(1, LOWER_END * (bounds.y1 - bounds.y0));
    for (let i = 0; i < foot.data.length; i++) {
      if (look.change.data[i] !== 0 && Math.floor(i / width) >= lowest) foot.data[i] = 1;
    }
    const size = Math.max(bounds.x1 - bounds.x0, bounds.y1 - bounds.y0);
    const reach = Math.max(AROUND_CHANGE * size, AROUND_PICTURE * Math.max(width, height));
    around.data.set(dilate(foot, Math.max(2, reach)).data);
  }
  await rest();
  const z = medianDepth(look.depth, foot) || medianDepth(look.depth);
  const tolerance = z * ROUGH;
  const upward = (known: Mask) =>
    segmentSurfaces(look.camera, look.depth, known, tolerance, REACH * z, seed).flatMap((s) => {
      if (s.plane === undefined) return [];
      const plane = facing(s.plane, camera);
      return dot(plane.normal, cameraUp) > FACES_UP ? [{ ...s, plane }] : [];
    });
  const widest = upward(look.known).sort((a, b) => b.count - a.count)[0]?.plane;
  await rest();
  for (let i = 0; i < around.data.length; i++)
    around.data[i] = around.data[i]! & look.known.data[i]!;
  const points = unprojectImage(look.camera, look.depth);
  const on = (plane: Plane, mask: Mask) => {
    let [inside, total] = [0, 0];
    for (let i = 0; i < mask.data.length; i++) {
      if (mask.data[i] === 0) continue;
      total++;
      if (planeDistance(plane, points, i) <= 2 * tolerance) inside++;
    }
    return total === 0 ? 0 : inside / total;
  };
  await rest();
  const [best] = upward(around)
    .map(({ plane }) => ({ plane, share: on(plane, foot) }))
    .sort((a, b) => b.share - a.share);
  await rest();
  if (best === undefined || best.share < MIN_FOOT) {
    return { up: widest?.normal ?? cameraUp, tolerance, beyond: 1 };
  }
  const support = best.plane;
  const level = widest !== undefined && dot(widest.normal, support.normal) > MOST_TILT;
  return {
    up: level ? widest.normal : support.normal,
    support,
    tolerance,
    beyond: 1 - on(support, look.change),
  };
}
