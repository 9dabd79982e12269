import type { Mask } from '../../core/image.ts';

/** Strokes that can be taken back. */
const MOST_STEPS = 40;

/**
 * A mask under a round brush. Positions are in its pixels, with pixel centres at half; a pixel is set when its
 * centre lies in the disc that is drawn from point to point.
 */
export class MaskPainting {
  readonly #found: Uint8Array;
  readonly #width: number;
  readonly #height: number;
  #data: Uint8Array;
  #before: Uint8Array[] = [];
  #from: { x: number; y: number } | undefined;

  /** @param found copied, never changed */
  constructor(found: Mask) {
    this.#found = found.data.map((v) => (v === 0 ? 0 : 1));
    this.#width = found.width;
    this.#height = found.height;
    this.#data = this.#found.slice();
  }

  /** As it is now; a later stroke changes it. */
  get mask(): Mask {
    return { width: this.#width, height: this.#height, data: this.#data };
  }

  get canUndo(): boolean {
    return this.#before.length > 0;
  }

  /** Begins a stroke; it is one step of undo, however long. */
  begin(): void {
    this.#keep();
    this.#from = undefined;
  }

  /** Goes on with the stroke, from the last point to this one. */
  strokeTo(x: number, y: number, radius: number, add: boolean): void {
    const from = this.#from ?? { x, y };
    this.#from = { x, y };
    const x0 = Math.max(0, Math.floor(Math.min(from.x, x) - radius));
    const x1 = Math.min(this.#width - 1, Math.ceil(Math.max(from.x, x) + radius));
    const y0 = Math.max(0, Math.floor(Math.min(from.y, y) - radius));
    const y1 = Math.min(this.#height - 1, Math.ceil(Math.max(from.y, y) + radius));
    const dx = x - from.x;
    const dy = y - from.y;
    const length2 = dx * dx + dy * dy;
    for (let j = y0; j <= y1; j++) {
      for (let i = x0; i <= x1; i++) {
        const px = i + 0.5 - from.x;
        const py = j + 0.5 - from.y;
        const t = length2 > 0 ? Math.min(1, Math.max(0, (px * dx + py * dy) / length2)) : 0;
        const away = (px - t * dx) ** 2 + (py - t * dy) ** 2;
        if (away <= radius * radius) this.#data[j * this.#width + i] = add ? 1 : 0;
      }
    }
  }

  /** @returns false when there was nothing to take back */
  undo(): boolean {
    const before = this.#before.pop();
    if (before !== undefined) this.#data = before;
    return before !== undefined;
  }

  /** Back to the mask as it was found; a step of its own. */
  reset(): void {
    this.#keep();
    this.#data = this.#found.slice();
  }

  invert(): void {
    this.#keep();
    this.#data = this.#data.map((v) => 1 - v);
  }

  #keep(): void {
    this.#before.push(this.#data.slice());
    if (this.#before.length > MOST_STEPS) this.#before.shift();
  }
}
