import { css, html, LitElement, nothing, type PropertyValues } from 'lit';
import { cssGradient, DEPTH_MAP, robustRange, type ValueRange } from '../../core/colour-map.ts';
import type { Mask, ScalarImage } from '../../core/image.ts';
import { fullRect, mappedPicture } from '../../core/pictures.ts';
import { drawPicture } from '../images/canvas.ts';
import { theme } from './theme.ts';

/** Arrow keys move by this share of the picture's width; with Shift by a pixel. */
const KEY_STEP = 1 / 32;

/** `<splatmend-depth-image>`: depth in colours with a legend; the pointer or the arrow keys read its values. */
export class SplatmendDepthImage extends LitElement {
  static override properties = {
    depth: { attribute: false },
    confidence: { attribute: false },
    filled: { attribute: false },
    at: { state: true },
  };

  /** 0 = unknown. */
  declare depth: ScalarImage | undefined;
  /** 0..1, of the same size. */
  declare confidence: ScalarImage | undefined;
  /** Where the confidence is meant, of the same size: elsewhere the depth is the scene's own. Default everywhere. */
  declare filled: Mask | undefined;
  /** The pixel that is read. */
  declare at: { x: number; y: number } | undefined;
  #range: ValueRange = { low: 0, high: 1 };

  static override styles = [
    theme,
    css`
      :host {
        display: block;
      }
      .picture {
        position: relative;
        border-radius: 8px;
        overflow: hidden;
        cursor: crosshair;
        touch-action: none;
      }
      canvas {
        display: block;
        width: 100%;
        image-rendering: pixelated;
      }
      .cross {
        position: absolute;
        width: 11px;
        height: 11px;
        margin: -6px;
        border: 2px solid #fff;
        border-radius: 50%;
        box-shadow:
          0 0 0 1px #000,
          inset 0 0 0 1px #000;
        pointer-events: none;
      }
      .legend {
        display: grid;
        grid-template-columns: auto 1fr auto;
        align-items: center;
        gap: 8px;
        margin-top: 8px;
        font-variant-numeric: tabular-nums;
      }
      .bar {
        height: 8px;
        border-radius: 4px;
      }
      output {
        display: block;
        margin-top: 4px;
        min-height: 19px;
        font-variant-numeric: tabular-nums;
      }
    `,
  ];

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (!changed.has('depth')) return;
    this.at = undefined;
    if (this.depth) this.#range = robustRange([this.depth], fullRect(this.depth));
  }

  protected override updated(changed: PropertyValues<this>): void {
    if (!changed.has('depth') || !this.depth) return;
    const picture = mappedPicture(this.depth, DEPTH_MAP, this.#range, fullRect(this.depth), 0);
    drawPicture(this.renderRoot.querySelector('canvas')!, picture);
  }

  #onPointer(event: PointerEvent): void {
    const { width, height } = this.depth!;
    const box = (event.currentTarget as HTMLElement).getBoundingClientRect();
    this.#moveTo(
      ((event.clientX - box.left) / box.width) * width,
      ((event.clientY - box.top) / box.height) * height,
    );
  }

  #onKey(event: KeyboardEvent): void {
    const { width, height } = this.depth!;
    const step = event.shiftKey ? 1 : Math.max(1, Math.round(width * KEY_STEP));
    const { x, y } = this.at ?? { x: width >> 1, y: height >> 1 };
    switch (event.key) {
      case 'ArrowLeft':
        this.#moveTo(x - step, y);
        break;
      case 'ArrowRight':
        this.#moveTo(x + step, y);
        break;
      case 'ArrowUp':
        this.#moveTo(x, y - step);
        break;
      case 'ArrowDown':
        this.#moveTo(x, y + step);
        break;
      default:
        return;
    }
    event.preventDefault();
    event.stopPropagation();
  }

  #moveTo(x: number, y: number): void {
    const { width, height } = this.depth!;
    this.at = {
      x: Math.min(width - 1, Math.max(0, Math.floor(x))),
      y: Math.min(height - 1, Math.max(0, Math.floor(y))),
    };
  }

  /** What the pixel says, for people. */
  #reading(): string {
    if (!this.at) return 'Point at the picture, or use the arrow keys on it, to read it.';
    const i = this.at.y * this.depth!.width + this.at.x;
    const depth = this.depth!.data[i]!;
    const sure = this.confidence?.data[i];
    const said = depth > 0 ? `Depth ${short(depth)} scene units` : 'Depth unknown';
    if (sure === undefined || depth === 0) return said;
    if (this.filled?.data[i] === 0) return `${said}, as captured`;
    return `${said}, confidence ${Math.round(sure * 100)}\u00a0%`;
  }

  override render() {
    if (!this.depth) return nothing;
    const { width, height } = this.depth;
    const { low, high } = this.#range;
    const place = this.at
      ? `left:${((this.at.x + 0.5) / width) * 100}%;top:${((this.at.y + 0.5) / height) * 100}%`
      : nothing;
    return html`
      <div class="picture" tabindex="0" role="application" aria-label="Depth. Arrow keys read values."
        aria-describedby="reading" @pointermove=${this.#onPointer} @pointerdown=${this.#onPointer}
        @keydown=${this.#onKey}>
        <canvas></canvas>
        ${this.at ? html`<div class="cross" style=${place}></div>` : nothing}
      </div>
      <div class="legend" aria-hidden="true">
        <span>${short(low)} near</span>
        <span class="bar" style="background:${cssGradient(DEPTH_MAP)}"></span>
        <span>far ${short(high)}</span>
      </div>
      <output id="reading" class=${this.at ? '' : 'muted'} aria-live="polite">${this.#reading()}</output>
    `;
  }
}
customElements.define('splatmend-depth-image', SplatmendDepthImage);

/** Three digits; scenes have no scale of their own. */
const short = (v: number) => Number(v.toPrecision(3)).toString();

declare global {
  interface HTMLElementTagNameMap {
    'splatmend-depth-image': SplatmendDepthImage;
  }
}
