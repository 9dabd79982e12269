/** A solid that a standing thing's outline is explained by: where rays meet it, and all of its surface. */
import type { Level } from './level-view.ts';

/** A piece of a body's surface, level coordinates, world units. */
export interface SurfacePiece {
  at: Level;
  /** Where it is laid: inside the surface, from its edges too. */
  inside: Level;
  /** Unit length, outwards. */
  normal: Level;
  /** Steps to its neighbours. */
  across: Level;
  along: Level;
  /** Points of the surface that look like it, the likest first: where it is not seen itself it takes their colour. */
  alike(): Iterable<Level>;
}

export interface Body {
  kind: 'turned' | 'box' | 'stack';
  /** How far along a level ray, in its lengths, it is entered; undefined where the ray passes. */
  enter(direction: Level): number | undefined;
  /**
   * Of its sides, which the picture does not show all of: a piece every so many world units.
   * @param inset how far inside the surface they are laid; the foot stays. Default 0
   */
  pieces(spacing: number, inset?: number): Iterable<SurfacePiece>;
  /** Where its middle stands, to the right and ahead. */
  at: readonly [number, number];
  /** Breadth and height, world units. */
  breadth: number;
  height: number;
}
