/** An upright box: its corners, its outline, and where rays meet it. */
import type { Level, LevelView } from './level-view.ts';
import { hullOf } from './polygon.ts';

/** Level coordinates, world units. */
export interface BoxShape {
  /** The middle of its base: to the right, ahead, and over the camera. */
  base: Level;
  /** Of its first side's direction from the right, radians. */
  turn: number;
  size: readonly [number, number];
  height: number;
}

/** Those of the base in turn, then those of the top over them. */
export function cornersOf({ base, turn, size, height }: BoxShape): Level[] {
  const [c, s] = [Math.cos(turn), Math.sin(turn)];
  const out: Level[] = [];
  for (const z of [base[2], base[2] + height]) {
    for (const [a, b] of [
      [-1, -1],
      [1, -1],
      [1, 1],
      [-1, 1],
    ] as const) {
      const [x, y] = [(a * size[0]) / 2, (b * size[1]) / 2];
      out.push([base[0] + c * x - s * y, base[1] + s * x + c * y, z]);
    }
  }
  return out;
}

const shownHull = (view: LevelView, corners: readonly Level[]) =>
  hullOf(
    corners.map((p) => {
      const { u, v } = view.place(p);
      return [u, v] as const;
    }),
  );

/** Of a box, in the picture. */
export const outlineOf = (view: LevelView, box: BoxShape) => shownHull(view, cornersOf(box));

/** Of its base alone. */
export const footOf = (view: LevelView, box: BoxShape) =>
  shownHull(view, cornersOf(box).slice(0, 4));

/** Depth at which a level ray enters a box, in lengths of the ray; undefined where it passes. */
export function enterBox(
  { base, turn, size, height }: BoxShape,
  [x, y, z]: Level,
): number | undefined {
  const [c, s] = [Math.cos(turn), Math.sin(turn)];
  const middle = [c * base[0] + s * base[1], c * base[1] - s * base[0], base[2] + height / 2];
  const ray = [c * x + s * y, c * y - s * x, z];
  const half = [size[0] / 2, size[1] / 2, height / 2];
  let [near, far] = [0, Infinity];
  for (let k = 0; k < 3; k++) {
    const [a, b] = [(middle[k]! - half[k]!) / ray[k]!, (middle[k]! + half[k]!) / ray[k]!];
    near = Math.max(near, Math.min(a, b));
    far = Math.min(far, Math.max(a, b));
  }
  return near > 0 && near <= far ? near : undefined;
}
