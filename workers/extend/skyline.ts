/** Where the scene ends in the sky: its top, all around. */
import type { Camera, Vec3 } from '../../core/camera.ts';
import type { Mask } from '../../core/image.ts';
import { pixelRays } from '../../core/pixel-rays.ts';
import { cross, dot } from '../../core/vec3.ts';
import { closedRound, type Shell, type Skyline, shellView } from './shell.ts';

const BINS = 120;
/** A column that is covered to this share of the picture's height from its top says nothing of a sky. */
const AT_TOP = 0.02;
/** Of the columns that show anything: fewer that end in the open are gaps. */
const LEAST_SHARE = 0.15;
/** Of what lies under a column's top: less is a splinter. */
const LEAST_COVERED = 0.3;

/**
 * Reads it off the start camera's picture: what is empty there above the scene is sky. A column's top is taken on the shell, so that a tree or a post
 * that stands before it does not raise what is continued; between the columns that are seen it goes on all around.
 * @param covered what the start camera sees, of any size of its shape
 * @returns undefined where the scene goes on beyond the picture's top
 */
export function findSkyline(
  shell: Shell,
  ahead: Vec3,
  camera: Camera,
  covered: Mask,
): Skyline | undefined {
  const { width, height } = camera;
  const { up, origin } = shell;
  const side = cross(ahead, up);
  const binOf = (v: Vec3) => {
    const turn = Math.atan2(dot(v, side), dot(v, ahead)) / (2 * Math.PI);
    return Math.floor((turn - Math.floor(turn)) * BINS) % BINS;
  };
  const rays = pixelRays(camera);
  const { depth } = shellView(shell, camera);
  const tops: number[][] = Array.from({ length: BINS }, () => []);
  let open = 0;
  let columns = 0;
  for (let x = 0; x < width; x++) {
    let y = 0;
    while (y < height && covered.data[y * width + x] === 0) y++;
    let below = 0;
    for (let v = y; v < height; v++) below += covered.data[v * width + x]!;
    if (y === height || below < LEAST_COVERED * (height - y)) continue;
    const z = depth.data[y * width + x]!;
    const p = rays.point(x, y, z);
    const v: Vec3 = [p[0] - origin[0], p[1] - origin[1], p[2] - origin[2]];
    columns++;
    const isOpen = y > AT_TOP * height && z > 0;
    if (isOpen) open++;
    const ray = isOpen ? v : rays.direction(x, y);
    tops[binOf(ray)]!.push(isOpen ? dot(v, up) : Number.POSITIVE_INFINITY);
  }
  if (open < LEAST_SHARE * columns || open === 0) return undefined;
  const heights = closedRound(
    tops.map((list) => list.sort((a, b) => a - b)[list.length >> 1]),
    Number.POSITIVE_INFINITY,
  );
  return { above: (from, over) => over > heights[binOf(from)]! };
}
