/** What a host shows, and in which order: the same on every engine. */
import type { SplatCloud } from '../../core/splat-cloud.ts';
import type { CloudChange, ShownMarks } from '../host.ts';
import { type CloudPair, markedColours, movedPair, pairClouds } from './cloud-pair.ts';
import { MARK_LOOKS, type MarkLooks, ownMarks } from './mark-colours.ts';
import { packColours } from './splat-buffer.ts';

export interface ShownCloudEngine {
  /**
   * Puts a table into the engine's buffers, whose colours are then `painted()`.
   * @param adopt call it once, when `painted()` is to speak of the new table
   */
  fill(table: SplatCloud, adopt: () => void): Promise<void>;
  /** The colours of the table that is shown changed. */
  repaint(): void;
}

/**
 * The cloud that a host shows, with its marks. Clouds are shown one after another. While an edit is looked at from
 * both sides one table holds them, so that changing sides is a matter of colours.
 */
export class ShownCloud {
  /** The side that shows. */
  cloud: SplatCloud | undefined;
  /** RGBA8 of the table in the engine, without marks. */
  colours: Uint8Array = new Uint8Array();
  /** A table is on its way into the engine. */
  filling = false;
  /** Clouds asked for and not yet shown. */
  waiting = 0;
  readonly #engine: ShownCloudEngine;
  readonly #looks: MarkLooks;
  #marks: ShownMarks = {};
  #pair: CloudPair | undefined;
  /** The cloud that `proposal` edits start from, whichever side shows. */
  #accepted: SplatCloud | undefined;
  #tail: Promise<unknown> = Promise.resolve();

  constructor(engine: ShownCloudEngine, { tint, tintAmount }: Partial<MarkLooks>) {
    this.#engine = engine;
    this.#looks = {
      tint: tint ?? MARK_LOOKS.tint,
      tintAmount: tintAmount ?? MARK_LOOKS.tintAmount,
    };
  }

  /** The viewer shows this cloud already. */
  begin(cloud: SplatCloud): void {
    this.cloud = cloud;
    this.#accepted = cloud;
  }

  /** As `MendHost.showCloud`. */
  show(next: SplatCloud, change: CloudChange): Promise<void> {
    this.#marks = {};
    this.waiting++;
    const shown = this.#tail
      .then(() => this.#show(next, change))
      .finally(() => {
        this.waiting--;
      });
    this.#tail = shown.catch(() => undefined);
    return shown;
  }

  /** Resolves when what was asked for so far is shown, or has failed. */
  async settled(): Promise<void> {
    await this.#tail;
  }

  /** As `MendHost.showMarks`. */
  mark(marks: ShownMarks): void {
    const had = Object.keys(this.#marks).length > 0;
    this.#marks = ownMarks(marks);
    if (had || Object.keys(this.#marks).length > 0) this.#engine.repaint();
  }

  /** RGBA8 of the table as its cloud looks with its marks: not to be changed. */
  painted(): Uint8Array {
    return markedColours(this.colours, this.cloud, this.#pair, this.#marks, this.#looks);
  }

  async #show(next: SplatCloud, change: CloudChange): Promise<void> {
    const pair = this.#pair;
    if (pair !== undefined && (next === pair.before || next === pair.after)) {
      this.cloud = next;
      if (change.kind === 'accept') this.#accepted = next;
      this.#engine.repaint();
      return;
    }
    this.filling = true;
    try {
      await this.#fill(next, change);
    } finally {
      this.filling = false;
    }
  }

  async #fill(next: SplatCloud, { kind, removed, added = 0 }: CloudChange): Promise<void> {
    const before = this.#accepted;
    const proposed = kind === 'proposal' && before !== undefined && removed !== undefined;
    const moved =
      proposed && this.#pair?.before === before ? movedPair(this.#pair, next) : undefined;
    const pair = moved ?? (proposed ? await pairClouds(before, next, removed, added) : undefined);
    const table = pair?.table ?? next;
    const colours = moved ? this.colours : await packColours(table);
    await this.#engine.fill(table, () => {
      this.cloud = next;
      this.#pair = pair;
      if (kind !== 'proposal' && kind !== 'compare') this.#accepted = next;
      this.colours = colours;
    });
  }
}

/** A pointer's `clientX/clientY` as pixels of the picture that fills an element; undefined outside. */
export function pixelWithin(
  element: Element,
  { width, height }: { width: number; height: number },
  clientX: number,
  clientY: number,
): { x: number; y: number } | undefined {
  const box = element.getBoundingClientRect();
  const x = ((clientX - box.left) / box.width) * width;
  const y = ((clientY - box.top) / box.height) * height;
  return x >= 0 && y >= 0 && x < width && y < height ? { x, y } : undefined;
}
