import { css, html, LitElement, nothing, type PropertyValues } from 'lit';
import {
  coveredBy,
  firstPlacement,
  kept,
  movedBy,
  type Placement,
  scaledAbout,
} from '../images/placement.ts';
import { pictureStage, stageStyle } from './picture-stage.ts';
import { theme } from './theme.ts';

/** + and −, and a notch of the wheel, change the size by this factor. */
const SIZE_STEP = 1.05;
/** Shift with an arrow key moves by this many pixels of the picture. */
const FAR_PX = 20;
/** Of the dialog, with its tools in two rows. */
const OTHERS_PX = 300;
const CORNERS = [
  { id: 'nw', x: -1, y: -1 },
  { id: 'ne', x: 1, y: -1 },
  { id: 'sw', x: -1, y: 1 },
  { id: 'se', x: 1, y: 1 },
] as const;

interface Drag {
  at: { x: number; y: number };
  /** The corner that stays, for one that is pulled. */
  fixed?: { x: number; y: number };
}

/**
 * `<splatmend-image-placement>`: a view's picture with an image over it, which can be dragged, scaled by its
 * corners or the wheel, and moved by the arrow keys. Set `picture`, and `image` where there is one; `placement` is
 * where it is now, in pixels of the picture. Fires `change`.
 */
export class SplatmendImagePlacement extends LitElement {
  static override properties = {
    picture: { attribute: false },
    image: { attribute: false },
    placement: { attribute: false },
    disabled: { type: Boolean },
  };

  declare picture: OffscreenCanvas | undefined;
  declare image: OffscreenCanvas | undefined;
  /** Undefined: in the middle. */
  declare placement: Placement | undefined;
  declare disabled: boolean;
  #drag: Drag | undefined;

  constructor() {
    super();
    this.disabled = false;
  }

  static override styles = [
    theme,
    pictureStage,
    css`
      :host {
        display: flex;
        flex-direction: column;
        min-height: 0;
      }
      .placed {
        position: absolute;
        cursor: move;
        outline: 1.5px dashed #fff;
        box-shadow: 0 0 0 1.5px rgb(0 0 0 / 0.55);
      }
      .placed canvas {
        display: block;
        width: 100%;
        height: 100%;
      }
      .handle {
        position: absolute;
        width: 22px;
        height: 22px;
        margin: -11px;
      }
      .handle::after {
        content: '';
        position: absolute;
        inset: 6px;
        border-radius: 2px;
        background: #fff;
        box-shadow: 0 0 0 1.5px rgb(0 0 0 / 0.65);
      }
      .nw,
      .se {
        cursor: nwse-resize;
      }
      .ne,
      .sw {
        cursor: nesw-resize;
      }
    `,
  ];

  protected override willUpdate(): void {
    const { picture, image } = this;
    if (picture && image) this.placement ??= firstPlacement(image, picture);
  }

  protected override updated(changed: PropertyValues<this>): void {
    const draw = (selector: string, from: OffscreenCanvas | undefined) => {
      const canvas = this.renderRoot.querySelector<HTMLCanvasElement>(selector);
      if (!canvas || !from) return;
      canvas.width = from.width;
      canvas.height = from.height;
      canvas.getContext('2d')!.drawImage(from, 0, 0);
    };
    if (changed.has('picture')) draw('.base', this.picture);
    if (changed.has('image') || changed.has('picture')) draw('.placed canvas', this.image);
  }

  /** Gives the keyboard to the picture. */
  focusPicture(): void {
    this.renderRoot.querySelector<HTMLElement>('.picture')?.focus();
  }

  #place(next: Placement): void {
    if (this.disabled) return;
    this.placement = kept(next, this.image!, this.picture!);
    this.dispatchEvent(new Event('change', { bubbles: true }));
  }

  /** A pointer as pixels of the picture. */
  #at({ clientX, clientY }: MouseEvent): { x: number; y: number } {
    const box = this.renderRoot.querySelector('.picture')!.getBoundingClientRect();
    return {
      x: ((clientX - box.left) / box.width) * this.picture!.width,
      y: ((clientY - box.top) / box.height) * this.picture!.height,
    };
  }

  #onDown(event: PointerEvent): void {
    if (event.button !== 0 || !this.placement || this.disabled) return;
    event.preventDefault();
    this.focusPicture();
    const corner = CORNERS.find((c) => (event.target as Element).classList.contains(c.id));
    const { left, top, width, height } = coveredBy(this.placement, this.image!);
    const fixed = corner && {
      x: left + (width * (1 - corner.x)) / 2,
      y: top + (height * (1 - corner.y)) / 2,
    };
    this.#drag = { at: this.#at(event), ...(fixed && { fixed }) };
    (event.currentTarget as Element).setPointerCapture(event.pointerId);
  }

  #onMove(event: PointerEvent): void {
    const drag = this.#drag;
    if (!drag || !this.placement) return;
    const at = this.#at(event);
    if (drag.fixed) {
      const away = (p: { x: number; y: number }) =>
        Math.hypot(p.x - drag.fixed!.x, p.y - drag.fixed!.y);
      const factor = away(at) / Math.max(1, away(drag.at));
      if (factor > 0) this.#place(scaledAbout(this.placement, factor, drag.fixed));
    } else this.#place(movedBy(this.placement, at.x - drag.at.x, at.y - drag.at.y));
    drag.at = at;
  }

  #onWheel(event: WheelEvent): void {
    event.preventDefault();
    if (!this.placement) return;
    const factor = SIZE_STEP ** (-Math.sign(event.deltaY) || 0);
    this.#place(scaledAbout(this.placement, factor, this.placement));
  }

  #onKey(event: KeyboardEvent): void {
    const { placement } = this;
    if (!placement || event.ctrlKey || event.metaKey || event.altKey) return;
    const step = event.shiftKey ? FAR_PX : 1;
    const moves: Record<string, [number, number]> = {
      ArrowLeft: [-step, 0],
      ArrowRight: [step, 0],
      ArrowUp: [0, -step],
      ArrowDown: [0, step],
    };
    const move = moves[event.key];
    if (move) this.#place(movedBy(placement, ...move));
    else if (event.key === '+' || event.key === '=') {
      this.#place(scaledAbout(placement, SIZE_STEP, placement));
    } else if (event.key === '-') this.#place(scaledAbout(placement, 1 / SIZE_STEP, placement));
    else return;
    event.preventDefault();
  }

  override render() {
    if (!this.picture) return nothing;
    const { width, height } = this.picture;
    const label = this.image
      ? 'The view with the image over it. Arrow keys move the image, with Shift farther; plus and minus change its size.'
      : 'The view';
    return html`<div class="stage">
      <div class="picture" style=${stageStyle(width, height, OTHERS_PX)} role=${this.image ? 'application' : 'img'}
        tabindex=${this.image ? 0 : nothing} aria-label=${label} @keydown=${this.#onKey}>
        <canvas class="base"></canvas>
        ${this.#placed(width, height)}
      </div>
    </div>`;
  }

  #placed(width: number, height: number) {
    if (!this.image || !this.placement) return nothing;
    const box = coveredBy(this.placement, this.image);
    const share = (v: number, of: number) => `${(100 * v) / of}%`;
    const style = `left:${share(box.left, width)};top:${share(box.top, height)};width:${share(box.width, width)};height:${share(box.height, height)}`;
    return html`<div class="placed" style=${style} @pointerdown=${this.#onDown} @pointermove=${this.#onMove}
      @lostpointercapture=${() => {
        this.#drag = undefined;
      }} @wheel=${this.#onWheel}>
      <canvas></canvas>
      ${CORNERS.map(
        ({ id, x, y }) =>
          html`<span class="handle ${id}" style="left:${50 + 50 * x}%;top:${50 + 50 * y}%"></span>`,
      )}
    </div>`;
  }
}
customElements.define('splatmend-image-placement', SplatmendImagePlacement);

declare global {
  interface HTMLElementTagNameMap {
    'splatmend-image-placement': SplatmendImagePlacement;
  }
}
