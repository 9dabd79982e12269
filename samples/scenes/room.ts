/** The sample room without its objects: floor, three walls, table, rug, picture, skirting. Metres, y down, floor at y = 0. */
import { fractalNoise } from './noise.ts';
import { box, facing, rectangle, type Surface, type SurfaceStyle } from './surfaces.ts';
import {
  bricks,
  landscape,
  type Rgb,
  rug,
  type Texture,
  tiles,
  wallpaper,
  wood,
} from './textures.ts';
import type { Point } from './vectors.ts';

export const ROOM = { leftX: -1.75, rightX: 1.85, frontZ: -1.9, backZ: 1.35, height: 2.25 };
export const TABLE = { halfX: 0.72, halfZ: 0.44, height: 0.74, thickness: 0.034 };
export const RUG = { x: 0.02, z: -0.12, halfX: 1.06, halfZ: 0.84, thickness: 0.008 };

/** A surface of the room; `support` is its height when objects stand on it. */
export interface RoomSurface {
  surface: Surface;
  support?: number;
}

const plain =
  (colour: Rgb): Texture =>
  () =>
    colour;

export function roomSurfaces(seed: number): RoomSurface[] {
  const out: RoomSurface[] = [];
  const { leftX, rightX, frontZ, backZ, height } = ROOM;
  const matt = { grain: 0.0135, levels: 1, gloss: 0.1 };

  const floor = tiles([0.74, 0.62, 0.5], [0.66, 0.5, 0.39], [0.86, 0.82, 0.75], 0.3, seed + 20);
  out.push({
    surface: inwards([leftX, 0, backZ], [rightX - leftX, 0, 0], [0, 0, frontZ - backZ], floor, {
      ...matt,
      gloss: 0.5,
    }),
    support: 0,
  });
  const paper = wallpaper([0.97, 0.95, 0.85], [0.87, 0.92, 0.82], [0.5, 0.68, 0.55], seed + 30);
  out.push({
    surface: inwards([leftX, -height, frontZ], [0, 0, backZ - frontZ], [0, height, 0], paper, matt),
  });
  const brick = bricks([0.62, 0.33, 0.25], [0.8, 0.58, 0.46], [0.84, 0.8, 0.73], seed + 40);
  out.push({
    surface: inwards([rightX, -height, backZ], [leftX - rightX, 0, 0], [0, height, 0], brick, matt),
  });
  const plaster: Texture = (u, v) => {
    const k = 0.9 + 0.1 * fractalNoise(u * 3, v * 3, seed + 45, 3);
    return [0.9 * k, 0.85 * k, 0.74 * k];
  };
  out.push({
    surface: inwards([rightX, -height, frontZ], [0, 0, backZ - frontZ], [0, height, 0], plaster, {
      ...matt,
      grain: 0.017,
    }),
  });
  out.push(...skirting(), ...picture(seed + 50), ...rugSurfaces(seed + 60), ...table(seed + 70));
  return out;
}

/** A point in the room's middle: walls, floor, rug and picture face it. */
const MIDDLE: Point = [0, -1.2, -0.4];

const inwards = (origin: Point, edgeU: Point, edgeV: Point, albedo: Texture, style: SurfaceStyle) =>
  facing(rectangle(origin, edgeU, edgeV, albedo, style), MIDDLE);

function skirting(): RoomSurface[] {
  const { leftX, rightX, frontZ, backZ } = ROOM;
  const style = { grain: 0.014, levels: 1, gloss: 0.3 };
  const white = plain([0.9, 0.88, 0.83]);
  const tall = 0.1;
  const deep = 0.018;
  return [
    inwards([leftX, -tall, backZ - deep], [rightX - leftX, 0, 0], [0, tall, 0], white, style),
    inwards([leftX, -tall, backZ - deep], [rightX - leftX, 0, 0], [0, 0, deep], white, style),
    inwards([leftX + deep, -tall, frontZ], [0, 0, backZ - frontZ], [0, tall, 0], white, style),
    inwards([leftX, -tall, frontZ], [0, 0, backZ - frontZ], [deep, 0, 0], white, style),
    inwards([rightX - deep, -tall, frontZ], [0, 0, backZ - frontZ], [0, tall, 0], white, style),
    inwards([rightX - deep, -tall, frontZ], [0, 0, backZ - frontZ], [deep, 0, 0], white, style),
  ].map((surface) => ({ surface }));
}

function picture(seed: number): RoomSurface[] {
  const [x, y, w, h] = [0.02, -1.86, 0.78, 0.5];
  const z = ROOM.backZ - 0.03;
  const rim = 0.05;
  const scene = landscape(seed);
  const frame = wood([0.36, 0.24, 0.16], [0.22, 0.14, 0.09], 0.2, seed + 3);
  const style = { grain: 0.009, levels: 1, gloss: 0.3 };
  const canvas = inwards(
    [x, y, z],
    [w, 0, 0],
    [0, h, 0],
    (u, v) => {
      const edge = Math.min(u, w - u, v, h - v);
      if (edge < rim) return frame(u, v);
      if (edge < rim + 0.035) return [0.92, 0.9, 0.85];
      const inset = rim + 0.035;
      return scene((u - inset) / (w - 2 * inset), (v - inset) / (h - 2 * inset));
    },
    style,
  );
  const sides = box(
    [x + w / 2, y + h, z + 0.015],
    [w, h, 0.03],
    0,
    {
      top: frame,
      sides: [frame, frame, frame, frame],
    },
    style,
  );
  // The box's front is the canvas and its back is at the wall: keep top, right and left.
  return [canvas, sides[0]!, sides[2]!, sides[4]!].map((surface) => ({ surface }));
}

function rugSurfaces(seed: number): RoomSurface[] {
  const { x, z, halfX, halfZ, thickness } = RUG;
  const woven = rug(halfX, halfZ, seed);
  const top = inwards(
    [x - halfX, -thickness, z + halfZ],
    [2 * halfX, 0, 0],
    [0, 0, -2 * halfZ],
    (u, v) => woven(u - halfX, v - halfZ),
    { grain: 0.0115, levels: 1, gloss: 0 },
  );
  return [{ surface: top, support: thickness }];
}

function table(seed: number): RoomSurface[] {
  const { halfX, halfZ, height, thickness } = TABLE;
  const board = wood([0.83, 0.63, 0.43], [0.53, 0.34, 0.2], 0.147, seed);
  const dark = wood([0.6, 0.41, 0.26], [0.42, 0.27, 0.16], 0.09, seed + 1);
  const top = { grain: 0.0046, levels: 1, gloss: 0.6 };
  const rest = { grain: 0.009, levels: 1, gloss: 0.3 };
  const out: RoomSurface[] = [];
  const [face, ...rim] = box(
    [0, -(height - thickness), 0],
    [2 * halfX, thickness, 2 * halfZ],
    0,
    { top: board, sides: [board, board, board, board] },
    top,
  );
  out.push({ surface: face!, support: height });
  for (const surface of rim) out.push({ surface: { ...surface, grain: 0.007 } });
  const apron = box(
    [0, -(height - thickness - 0.085), 0],
    [2 * halfX - 0.12, 0.085, 2 * halfZ - 0.12],
    0,
    { sides: [dark, dark, dark, dark] },
    rest,
  );
  for (const surface of apron) out.push({ surface });
  for (const sx of [-1, 1]) {
    for (const sz of [-1, 1]) {
      const leg = box(
        [sx * (halfX - 0.085), -RUG.thickness, sz * (halfZ - 0.085)],
        [0.06, height - thickness - RUG.thickness, 0.06],
        0,
        { sides: [along(dark), along(dark), along(dark), along(dark)] },
        rest,
      );
      for (const surface of leg) out.push({ surface });
    }
  }
  return out;
}

/** Grain along v instead of u. */
const along =
  (texture: Texture): Texture =>
  (u, v) =>
    texture(v, u);
