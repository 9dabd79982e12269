import type { Mender } from '../mender-types.ts';

/** As near and as far as the panel and the keys move what was inserted, multiples of the distance found. */
export const DISTANCE_LIMITS = [0.5, 2] as const;
/** A press of a key. */
const STEP = 1.01;

/** Moves what was inserted nearer (−1) or farther (1), from where it is wanted by then: a held key runs ahead of the picture. */
export class InsertedMover {
  #wanted: number | undefined;

  async step(mender: Mender, direction: -1 | 1): Promise<void> {
    const from = this.#wanted ?? mender.insertion!.distance;
    const [nearest, farthest] = DISTANCE_LIMITS;
    const wanted = Math.min(farthest, Math.max(nearest, from * STEP ** direction));
    this.#wanted = wanted;
    try {
      await mender.moveInserted(wanted);
    } finally {
      if (this.#wanted === wanted) this.#wanted = undefined;
    }
  }
}
