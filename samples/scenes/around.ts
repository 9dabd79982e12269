/**
 * Two scenes to turn around in, with their truth all around: a closed room with a few things, and open ground under hills.
 * Frame: metres × `scale`, y down, ground at y = 0; the camera stands near the middle.
 */
import { type Camera, lookAt, type Vec3 } from '../../core/camera.ts';
import { createRandom } from '../../core/random.ts';
import type { ShDegree, SplatCloud } from '../../core/splat-cloud.ts';
import { fractalNoise } from './noise.ts';
import { createSurfaceSplats } from './surface-splats.ts';
import { box, facing, rectangle, revolve, type Surface, type SurfaceStyle } from './surfaces.ts';
import { bricks, mix, type Rgb, type Texture, tiles, wallpaper, wood } from './textures.ts';
import { dot, normalize, type Point } from './vectors.ts';

export interface AroundOptions {
  /** The same seed gives the same scene, bit for bit. */
  seed?: number;
  /** World units a metre. */
  scale?: number;
  /** Size of the picture, pixels: a splat is about as large as a pixel in it. */
  width?: number;
  height?: number;
  shDegree?: ShDegree;
}

export interface AroundScene {
  cloud: SplatCloud;
  up: Vec3;
  camera: Camera;
}

const DEFAULTS: Required<AroundOptions> = {
  seed: 1,
  scale: 1,
  width: 480,
  height: 360,
  shDegree: 0,
};

/** Of the room: its walls are not equally far from the camera, and no two are as far. */
export const AROUND_ROOM = { leftX: -2.1, rightX: 2.3, frontZ: -2.5, backZ: 2.2, height: 2.5 };
const HALF_ANGLE = Math.tan((34 * Math.PI) / 180);

function cameraAt(eye: Vec3, target: Vec3, o: Required<AroundOptions>): Camera {
  const focal = o.width / 2 / HALF_ANGLE;
  const at = (v: Vec3) => v.map((x) => x * o.scale) as unknown as Vec3;
  return {
    id: 'start',
    width: o.width,
    height: o.height,
    fx: focal,
    fy: focal,
    cx: o.width / 2,
    cy: o.height / 2,
    worldToCamera: lookAt(at(eye), at(target), [0, -1, 0]),
  };
}

const LIGHT = normalize([-0.4, -0.8, -0.45]);
const lit = (_: Point, n: Point): Point => {
  const k = 0.82 + 0.18 * dot(n, LIGHT);
  return [k, k, k];
};

function splatsOf(surfaces: readonly Surface[], o: Required<AroundOptions>): SplatCloud {
  const out = createSurfaceSplats(createRandom(o.seed), 1, o.scale, o.shDegree);
  for (const surface of surfaces) out.add(surface, lit, () => 0);
  return out.toCloud();
}

const plaster =
  (colour: Rgb, seed: number): Texture =>
  (u, v) => {
    const k = 0.92 + 0.12 * fractalNoise(u * 3, v * 3, seed, 3);
    return [colour[0] * k, colour[1] * k, colour[2] * k];
  };

/** Floor, ceiling, four walls, a cupboard, a crate and a vase: all of it is there, also behind the camera. */
export function generateAroundRoom(options: AroundOptions = {}): AroundScene {
  const o = { ...DEFAULTS, ...options };
  const { leftX, rightX, frontZ, backZ, height } = AROUND_ROOM;
  const pixel = (2 * 2.3 * HALF_ANGLE) / o.width;
  const style: SurfaceStyle = { grain: pixel, levels: 1, gloss: 0.1 };
  const middle: Point = [0, -height / 2, 0];
  const [w, d] = [rightX - leftX, backZ - frontZ];
  const inwards = (origin: Point, u: Point, v: Point, texture: Texture) =>
    facing(rectangle(origin, u, v, texture, style), middle);
  const paper = wallpaper([0.95, 0.93, 0.83], [0.85, 0.9, 0.8], [0.5, 0.68, 0.55], o.seed + 1);
  const brick = bricks([0.62, 0.33, 0.25], [0.8, 0.58, 0.46], [0.84, 0.8, 0.73], o.seed + 2);
  const floor = tiles([0.7, 0.58, 0.46], [0.6, 0.45, 0.35], [0.82, 0.78, 0.7], 0.4, o.seed + 3);
  const board = wood([0.66, 0.46, 0.3], [0.45, 0.29, 0.18], 0.12, o.seed + 4);
  const pot = plaster([0.3, 0.45, 0.62], o.seed + 5);
  const side = [board, board, board, board] as [Texture, Texture, Texture, Texture];
  return {
    up: [0, -1, 0],
    camera: cameraAt([0.1, -1.35, -0.35], [0.05, -0.85, 2], o),
    cloud: splatsOf(
      [
        inwards([leftX, 0, frontZ], [w, 0, 0], [0, 0, d], floor),
        inwards([leftX, -height, frontZ], [w, 0, 0], [0, 0, d], plaster([0.93, 0.92, 0.9], o.seed)),
        inwards([leftX, -height, frontZ], [0, 0, d], [0, height, 0], paper),
        inwards([rightX, -height, frontZ], [0, 0, d], [0, height, 0], paper),
        inwards([leftX, -height, backZ], [w, 0, 0], [0, height, 0], brick),
        inwards([leftX, -height, frontZ], [w, 0, 0], [0, height, 0], brick),
        ...box([-0.75, 0, 1.85], [0.9, 1.1, 0.45], 0, { top: board, sides: side }, style),
        ...box([0.75, 0, 1.1], [0.45, 0.4, 0.45], 0.5, { top: board, sides: side }, style),
        ...box([-1.4, 0, -1.6], [0.7, 0.8, 0.6], 0.3, { top: board, sides: side }, style),
        revolve(
          [-0.75, -1.1, 1.8],
          [
            [0.09, 0],
            [0.15, 0.16],
            [0.08, 0.3],
            [0.1, 0.34],
          ],
          pot,
          { ...style, grain: pixel / 2 },
        ),
      ],
      o,
    ),
  };
}

/** Of the open ground: the hills stand all around at this distance, this high, metres. */
export const AROUND_FIELD = { distance: 14, height: 3.2 };

/** Ground to the hills all around, three blocks on it, and an empty sky. */
export function generateAroundField(options: AroundOptions = {}): AroundScene {
  const o = { ...DEFAULTS, ...options };
  const { distance, height } = AROUND_FIELD;
  const pixel = (2 * 6 * HALF_ANGLE) / o.width;
  const style: SurfaceStyle = { grain: pixel, levels: 1, gloss: 0 };
  const grass: Texture = (u, v) =>
    mix([0.42, 0.5, 0.24], [0.62, 0.6, 0.36], fractalNoise(u * 1.5, v * 1.5, o.seed + 7, 4));
  const hill: Texture = (turn, v) =>
    mix(
      [0.3, 0.42, 0.34],
      [0.46, 0.54, 0.5],
      0.5 * (v / height) + 0.5 * fractalNoise(turn * 60, v * 1.2, o.seed + 9, 3),
    );
  const stone = plaster([0.6, 0.58, 0.55], o.seed + 8);
  const side = [stone, stone, stone, stone] as [Texture, Texture, Texture, Texture];
  const ring = revolve(
    [0, 0, 0],
    [
      [distance, 0],
      [distance, height],
    ],
    hill,
    { ...style, grain: 2 * pixel },
  );
  return {
    up: [0, -1, 0],
    camera: cameraAt([0, -1.7, 0], [0, -1.3, 6], o),
    cloud: splatsOf(
      [
        facing(
          rectangle(
            [-distance, 0, -distance],
            [2 * distance, 0, 0],
            [0, 0, 2 * distance],
            grass,
            style,
          ),
          [0, -1, 0],
        ),
        ring,
        ...box([-1.5, 0, 5], [0.9, 1.2, 0.9], 0.4, { top: stone, sides: side }, style),
        ...box([1.8, 0, 7.5], [1.4, 0.9, 1], -0.3, { top: stone, sides: side }, style),
        ...box([2, 0, -5], [1, 1.5, 1], 0.2, { top: stone, sides: side }, style),
      ],
      o,
    ),
  };
}
