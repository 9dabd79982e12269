import { css, html, nothing, type PropertyValues } from 'lit';
import type { ExtendResult } from '../../core/extend-types.ts';
import type { Rect } from '../../core/image.ts';
import { deletedRows } from '../../core/patch.ts';
import { rgbPicture } from '../../core/pictures.ts';
import type { RemoveResult } from '../../core/remove-types.ts';
import type { MendHost } from '../host.ts';
import { drawPicture } from '../images/canvas.ts';
import { closeUpOf } from '../images/close-up.ts';
import type { Mender, MenderEvents } from '../mender-types.ts';
import { MenderElement } from './element.ts';
import { percent } from './figures.ts';
import { theme } from './theme.ts';

/** A thumbnail's pixels across: twice what it takes in CSS pixels. */
const THUMB_PX = 280;
/** Its width a height. */
const ASPECT = 1.6;

type Result = RemoveResult | ExtendResult;
interface Candidate {
  label: string;
  result: Result;
}

/** Those of the edit that waits: a removal or an extension. */
const candidatesOf = (mender: Mender | undefined): readonly Candidate[] =>
  mender?.extension?.candidates ?? mender?.candidates ?? [];
const shownOf = (mender: Mender | undefined): Result | undefined =>
  mender?.extension?.result ?? mender?.proposal;

/**
 * `<splatmend-candidates>`: the ways of mending or extending that were tried, side by side, as a radio group. Each has a
 * picture taken in the user's view when it showed: a removal's of the place, an extension's of all that one sees. Without a
 * host a removal's is that of its first fill.
 */
export class SplatmendCandidates extends MenderElement {
  static override properties = { host: { attribute: false } };

  declare host: MendHost | undefined;

  readonly #thumbs = new WeakMap<Result, ImageBitmap>();
  /** Counts what changes the picture: a capture that took longer than that is not the candidate's. */
  #moment = 0;
  #capturing = false;

  static override styles = [
    theme,
    css`
      :host {
        display: block;
      }
      .group {
        display: grid;
        grid-template-columns: repeat(2, minmax(0, 1fr));
        align-items: start;
        gap: 8px;
      }
      button {
        display: block;
        height: auto;
        padding: 4px;
        border-color: var(--sm-line);
        text-align: left;
        white-space: normal;
      }
      button[aria-checked='true'] {
        border-color: var(--sm-accent);
        box-shadow: inset 0 0 0 1px var(--sm-accent);
      }
      canvas {
        display: block;
        width: 100%;
        aspect-ratio: 16 / 10;
        border-radius: 6px;
        background: var(--sm-sunken);
        object-fit: cover;
      }
      .label {
        display: flex;
        flex-wrap: wrap;
        justify-content: space-between;
        column-gap: 6px;
        padding: 4px 3px 1px;
        font-weight: 400;
        font-variant-numeric: tabular-nums;
      }
    `,
  ];

  protected override onMender<K extends keyof MenderEvents>(
    type: K,
    _detail: MenderEvents[K],
  ): void {
    if (type === 'proposal' || type === 'compare') this.#moment++;
    if (type === 'proposal' || type === 'compare' || type === 'busy') void this.#capture();
  }

  protected override updated(changed: PropertyValues<this>): void {
    if (changed.has('mender') || changed.has('host')) void this.#capture();
    this.#drawAll();
  }

  /** Takes a picture of the candidate that shows, where it has none. */
  async #capture(): Promise<void> {
    const { mender, host } = this;
    const shown = shownOf(mender);
    if (this.#capturing || !host || !shown || mender!.showsBefore || this.#thumbs.has(shown))
      return;
    this.#capturing = true;
    const moment = this.#moment;
    try {
      const picture = await host.capture();
      if (moment === this.#moment && shownOf(mender) === shown) {
        this.#thumbs.set(shown, await thumbnail(picture, this.#place(shown, host)));
      }
      picture.close();
    } catch {
      // Without it the fill's own picture shows.
    } finally {
      this.#capturing = false;
    }
    this.#drawAll();
    if (moment !== this.#moment) void this.#capture();
  }

  /** The same part of the picture for each of them: where the removed splats were; undefined: all of it. */
  #place(result: Result, host: MendHost): Rect | undefined {
    if (!('filledViews' in result)) return undefined;
    const cloud = this.mender!.cloud!;
    return closeUpOf(cloud, deletedRows(result), host.currentCamera(), ASPECT);
  }

  #drawAll(): void {
    const candidates = candidatesOf(this.mender);
    for (const [i, canvas] of [...this.renderRoot.querySelectorAll('canvas')].entries()) {
      const result = candidates[i]?.result;
      if (result) this.#draw(canvas, result);
    }
  }

  #draw(canvas: HTMLCanvasElement, result: Result): void {
    const thumb = this.#thumbs.get(result);
    const first = 'filledViews' in result ? result.filledViews[0] : undefined;
    if (thumb) {
      canvas.width = thumb.width;
      canvas.height = thumb.height;
      canvas.getContext('2d')!.drawImage(thumb, 0, 0);
    } else if (first) drawPicture(canvas, rgbPicture(first.rgbInpainted));
  }

  #choose(index: number): void {
    if (this.mender?.task !== undefined) return;
    this.send({ name: 'choose', index });
    this.renderRoot.querySelectorAll('button')[index]?.focus();
  }

  #onKey(event: KeyboardEvent): void {
    const n = candidatesOf(this.mender).length;
    const at = this.mender?.chosen ?? 0;
    if (/^Arrow(Right|Down)$/.test(event.key)) this.#choose((at + 1) % n);
    else if (/^Arrow(Left|Up)$/.test(event.key)) this.#choose((at - 1 + n) % n);
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  override render() {
    const { mender } = this;
    const candidates = candidatesOf(mender);
    if (candidates.length < 2) return nothing;
    return html`<div class="group" role="radiogroup" aria-label="Candidates" @keydown=${this.#onKey}>
      ${candidates.map((candidate, i) => this.#candidate(candidate, i, i === mender!.chosen))}
    </div>`;
  }

  #candidate({ label, result }: Candidate, i: number, chosen: boolean) {
    const filled = percent(result.figures.coverage);
    return html`<button role="radio" aria-checked=${chosen} tabindex=${chosen ? 0 : -1}
      aria-label="${label}, filled ${filled}" aria-disabled=${this.mender?.task !== undefined}
      @click=${() => this.#choose(i)}>
      <canvas aria-hidden="true"></canvas>
      <span class="label"><span>${label}</span><span class="muted">${filled}</span></span>
    </button>`;
  }
}
customElements.define('splatmend-candidates', SplatmendCandidates);

function thumbnail(picture: ImageBitmap, part?: Rect): Promise<ImageBitmap> {
  const { x0, y0, x1, y1 } = part ?? { x0: 0, y0: 0, x1: picture.width, y1: picture.height };
  const resizeWidth = Math.min(THUMB_PX, x1 - x0);
  return createImageBitmap(picture, x0, y0, x1 - x0, y1 - y0, {
    resizeWidth,
    resizeQuality: 'high',
  });
}

declare global {
  interface HTMLElementTagNameMap {
    'splatmend-candidates': SplatmendCandidates;
  }
}
