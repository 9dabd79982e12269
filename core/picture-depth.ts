/** A picture and its depth: whether they belong together, and what is made of them before the lines begin. */
import { type Camera, lookAt } from './camera.ts';
import { deband } from './depth-files/deband.ts';
import { resizeNearest, resizeScalar } from './depth-files/resize.ts';
import { SplatmendError } from './errors.ts';
import type { RgbImage, ScalarImage } from './image.ts';
import type { Kernels } from './kernels.ts';
import { LENS_DEFAULTS } from './photo-types.ts';

/** Depth maps have the picture's shape, to within a rounding; so has a camera. */
export const ASPECT_TOLERANCE = 0.02;

interface Size {
  width: number;
  height: number;
}

function checkShape(depth: Size, picture: Size, where: string): void {
  const aspect = (depth.width * picture.height) / (depth.height * picture.width);
  if (Math.abs(aspect - 1) <= ASPECT_TOLERANCE) return;
  throw new SplatmendError(
    'bad-option',
    `${where}: the depth is ${depth.width} × ${depth.height}, the picture ${picture.width} × ${picture.height}; they show different things. Give the depth of this picture, uncropped`,
  );
}

/**
 * Depth at its picture's size: each pixel the nearest of the map's.
 * @param where begins the message
 * @throws SplatmendError `bad-option` where the shapes differ
 */
export function depthOfSize(depth: ScalarImage, picture: Size, where: string): ScalarImage {
  checkShape(depth, picture, where);
  return resizeNearest(depth, picture.width, picture.height);
}

/**
 * Relative depth at its picture's size, without the terraces of 8 bits. A smaller map grows linearly: it is soft at outlines as it is, and the
 * nearest pixel's value would make a flight of small steps of each ramp, every one an edge.
 * @param where begins the message
 * @throws SplatmendError `bad-option` where the shapes differ
 */
export function relativeOfSize(relative: ScalarImage, picture: Size, where: string): ScalarImage {
  checkShape(relative, picture, where);
  const { width, height } = picture;
  const even = deband(relative);
  return width > relative.width
    ? resizeScalar(even, width, height)
    : resizeNearest(even, width, height);
}

/** Less is no step between things: the photo line's is 4 %, and depth of whole millimetres has this of its own. */
const FLAT = 1e-3;
/** Fewer known pixels than this share are too few to tell a surface by. */
const SPARSE = 1e-3;

/** What is to be said of a picture's depth before anything is made of it, in sentences. @param depth 0 = unknown */
export function depthNotes({ data }: ScalarImage): string[] {
  let known = 0;
  let [least, most] = [Infinity, 0];
  for (const z of data) {
    if (!(z > 0)) continue;
    known++;
    least = Math.min(least, z);
    most = Math.max(most, z);
  }
  const notes: string[] = [];
  if (known < SPARSE * data.length || known === 1) {
    const count = (n: number) => n.toLocaleString('en');
    notes.push(
      `Depth is known at ${count(known)} of ${count(data.length)} pixels alone: all else is guessed from there.`,
    );
  }
  if (most - least <= FLAT * most) {
    notes.push(
      'The depth is the same all over: the scene is flat, and nothing lies behind anything. Is it this photo’s depth?',
    );
  }
  return notes;
}

/** Depth of every pixel: what is unknown is completed along the picture. @throws SplatmendError as the kernels do */
export async function wholeDepth(
  rgb: RgbImage,
  depth: ScalarImage,
  kernels: Kernels,
  signal?: AbortSignal,
): Promise<ScalarImage> {
  const known = { ...depth, data: Uint8Array.from(depth.data, (z) => (z > 0 ? 1 : 0)) };
  if (!known.data.includes(0)) return depth;
  return (await kernels.complete({ depth, known, rgb }, {}, signal)).depth;
}

/** The camera of a picture of which only the horizontal angle is known, at the origin. @param fovDeg degrees */
export function cameraOfAngle({ width, height }: Size, fovDeg = LENS_DEFAULTS.fovDeg): Camera {
  const focal = width / 2 / Math.tan((fovDeg * Math.PI) / 360);
  return {
    ...{ width, height, fx: focal, fy: focal, cx: width / 2, cy: height / 2 },
    worldToCamera: lookAt([0, 0, 0], [0, 0, 1], [0, -1, 0]),
  };
}
