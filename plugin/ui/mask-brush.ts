import { html, LitElement, nothing, type PropertyValues } from 'lit';
import type { Mask } from '../../core/image.ts';
import { countMask } from '../../core/image.ts';
import { MASK_COLOUR, rgbPicture } from '../../core/pictures.ts';
import type { HolePreview } from '../../core/remove-types.ts';
import { drawPicture, maskLayer } from '../images/canvas.ts';
import { MaskPainting } from '../images/mask-painting.ts';
import { icons } from './icons.ts';
import { maskBrushStyles } from './mask-brush-styles.ts';
import { stageStyle } from './picture-stage.ts';

const SMALLEST_PX = 1;
/** [ and ] change the brush by this factor. */
const SIZE_STEP = 1.25;

/**
 * `<splatmend-mask-brush>`: a view with its hole, and a brush over it. Set `preview`; `mask` is what is painted
 * now. Sizes are in pixels of the picture. Fires `change` after each stroke.
 */
export class SplatmendMaskBrush extends LitElement {
  static override properties = {
    preview: { attribute: false },
    radius: { state: true },
    erases: { state: true },
    shift: { state: true },
    at: { state: true },
    steps: { state: true },
  };

  declare preview: HolePreview | undefined;
  declare radius: number;
  declare erases: boolean;
  /** Shift is held: the brush does the other thing. */
  declare shift: boolean;
  /** The brush's middle, pixels of the picture; undefined while the pointer is elsewhere. */
  declare at: { x: number; y: number } | undefined;
  declare steps: number;
  #painting: MaskPainting | undefined;

  constructor() {
    super();
    this.radius = 12;
    this.erases = false;
    this.shift = false;
    this.steps = 0;
  }

  static override styles = maskBrushStyles;

  /** What is painted now: a copy, of the preview camera's size. */
  get mask(): Mask | undefined {
    const mask = this.#painting?.mask;
    return mask && { ...mask, data: mask.data.slice() };
  }

  /** Nothing is to be filled. */
  get empty(): boolean {
    return this.#painting === undefined || countMask(this.#painting.mask) === 0;
  }

  get #largest(): number {
    return Math.max(8, Math.round((this.preview?.mask.width ?? 256) / 5));
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (!changed.has('preview')) return;
    this.#painting = this.preview && new MaskPainting(this.preview.mask);
    this.radius = Math.max(3, Math.round((this.preview?.mask.width ?? 256) / 40));
    this.at = undefined;
  }

  protected override updated(changed: PropertyValues<this>): void {
    if (!changed.has('preview') || !this.preview) return;
    drawPicture(this.#canvas('.base'), rgbPicture(this.preview.rgb));
    this.#drawMask();
  }

  #canvas(selector: string): HTMLCanvasElement {
    return this.renderRoot.querySelector<HTMLCanvasElement>(selector)!;
  }

  #drawMask(): void {
    const { mask } = this.#painting!;
    const layer = this.#canvas('.layer');
    layer.width = mask.width;
    layer.height = mask.height;
    const pixels = new ImageData(maskLayer(mask, MASK_COLOUR, 0.55), mask.width, mask.height);
    layer.getContext('2d')!.putImageData(pixels, 0, 0);
  }

  #changed(): void {
    this.#drawMask();
    this.steps++;
    this.dispatchEvent(new Event('change', { bubbles: true }));
  }

  #paint(): void {
    this.#painting!.strokeTo(this.at!.x, this.at!.y, this.radius, this.erases === this.shift);
    this.#drawMask();
  }

  #onPointer(event: PointerEvent): void {
    const picture = event.currentTarget as HTMLElement;
    const { width, height } = this.preview!.mask;
    const box = picture.getBoundingClientRect();
    this.shift = event.shiftKey;
    this.at = {
      x: ((event.clientX - box.left) / box.width) * width,
      y: ((event.clientY - box.top) / box.height) * height,
    };
    if (event.type === 'pointerdown' && event.button === 0) {
      event.preventDefault();
      picture.focus();
      picture.setPointerCapture(event.pointerId);
      this.#painting!.begin();
      this.#paint();
    } else if (picture.hasPointerCapture(event.pointerId)) {
      this.#paint();
      if (event.type === 'pointerup') this.#changed();
    }
  }

  #onKey(event: KeyboardEvent): void {
    this.shift = event.shiftKey;
    const { width, height } = this.preview!.mask;
    const at = this.at ?? { x: width / 2, y: height / 2 };
    const step = Math.max(1, this.radius / 2);
    const moves: Record<string, [number, number]> = {
      ArrowLeft: [-step, 0],
      ArrowRight: [step, 0],
      ArrowUp: [0, -step],
      ArrowDown: [0, step],
    };
    const move = moves[event.key];
    if (move) {
      this.at = {
        x: Math.min(width, Math.max(0, at.x + move[0])),
        y: Math.min(height, Math.max(0, at.y + move[1])),
      };
    } else if (event.key === ' ' || event.key === 'Enter') {
      this.at = at;
      this.#painting!.begin();
      this.#paint();
      this.#changed();
    } else return;
    event.preventDefault();
  }

  /** Keys of the whole brush, wherever in it the focus is. @returns whether it used the key */
  handleKey(event: KeyboardEvent): boolean {
    const key = event.key.toLowerCase();
    if (key === '[' || key === ']') this.#resize(key === ']' ? SIZE_STEP : 1 / SIZE_STEP);
    else if (key === 'z' && (event.ctrlKey || event.metaKey)) this.#undo();
    else if (event.ctrlKey || event.metaKey || event.altKey) return false;
    else if (key === 'e') this.erases = true;
    else if (key === 'b') this.erases = false;
    else return false;
    return true;
  }

  #resize(factor: number): void {
    const next = this.radius * factor;
    const rounded = factor > 1 ? Math.ceil(next) : Math.floor(next);
    this.radius = Math.min(this.#largest, Math.max(SMALLEST_PX, rounded));
  }

  #undo(): void {
    if (this.#painting!.undo()) this.#changed();
  }

  #kind(erases: boolean, label: string, title: string) {
    const on = this.erases === erases;
    return html`<button role="radio" aria-checked=${on} tabindex=${on ? 0 : -1} title=${title}
      @click=${() => {
        this.erases = erases;
      }}>${label}</button>`;
  }

  async #onKindKey(event: KeyboardEvent): Promise<void> {
    if (!event.key.startsWith('Arrow')) return;
    event.preventDefault();
    this.erases = !this.erases;
    await this.updateComplete;
    this.renderRoot.querySelector<HTMLElement>('[aria-checked="true"]')?.focus();
  }

  override render() {
    if (!this.preview) return nothing;
    const { width, height } = this.preview.mask;
    return html`
      <div class="stage">
        <div class="picture" style=${stageStyle(width, height)}
          tabindex="0" role="application"
          aria-label="The hole. Arrow keys move the brush, Space paints, Shift and Space erases."
          @pointerdown=${this.#onPointer} @pointermove=${this.#onPointer} @pointerup=${this.#onPointer}
          @pointercancel=${() => this.#changed()}
          @pointerleave=${() => {
            this.at = undefined;
          }}
          @keydown=${this.#onKey}
          @keyup=${(e: KeyboardEvent) => {
            this.shift = e.shiftKey;
          }}>
          <canvas class="base"></canvas>
          <canvas class="layer"></canvas>
          ${this.#brush(width, height)}
        </div>
      </div>
      <div class="tools" role="group" aria-label="Brush">
        <div class="group" role="radiogroup" aria-label="The brush" @keydown=${this.#onKindKey}>
          ${this.#kind(false, 'Add', 'Paint what is to be filled (B)')}
          ${this.#kind(true, 'Erase', 'Take out of what is filled (E, or hold Shift)')}
        </div>
        <label title="Size ([ and ])">Size
          <input type="range" min=${SMALLEST_PX} max=${this.#largest} .value=${String(this.radius)}
            @input=${(e: Event) => {
              this.radius = Number((e.target as HTMLInputElement).value);
            }} /></label>
        <button title="Take the last stroke back (Ctrl+Z)" ?disabled=${!this.#painting?.canUndo}
          @click=${this.#undo}>${icons.undo}Undo</button>
        <button title="Back to the hole as it was found" @click=${() => {
          this.#painting!.reset();
          this.#changed();
        }}>Reset</button>
        <button @click=${() => {
          this.#painting!.invert();
          this.#changed();
        }}>${icons.invert}Invert</button>
      </div>
      <p class="told muted" role="status">${this.#told()}</p>
    `;
  }

  #told(): string {
    const n = countMask(this.#painting!.mask);
    if (n === 0) return 'Nothing is painted.';
    const share = (100 * n) / this.#painting!.mask.data.length;
    return `${share < 1 ? 'Under 1' : Math.round(share)}\u00a0% of the picture is filled anew.`;
  }

  #brush(width: number, height: number) {
    if (!this.at) return nothing;
    const { at, radius } = this;
    const style = `left:${(at.x / width) * 100}%;top:${(at.y / height) * 100}%;width:${((2 * radius) / width) * 100}%;aspect-ratio:1`;
    return html`<div class="brush ${this.erases !== this.shift ? 'erases' : ''}" style=${style}></div>`;
  }
}
customElements.define('splatmend-mask-brush', SplatmendMaskBrush);

declare global {
  interface HTMLElementTagNameMap {
    'splatmend-mask-brush': SplatmendMaskBrush;
  }
}
